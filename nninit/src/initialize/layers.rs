//! tch's layers: their parts under PyTorch's names.

use tch::{Tensor, nn};

use crate::Initialize;
use crate::declare::{Declare, Describe, Layer, Layers, Names, Parts, Spec};

/// Both traits for a layer: its parts, and the shape that a bias is scaled by.
macro_rules! layer {
    (
        [$($generics:tt)*] $type:ty, $kind:literal, $layer:ident $(over $rank:expr)?,
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
            const PARTS: Parts = Parts { scheme: true, names: &[$($name),+], kind: $kind };

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

layer!([] nn::Linear, "a tch `Linear`", Linear, |self| shape(&self.ws), {
    "weight": Some(&self.ws),
    "bias": self.bs.as_ref()
});

layer!([ND] nn::Conv<ND>, "a tch `Conv`", Conv over dimensions::<ND>(), |self| shape(&self.ws), {
    "weight": Some(&self.ws),
    "bias": self.bs.as_ref()
});

layer!([ND] nn::ConvTransposeND<ND>, "a tch `ConvTranspose`", ConvTranspose over dimensions::<ND>(),
    |self| shape(&self.ws), {
    "weight": Some(&self.ws),
    "bias": self.bs.as_ref()
});

layer!([] nn::BatchNorm, "a tch `BatchNorm`", BatchNorm, |self| shape(&self.running_mean), {
    "weight": self.ws.as_ref(),
    "bias": self.bs.as_ref(),
    "running_mean": Some(&self.running_mean),
    "running_var": Some(&self.running_var)
});

layer!([] nn::LayerNorm, "a tch `LayerNorm`", LayerNorm, |self| self.normalized_shape.clone(), {
    "weight": self.ws.as_ref(),
    "bias": self.bs.as_ref()
});

layer!([] nn::GroupNorm, "a tch `GroupNorm`", GroupNorm, |self| vec![self.num_channels], {
    "weight": self.ws.as_ref(),
    "bias": self.bs.as_ref()
});

layer!([] nn::Embedding, "a tch `Embedding`", Embedding, |self| shape(&self.ws), {
    "weight": Some(&self.ws)
});

/// How many dimensions a convolution goes over whose strides are `ND`: one number, or an array of them.
fn dimensions<ND>() -> Option<usize> {
    let count = size_of::<ND>() / size_of::<i64>();
    (1..=3).contains(&count).then_some(count)
}

/// Empty for an undefined tensor, which the plan reports under its own path.
fn shape(tensor: &Tensor) -> Vec<i64> {
    if tensor.defined() {
        tensor.size()
    } else {
        Vec::new()
    }
}
