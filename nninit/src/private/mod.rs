//! What expansions call. A private contract with nninit-derive: anything here may change in any release.

mod ask;
mod check;
mod step;
mod value;

pub use core::any::type_name;
pub use core::mem::needs_drop;
pub use core::result::Result::Ok;

pub use self::ask::{Fields, Held, Is, Otherwise, Refused, count, keep};
pub use self::check::{About, annotated, part, pattern, region, scheme, unannotated};
pub use self::step::FallibleStep;
pub use self::value::{
    Indexes, Sampled, fan_shape, index, number, of_place, sample, value, whole, with, with_stream,
    writer,
};
pub use crate::declare::{Declare, Describe, Kinds, Layer, Layers, Names, Parts, Spec};
pub use crate::{FanMode, Initialize, Nonlinearity, Rule, Rules, ScalingDistribution, schemes};
pub use nninit_derive::{recipe, rules};
