//! What stopped the writing of one tensor by itself.

use crate::Cause;

pub(crate) enum Stop {
    /// The tensor is as it was.
    Before(Cause),
    Writing(Cause),
}
