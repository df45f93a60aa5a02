//! What expansions call. A private contract with nninit-derive: anything here may change in any release.

mod ask;
mod check;
mod nearest;
mod value;

pub use core;

pub use self::ask::{Is, Otherwise, Refused, count, keep};
pub use self::check::{annotated, part, region, scheme, unannotated};
pub use self::value::{Indexes, Sampled, fan_shape, index, number, sample, value, whole, with, with_stream};
pub use crate::{Declare, Describe, Names, Parts, Spec, Step};
