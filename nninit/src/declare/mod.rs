//! What is said of a model: which parameter gets which steps. What the derive calls, and hand-written descriptions
//! need.

mod copy_of;
pub(crate) mod draft;
pub(crate) mod kinds;
pub(crate) mod modifiers;
pub(crate) mod recipe;
mod spec;
mod step;

#[cfg(feature = "tch")]
pub(crate) mod describe;
#[cfg(feature = "tch")]
mod parts;

pub use self::copy_of::CopyOf;
pub use self::kinds::{Kinds, Layers};
pub(crate) use self::recipe::{Layer, Part, Recipe};
pub use self::spec::Spec;
pub use self::step::{FanOf, Step};

#[cfg(feature = "tch")]
pub use self::{
    describe::Describe,
    parts::{Declare, Names, Parts, Vector},
};

// Where messages say they are.
#[cfg(feature = "tch")]
#[doc(hidden)]
pub use crate::initialize::layers::fields::{
    PartsOfBatchNorm, PartsOfConv, PartsOfConvTranspose, PartsOfEmbedding, PartsOfGroupNorm,
    PartsOfLayerNorm, PartsOfLinear,
};
