//! Cells of a law's reach: into which each value falls, and how many are due.

#![allow(
    clippy::inline_always,
    reason = "only what is inlined into a SIMD level's function is compiled for that level"
)]

use libm::exp;

use super::lattice::Lattice;
use super::read::Float;
use crate::numeric::elementary::logarithm::ln;
use crate::{Dtype, Elementwise};

/// Cells at most, with the two beyond either end.
pub(super) const SLOTS: usize = 2048;

/// Two tables, so that neighbours that fall into one cell do not wait for each other.
pub(super) type Counts = [[u32; SLOTS]; 2];

/// Cells of equal width, of the values or of their logarithms.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    /// For a law that spreads over powers of ten, most of which one cell of equal width would hold.
    logarithmic: bool,
    low: f64,
    /// Cells a unit.
    rate: f64,
    /// Cells within, without the two beyond.
    cells: usize,
}

impl Grid {
    /// For `numel` values of `law`.
    pub(super) fn new(law: Elementwise, dtype: Dtype, numel: u64) -> Self {
        /// Cells for each root of the number of values: so many that counting by cells hides less than chance does.
        const FINE: f64 = 16.0;
        let wanted = FINE * (numel as f64).sqrt();
        let cells = wanted.clamp(32.0, (SLOTS - 2) as f64) as usize;
        let lattice = Lattice::of(dtype);
        let (low, high) = law.reach();
        let (low, high) = (low - lattice.spacing(low), high + lattice.spacing(high));
        let logarithmic = matches!(law, Elementwise::LogUniform { .. }) && low >= f64::MIN_POSITIVE;
        let (low, high) = if logarithmic {
            (ln(low), ln(high))
        } else {
            (low, high)
        };
        // Shifted by part of a cell, so that no edge falls on the kind's numbers.
        let width = (high - low) / (cells - 1) as f64;
        Self {
            logarithmic,
            low: low - 0.381_966 * width,
            rate: width.recip(),
            cells,
        }
    }

    /// The lower edge of cell `index`.
    pub(super) fn edge(&self, index: usize) -> f64 {
        let edge = self.low + index as f64 / self.rate;
        if self.logarithmic { exp(edge) } else { edge }
    }

    /// How far from an edge a value may be put into the wrong cell, by the arithmetic that finds it.
    fn blur(&self, edge: f64) -> f64 {
        if self.logarithmic {
            edge * (self.low.abs() + ln(edge).abs() + 1.0) * 8.0 * f64::EPSILON
        } else {
            ((edge - self.low).abs() + edge.abs() + self.low.abs()) * 2.0 * f64::EPSILON
        }
    }

    /// How many numbers there are of edges, and of what is below and between them.
    pub(super) fn edges(&self) -> usize {
        self.cells + 1
    }

    /// 0 below the first edge, and one more with each edge that the value reaches.
    #[inline(always)]
    fn slot(&self, value: f64) -> u32 {
        /// Adding it leaves a number's whole part in the lowest bits.
        const WHOLE: f64 = (1_u64 << 52) as f64;
        let place = (value - self.low) * self.rate + 0.5;
        let least = if place > 0.0 { place } else { 0.0 };
        let most = self.cells as f64 + 0.75;
        let held = if least < most { least } else { most };
        (held + WHOLE).to_bits() as u32
    }

    /// The same for a value's logarithm, and 0 for what has none.
    #[inline(always)]
    fn slot_of_logarithm(&self, value: f64) -> u32 {
        let has_one = value >= f64::MIN_POSITIVE;
        self.slot(if has_one {
            ln(value)
        } else {
            f64::NEG_INFINITY
        })
    }

    #[inline(always)]
    pub(super) fn count<T: Float>(&self, values: &[T], counts: &mut Counts) {
        if self.logarithmic {
            Self::count_in(values, counts, |value| self.slot_of_logarithm(value));
        } else {
            Self::count_in(values, counts, |value| self.slot(value));
        }
    }

    #[inline(always)]
    fn count_in<T: Float>(values: &[T], counts: &mut Counts, slot_of: impl Fn(f64) -> u32) {
        const CHUNK: usize = 256;
        let mut slots = [0; CHUNK];
        let [even, odd] = counts;
        for chunk in values.chunks(CHUNK) {
            for (slot, &value) in slots.iter_mut().zip(chunk) {
                *slot = slot_of(value.into());
            }
            let (pairs, rest) = slots[..chunk.len()].as_chunks::<2>();
            for &[a, b] in pairs {
                even[a as usize % SLOTS] += 1;
                odd[b as usize % SLOTS] += 1;
            }
            for &slot in rest {
                even[slot as usize % SLOTS] += 1;
            }
        }
    }
}

/// What is due at each edge of a grid: bounds on the probability of a value below it, that differ by what the kind's
/// rounding and the draw's arithmetic leave open.
#[derive(Debug)]
pub(super) struct Due {
    pub(super) least: Vec<f64>,
    pub(super) most: Vec<f64>,
}

impl Due {
    pub(super) fn new(law: Elementwise, dtype: Dtype, grid: &Grid) -> Self {
        let lattice = Lattice::of(dtype);
        let bounds = |index: usize| {
            let edge = grid.edge(index);
            let blur = grid.blur(edge);
            let (from, to) = (lattice.boundary(edge - blur), lattice.boundary(edge + blur));
            let (least, most) = (law.error(dtype, from), law.error(dtype, to));
            (law.below(from - least), law.below(to + most))
        };
        let (least, most) = (0..grid.edges()).map(bounds).unzip();
        Self { least, most }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_fall_into_the_cell_that_their_edges_enclose() {
        let law = Elementwise::Normal {
            mean: 0.5,
            std: 0.1,
        };
        let grid = Grid::new(law, Dtype::F32, 10_000);
        for index in 0..grid.edges() {
            let edge = grid.edge(index);
            assert_eq!(grid.slot(edge + 1e-9), index as u32 + 1);
            assert_eq!(grid.slot(edge - 1e-9), index as u32);
        }
        let log_uniform = Elementwise::LogUniform {
            low: 1e-9,
            high: 0.1,
        };
        let logarithmic = Grid::new(log_uniform, Dtype::F32, 10_000);
        for index in 0..logarithmic.edges() {
            let edge = logarithmic.edge(index);
            let (above, below) = (edge * (1.0 + 1e-9), edge * (1.0 - 1e-9));
            assert_eq!(logarithmic.slot_of_logarithm(above), index as u32 + 1);
            assert_eq!(logarithmic.slot_of_logarithm(below), index as u32);
        }
        assert_eq!(logarithmic.slot_of_logarithm(-1.0), 0);
        let last = grid.edges() as u32;
        assert_eq!((grid.slot(f64::MIN), grid.slot(f64::MAX)), (0, last));
        assert_eq!((grid.slot(f64::NAN), grid.slot(f64::INFINITY)), (0, last));
    }
}
