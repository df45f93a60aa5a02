//! One step: a scheme with its modifiers, and where it is put.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::modifiers::Modifiers;
use crate::numeric::region::IntoRegion;
use crate::{BoxError, Cause, Dtype, Initializer, Law, Reason, Target};

/// One scheme with its modifiers: what one `#[init(…)]` does to one tensor.
///
/// Values are given as functions that may fail; what fails is an error of the plan, under the parameter's path.
///
/// ```
/// use nninit::declare::Step;
/// use nninit::{BoxError, schemes};
///
/// let layers: Result<u32, BoxError> = Ok(12);
/// let step = Step::scheme("normal(std = 0.02)", || Ok(schemes::normal().std(0.02)))
///     .scale(|| Ok(1.0 / f64::from(2 * layers?).sqrt()))
///     .at(|| Ok(1..));
/// ```
pub struct Step {
    written: Cow<'static, str>,
    action: Action,
    modifiers: Modifiers,
    failures: Vec<Cause>,
}

enum Action {
    Skip,
    Scheme(Arc<dyn Initializer>),
    /// The scheme could not be made; `failures` says why.
    Failed,
}

impl Step {
    /// A scheme, as a plan shows it by its own label.
    pub fn of(scheme: impl Initializer + 'static) -> Self {
        Self::of_shared(Arc::new(scheme))
    }

    /// A scheme, as a plan shows it by what was written.
    pub fn scheme<I: Initializer + 'static>(
        written: &'static str,
        make: impl FnOnce() -> Result<I, BoxError>,
    ) -> Self {
        let mut step = Self::new(written, Action::Failed);
        match make() {
            Ok(scheme) => step.action = Action::Scheme(Arc::new(scheme)),
            Err(error) => step.failures.push(failed(written, error)),
        }
        step
    }

    /// A function that writes the tensor.
    #[cfg(feature = "tch")]
    pub fn closure<F>(written: &'static str, make: impl FnOnce() -> Result<F, BoxError>) -> Self
    where
        F: Fn(&mut tch::Tensor, &mut crate::Stream) -> Result<(), BoxError> + Send + 'static,
    {
        Self::scheme(written, || {
            Ok(Written {
                label: written,
                law: Law::custom(make()?),
            })
        })
    }

    /// A distribution to draw each element from.
    pub fn sample<D>(written: &'static str, make: impl FnOnce() -> Result<D, BoxError>) -> Self
    where
        D: rand_distr::Distribution<f64> + Send + Sync + 'static,
    {
        Self::scheme(written, || {
            Ok(Written {
                label: written,
                law: Law::sample(make()?),
            })
        })
    }

    /// Leaves the tensor, or the region, as it is.
    #[must_use]
    pub fn skip() -> Self {
        Self::new("skip", Action::Skip)
    }

    /// Only this region, as in tch's `.i(…)`.
    #[must_use]
    pub fn at<R: IntoRegion>(mut self, region: impl FnOnce() -> Result<R, BoxError>) -> Self {
        self.modifiers.at = self.value("at", || region().map(IntoRegion::into_region));
        self
    }

    /// Each of this many equal blocks along dimension 0 by itself.
    #[must_use]
    pub fn chunks(mut self, chunks: impl FnOnce() -> Result<i64, BoxError>) -> Self {
        self.modifiers.chunks = self.value("chunks", chunks);
        self
    }

    /// The fans of a convolution with this many groups.
    #[must_use]
    pub fn groups(mut self, groups: impl FnOnce() -> Result<i64, BoxError>) -> Self {
        self.modifiers.groups = self.value("groups", groups);
        self
    }

    /// The fans of a transposed convolution.
    #[must_use]
    pub fn transposed(mut self) -> Self {
        self.modifiers.transposed = true;
        self
    }

    /// The fans of another tensor.
    #[must_use]
    pub fn fan_of<F: FanOf>(mut self, of: impl FnOnce() -> Result<F, BoxError>) -> Self {
        self.modifiers.fan_of = self.value("fan_of", || {
            of().and_then(|of| of.fan_shape().map_err(Into::into))
        });
        self
    }

    /// Multiplies what the scheme draws, by 0 or more.
    #[must_use]
    pub fn scale(mut self, scale: impl FnOnce() -> Result<f64, BoxError>) -> Self {
        self.modifiers.scale = self.value("scale", scale);
        self
    }

    pub(crate) fn of_shared(scheme: Arc<dyn Initializer>) -> Self {
        Self::shared_as(scheme.label(), scheme)
    }

    pub(crate) fn shared_as(written: String, scheme: Arc<dyn Initializer>) -> Self {
        let mut step = Self::new("", Action::Failed);
        step.written = written.into();
        step.action = Action::Scheme(scheme);
        step
    }

    fn new(written: &'static str, action: Action) -> Self {
        Self {
            written: Cow::Borrowed(written),
            action,
            modifiers: Modifiers::default(),
            failures: Vec::new(),
        }
    }

    fn value<T>(&mut self, name: &str, make: impl FnOnce() -> Result<T, BoxError>) -> Option<T> {
        make()
            .map_err(|error| self.failures.push(failed(name, error)))
            .ok()
    }

    pub(crate) fn written(&self) -> &Cow<'static, str> {
        &self.written
    }

    /// What the scheme calls itself; nothing for `skip`.
    pub(crate) fn label(&self) -> Option<String> {
        match &self.action {
            Action::Scheme(scheme) => Some(scheme.label()),
            Action::Skip | Action::Failed => None,
        }
    }

    pub(crate) fn modifiers(&self) -> &Modifiers {
        &self.modifiers
    }

    pub(crate) fn covers_a_region(&self) -> bool {
        self.modifiers.at.is_some()
    }

    /// Whether it does nothing, and nothing about it is wrong.
    pub(crate) fn is_plain_skip(&self) -> bool {
        matches!(self.action, Action::Skip) && self.failures.is_empty() && !self.covers_a_region()
    }

    /// What could not be computed.
    pub(crate) fn failures(&self) -> &[Cause] {
        &self.failures
    }

    /// What the scheme comes to on a tensor (or block of one) of this shape and kind; nothing for `skip`.
    pub(crate) fn law(&self, shape: &[i64], dtype: Dtype) -> Result<Option<Law>, Cause> {
        let Action::Scheme(scheme) = &self.action else {
            return self.modifies_nothing().map(|()| None);
        };
        let Modifiers { fan_of, scale, .. } = &self.modifiers;
        let connectivity = self.modifiers.connectivity();
        let target = Target::new(shape, dtype, fan_of.as_deref(), connectivity);
        let law = scheme.law(&target).map_err(Cause::from_box)?;
        let law = match *scale {
            Some(scale) => law.scaled(scale, dtype)?,
            None => law,
        };
        law.fits(shape, dtype)?;
        if let Some(modifier) = self
            .modifiers
            .fan_modifier()
            .filter(|_| !target.fans_read())
        {
            return Err(Cause::Misplaced(format!(
                "`{modifier}` says which fans to use, and this scheme has none; remove it"
            )));
        }
        Ok(Some(law))
    }

    /// `skip` with a modifier other than `at` says nothing.
    fn modifies_nothing(&self) -> Result<(), Cause> {
        let modifier = self
            .modifiers
            .scheme_modifier()
            .filter(|_| matches!(self.action, Action::Skip));
        modifier.map_or(Ok(()), |modifier| {
            Err(Cause::Misplaced(format!(
                "`{modifier}` has nothing to modify beside `skip`; remove one of them"
            )))
        })
    }
}

impl<I: Initializer + 'static> From<I> for Step {
    fn from(scheme: I) -> Self {
        Self::of(scheme)
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Step")
            .field("written", &self.written)
            .finish_non_exhaustive()
    }
}

fn failed(what: &str, error: BoxError) -> Cause {
    Cause::foreign(format!("`{what}` could not be computed: "), error)
}

/// A law that depends on nothing, under the name it was written by.
struct Written {
    label: &'static str,
    law: Law,
}

impl Initializer for Written {
    fn label(&self) -> String {
        self.label.to_owned()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        Ok(self.law.clone())
    }
}

/// What `fan_of` can take fans from: a tensor, an optional one, or a shape.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no fans",
    label = "expected a `Tensor`, an `Option<Tensor>` or a shape `[i64]`"
)]
pub trait FanOf {
    /// The shape to take the fans of.
    ///
    /// # Errors
    ///
    /// [`ReasonKind::Declaration`](crate::ReasonKind::Declaration) for a tensor that is not there.
    fn fan_shape(&self) -> Result<Vec<i64>, Reason>;
}

impl<T: FanOf + ?Sized> FanOf for &T {
    fn fan_shape(&self) -> Result<Vec<i64>, Reason> {
        T::fan_shape(self)
    }
}

#[cfg(feature = "tch")]
impl FanOf for tch::Tensor {
    fn fan_shape(&self) -> Result<Vec<i64>, Reason> {
        if self.defined() {
            Ok(self.size())
        } else {
            Err(Cause::Undefined.into())
        }
    }
}

impl<T: FanOf> FanOf for Option<T> {
    fn fan_shape(&self) -> Result<Vec<i64>, Reason> {
        let missing = || -> Reason {
            Cause::Misplaced("the tensor to take the fans of is `None`".to_owned()).into()
        };
        self.as_ref().ok_or_else(missing)?.fan_shape()
    }
}

impl FanOf for [i64] {
    fn fan_shape(&self) -> Result<Vec<i64>, Reason> {
        Ok(self.to_vec())
    }
}

impl<const N: usize> FanOf for [i64; N] {
    fn fan_shape(&self) -> Result<Vec<i64>, Reason> {
        Ok(self.to_vec())
    }
}

impl FanOf for Vec<i64> {
    fn fan_shape(&self) -> Result<Vec<i64>, Reason> {
        Ok(self.clone())
    }
}
