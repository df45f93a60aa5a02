//! A variable, as rules see it.

/// What rules are put on.
#[derive(Debug)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) shape: Vec<i64>,
}

impl Variable {
    pub(super) fn ndim(&self) -> usize {
        self.shape.len()
    }
}
