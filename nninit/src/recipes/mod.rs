//! Schemes by kind of layer: what a layer gets that is not declared otherwise, one file a recipe.
#![doc = include_str!("recipes.md")]
#![expect(
    clippy::new_without_default,
    reason = "no start of a model is the default one"
)]

mod bert;
mod deep_norm;
mod dit;
mod fixup;
mod gan;
mod gpt2;
mod gpt_neox;
mod llama;
mod lora;
mod mae;
mod mamba;
mod megatron;
mod olmo;
mod resnet;
mod rows;
mod siren;
mod spectral;
mod sphere;
mod t5;
mod t_fixup;
mod torch_transformer;
mod transformer;
mod unit_scaled;
mod vision_transformer;

pub use self::bert::Bert;
pub use self::deep_norm::DeepNorm;
pub use self::dit::DiT;
pub use self::fixup::Fixup;
pub use self::gan::Gan;
pub use self::gpt_neox::GptNeoX;
pub use self::gpt2::Gpt2;
pub use self::llama::Llama;
pub use self::lora::Lora;
pub use self::mae::Mae;
pub use self::mamba::Mamba;
pub use self::megatron::Megatron;
pub use self::olmo::Olmo;
pub use self::resnet::ResNet;
pub use self::siren::Siren;
pub use self::spectral::Spectral;
pub use self::sphere::Sphere;
pub use self::t_fixup::TFixup;
pub use self::t5::T5;
pub use self::torch_transformer::TorchTransformer;
pub use self::transformer::Transformer;
pub use self::unit_scaled::UnitScaled;
pub use self::vision_transformer::VisionTransformer;
pub use crate::declare::recipe::TorchDefault;
