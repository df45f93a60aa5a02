//! Tests of the whole crate; what several of them need stands here.

#[cfg(feature = "torch")]
#[path = "support/bits.rs"]
pub mod bits;
#[path = "support/generator.rs"]
pub mod generator;
#[cfg(feature = "torch")]
#[path = "support/plans.rs"]
pub mod plans;
#[cfg(feature = "torch")]
#[path = "support/python.rs"]
pub mod python;
#[path = "support/sources.rs"]
pub mod sources;
#[cfg(feature = "torch")]
#[path = "support/statistics.rs"]
pub mod statistics;
#[cfg(feature = "torch")]
#[path = "support/stores.rs"]
pub mod stores;
