//! A step as an attribute writes it: each value is computed by a closure of its own, and may fail.

use std::sync::Arc;

use rand_distr::Distribution;

use crate::declare::Step;
use crate::laws::Given;
use crate::numeric::law::Map;
use crate::{BoxError, Initializer, Law, Region};

/// A function of a draw, whatever its type, so that one which is none is complained about once.
#[derive(Debug)]
pub struct OfDraw(pub(super) Map);

/// A [`Step`] from values that may fail; what fails is an error of the plan, under the parameter's path.
#[derive(Debug)]
#[must_use]
pub struct FallibleStep(Step);

impl FallibleStep {
    pub fn scheme<I: Initializer + 'static>(
        written: &'static str,
        make: impl FnOnce() -> Result<I, BoxError>,
    ) -> Self {
        Self::made(written, make, |scheme| {
            Step::shared_as(written, Arc::new(scheme))
        })
    }

    /// A user's own scheme, which a plan shows by its own label.
    pub fn own<I: Initializer + 'static>(
        written: &'static str,
        make: impl FnOnce() -> Result<I, BoxError>,
    ) -> Self {
        Self::made(written, make, Step::of)
    }

    #[cfg(feature = "tch")]
    pub fn closure<F>(written: &'static str, make: impl FnOnce() -> Result<F, BoxError>) -> Self
    where
        F: Fn(&mut tch::Tensor, &mut crate::Stream) -> Result<(), BoxError> + Send + 'static,
    {
        Self::made(written, make, |writer| Step::with(written, writer))
    }

    pub fn sample<D>(written: &'static str, make: impl FnOnce() -> Result<D, BoxError>) -> Self
    where
        D: Distribution<f64> + Send + Sync + 'static,
    {
        Self::made(written, make, |distribution| {
            Step::sample(written, distribution)
        })
    }

    pub fn by_index(written: &'static str, make: impl FnOnce() -> Result<Law, BoxError>) -> Self {
        Self::made(written, make, |law| Step::of_law(written, law))
    }

    pub fn copy(written: &'static str, make: impl FnOnce() -> Result<Given, BoxError>) -> Self {
        Self::made(written, make, |given| Step::copy(written, given))
    }

    pub fn skip() -> Self {
        Self(Step::skip())
    }

    pub fn at(self, region: impl FnOnce() -> Result<Region, BoxError>) -> Self {
        self.modified("at", region, Step::at)
    }

    pub fn batch(self, batch: impl FnOnce() -> Result<i64, BoxError>) -> Self {
        self.modified("batch", batch, Step::batch)
    }

    pub fn repeat(self, repeat: impl FnOnce() -> Result<i64, BoxError>) -> Self {
        self.modified("repeat", repeat, Step::repeat)
    }

    pub fn chunks(self, chunks: impl FnOnce() -> Result<i64, BoxError>) -> Self {
        self.modified("chunks", chunks, Step::chunks)
    }

    pub fn groups(self, groups: impl FnOnce() -> Result<i64, BoxError>) -> Self {
        self.modified("groups", groups, Step::groups)
    }

    pub fn transposed(self) -> Self {
        Self(self.0.transposed())
    }

    pub fn fan_of(self, shape: impl FnOnce() -> Result<Vec<i64>, BoxError>) -> Self {
        self.modified("fan_of", shape, Step::fan_of)
    }

    pub fn scale(self, scale: impl FnOnce() -> Result<f64, BoxError>) -> Self {
        self.modified("scale", scale, Step::scale)
    }

    pub fn map(
        self,
        written: &'static str,
        make: impl FnOnce() -> Result<OfDraw, BoxError>,
    ) -> Self {
        self.modified("map", make, |step, OfDraw(map)| step.mapped(written, map))
    }

    fn made<T>(
        written: &'static str,
        make: impl FnOnce() -> Result<T, BoxError>,
        step: impl FnOnce(T) -> Step,
    ) -> Self {
        Self(match make() {
            Ok(value) => step(value),
            Err(error) => Step::without_scheme(written, error),
        })
    }

    fn modified<T>(
        self,
        modifier: &str,
        make: impl FnOnce() -> Result<T, BoxError>,
        set: impl FnOnce(Step, T) -> Step,
    ) -> Self {
        Self(match make() {
            Ok(value) => set(self.0, value),
            Err(error) => self.0.with_failure(modifier, error),
        })
    }
}

impl From<FallibleStep> for Step {
    fn from(step: FallibleStep) -> Self {
        step.0
    }
}
