//! Errors that say what to do.

use std::fmt;

/// What went wrong, and what the user can do about it: no error here goes without the second half.
#[derive(Debug)]
pub(crate) struct Error {
    what: String,
    help: String,
}

impl Error {
    pub(crate) fn new(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            help: help.into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}\nhelp: {}", self.what, self.help)
    }
}
