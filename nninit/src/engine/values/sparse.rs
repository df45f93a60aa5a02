//! A normal law with zeros at random places of each column.

use crate::engine::threads;
use crate::numeric::extent::{Axis, Extent};
use crate::numeric::stream::Key;
use crate::sample::Sampler;
use crate::sample::element::Element;
use crate::sample::subset::{self, LANES};
use crate::{Cause, Elementwise};

/// A normal law and a mask over one matrix.
pub(crate) struct SparseNormal {
    sampler: Sampler,
    rows: Axis,
    columns: Axis,
    /// For each [`LANES`] columns, a word for each row: bit `n` is set where column `n` of them is 0.
    marks: Vec<u64>,
    /// From one such group of words to the next.
    stride: usize,
}

/// Words in a cache line.
const LINE: usize = 8;

/// Elements that are drawn, then masked while the innermost cache still holds them.
const BATCH: usize = 4096;

impl SparseNormal {
    pub(super) fn draw(block: &Extent, zeros: i64, std: f64, key: Key) -> Result<Self, Cause> {
        let [rows, columns] = block.axes()[..] else {
            return Err(Cause::Failed("a sparse law needs a matrix".into()));
        };
        // One cache line more than needed: at a distance of a power of two, the words of one row would share one place
        // in the cache.
        let stride = rows.len as usize + LINE;
        let mut marks = vec![0; columns.len.div_ceil(LANES as u64) as usize * stride];
        let start = |column| first_word(block.runs().start(0), rows, columns, column);
        let strips: Vec<_> = (0..columns.len)
            .step_by(LANES)
            .zip(marks.chunks_exact_mut(stride))
            .collect();
        let choose = |(first, marks): (u64, &mut [_])| {
            let end = (first + LANES as u64).min(columns.len);
            let starts: Vec<u64> = (first..end).map(start).collect();
            subset::choose(key, zeros as u64, &starts, &mut marks[..rows.len as usize]);
        };
        threads::share(strips, block.numel(), choose);
        Ok(Self {
            sampler: Sampler::new(&Elementwise::Normal { mean: 0.0, std }),
            rows,
            columns,
            marks,
            stride,
        })
    }

    /// The values of the elements from `first` on.
    pub(super) fn fill<T: Element>(&self, key: Key, first: u64, out: &mut [T]) {
        for (out, first) in out.chunks_mut(BATCH).zip((first..).step_by(BATCH)) {
            self.sampler.fill(key, first, out);
            self.mask(first, out);
        }
    }

    fn mask<T: Element>(&self, mut first: u64, mut out: &mut [T]) {
        while !out.is_empty() {
            let (row, column) = (self.rows.place_of(first), self.columns.place_of(first));
            let within = (self.columns.len - column).min(out.len() as u64);
            let (values, rest) = out.split_at_mut(within as usize);
            self.mask_row(row, column, values);
            first += within;
            out = rest;
        }
    }

    fn mask_row<T: Element>(&self, row: u64, column: u64, values: &mut [T]) {
        let (strip, lane) = (column / LANES as u64, column % LANES as u64);
        let first = strip as usize * self.stride + row as usize;
        subset::clear(&self.marks[first..], self.stride, lane as usize, values);
    }
}

/// Where a column's words begin: the place that its first element would have if the rows' dimension were the last.
fn first_word(origin: u64, rows: Axis, columns: Axis, column: u64) -> u64 {
    let first = origin + column * columns.stride;
    let outer = first / (rows.stride * rows.whole);
    let inner = first % rows.stride;
    (outer * rows.stride + inner) * rows.whole + rows.start
}
