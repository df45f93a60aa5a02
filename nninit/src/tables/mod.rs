//! Values that follow from their place, in bulk: from laws of the [`Table`] kind to values in a slice.
//!
//! Computed in f64 by the functions of `numeric/elementary`, multiplied by the law's factor and rounded once to the
//! kind, so all SIMD levels and all machines give the same bits.

#![allow(
    clippy::inline_always,
    reason = "only what is inlined into a SIMD level's function is compiled for that level"
)]

mod interpolation;
mod legs;
mod positions;
mod ramp;
#[cfg(test)]
mod tests;

use self::interpolation::Interpolation;
use self::positions::Positions;
use self::ramp::Ramp;
use crate::numeric::extent::{Axis, Extent};
use crate::numeric::law::{Formula, Table};
use crate::sample::element::Element;

/// A table over one block of a parameter, ready to be read.
pub(crate) struct Tabulated {
    values: Values,
    axes: Vec<Axis>,
    factor: f64,
}

enum Values {
    Positions(Positions),
    Interpolation(Interpolation),
    Legs,
    /// Of the place along one dimension.
    Ramp(Ramp, usize),
}

/// Values that are made at once.
const CHUNK: usize = 256;

impl Tabulated {
    /// Computes the table's constants. It has passed its check for the block's shape.
    pub(crate) fn new(table: &Table, block: &Extent) -> Self {
        let axes = block.axes();
        let lengths: Vec<u64> = axes.iter().map(|axis| axis.len).collect();
        let last = axes.len().saturating_sub(1);
        let ramp = |value, dim: usize| {
            let length = lengths.get(dim).copied().unwrap_or(0);
            Values::Ramp(Ramp::new(value, length), dim)
        };
        let values = match table.formula() {
            Formula::SincosPositions {
                prefix,
                base,
                width,
                interleaved,
            } => {
                let channels = lengths.get(1).copied().unwrap_or(0);
                Values::Positions(Positions::new(prefix, base, width, interleaved, channels))
            }
            Formula::AlibiSlopes => ramp(ramp::alibi_slope, 0),
            Formula::Bilinear => Values::Interpolation(Interpolation::new(&lengths)),
            Formula::HippoLegs => Values::Legs,
            Formula::HippoLegsB => ramp(ramp::hippo_legs_b, 0),
            Formula::S4dLin => ramp(ramp::s4d_lin, last),
            Formula::S4dInv => ramp(ramp::s4d_inv, last),
            Formula::S4dReal => ramp(ramp::s4d_real, last),
            Formula::LnRange => ramp(ramp::ln_range, last),
        };
        Self {
            values,
            axes,
            factor: table.factor(),
        }
    }

    /// The same values by other instructions, which the processor must have.
    #[cfg(test)]
    fn at_level(mut self, level: crate::sample::dispatch::Level) -> Self {
        if let Values::Positions(positions) = &mut self.values {
            positions.set_level(level);
        }
        self
    }

    /// Writes the values of the parameter's elements `first`, `first + 1`, …, all of them the block's.
    ///
    /// A value depends on its own place alone: any way to cut a block into calls gives the same bits.
    pub(crate) fn fill<T: Element>(&self, mut first: u64, mut out: &mut [T]) {
        let mut made = [0.0; CHUNK];
        while !out.is_empty() {
            let count = out.len().min(CHUNK).min(self.along(first));
            let made = &mut made[..count];
            self.row(first, made);
            let (now, rest) = out.split_at_mut(count);
            for (out, value) in now.iter_mut().zip(made) {
                *out = T::from_draw(T::nearest(*value * self.factor));
            }
            (out, first) = (rest, first + count as u64);
        }
    }

    /// How many elements from this one on differ by their place in the last dimension alone.
    fn along(&self, first: u64) -> usize {
        match self.axes.last() {
            Some(axis) if axis.stride == 1 => (axis.len - axis.place_of(first)) as usize,
            _ => 1,
        }
    }

    /// Elements along the last dimension.
    fn row(&self, first: u64, out: &mut [f64]) {
        let place = |dim: usize| self.axes[dim].place_of(first);
        match &self.values {
            Values::Positions(positions) => positions.row(place(0), place(1), out),
            Values::Interpolation(kernel) => kernel.row(place, out),
            Values::Legs => legs::row(place(0), place(1), out),
            Values::Ramp(ramp, dim) => {
                let step = u64::from(dim + 1 == self.axes.len());
                ramp.values(place(*dim), step, out);
            }
        }
    }
}
