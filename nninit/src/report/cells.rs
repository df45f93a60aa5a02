//! Which step an element's value is due to: the last one that covers it.

use crate::blueprint::PlannedStep;
use crate::numeric::blocks::Blocks;
use crate::numeric::extent::Runs;
use crate::{Entry, Law};

/// A box that one law is written to: one block of one step, or all where they are many.
pub(super) struct Cell<'a> {
    pub(super) law: &'a Law,
    /// Where it is, in words; empty for all of the parameter.
    pub(super) place: String,
    /// The blocks of the step that it has.
    pub(super) blocks: Blocks,
    pub(super) area: Area,
}

/// Which elements a cell has; of complex numbers, their parts.
#[derive(Clone)]
pub(super) struct Area {
    runs: Runs,
}

impl Area {
    pub(super) fn numel(&self) -> u64 {
        self.runs.count * self.runs.len
    }

    /// How many of the cell's elements stand before the parameter's element `index`, which is one of them.
    pub(super) fn place_of(&self, index: u64) -> u64 {
        let runs = &self.runs;
        let row = partition(runs.count, |row| runs.start(row) + runs.len <= index);
        row * runs.len + (index - runs.start(row))
    }
}

/// The owner of an element that no step writes.
const NOBODY: u32 = u32::MAX;

/// The greatest number of blocks of one step that are looked at one by one; more are looked at together.
const APART: u64 = 256;

pub(super) fn cells(entry: &Entry) -> Vec<Cell<'_>> {
    let mut cells = Vec::new();
    for step in entry.steps() {
        let Some(law) = step.law() else { continue };
        let region = step.region().map(|region| format!("at {region}"));
        let mut cell = |block: Option<u64>, blocks: Blocks| {
            let block = block.map(|block| format!("{} {block}", of_which(step)));
            let place: Vec<String> = region.clone().into_iter().chain(block).collect();
            cells.push(Cell {
                law,
                place: place.join(", "),
                area: Area {
                    runs: entry.layout().box_of_numbers(blocks.joined()).runs(),
                },
                blocks,
            });
        };
        let blocks = step.blocks();
        match blocks.len() {
            2..=APART if blocks.repeated().is_none() => {
                for (number, block) in (0..).zip(blocks.iter()) {
                    cell(Some(number), Blocks::one(block));
                }
            }
            _ => cell(None, blocks.clone()),
        }
    }
    cells
}

fn of_which(step: &PlannedStep) -> &'static str {
    match (step.batch(), step.chunks()) {
        (None | Some(0), Some(_)) => "chunk",
        (_, None) => "slice",
        (Some(_), Some(_)) => "block",
    }
}

/// Hands over what of the elements `first..first + len` belongs to which cell: its number, and where in the range the
/// elements stand.
pub(super) fn segments(
    areas: &[Area],
    first: u64,
    len: usize,
    see: &mut impl FnMut(usize, usize, usize),
) {
    if let [area] = areas
        && area.runs.count == 1
        && area.runs.start(0) <= first
        && first + len as u64 <= area.runs.start(0) + area.runs.len
    {
        return see(0, 0, len);
    }
    let mut owners = vec![NOBODY; len];
    let end = first + len as u64;
    for (index, area) in areas.iter().enumerate() {
        each_run(area, first, end, |start, len| {
            owners[start..start + len].fill(index as u32);
        });
    }
    let mut start = 0;
    for owned in owners.chunk_by(|a, b| a == b) {
        if let Some(area) = areas.get(owned[0] as usize) {
            // Rows of one cell may touch in the range without being neighbours in the cell's own order.
            let from = first + start as u64;
            each_run(area, from, from + owned.len() as u64, |from, len| {
                see(owned[0] as usize, start + from, len);
            });
        }
        start += owned.len();
    }
}

/// The runs of an area within `first..end`, counted from `first`.
fn each_run(area: &Area, first: u64, end: u64, mut see: impl FnMut(usize, usize)) {
    let runs = &area.runs;
    // Runs ascend, so those that reach into the range lie together.
    let mut row = partition(runs.count, |row| runs.start(row) + runs.len <= first);
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
