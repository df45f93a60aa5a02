//! What an attribute says of a field: steps for the field, and specs for its parts.

use std::borrow::Cow;
use std::sync::Arc;

use super::Step;

/// What is declared for one field: steps in order, and specs for parts of it.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Spec {
    items: Vec<Item>,
    stream: Option<Cow<'static, str>>,
}

#[derive(Debug, Clone)]
enum Item {
    Step(Arc<Step>),
    Part(&'static str, Spec),
}

impl Spec {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more step on the same tensor; on a layer, on its `weight`.
    pub fn step(mut self, step: impl Into<Step>) -> Self {
        self.items.push(Item::Step(Arc::new(step.into())));
        self
    }

    /// What is declared for the part or field `name`.
    pub fn part(mut self, name: &'static str, spec: Self) -> Self {
        self.items.push(Item::Part(name, spec));
        self
    }

    /// The name that takes this field's place in the keys of its streams: a renamed field keeps its values.
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

    /// Whether there are steps beside the parts, other than `skip`.
    #[must_use]
    pub fn has_steps(&self) -> bool {
        self.steps().any(|step| !step.is_plain_skip())
    }

    /// Whether everything at its place is left as it is, but for the parts and regions named beside.
    pub(crate) fn skips_everything(&self) -> bool {
        self.steps().any(|step| step.is_plain_skip())
    }

    pub(crate) fn stream_name(&self) -> Option<&str> {
        self.stream.as_deref()
    }

    pub(crate) fn steps(&self) -> impl Iterator<Item = &Arc<Step>> {
        self.items.iter().filter_map(|item| match item {
            Item::Step(step) => Some(step),
            Item::Part(..) => None,
        })
    }

    /// The steps that several specs of one place give to a part of the layer there.
    pub(crate) fn steps_at_part<'a>(
        specs: impl Iterator<Item = &'a Self> + Clone,
        name: &str,
    ) -> Vec<Arc<Step>> {
        let skips = specs.clone().any(Self::skips_everything);
        let steps = specs.flat_map(|spec| spec.steps_of_part(name)).cloned();
        Step::beside_skip(skips, steps.collect())
    }

    pub(crate) fn parts_named(&self, name: &str) -> impl Iterator<Item = &Self> {
        self.parts()
            .filter(move |(part, _)| *part == name)
            .map(|(_, spec)| spec)
    }

    /// The steps for one part of a layer: those named for it, and for `weight` the unnamed ones.
    pub(crate) fn steps_of_part(&self, name: &str) -> impl Iterator<Item = &Arc<Step>> {
        self.items
            .iter()
            .flat_map(move |item| -> Box<dyn Iterator<Item = &Arc<Step>>> {
                match item {
                    Item::Step(step) if name == "weight" => Box::new(std::iter::once(step)),
                    Item::Part(part, spec) if *part == name => Box::new(spec.steps()),
                    _ => Box::new(std::iter::empty()),
                }
            })
    }
}

impl From<Step> for Spec {
    fn from(step: Step) -> Self {
        Self::new().step(step)
    }
}
