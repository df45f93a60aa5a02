//! What one run is asked for.

use std::thread;

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    /// Ratios of which the median is taken.
    pub(crate) pairs: usize,
}

impl Settings {
    /// For what nothing is aimed at, and a rough number is enough.
    pub(crate) fn few(self) -> usize {
        self.pairs.min(5)
    }
}

/// Thread counts to measure with: one, and all that the machine has.
pub(crate) fn thread_counts() -> impl Iterator<Item = usize> {
    let all = cores();
    std::iter::once(1).chain((all > 1).then_some(all))
}

/// How many threads run at once here.
pub(crate) fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}
