//! How far an initialisation is.

/// How many elements have been written, of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Elements written so far.
    pub done: u64,
    /// Elements to write in all; those that two steps write count twice.
    pub total: u64,
}

/// Counts, and tells whoever asked.
pub(super) struct Meter<'a> {
    done: u64,
    total: u64,
    tell: Option<&'a mut dyn FnMut(Progress)>,
}

impl<'a> Meter<'a> {
    pub(super) fn new(total: u64, tell: Option<&'a mut dyn FnMut(Progress)>) -> Self {
        Self {
            done: 0,
            total,
            tell,
        }
    }

    /// Whether code of a user's runs when something is added.
    pub(super) fn is_heard(&self) -> bool {
        self.tell.is_some()
    }

    /// Counts these elements and tells of them, if there are any.
    pub(super) fn add(&mut self, elements: u64) {
        self.done += elements;
        if let Some(tell) = &mut self.tell
            && elements > 0
        {
            tell(Progress {
                done: self.done,
                total: self.total,
            });
        }
    }
}
