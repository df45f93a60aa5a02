//! The laws that are measured elementwise.

/// Standard, or cut at two standard deviations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Law {
    Uniform,
    Normal,
    TruncNormal,
}
