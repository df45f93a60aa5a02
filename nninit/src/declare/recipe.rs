//! Schemes by kind of layer: what a layer gets that is not declared otherwise.

use std::sync::Arc;

use super::Step;
use crate::schemes::{KaimingUniform, kaiming_uniform, normal, ones, zeros};
use crate::{BoxError, Cause, FanMode, Fans, Initializer, Law, Target};

/// A kind of layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Layer {
    /// `nn::Linear`.
    Linear,
    /// `nn::Conv1D` to `nn::Conv3D`.
    Conv,
    /// `nn::ConvTranspose1D` to `nn::ConvTranspose3D`.
    ConvTranspose,
    /// `nn::BatchNorm`.
    BatchNorm,
    /// `nn::LayerNorm`.
    LayerNorm,
    /// `nn::GroupNorm`.
    GroupNorm,
    /// `nn::Embedding`.
    Embedding,
}

/// One tensor of a layer, as a [`Recipe`] sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Part<'a> {
    /// The kind of layer.
    pub layer: Layer,
    /// The part's PyTorch name: `weight`, `bias`, `running_mean`, `running_var`.
    pub name: &'static str,
    /// The shape of the layer's weight, whichever part this is: a bias is scaled by its weight.
    pub weight: &'a [i64],
    /// The layer's path: `blocks.0.mlp.c_proj`.
    pub path: &'a str,
}

impl<'a> Part<'a> {
    pub(crate) fn new(layer: Layer, name: &'static str, weight: &'a [i64]) -> Self {
        Self {
            layer,
            name,
            weight,
            path: "",
        }
    }

    pub(crate) fn at(self, path: &'a str) -> Self {
        Self { path, ..self }
    }

    /// The number in the layer's path, which is its block's in most models: 7 in `blocks.7.mlp.c_proj`. Nothing where
    /// there is none, or more than one: [`index_in`](Self::index_in) says which is meant.
    ///
    /// ```
    /// use nninit::declare::Step;
    /// use nninit::{Part, Recipe, depth, schemes};
    ///
    /// /// Every layer of a block starts the smaller, the later its block comes.
    /// struct ByDepth;
    ///
    /// impl Recipe for ByDepth {
    ///     fn steps(&self, part: &Part<'_>) -> Vec<Step> {
    ///         match (part.index(), part.name) {
    ///             (Some(block), "weight") => vec![schemes::normal().std(0.02 * depth::per_layer(block)).into()],
    ///             _ => Vec::new(),
    ///         }
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn index(&self) -> Option<u32> {
        let mut numbers = self.path.split('.').filter_map(number);
        numbers.next().filter(|_| numbers.next().is_none())
    }

    /// The number that follows `container` in the layer's path: 3 in `decoder.layers.3.experts.0.w2` for `layers`.
    #[must_use]
    pub fn index_in(&self, container: &str) -> Option<u32> {
        let segments = self.path.split('.');
        let pairs = segments.clone().zip(segments.skip(1));
        let mut found = pairs.filter(|(before, _)| *before == container);
        found.find_map(|(_, segment)| number(segment))
    }
}

/// A segment of a path that is an index.
fn number(segment: &str) -> Option<u32> {
    let digits = segment.bytes().all(|byte| byte.is_ascii_digit());
    segment.parse().ok().filter(|_| digits)
}

/// Steps for each kind of layer and part.
///
/// ```
/// use nninit::declare::Step;
/// use nninit::{Layer, Part, Recipe, schemes};
///
/// /// Every linear weight N(0, 0.02²), every linear bias 0, the rest as PyTorch has it.
/// struct Small;
///
/// impl Recipe for Small {
///     fn steps(&self, part: &Part<'_>) -> Vec<Step> {
///         match (part.layer, part.name) {
///             (Layer::Linear, "weight") => vec![schemes::normal().std(0.02).into()],
///             (Layer::Linear, "bias") => vec![schemes::zeros().into()],
///             _ => Vec::new(),
///         }
///     }
/// }
/// ```
///
/// References to recipes, and recipes behind `Arc` and `Box`, are recipes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a recipe",
    label = "expected one of `nninit::recipes`, `recipe! {{ … }}`, or a type of your own that implements `Recipe`"
)]
pub trait Recipe: Send + Sync {
    /// What `part` gets, in order; nothing leaves it to the recipe further out, and at last to
    /// [`TorchDefault`](crate::recipes::TorchDefault).
    fn steps(&self, part: &Part<'_>) -> Vec<Step>;

    /// Patterns of layers' paths, as in [`rules!`](crate::rules!), for a recipe that goes by names: one that matches no
    /// layer in a model that has some is an error of the plan.
    fn must_match(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Recipes behind pointers are recipes.
macro_rules! pointers {
    ($([$($generics:tt)*] $pointer:ty),*) => {$(
        impl<$($generics)* R: Recipe + ?Sized> Recipe for $pointer {
            fn steps(&self, part: &Part<'_>) -> Vec<Step> {
                (**self).steps(part)
            }

            fn must_match(&self) -> Vec<String> {
                (**self).must_match()
            }
        }
    )*};
}

pointers!(['a,] &'a R, [] Box<R>, [] Arc<R>);

/// What PyTorch's layers start from: `reset_parameters` of each.
///
/// | layer | `weight` | `bias` | |
/// |---|---|---|---|
/// | Linear, Conv, ConvTranspose | U(±1/√fan_in) | U(±1/√fan_in), of the weight's fan | |
/// | BatchNorm | 1 | 0 | `running_mean` 0, `running_var` 1 |
/// | LayerNorm, GroupNorm | 1 | 0 | |
/// | Embedding | N(0, 1) | | |
///
/// tch's own defaults differ: its linear and convolution weights are 2.449 times as wide, its convolution biases 0, its
/// batch-norm weights U(0, 1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TorchDefault;

impl Recipe for TorchDefault {
    fn steps(&self, part: &Part<'_>) -> Vec<Step> {
        vec![Step::of_shared(Self::scheme(part))]
    }
}

impl TorchDefault {
    /// What PyTorch's own constructor does to `part`.
    pub(crate) fn scheme(part: &Part<'_>) -> Arc<dyn Initializer> {
        match (part.layer, part.name) {
            (Layer::Linear | Layer::Conv | Layer::ConvTranspose, "bias") => {
                Arc::new(BiasOfWeight {
                    weight: part.weight.to_vec(),
                })
            }
            (Layer::Linear | Layer::Conv | Layer::ConvTranspose, _) => Arc::new(WithinFan),
            (Layer::Embedding, _) => Arc::new(normal()),
            (_, "bias" | "running_mean") => Arc::new(zeros()),
            _ => Arc::new(ones()),
        }
    }
}

/// U(±1/√fan_in), as PyTorch writes it.
struct WithinFan;

impl WithinFan {
    fn scheme() -> KaimingUniform {
        kaiming_uniform().a(5.0_f64.sqrt())
    }
}

impl Initializer for WithinFan {
    fn label(&self) -> String {
        Self::scheme().label()
    }

    fn law(&self, target: &Target<'_>) -> Result<Law, BoxError> {
        target.law_of_parts(&Self::scheme())
    }
}

/// U(±1/√fan_in), the fan being the weight's.
struct BiasOfWeight {
    weight: Vec<i64>,
}

impl Initializer for BiasOfWeight {
    fn label(&self) -> String {
        "uniform within 1/√fan_in".into()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        match Fans::of(&self.weight)?.get(FanMode::FanIn) {
            // A layer without inputs. PyTorch has the same case, and draws.
            0.0 => Ok(Law::uniform(0.0, 0.0)),
            fan_in => {
                let bound = 1.0 / fan_in.sqrt();
                if bound.is_finite() {
                    Ok(Law::uniform(-bound, bound))
                } else {
                    Err(Cause::ZeroFan { mode: "fan_in" }.into())
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Elementwise;

    #[test]
    fn indices_are_read_from_paths() {
        let part = Part::new(Layer::Linear, "weight", &[1, 1]);
        let index = |path| part.at(path).index();
        assert_eq!(index("blocks.7.mlp.c_proj"), Some(7));
        assert_eq!(index("head"), None);
        assert_eq!(index("stages.2.blocks.5.fc"), None);
        assert_eq!(index("conv2.+3"), None);
        let index_in = |path, container| part.at(path).index_in(container);
        assert_eq!(index_in("stages.2.blocks.5.fc", "blocks"), Some(5));
        assert_eq!(index_in("stages.2.blocks.5.fc", "stages"), Some(2));
        assert_eq!(index_in("layers.norm.layers.4.fc", "layers"), Some(4));
        assert_eq!(index_in("layers.99999999999.fc", "layers"), None);
        assert_eq!(index_in("layers", "layers"), None);
    }

    #[test]
    fn linear_and_convolution_layers_start_within_one_over_the_root_of_fan_in() {
        let law = |layer, name, weight: &[i64], shape: &[i64]| {
            let scheme = TorchDefault::scheme(&Part::new(layer, name, weight));
            scheme.law(&Target::of_shape(shape)).unwrap()
        };
        let Law::Elementwise(Elementwise::Uniform { low, high }) =
            law(Layer::Linear, "weight", &[5, 16], &[5, 16])
        else {
            panic!()
        };
        assert!((high - 0.25).abs() < 1e-15 && low == -high);
        assert_eq!(
            law(Layer::Conv, "bias", &[8, 4, 2, 2], &[8]),
            Law::uniform(-0.25, 0.25)
        );
        assert_eq!(
            law(Layer::Linear, "bias", &[5, 0], &[5]),
            Law::uniform(0.0, 0.0)
        );
        assert_eq!(
            law(Layer::BatchNorm, "running_var", &[8], &[8]),
            Law::constant(1.0)
        );
    }
}
