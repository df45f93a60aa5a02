//! Values of attributes: each is handed through a function that says what it has to be, so that rustc complains at the
//! value and not about the code around it.

use std::borrow::Cow;

use rand_distr::Distribution;
#[cfg(feature = "tch")]
use tch::Tensor;

use super::{FallibleStep, OfDraw};
#[cfg(feature = "tch")]
use crate::Stream;
#[cfg(feature = "tch")]
use crate::declare::Recipe;
use crate::declare::{CopyOf, FanOf, Spec, Step};
use crate::laws::Given;
use crate::numeric::law::Map;
use crate::{BoxError, Initializer, Law, Region};

/// After `recipe`. `?` and `return` stay inside the closure.
///
/// # Errors
///
/// What the value fails with.
#[cfg(feature = "tch")]
pub fn recipe<R: Recipe + 'static>(
    make: impl FnOnce() -> Result<R, BoxError>,
) -> Result<R, BoxError> {
    make()
}

/// After `batch`, `chunks`, `repeat` and `groups`.
#[must_use]
pub fn whole(value: i64) -> i64 {
    value
}

/// After `scale`.
#[must_use]
pub fn number(value: f64) -> f64 {
    value
}

/// `with = EXPR`: a scheme of the user's own has its own name, and only one that could not be made needs another.
///
/// rustc shows the line with the bound, comment and all, where a function's signature is another one.
pub fn with<I>(written: &'static str, make: impl FnOnce() -> Result<I, BoxError>) -> FallibleStep
where
    I: Initializer + 'static, // or `fn(&mut Tensor, &mut Stream) -> Result<(), BoxError>`
{
    FallibleStep::own(written, make)
}

/// A closure after `with`.
#[cfg(feature = "tch")]
pub fn writer<F>(
    writer: F,
) -> impl Fn(&mut Tensor, &mut Stream) -> Result<(), BoxError> + Send + 'static
where
    F: Fn(&mut Tensor, &mut Stream) -> Result<(), BoxError> + Movable + 'static,
{
    writer
}

/// What a plan can take with it to another thread.
#[cfg(feature = "tch")]
#[diagnostic::on_unimplemented(
    message = "a closure after `with` cannot hold `self`, nor a tensor of it",
    label = "runs when the plan does, on whichever thread that is",
    note = "take out what it needs beforehand: `with = {{ let n = self.n; move |w, s| … }}`"
)]
pub trait Movable: Send {}

#[cfg(feature = "tch")]
#[diagnostic::do_not_recommend]
impl<F: Send> Movable for F {}

/// A part that a scheme with fans stands at.
#[cfg(feature = "tch")]
pub fn fans<T: HasFans + ?Sized>(_: &T) {}

/// A part that may have more than one dimension.
#[cfg(feature = "tch")]
#[diagnostic::on_unimplemented(
    message = "this part has one dimension, and the scheme divides by the fans of two",
    label = "has no fans",
    note = "write `zeros`, `uniform`, `normal` or `constant`, or say whose fans: `fan_of = [64, 32]`, or a tensor"
)]
pub trait HasFans {}

#[cfg(feature = "tch")]
#[diagnostic::do_not_recommend]
impl HasFans for () {}

/// A part that a matrix or a kernel stands at.
#[cfg(feature = "tch")]
pub fn ranked<T: HasRank + ?Sized>(_: &T) {}

/// What is not known to have one dimension alone.
#[cfg(feature = "tch")]
#[diagnostic::on_unimplemented(
    message = "this part has one dimension, and the scheme is for two or more",
    label = "has one dimension",
    note = "write `zeros`, `uniform`, `normal` or `constant`"
)]
pub trait HasRank {}

#[cfg(feature = "tch")]
#[diagnostic::do_not_recommend]
impl HasRank for () {}

/// `sample = EXPR`.
pub fn sample<D: Sampled>(
    written: &'static str,
    make: impl FnOnce() -> Result<D, BoxError>,
) -> FallibleStep {
    FallibleStep::sample(written, make)
}

/// What `sample` can draw from.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a distribution to sample from",
    label = "expected a `rand_distr::Distribution<f64>` that is `Send`, `Sync` and `'static`",
    note = "nninit uses rand 0.10 and rand_distr 0.6; tch brings an older rand, whose distributions are other types"
)]
pub trait Sampled: Distribution<f64> + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<D: Distribution<f64> + Send + Sync + 'static> Sampled for D {}

/// After `by_index`.
pub fn of_place<F>(function: F) -> Law
where
    F: Fn(&[i64]) -> f64 + Shareable + 'static,
{
    Law::by_index(function)
}

/// After `map`.
pub fn of_draw<F>(function: F) -> OfDraw
where
    F: Fn(f64) -> f64 + Shareable + 'static,
{
    OfDraw(Map::new(function))
}

/// What several threads can call while a plan is executed.
#[diagnostic::on_unimplemented(
    message = "a closure after `map` or `by_index` cannot hold `self`, nor a tensor of it",
    label = "runs when the plan does, on several threads",
    note = "take out what it needs beforehand: `{{ let n = self.n; move |x| … }}`"
)]
pub trait Shareable: Send + Sync {}

#[diagnostic::do_not_recommend]
impl<F: Send + Sync> Shareable for F {}

/// After `copy`.
///
/// # Errors
///
/// As [`CopyOf::given`].
pub fn copied<T: CopyOf + ?Sized>(of: &T) -> Result<Given, BoxError> {
    Ok(of.given()?)
}

/// After `at`.
#[must_use]
pub fn index<R: Indexes>(region: R) -> Region {
    region.into()
}

/// What `at` can stand before.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a region of a tensor",
    label = "expected an `i64`, a range of `i64`, or a tuple of these, as in tch's `.i(…)`",
    note = "index lists and index tensors copy in tch, so what is written to them would be lost"
)]
pub trait Indexes: Into<Region> {}

#[diagnostic::do_not_recommend]
impl<R: Into<Region>> Indexes for R {}

/// After `fan_of`.
///
/// # Errors
///
/// As [`FanOf::fan_shape`].
pub fn fan_shape<T: FanOf + ?Sized>(of: &T) -> Result<Vec<i64>, BoxError> {
    Ok(of.fan_shape()?)
}

/// After `stream`; a name that cannot be computed is an error of the plan, like any value.
pub fn with_stream<N: Into<Cow<'static, str>>>(
    spec: Spec,
    name: impl FnOnce() -> Result<N, BoxError>,
) -> Spec {
    match name() {
        Ok(name) => spec.stream(name),
        Err(error) => spec.step(Step::without_scheme("stream", error)),
    }
}
