//! Which step an element's value is due to: the last one that covers it.

use crate::numeric::extent::Runs;
use crate::{Entry, Law};

/// A box that one law is written to: one block of one step.
pub(super) struct Cell<'a> {
    pub(super) law: &'a Law,
    /// Where it is, in words; empty for all of the parameter.
    pub(super) place: String,
    /// Which step, and which of its blocks.
    pub(super) step: usize,
    pub(super) block: usize,
    runs: Runs,
}

impl Cell<'_> {
    pub(super) fn numel(&self) -> u64 {
        self.runs.count * self.runs.len
    }
}

/// The owner of an element that no step writes.
pub(super) const NOBODY: u32 = u32::MAX;

pub(super) fn cells(entry: &Entry) -> Vec<Cell<'_>> {
    let mut cells = Vec::new();
    for (index, step) in entry.steps().iter().enumerate() {
        let Some(law) = step.law() else { continue };
        for (block, extent) in step.blocks().iter().enumerate() {
            let region = step.region().map(|region| format!("at {region}"));
            let chunk = (step.blocks().len() > 1).then(|| format!("chunk {block}"));
            let place: Vec<String> = region.into_iter().chain(chunk).collect();
            cells.push(Cell {
                law,
                place: place.join(", "),
                step: index,
                block,
                runs: extent.runs(),
            });
        }
    }
    cells
}

/// The cell that each of the elements from `first` on belongs to.
pub(super) fn owners(cells: &[Cell<'_>], first: u64, owners: &mut [u32]) {
    owners.fill(NOBODY);
    let end = first + owners.len() as u64;
    for (index, cell) in cells.iter().enumerate() {
        each_run(cell, first, end, |start, len| {
            owners[start..start + len].fill(index as u32);
        });
    }
}

/// The runs of a cell within `first..end`, counted from `first`.
pub(super) fn each_run(cell: &Cell<'_>, first: u64, end: u64, mut see: impl FnMut(usize, usize)) {
    let runs = &cell.runs;
    // Runs ascend, so those that reach into the range lie together.
    let after = |row: &u64| runs.start(*row) + runs.len > first;
    let mut row = partition(runs.count, |row| !after(&row));
    while row < runs.count && runs.start(row) < end {
        let start = runs.start(row).max(first);
        let stop = (runs.start(row) + runs.len).min(end);
        see((start - first) as usize, (stop - start) as usize);
        row += 1;
    }
}

/// The first of `0..count` for which `before` no longer holds.
fn partition(count: u64, before: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}
