//! tch's layers: their parts under PyTorch's names.

use tch::{Tensor, nn};

use crate::Initialize;
use crate::declare::{Declare, Describe, Layer, Layers, Names, Parts, Spec};

/// Both traits for a layer: its parts, and the shape that a bias is scaled by.
macro_rules! layer {
    (
        [$($generics:tt)*] $type:ty, $kind:literal, $layer:ident $(over $rank:expr)?, $fields:ident,
        |$self:ident| $weight:expr, { $($name:literal: $part:expr),+ }
    ) => {
        impl<$($generics)*> Initialize for $type {
            fn describe(&$self, at: &mut Describe<'_>) {
                let weight: Vec<i64> = $weight;
                $(at.part(Layer::$layer, $name, $part, &weight);)+
            }

            fn __check(spec: &Spec, names: &mut Names<'_>) {
                <Self as Declare>::check(spec, names);
            }

            fn __layers(layers: &mut Layers) {
                <Self as Declare>::layers(layers);
            }
        }

        impl<$($generics)*> Declare for $type {
            const PARTS: Parts = Parts {
                scheme: true,
                names: &[$($name),+],
                empty: &[],
                kind: $kind,
                flat: matches!(Layer::$layer, Layer::BatchNorm | Layer::GroupNorm),
            };

            type Fields = fields::$fields;

            fn declare(&self, at: &mut Describe<'_>) {
                self.describe(at);
            }

            fn check(spec: &Spec, names: &mut Names<'_>) {
                names.parts(spec, Self::PARTS, |_, part, names| <Tensor as Declare>::check(part, names));
            }

            fn layers(layers: &mut Layers) {
                layers.add(Layer::$layer, layer!(@rank $($rank)?));
            }
        }
    };
    (@rank) => { None };
    (@rank $rank:expr) => { $rank };
}

layer!([] nn::Linear, "a tch `Linear`", Linear, PartsOfLinear, |self| shape(&self.ws), {
    "weight": Some(&self.ws),
    "bias": self.bs.as_ref()
});

layer!([ND] nn::Conv<ND>, "a tch `Conv`", Conv over dimensions::<ND>(), PartsOfConv, |self| shape(&self.ws), {
    "weight": Some(&self.ws),
    "bias": self.bs.as_ref()
});

layer!([ND] nn::ConvTransposeND<ND>, "a tch `ConvTranspose`", ConvTranspose over dimensions::<ND>(),
    PartsOfConvTranspose, |self| shape(&self.ws), {
    "weight": Some(&self.ws),
    "bias": self.bs.as_ref()
});

layer!([] nn::BatchNorm, "a tch `BatchNorm`", BatchNorm, PartsOfBatchNorm, |self| shape(&self.running_mean), {
    "weight": self.ws.as_ref(),
    "bias": self.bs.as_ref(),
    "running_mean": Some(&self.running_mean),
    "running_var": Some(&self.running_var)
});

layer!([] nn::LayerNorm, "a tch `LayerNorm`", LayerNorm, PartsOfLayerNorm, |self| self.normalized_shape.clone(), {
    "weight": self.ws.as_ref(),
    "bias": self.bs.as_ref()
});

layer!([] nn::GroupNorm, "a tch `GroupNorm`", GroupNorm, PartsOfGroupNorm, |self| vec![self.num_channels], {
    "weight": self.ws.as_ref(),
    "bias": self.bs.as_ref()
});

layer!([] nn::Embedding, "a tch `Embedding`", Embedding, PartsOfEmbedding, |self| shape(&self.ws), {
    "weight": Some(&self.ws)
});

/// How many dimensions a convolution goes over whose strides are `ND`: one number, or an array of them.
fn dimensions<ND>() -> Option<usize> {
    let count = size_of::<ND>() / size_of::<i64>();
    (1..=3).contains(&count).then_some(count)
}

/// The parts of each layer, by name.
pub(crate) mod fields {
    use crate::declare::Vector;

    macro_rules! fields {
        ($($name:ident { $($field:ident: $type:ty),+ })+) => {$(
            /// The parts of the layer.
            #[derive(Debug)]
            pub struct $name {
                $(#[doc = "The part of this name."] pub $field: $type,)+
            }
        )+};
    }

    fields! {
        PartsOfLinear { weight: (), bias: Vector }
        PartsOfConv { weight: (), bias: Vector }
        PartsOfConvTranspose { weight: (), bias: Vector }
        PartsOfBatchNorm { weight: Vector, bias: Vector, running_mean: Vector, running_var: Vector }
        PartsOfLayerNorm { weight: (), bias: () }
        PartsOfGroupNorm { weight: Vector, bias: Vector }
        PartsOfEmbedding { weight: () }
    }
}

/// Empty for an undefined tensor, which the plan reports under its own path.
fn shape(tensor: &Tensor) -> Vec<i64> {
    if tensor.defined() {
        tensor.size()
    } else {
        Vec::new()
    }
}
