//! One step: a scheme with its modifiers, and where it is put.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::copy_of::{Copied, CopyOf};
use super::modifiers::{Mapping, Modifiers};
use crate::numeric::law::Map;
use crate::{BoxError, Cause, Dtype, Initializer, Law, Reason, ReasonKind, Region, Target};

/// One scheme with its modifiers: what one `#[init(…)]` does to one tensor.
///
/// ```
/// use nninit::declare::Step;
/// use nninit::schemes;
///
/// let layers = 12;
/// let residual = Step::of(schemes::normal().std(0.02)).scale(1.0 / f64::from(2 * layers).sqrt());
/// let gates = Step::of(schemes::orthogonal()).chunks(4);
/// let forget = Step::of(schemes::ones()).at(64..128);
/// ```
///
/// Nothing is checked before a plan is made: a region outside its tensor is an error of the plan, under the parameter's
/// path.
#[derive(Clone)]
#[must_use]
pub struct Step {
    written: Cow<'static, str>,
    action: Action,
    /// Most steps have none.
    modifiers: Option<Arc<Modifiers>>,
    failures: Vec<Cause>,
}

#[derive(Clone)]
enum Action {
    Skip,
    Scheme(Arc<dyn Initializer>),
    /// The scheme could not be made; `failures` says why.
    Failed,
}

impl Step {
    /// A scheme, which a plan shows by its own label.
    pub fn of(scheme: impl Initializer + 'static) -> Self {
        Self::of_shared(Arc::new(scheme))
    }

    /// A function that writes the tensor; `written` is how a plan shows it.
    #[cfg(feature = "tch")]
    pub fn with<F>(written: impl Into<Cow<'static, str>>, writer: F) -> Self
    where
        F: Fn(&mut tch::Tensor, &mut crate::Stream) -> Result<(), BoxError> + Send + 'static,
    {
        Self::of_law(written, Law::custom(writer))
    }

    /// A distribution to draw each element from; `written` is how a plan shows it.
    pub fn sample<D>(written: impl Into<Cow<'static, str>>, distribution: D) -> Self
    where
        D: rand_distr::Distribution<f64> + Send + Sync + 'static,
    {
        Self::of_law(written, Law::sample(distribution))
    }

    /// A function of each element's place in the whole parameter; `written` is how a plan shows it.
    pub fn by_index<F>(written: impl Into<Cow<'static, str>>, function: F) -> Self
    where
        F: Fn(&[i64]) -> f64 + Send + Sync + 'static,
    {
        Self::of_law(written, Law::by_index(function))
    }

    /// The values of a tensor or numbers; `written` is how a plan shows them.
    ///
    /// ```
    /// use nninit::declare::Step;
    ///
    /// let forget = Step::copy("gates", [0.0, 1.0, 0.0, 0.0]).at(0..4);
    /// ```
    pub fn copy(written: impl Into<Cow<'static, str>>, of: impl CopyOf) -> Self {
        let label = written.into();
        match of.given() {
            Ok(given) => Self::of(Copied { label, given }),
            Err(reason) => Self::new("copy", Action::Failed).with_failure("copy", reason.into()),
        }
    }

    /// Leaves the tensor, or the region, as it is.
    pub fn skip() -> Self {
        Self::new("skip", Action::Skip)
    }

    /// Only this region, as in tch's `.i(…)`.
    pub fn at(mut self, region: impl Into<Region>) -> Self {
        self.modify().at = Some(region.into());
        self
    }

    /// The first this many dimensions count separate weights (experts, heads, stacked layers): each slice has fans of
    /// its own, and is orthogonal, `eye` or sparse by itself.
    pub fn batch(mut self, batch: i64) -> Self {
        self.modify().batch = Some(batch);
        self
    }

    /// Each of this many equal blocks along dimension 0 by itself; along dimension 1 beside
    /// [`transposed`](Self::transposed).
    pub fn chunks(mut self, chunks: i64) -> Self {
        self.modify().chunks = Some(chunks);
        self
    }

    /// Each this many neighbours along dimension 0 are equal: the scheme sees them as one.
    pub fn repeat(mut self, repeat: i64) -> Self {
        self.modify().repeat = Some(repeat);
        self
    }

    /// The fans of a convolution with this many groups.
    pub fn groups(mut self, groups: i64) -> Self {
        self.modify().groups = Some(groups);
        self
    }

    /// The fans of a transposed convolution, or of a matrix `[in, out]` that inputs are multiplied with from the left.
    pub fn transposed(mut self) -> Self {
        self.modify().transposed = true;
        self
    }

    /// The fans of another tensor.
    pub fn fan_of(mut self, of: impl FanOf) -> Self {
        match of.fan_shape() {
            Ok(shape) => self.modify().fan_of = Some(shape),
            Err(reason) => return self.with_failure("fan_of", reason.into()),
        }
        self
    }

    /// Multiplies what the scheme draws, by 0 or more.
    pub fn scale(mut self, scale: f64) -> Self {
        self.modify().scale = Some(scale);
        self
    }

    /// What `function` makes of each draw, instead of the draw: of a scheme that draws each element by itself.
    /// `written` is how a plan shows the function.
    ///
    /// A value is the function of `scale` times the draw, rounded once. It has to be a number that the tensor's kind
    /// holds, for every draw; see [`Law::mapped`].
    ///
    /// ```
    /// use nninit::declare::Step;
    /// use nninit::schemes;
    ///
    /// let decay = Step::of(schemes::uniform().a(1.0).b(16.0)).map("f64::ln", f64::ln);
    /// ```
    pub fn map<F>(self, written: impl Into<Cow<'static, str>>, function: F) -> Self
    where
        F: Fn(f64) -> f64 + Send + Sync + 'static,
    {
        self.mapped(written.into(), Map::new(function))
    }

    pub(crate) fn mapped(mut self, written: impl Into<Cow<'static, str>>, map: Map) -> Self {
        let written = written.into();
        self.modify().map = Some(Mapping { written, map });
        self
    }

    /// A step whose scheme could not be made.
    pub(crate) fn without_scheme(written: &'static str, error: BoxError) -> Self {
        Self::new(written, Action::Failed).with_failure(written, error)
    }

    /// One more thing that could not be computed: `what` as it was written.
    pub(crate) fn with_failure(mut self, what: &str, error: BoxError) -> Self {
        self.failures.push(failed(what, error));
        self
    }

    /// A law that depends on nothing.
    pub(crate) fn of_law(written: impl Into<Cow<'static, str>>, law: Law) -> Self {
        Self::of(Written {
            label: written.into(),
            law,
        })
    }

    pub(crate) fn of_shared(scheme: Arc<dyn Initializer>) -> Self {
        Self::shared_as(scheme.label(), scheme)
    }

    pub(crate) fn shared_as(
        written: impl Into<Cow<'static, str>>,
        scheme: Arc<dyn Initializer>,
    ) -> Self {
        Self::new(written, Action::Scheme(scheme))
    }

    fn new(written: impl Into<Cow<'static, str>>, action: Action) -> Self {
        Self {
            written: written.into(),
            action,
            modifiers: None,
            failures: Vec::new(),
        }
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

    /// Under what its scheme calls itself, numbers and all, and not under what was written.
    pub(crate) fn by_its_label(mut self) -> Self {
        if let Some(label) = self.label() {
            self.written = label.into();
        }
        self
    }

    pub(crate) fn modifiers(&self) -> &Modifiers {
        Modifiers::of(self.modifiers.as_ref())
    }

    pub(crate) fn shared_modifiers(&self) -> Option<Arc<Modifiers>> {
        self.modifiers.clone()
    }

    fn modify(&mut self) -> &mut Modifiers {
        Arc::make_mut(self.modifiers.get_or_insert_default())
    }

    /// Whether the steps, in order, leave open what the rest of the tensor holds.
    pub(crate) fn leave_the_rest(steps: &[Arc<Self>]) -> bool {
        steps.first().is_none_or(|first| first.covers_a_region())
    }

    /// The steps of a place, where `skip` may stand around it: what is named inside is its exception.
    pub(crate) fn beside_skip(skips: bool, mut steps: Vec<Arc<Self>>) -> Vec<Arc<Self>> {
        if skips && Self::leave_the_rest(&steps) {
            steps.insert(0, Arc::new(Self::skip()));
        }
        steps
    }

    pub(crate) fn covers_a_region(&self) -> bool {
        self.modifiers().at.is_some()
    }

    /// Whether it does nothing, and nothing about it is wrong.
    pub(crate) fn is_plain_skip(&self) -> bool {
        matches!(self.action, Action::Skip) && self.failures.is_empty() && !self.covers_a_region()
    }

    /// What could not be computed.
    pub(crate) fn failures(&self) -> &[Cause] {
        &self.failures
    }

    /// What the scheme comes to on a block of this shape and kind; nothing for `skip`.
    pub(crate) fn law(&self, shape: &[i64], dtype: Dtype) -> Result<Option<Law>, Cause> {
        self.law_of_block(shape, dtype)
            .map_err(|cause| match self.modifiers().batch {
                Some(batch @ 1..) if cause.kind() == ReasonKind::Shape => Cause::Misplaced(
                    format!("each slice of batch = {batch} is {shape:?}: {cause}"),
                ),
                _ => cause,
            })
    }

    fn law_of_block(&self, shape: &[i64], dtype: Dtype) -> Result<Option<Law>, Cause> {
        let Action::Scheme(scheme) = &self.action else {
            return self.modifies_nothing().map(|()| None);
        };
        let Modifiers {
            batch,
            fan_of,
            scale,
            map,
            ..
        } = self.modifiers();
        let connectivity = self.modifiers().connectivity();
        let batch = batch.map_or(0, |batch| batch as usize);
        let fan_of = fan_of
            .as_deref()
            .map(|shape| shape.get(batch..).unwrap_or_default());
        let target = Target::new(shape, dtype, fan_of, connectivity);
        let law = scheme.law(&target).map_err(Cause::from_box)?;
        let law = match *scale {
            Some(scale) => law.scaled(scale, dtype)?,
            None => law,
        };
        let law = match map {
            Some(mapping) => law.through(mapping.map.clone())?,
            None => law,
        };
        law.fits(shape, dtype)?;
        if self.modifiers().transposed && law.is_orthogonal() && shape.len() != 2 {
            return Err(Cause::Misplaced(format!(
                "`transposed` beside `orthogonal` is for matrices, [inputs, outputs], and this is {shape:?}; remove it, or \
                 count separate matrices by `batch`"
            )));
        }
        let fans = target.fans_read();
        let modifier = self.modifiers().fan_modifier().filter(|_| !fans);
        let lays_out = self.modifiers().chunks.is_some() || law.is_orthogonal();
        if let Some(modifier) = modifier.filter(|&modifier| modifier != "transposed" || !lays_out) {
            return Err(Cause::Misplaced(format!(
                "`{modifier}` says which fans to use, and this scheme has none; remove it"
            )));
        }
        Ok(Some(law))
    }

    /// Whether a modifier says which dimensions count weights, or what the fans are.
    pub(crate) fn says_what_is_a_weight(&self) -> bool {
        self.modifiers().batch.is_some() || self.modifiers().fan_modifier().is_some()
    }

    /// Whether the scheme asks a tensor of this shape and kind for its fans.
    pub(crate) fn reads_fans(&self, shape: &[i64], dtype: Dtype) -> bool {
        let Action::Scheme(scheme) = &self.action else {
            return false;
        };
        let target = Target::new(shape, dtype, None, self.modifiers().connectivity());
        scheme.law(&target).is_ok() && target.fans_read()
    }

    /// `skip` with a modifier other than `at` says nothing.
    fn modifies_nothing(&self) -> Result<(), Cause> {
        let modifier = self
            .modifiers()
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
    label: Cow<'static, str>,
    law: Law,
}

impl Initializer for Written {
    fn label(&self) -> String {
        self.label.clone().into_owned()
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
