//! Cells of a law's reach: into which each value falls, and how many are due.

#![allow(
    clippy::inline_always,
    reason = "only what is inlined into a SIMD level's function is compiled for that level"
)]

use super::lattice::Lattice;
use super::read::Float;
use crate::{Dtype, Elementwise};

/// Cells at most, with the two beyond either end.
pub(super) const SLOTS: usize = 2048;

/// Two tables, so that neighbours that fall into one cell do not wait for each other.
pub(super) type Counts = [[u32; SLOTS]; 2];

/// Cells of equal width.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    low: f64,
    /// Cells a unit.
    rate: f64,
    /// Cells within, without the two beyond.
    cells: usize,
}

impl Grid {
    /// For `numel` values of `law`.
    pub(super) fn new(law: Elementwise, dtype: Dtype, numel: u64) -> Self {
        /// So many cells to a root of the number of values that their width hides nothing that chance does not.
        const FINE: f64 = 16.0;
        let wanted = FINE * (numel as f64).sqrt();
        let cells = wanted.clamp(32.0, (SLOTS - 2) as f64) as usize;
        let lattice = Lattice::of(dtype);
        let (low, high) = law.reach();
        let (low, high) = (low - lattice.spacing(low), high + lattice.spacing(high));
        // Off by a share of a cell, so that edges do not stand where the kind's numbers do.
        let width = (high - low) / (cells - 1) as f64;
        Self {
            low: low - 0.381_966 * width,
            rate: width.recip(),
            cells,
        }
    }

    /// The lower edge of cell `index`.
    pub(super) fn edge(&self, index: usize) -> f64 {
        self.low + index as f64 / self.rate
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

    #[inline(always)]
    pub(super) fn count<T: Float>(&self, values: &[T], counts: &mut Counts) {
        const CHUNK: usize = 256;
        let mut slots = [0; CHUNK];
        let [even, odd] = counts;
        for chunk in values.chunks(CHUNK) {
            for (slot, &value) in slots.iter_mut().zip(chunk) {
                *slot = self.slot(value.into());
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
            // Of the arithmetic that finds a value's cell.
            let blur = ((edge - grid.low).abs() + edge.abs() + grid.low.abs()) * 2.0 * f64::EPSILON;
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
        let last = grid.edges() as u32;
        assert_eq!((grid.slot(f64::MIN), grid.slot(f64::MAX)), (0, last));
        assert_eq!((grid.slot(f64::NAN), grid.slot(f64::INFINITY)), (0, last));
    }
}
