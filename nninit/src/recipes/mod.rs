//! Schemes by kind of layer: what a layer gets that is not declared otherwise, one file a recipe.

mod gan;
mod gpt2;
mod resnet;
mod torch_transformer;
mod transformer;
mod vision_transformer;

pub use self::gan::Gan;
pub use self::gpt2::Gpt2;
pub use self::resnet::ResNet;
pub use self::torch_transformer::TorchTransformer;
pub use self::transformer::Transformer;
pub use self::vision_transformer::VisionTransformer;
pub use crate::declare::recipe::TorchDefault;
