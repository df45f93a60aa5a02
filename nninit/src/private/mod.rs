//! What expansions call. A private contract with nninit-derive: anything here may change in any release.

mod ask;
mod check;
mod nearest;

pub use core;

pub use self::ask::{Is, Otherwise, Refused, count, keep};
pub use self::check::{annotated, part, region, scheme, unannotated};
pub use crate::describe::Describe;
pub use crate::declare::{Declare, Names, Parts};
pub use crate::spec::{FanOf, Spec, Step};
pub use crate::BoxError;

/// Evaluates a value of an attribute: `?` and `return` stay inside its closure.
///
/// # Errors
///
/// What the value fails with.
pub fn value<T>(make: impl FnOnce() -> Result<T, BoxError>) -> Result<T, BoxError> {
    make()
}

/// The fans' shape of the tensor after `fan_of`.
///
/// # Errors
///
/// As [`FanOf::fan_shape`].
pub fn fan_shape<T: FanOf + ?Sized>(of: &T) -> Result<Vec<i64>, BoxError> {
    Ok(of.fan_shape()?)
}

/// What `stream = EXPR` says of a spec; a name that cannot be computed is an error of the plan, like any value.
pub fn with_stream<N: Into<std::borrow::Cow<'static, str>>>(
    spec: Spec,
    name: impl FnOnce() -> Result<N, BoxError>,
) -> Spec {
    match name() {
        Ok(name) => spec.stream(name),
        Err(error) => spec.step(Step::scheme("stream", || Err::<crate::schemes::Constant, _>(error))),
    }
}
