//! Writing to tensor memory.
//!
//! The only file besides the dispatch to SIMD levels that holds `unsafe`.
#![allow(unsafe_code)]

use std::ops::Range;

use tch::{Device, Tensor};

use crate::Dtype;
use crate::numeric::extent::{Extent, Runs};
use crate::plan::layout::Layout;
use crate::sample::element::Element;

/// Elements of one piece of work: enough that taking the next one costs nothing beside it.
const PIECE: u64 = 1 << 16;

/// Values are made this many at a time on their way to strided memory.
const SCATTER: usize = 1024;

/// Some elements of a CPU tensor that nobody else writes meanwhile.
///
/// Pieces are only made by [`cut`], which cuts a box into pieces that share no element, and each is written once. That boxes
/// cut at the same time share none either is the plan's doing: it refuses parameters that overlap.
#[derive(Debug)]
pub(crate) struct Piece<'a> {
    layout: &'a Layout,
    first: *mut u8,
    runs: Runs,
    rows: Range<u64>,
    within: Range<u64>,
    place: Place,
}

/// Where in the memory the elements of a box belong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The memory is the whole tensor's: each has its own place.
    Own,
    /// The memory is a buffer for the box alone: one after the other.
    Packed,
}

// SAFETY: a piece is an address and a description of what lies there, which may be used from any thread. No two pieces
// cover the same element, and libtorch does not look at the tensor before the call that made them returns.
unsafe impl Send for Piece<'_> {}

/// All elements of a contiguous CPU tensor as one piece; `None` for any other tensor.
///
/// What [`cut`] would give for a small tensor, at a fraction of its cost.
pub(crate) fn whole<'a>(tensor: &mut Tensor, layout: &'a Layout) -> Option<Piece<'a>> {
    let first = tensor.data_ptr();
    assert_eq!(
        first.addr(),
        layout.address(),
        "the layout is this tensor's"
    );
    (layout.device() == Device::Cpu && layout.is_contiguous()).then(|| Piece {
        layout,
        first: first.cast(),
        runs: Runs::one(layout.numel()),
        rows: 0..1,
        within: 0..layout.numel(),
        place: Place::Own,
    })
}

/// Cuts the elements of `extent` into pieces, in order; none unless the tensor is on the CPU.
///
/// `layout` is what was read of `tensor`, which outlives the pieces because its storage does.
pub(crate) fn cut<'a>(
    tensor: &mut Tensor,
    layout: &'a Layout,
    extent: &Extent,
    place: Place,
) -> Vec<Piece<'a>> {
    assert_eq!(
        tensor.data_ptr().addr(),
        layout.address(),
        "the layout is this tensor's"
    );
    assert_eq!(
        layout.device(),
        Device::Cpu,
        "only CPU memory can be written directly"
    );
    let runs = extent.runs();
    let piece = |rows, within| Piece {
        layout,
        first: tensor.data_ptr().cast(),
        runs: runs.clone(),
        rows,
        within,
        place,
    };
    if runs.len > PIECE {
        let parts = (0..runs.len)
            .step_by(PIECE as usize)
            .map(|start| start..(start + PIECE).min(runs.len));
        return (0..runs.count)
            .flat_map(|row| parts.clone().map(move |part| (row, part)))
            .map(|(row, part)| piece(row..row + 1, part))
            .collect();
    }
    let rows = PIECE / runs.len.max(1);
    (0..runs.count)
        .step_by(rows as usize)
        .map(|row| piece(row..(row + rows).min(runs.count), 0..runs.len))
        .collect()
}

impl Piece<'_> {
    /// The kind of the elements.
    pub(crate) fn dtype(&self) -> Dtype {
        self.layout.dtype()
    }

    pub(crate) fn numel(&self) -> u64 {
        (self.rows.end - self.rows.start) * (self.within.end - self.within.start)
    }

    /// Writes the elements: `fill` is given the row-major index of the first and room for those that follow, one call
    /// after the other until all are written.
    ///
    /// # Panics
    ///
    /// If the elements are not of `T`'s size or do not exist.
    pub(crate) fn write<T: Element>(self, mut fill: impl FnMut(u64, &mut [T])) {
        assert_eq!(
            size_of::<T>(),
            self.layout.element_size(),
            "elements are written as what they are"
        );
        let len = self.within.end - self.within.start;
        for row in self.rows.clone() {
            let index = self.runs.start(row) + self.within.start;
            let position = match self.place {
                Place::Own => index,
                Place::Packed => row * self.runs.len + self.within.start,
            };
            assert!(position + len <= self.layout.numel(), "the elements exist");
            self.write_run(index, position, len, &mut fill);
        }
    }

    fn write_run<T: Element>(
        &self,
        index: u64,
        position: u64,
        len: u64,
        fill: &mut impl FnMut(u64, &mut [T]),
    ) {
        let first = self.first.cast::<T>();
        if self.layout.is_contiguous() {
            // SAFETY: the elements exist (checked by `write`), follow one another, are aligned as libtorch aligns all
            // storage, and no other piece covers them. Every bit pattern is a value of `T`, a float kind.
            let out = unsafe {
                std::slice::from_raw_parts_mut(first.add(position as usize), len as usize)
            };
            return fill(index, out);
        }
        let mut values = [T::default(); SCATTER];
        for done in (0..len).step_by(SCATTER) {
            let values = &mut values[..(len - done).min(SCATTER as u64) as usize];
            fill(index + done, values);
            for (position, &value) in (position + done..).zip(values.iter()) {
                // SAFETY: `offset` leads to an element that exists, and no other piece covers it.
                unsafe { first.offset(self.layout.offset(position)).write(value) };
            }
        }
    }
}
