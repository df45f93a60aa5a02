//! How far an initialisation is.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many elements have been written, of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Elements written so far.
    pub done: u64,
    /// Elements to write in all; those that two steps write count twice.
    pub total: u64,
}

/// Counts on all threads, and tells on one: the one that asked for the initialisation.
pub(super) struct Meter<'a> {
    done: Arc<AtomicU64>,
    total: u64,
    told: u64,
    tell: &'a mut dyn FnMut(Progress),
}

impl<'a> Meter<'a> {
    pub(super) fn new(total: u64, tell: &'a mut dyn FnMut(Progress)) -> Self {
        Self {
            done: Arc::default(),
            total,
            told: 0,
            tell,
        }
    }

    /// What worker threads count on.
    pub(super) fn counter(&self) -> &Arc<AtomicU64> {
        &self.done
    }

    pub(super) fn add(&mut self, elements: u64) {
        self.done.fetch_add(elements, Ordering::Relaxed);
        self.tell();
    }

    /// Tells how far it is, if it is further than when it was last told.
    pub(super) fn tell(&mut self) {
        let done = self.done.load(Ordering::Relaxed);
        if done > self.told {
            self.told = done;
            let total = self.total;
            (self.tell)(Progress { done, total });
        }
    }
}
