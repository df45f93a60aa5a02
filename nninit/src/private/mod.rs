//! What expansions call. A private contract with nninit-derive: anything here may change in any release.

#[cfg(feature = "tch")]
mod check;
#[cfg(feature = "tch")]
mod refusal;
mod step;
#[cfg(feature = "tch")]
mod type_query;
mod value;

pub use core::any::type_name;
pub use core::mem::needs_drop;
pub use core::ops::Deref;
pub use core::result::Result::Ok;
pub use std::string::String;

pub use self::step::{FallibleStep, OfDraw};
pub use self::value::{
    Indexes, Sampled, Shareable, copied, fan_shape, index, number, of_draw, of_place, sample,
    whole, with, with_stream,
};
pub use crate::declare::recipe::Layer;
pub use crate::declare::{Kinds, Spec};
pub use crate::{FanMode, Nonlinearity, Rule, Rules, ScalingDistribution, schemes};
pub use nninit_derive::recipe;

#[cfg(feature = "tch")]
pub use self::{
    check::{About, scheme},
    refusal::{
        Annotated, Covered, Derived, DerivedInside, HasParts, HasSuch, HeldInVec, HoldsParameters,
        HoldsThere, If, KeyedByStrings, Managed, NotLocked, NotStore, Open, PassesOn, RankedWeight,
        SaysHow, ShowsWeights, TakesAttribute, Unannotated,
    },
    type_query::{Fields, Held, Is, Otherwise, Refused, Why, count, keep},
    value::{HasFans, HasRank, Movable, fans, ranked, recipe, writer},
};
#[cfg(feature = "tch")]
pub use crate::{
    Initialize,
    declare::{Declare, Describe, Layers, Names, Parts},
};
#[cfg(feature = "tch")]
pub use nninit_derive::rules;
