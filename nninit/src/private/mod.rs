//! What expansions call. A private contract with nninit-derive: anything here may change in any release.

#[cfg(feature = "tch")]
mod ask;
#[cfg(feature = "tch")]
mod check;
mod step;
mod value;

pub use core::any::type_name;
pub use core::mem::needs_drop;
pub use core::result::Result::Ok;

pub use self::step::FallibleStep;
pub use self::value::{
    Indexes, Sampled, fan_shape, index, number, of_place, sample, value, whole, with, with_stream,
};
pub use crate::declare::recipe::Layer;
pub use crate::declare::{Kinds, Spec};
pub use crate::{FanMode, Nonlinearity, Rule, Rules, ScalingDistribution, schemes};
pub use nninit_derive::recipe;

#[cfg(feature = "tch")]
pub use self::{
    ask::{Fields, Held, Is, Otherwise, Refused, count, keep},
    check::{About, annotated, part, pattern, region, scheme, unannotated},
    value::writer,
};
#[cfg(feature = "tch")]
pub use crate::{
    Initialize,
    declare::{Declare, Describe, Layers, Names, Parts},
};
#[cfg(feature = "tch")]
pub use nninit_derive::rules;
