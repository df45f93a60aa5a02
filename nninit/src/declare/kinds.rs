//! Schemes by kind of layer, as `#[init(Linear(…))]` on a struct and `recipe!` say them.

use std::sync::Arc;

use super::{Layer, Part, Recipe, Spec, Step};
use crate::Cause;

/// Schemes by kind of layer: an expression of type [`Kinds`](crate::declare::Kinds), which is a
/// [`Recipe`](crate::Recipe).
///
/// It stands for PyTorch's `model.apply(init_weights)`: what `init_weights` asks by `isinstance` is said by name.
///
/// ```
/// # #[cfg(feature = "tch")] {
/// use nninit::{Initialize, recipe};
/// use rand::SeedableRng;
/// use rand::rngs::StdRng;
/// use tch::{Device, nn};
///
/// #[derive(Initialize)]
/// struct Classifier {
///     features: nn::Conv2D,
///     norm: nn::BatchNorm,
///     head: nn::Linear,
/// }
///
/// # if cfg!(feature = "doc-only") { return }
/// # let vs = nn::VarStore::new(Device::Cpu);
/// # let p = vs.root();
/// # let mut model = Classifier {
/// #     features: nn::conv2d(&p / "features", 3, 8, 3, Default::default()),
/// #     norm: nn::batch_norm2d(&p / "norm", 8, Default::default()),
/// #     head: nn::linear(&p / "head", 8, 4, Default::default()),
/// # };
/// let recipe = recipe! {
///     Linear(weight(xavier_uniform), bias(constant, val = 0.01)),
///     Conv2D(kaiming_normal, mode = "fan_out", nonlinearity = "relu"),
///     BatchNorm(weight(normal, mean = 1, std = 0.02)),
/// };
/// model.init_with(recipe, &mut StdRng::seed_from_u64(42));
/// assert_eq!(model.head.bs.unwrap().double_value(&[0]), 0.01_f32 as f64);
/// # }
/// ```
///
/// The kinds are `Linear`, `Conv` (or `Conv1D` to `Conv3D` for one number of dimensions, which come before it),
/// `ConvTranspose` (the same), `BatchNorm`, `LayerNorm`, `GroupNorm` and `Embedding`; `others(skip)` is for all parts
/// that none of these speaks of. In the parentheses stands what `#[init(…)]` on a field of that type would hold. A
/// second step for a kind stands after a semicolon: `Linear(zeros); Linear(ones, at = 0)`.
///
/// Values are evaluated on the spot; one that fails is an error of the plan. A kind that the model does not have is no
/// mistake. A `static` can hold a recipe:
///
/// ```
/// use std::sync::LazyLock;
///
/// use nninit::declare::Kinds;
/// use nninit::recipe;
///
/// static SMALL: LazyLock<Kinds> = LazyLock::new(||
///     recipe!(Linear(normal, std = 0.02), Embedding(normal, std = 0.02)));
/// ```
#[macro_export]
macro_rules! recipe {
    ($($kinds:tt)*) => {
        $crate::__private::recipe!(($crate) $($kinds)*)
    };
}

/// Steps by kind of layer: a [`Recipe`] in the words of the attribute, made by [`recipe!`](crate::recipe!).
///
/// Each part of a layer is looked up by itself: in [`of_rank`](Kinds::of_rank) first, for a convolution, then in
/// [`of`](Kinds::of), then in [`others`](Kinds::others). A part that none of them names is left to the recipe further
/// out.
///
/// ```
/// use nninit::declare::{Kinds, Spec, Step};
/// use nninit::{Layer, schemes};
///
/// let small = Kinds::new()
///     .of(Layer::Linear, Step::of(schemes::normal().std(0.02)))
///     .of(Layer::Linear, Spec::new().part("bias", Step::of(schemes::zeros()).into()))
///     .others(Step::skip());
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "kinds give their schemes to the layers of the model that they are handed to"]
pub struct Kinds {
    entries: Vec<(LayerKind, Spec)>,
}

/// What a spec is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LayerKind {
    OfRank(Layer, usize),
    Of(Layer),
    Others,
}

impl Kinds {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What every such layer gets; steps without a part's name are its weight's.
    pub fn of(self, layer: Layer, spec: impl Into<Spec>) -> Self {
        self.entry(LayerKind::Of(layer), spec.into())
    }

    /// What convolutions over this many dimensions get, before what all of them get.
    pub fn of_rank(self, layer: Layer, dimensions: usize, spec: impl Into<Spec>) -> Self {
        self.entry(LayerKind::OfRank(layer, dimensions), spec.into())
    }

    /// What all parts get that no other spec here names.
    pub fn others(self, spec: impl Into<Spec>) -> Self {
        self.entry(LayerKind::Others, spec.into())
    }

    fn entry(mut self, kind: LayerKind, spec: Spec) -> Self {
        self.entries.push((kind, spec));
        self
    }

    /// The kinds that have specs, each once.
    pub(crate) fn kinds(&self) -> Vec<LayerKind> {
        let mut kinds = Vec::new();
        for (kind, _) in &self.entries {
            if !kinds.contains(kind) {
                kinds.push(*kind);
            }
        }
        kinds
    }
}

impl Recipe for Kinds {
    fn steps(&self, part: &Part<'_>) -> Vec<Step> {
        let rank = part.weight.len().saturating_sub(2);
        let kinds = [
            LayerKind::OfRank(part.layer, rank),
            LayerKind::Of(part.layer),
            LayerKind::Others,
        ];
        let mut steps: Vec<Arc<Step>> = Vec::new();
        for wanted in kinds {
            if !Step::leave_the_rest(&steps) {
                break;
            }
            let specs = self.entries.iter().filter(|(kind, _)| *kind == wanted);
            let before = Spec::steps_at_part(specs.map(|(_, spec)| spec), part.name);
            steps.splice(..0, before);
        }
        steps.iter().map(|step| (**step).clone()).collect()
    }
}

impl LayerKind {
    /// As it is written in an attribute.
    pub(crate) fn name(self) -> String {
        match self {
            Self::OfRank(layer, rank) => format!("{layer:?}{rank}D"),
            Self::Of(layer) => format!("{layer:?}"),
            Self::Others => nninit_language::kinds::OTHERS.to_owned(),
        }
    }
}

/// The kinds of layers that a type can hold; a value of it may hold fewer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layers {
    known: Vec<(Layer, Option<usize>)>,
    any: bool,
    /// The types that have been looked into, by the function that does it: a recursive type is looked into once.
    seen: Vec<usize>,
}

impl Layers {
    /// A layer; for a convolution with the number of dimensions that it goes over, where its type says so.
    pub fn add(&mut self, layer: Layer, dimensions: Option<usize>) {
        if !self.known.contains(&(layer, dimensions)) {
            self.known.push((layer, dimensions));
        }
    }

    /// Something that can hold any layer: a trait object, a type that is described by hand.
    pub fn any(&mut self) {
        self.any = true;
    }

    /// What a field of known type can hold: what takes an attribute says it, and what only describes itself, unless it
    /// owns nothing.
    #[doc(hidden)]
    pub fn field(
        &mut self,
        takes_attributes: bool,
        owns_nothing: bool,
        declared: fn(&mut Self),
        described: fn(&mut Self),
    ) {
        if takes_attributes {
            self.inside(declared);
        } else if !owns_nothing {
            self.inside(described);
        }
    }

    /// What `look` finds, once.
    fn inside(&mut self, look: fn(&mut Self)) {
        let function = look as usize;
        if !self.seen.contains(&function) {
            self.seen.push(function);
            look(self);
        }
    }

    pub(crate) fn can_be(&self, kind: LayerKind) -> bool {
        let is = |(layer, rank): &(Layer, Option<usize>)| match kind {
            LayerKind::OfRank(wanted, dimensions) => {
                *layer == wanted && rank.is_none_or(|rank| rank == dimensions)
            }
            LayerKind::Of(wanted) => *layer == wanted,
            LayerKind::Others => true,
        };
        self.any || kind == LayerKind::Others || self.known.iter().any(is)
    }

    /// Why no layer can be of that kind, and what to write instead.
    pub(crate) fn without(&self, kind: LayerKind, type_name: &str) -> Cause {
        let kind = nninit_language::kinds::one(&kind.name());
        let mut held: Vec<String> = Vec::new();
        for (layer, rank) in &self.known {
            let name = rank.map_or(LayerKind::Of(*layer), |rank| {
                LayerKind::OfRank(*layer, rank)
            });
            if !held.contains(&name.name()) {
                held.push(name.name());
            }
        }
        let held: Vec<&str> = held.iter().map(String::as_str).collect();
        let holds = match held[..] {
            [] => "holds no layer".to_owned(),
            _ => format!(
                "holds {}",
                nninit_language::spelling::alternatives(&held, "and")
            ),
        };
        let own = type_name.split('<').next().unwrap_or(type_name);
        let own = own.rsplit("::").next().unwrap_or(own);
        Cause::Misplaced(format!(
            "no layer inside can be {kind}: `{own}` {holds}; correct the kind or remove it"
        ))
    }
}
