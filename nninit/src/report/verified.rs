//! What a verification looked at, and what it could not tell.

use std::fmt;

use crate::Entry;

/// What [`Report::verify`](crate::Report::verify) looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Verified {
    /// How many parameters were checked.
    pub checked: usize,
    /// Those that cannot be.
    pub unchecked: Vec<Unchecked>,
}

/// A parameter that could not be verified.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Unchecked {
    /// Its path.
    pub path: String,
    /// Why its values cannot be told from wrong ones.
    pub why: String,
}

impl Verified {
    pub(super) fn nothing() -> Self {
        Self {
            checked: 0,
            unchecked: Vec::new(),
        }
    }

    pub(super) fn leave(&mut self, entry: &Entry, why: &str) {
        self.unchecked.push(Unchecked {
            path: entry.path().to_owned(),
            why: why.to_owned(),
        });
    }
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (checked, noun) = match self.checked {
            1 => (1, "parameter is"),
            count => (count, "parameters are"),
        };
        write!(f, "{checked} {noun} as planned")?;
        for (index, Unchecked { path, why }) in self.unchecked.iter().enumerate() {
            let before = if index == 0 { "; not checked:" } else { "," };
            write!(f, "{before} {path} ({why})")?;
        }
        Ok(())
    }
}
