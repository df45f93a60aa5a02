//! Why a scheme cannot be used on a tensor, as users see it.

use std::error::Error;
use std::fmt;

use crate::cause::{BoxError, Cause, ReasonKind};

/// Why a declaration does not fit its tensor.
///
/// The text says what is wrong and, where something else would do, what to write; [`Problem`](crate::Problem) puts the
/// parameter's path, its shape and the scheme in front of it. [`kind`](Reason::kind) is what to match on. Where a
/// user's own code failed, its error is the [`source`](Error::source).
///
/// ```
/// use nninit::{Fans, ReasonKind};
///
/// let reason = Fans::of(&[64]).unwrap_err();
/// assert_eq!(reason.kind(), ReasonKind::Shape);
/// assert!(reason.to_string().starts_with("fan_in and fan_out need at least 2 dimensions and this has 1"));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Reason(Box<Cause>);

impl Reason {
    /// What it is about.
    #[must_use]
    pub fn kind(&self) -> ReasonKind {
        self.0.kind()
    }

    pub(crate) fn into_cause(self) -> Cause {
        *self.0
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for Reason {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.foreign_error()
    }
}

impl From<Cause> for Reason {
    fn from(cause: Cause) -> Self {
        Self(Box::new(cause))
    }
}

impl From<Reason> for Cause {
    fn from(reason: Reason) -> Self {
        reason.into_cause()
    }
}

impl Cause {
    /// What a scheme refused with, or any other error of a user's.
    pub(crate) fn from_box(error: BoxError) -> Self {
        let error = match error.downcast::<Self>() {
            Ok(cause) => return *cause,
            Err(error) => error,
        };
        match error.downcast::<Reason>() {
            Ok(reason) => reason.into_cause(),
            Err(error) => Self::foreign(String::new(), error),
        }
    }
}
