//! One learning rate for networks of every width, with μP and without.

mod net;
mod training;

pub use net::{Mlp, Scaling};
pub use training::{Sweep, coordinates, sweep};

/// The width at which the learning rate is looked for.
pub const BASE: i64 = 64;
/// The widths that are trained.
pub const WIDTHS: [i64; 3] = [BASE, 256, 1024];
/// Powers of two: the learning rates that are tried.
pub const RATES: std::ops::RangeInclusive<i32> = -12..=-4;
