//! What an attribute says of a field: steps, with their modifiers, for the field and its parts.

use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;

use tch::Tensor;

use crate::numeric::law::Number;
use crate::numeric::region::IntoRegion;
use crate::schemes::fan::Connectivity;
use crate::{BoxError, Initializer, Law, Reason, Region, Stream, Target};

/// What is declared for one field: steps in order, and specs for parts of it.
#[derive(Debug, Clone, Default)]
pub struct Spec {
    items: Vec<Item>,
    stream: Option<Cow<'static, str>>,
    everything_skipped: bool,
}

#[derive(Debug, Clone)]
enum Item {
    Step(Rc<Step>),
    Part(&'static str, Spec),
}

impl Spec {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One more step on the same tensor; on a layer, on its `weight`.
    #[must_use]
    pub fn step(mut self, step: Step) -> Self {
        self.items.push(Item::Step(Rc::new(step)));
        self
    }

    /// What is declared for the part or field `name`.
    #[must_use]
    pub fn part(mut self, name: &'static str, spec: Self) -> Self {
        self.items.push(Item::Part(name, spec));
        self
    }

    /// The name that takes this field's place in the keys of its streams: a renamed field keeps its values.
    #[must_use]
    pub fn stream(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.stream = Some(name.into());
        self
    }

    /// The parts that are named, in order.
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, &Self)> {
        self.items.iter().filter_map(|item| match item {
            Item::Part(name, spec) => Some((*name, spec)),
            Item::Step(_) => None,
        })
    }

    /// Whether any part is named.
    #[must_use]
    pub fn names_parts(&self) -> bool {
        self.parts().next().is_some()
    }

    /// Whether there are steps beside the parts.
    #[must_use]
    pub fn has_steps(&self) -> bool {
        self.steps().next().is_some()
    }

    pub(crate) fn everything_skipped() -> Self {
        Self {
            everything_skipped: true,
            ..Self::default()
        }
    }

    pub(crate) fn skips_everything(&self) -> bool {
        self.everything_skipped
    }

    pub(crate) fn stream_name(&self) -> Option<&str> {
        self.stream.as_deref()
    }

    pub(crate) fn steps(&self) -> impl Iterator<Item = &Rc<Step>> {
        self.items.iter().filter_map(|item| match item {
            Item::Step(step) => Some(step),
            Item::Part(..) => None,
        })
    }

    pub(crate) fn parts_named(&self, name: &str) -> impl Iterator<Item = &Self> {
        self.parts()
            .filter(move |(part, _)| *part == name)
            .map(|(_, spec)| spec)
    }

    /// The steps for one part of a layer: those named for it, and for `weight` the unnamed ones.
    pub(crate) fn steps_of_part(&self, name: &str) -> impl Iterator<Item = &Rc<Step>> {
        self.items
            .iter()
            .flat_map(move |item| -> Box<dyn Iterator<Item = &Rc<Step>>> {
                match item {
                    Item::Step(step) if name == "weight" => Box::new(std::iter::once(step)),
                    Item::Part(part, spec) if *part == name => Box::new(spec.steps()),
                    _ => Box::new(std::iter::empty()),
                }
            })
    }
}

/// One scheme with its modifiers: what one `#[init(…)]` does to one tensor.
///
/// Values are given as functions that may fail; what fails is an error of the plan, under the parameter's path.
///
/// ```
/// use nninit::{BoxError, Step, schemes};
///
/// let layers: Result<u32, BoxError> = Ok(12);
/// let step = Step::scheme("normal(std = 0.02)", || Ok(schemes::normal().std(0.02)))
///     .scale(|| Ok(1.0 / f64::from(2 * layers?).sqrt()))
///     .at(|| Ok(1..));
/// ```
pub struct Step {
    written: Cow<'static, str>,
    action: Action,
    region: Option<Region>,
    chunks: Option<i64>,
    groups: Option<i64>,
    transposed: bool,
    fan_of: Option<Vec<i64>>,
    scale: Option<f64>,
    of_layer: bool,
    failures: Vec<Reason>,
}

enum Action {
    Skip,
    Scheme(Rc<dyn Initializer>),
    /// The scheme could not be made; `failures` says why.
    Failed,
}

impl Step {
    /// A scheme, as a plan shows it by its own label.
    pub fn of(scheme: impl Initializer + 'static) -> Self {
        Self::shared(Rc::new(scheme))
    }

    /// A scheme, as a plan shows it by what was written.
    pub fn scheme<I: Initializer + 'static>(
        written: &'static str,
        make: impl FnOnce() -> Result<I, BoxError>,
    ) -> Self {
        let mut step = Self::new(written, Action::Failed);
        match make() {
            Ok(scheme) => step.action = Action::Scheme(Rc::new(scheme)),
            Err(error) => step.failures.push(failed(written, &error)),
        }
        step
    }

    /// A function that writes the tensor.
    pub fn closure<F>(written: &'static str, make: impl FnOnce() -> Result<F, BoxError>) -> Self
    where
        F: Fn(&mut Tensor, &mut Stream) -> Result<(), BoxError> + Send + 'static,
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
        self.region = self.value("at", || region().map(IntoRegion::into_region));
        self
    }

    /// Each of this many equal blocks along dimension 0 by itself.
    #[must_use]
    pub fn chunks(mut self, chunks: impl FnOnce() -> Result<i64, BoxError>) -> Self {
        self.chunks = self.value("chunks", chunks);
        self
    }

    /// The fans of a convolution with this many groups.
    #[must_use]
    pub fn groups(mut self, groups: impl FnOnce() -> Result<i64, BoxError>) -> Self {
        self.groups = self.value("groups", groups);
        self
    }

    /// The fans of a transposed convolution.
    #[must_use]
    pub fn transposed(mut self) -> Self {
        self.transposed = true;
        self
    }

    /// The fans of another tensor.
    #[must_use]
    pub fn fan_of<F: FanOf>(mut self, of: impl FnOnce() -> Result<F, BoxError>) -> Self {
        self.fan_of = self.value("fan_of", || {
            of().and_then(|of| of.fan_shape().map_err(Into::into))
        });
        self
    }

    /// Multiplies what the scheme draws.
    #[must_use]
    pub fn scale(mut self, scale: impl FnOnce() -> Result<f64, BoxError>) -> Self {
        self.scale = self.value("scale", scale);
        self
    }

    pub(crate) fn shared(scheme: Rc<dyn Initializer>) -> Self {
        Self::shared_as(scheme.label(), scheme)
    }

    pub(crate) fn shared_as(written: String, scheme: Rc<dyn Initializer>) -> Self {
        let mut step = Self::new("", Action::Failed);
        step.written = written.into();
        step.action = Action::Scheme(scheme);
        step
    }

    /// What a layer gets where nothing is declared.
    pub(crate) fn of_layer(scheme: Rc<dyn Initializer>) -> Self {
        Self {
            of_layer: true,
            ..Self::shared(scheme)
        }
    }

    fn new(written: &'static str, action: Action) -> Self {
        Self {
            written: Cow::Borrowed(written),
            action,
            region: None,
            chunks: None,
            groups: None,
            transposed: false,
            fan_of: None,
            scale: None,
            of_layer: false,
            failures: Vec::new(),
        }
    }

    fn value<T>(&mut self, name: &str, make: impl FnOnce() -> Result<T, BoxError>) -> Option<T> {
        make()
            .map_err(|error| self.failures.push(failed(name, &error)))
            .ok()
    }

    pub(crate) fn written(&self) -> &Cow<'static, str> {
        &self.written
    }

    /// The modifiers that change the law, with their values, as a plan shows them.
    pub(crate) fn modifiers(&self) -> Vec<String> {
        let groups = self.groups.map(|groups| format!("groups = {groups}"));
        let transposed = self.transposed.then(|| "transposed".to_owned());
        let fan_of = self
            .fan_of
            .as_ref()
            .map(|shape| format!("fan_of = {shape:?}"));
        let scale = self.scale.map(|scale| format!("scale = {}", Number(scale)));
        [groups, transposed, fan_of, scale]
            .into_iter()
            .flatten()
            .collect()
    }

    pub(crate) fn region(&self) -> Option<&Region> {
        self.region.as_ref()
    }

    pub(crate) fn chunks_wanted(&self) -> Option<i64> {
        self.chunks
    }

    pub(crate) fn covers_a_region(&self) -> bool {
        self.region.is_some()
    }

    /// Whether it is what the layer gets where nothing is declared.
    pub(crate) fn is_of_layer(&self) -> bool {
        self.of_layer
    }

    /// Whether it does nothing, and nothing about it is wrong.
    pub(crate) fn is_plain_skip(&self) -> bool {
        matches!(self.action, Action::Skip) && self.failures.is_empty() && self.region.is_none()
    }

    /// What could not be computed.
    pub(crate) fn failures(&self) -> &[Reason] {
        &self.failures
    }

    /// What the scheme comes to on a tensor (or block of one) of this shape and kind; nothing for `skip`.
    pub(crate) fn law(&self, shape: &[i64], dtype: crate::Dtype) -> Result<Option<Law>, Reason> {
        let Action::Scheme(scheme) = &self.action else {
            return self.modifies_nothing().map(|()| None);
        };
        let connectivity = Connectivity {
            groups: self.groups.unwrap_or(1),
            transposed: self.transposed,
        };
        let target = Target::new(shape, dtype, self.fan_of.as_deref(), connectivity);
        let law = scheme.law(&target).map_err(Reason::from_box)?;
        let law = match self.scale {
            Some(scale) => law.scaled(scale)?,
            None => law,
        };
        law.check(shape, dtype)?;
        if let Some(modifier) = self.fan_modifier().filter(|_| !target.fans_read()) {
            return Err(Reason::Misplaced(format!(
                "`{modifier}` says which fans to use, and this scheme has none; remove it"
            )));
        }
        Ok(Some(law))
    }

    fn fan_modifier(&self) -> Option<&'static str> {
        [
            (self.groups.is_some(), "groups"),
            (self.transposed, "transposed"),
            (self.fan_of.is_some(), "fan_of"),
        ]
        .into_iter()
        .find_map(|(given, name)| given.then_some(name))
    }

    /// `skip` with a modifier other than `at` says nothing.
    fn modifies_nothing(&self) -> Result<(), Reason> {
        let modifier = self
            .fan_modifier()
            .or(self.scale.map(|_| "scale"))
            .or(self.chunks.map(|_| "chunks"))
            .filter(|_| matches!(self.action, Action::Skip));
        modifier.map_or(Ok(()), |modifier| {
            Err(Reason::Misplaced(format!(
                "`{modifier}` has nothing to modify beside `skip`; remove one of them"
            )))
        })
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Step")
            .field("written", &self.written)
            .finish_non_exhaustive()
    }
}

fn failed(what: &str, error: &BoxError) -> Reason {
    Reason::Failed(format!("`{what}` could not be computed: {error}"))
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
    /// [`Reason::Misplaced`] for a tensor that is not there.
    fn fan_shape(&self) -> Result<Vec<i64>, Reason>;
}

impl<T: FanOf + ?Sized> FanOf for &T {
    fn fan_shape(&self) -> Result<Vec<i64>, Reason> {
        T::fan_shape(self)
    }
}

impl FanOf for Tensor {
    fn fan_shape(&self) -> Result<Vec<i64>, Reason> {
        if self.defined() {
            Ok(self.size())
        } else {
            Err(Reason::Undefined)
        }
    }
}

impl<T: FanOf> FanOf for Option<T> {
    fn fan_shape(&self) -> Result<Vec<i64>, Reason> {
        let missing = || Reason::Misplaced("the tensor to take the fans of is `None`".to_owned());
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
