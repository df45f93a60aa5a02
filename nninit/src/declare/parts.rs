//! What `#[init(…)]` can be put on, and which names it may hold there.

use std::any::type_name;
use std::fmt;

use tch::Tensor;

use super::describe::with_stack;
use super::{Describe, Kinds, Layers, Spec, Step};
use crate::{Cause, Problem};

/// A type that takes an attribute: a tensor, a tch layer, a struct with the derive, or a container of these.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not something `#[init(…)]` can be put on",
    label = "not a tensor, a tch layer, or a type that derives `Initialize`",
    note = "write `#[init(skip)]` to leave the field as it is, or derive `Initialize` for `{Self}`"
)]
pub trait Declare {
    /// What can be named inside the attribute.
    const PARTS: Parts;

    /// A type with a public field for each of these names, of any type. rustc looks names up in it, so a misspelt one
    /// is told as a misspelt field is.
    type Fields: ?Sized;

    /// Hands what is inside to `at`, which knows what was said of it.
    fn declare(&self, at: &mut Describe<'_>);

    /// Looks for names in `spec` that do not exist here, by type alone, so that an empty `Vec` hides none.
    fn check(spec: &Spec, names: &mut Names<'_>);

    /// Collects the kinds of layers that can be inside, by type alone; a description by hand can hold any.
    fn layers(layers: &mut Layers) {
        layers.any();
    }
}

impl Describe<'_> {
    /// A field with an attribute.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a spec is made for its field and used up there"
    )]
    pub fn field<T: Declare>(&mut self, name: &str, value: &T, spec: Spec) {
        if spec.names_parts() || !T::PARTS.scheme {
            let (path, problems) = self.problems_of(name);
            T::check(&spec, &mut Names { path, problems });
        }
        if self.holds_more(name) {
            with_stack(|| value.declare(&mut self.told(name, &spec)));
        }
    }

    /// A field to leave as it is, with all that is inside it.
    pub fn skip<T: Declare>(&mut self, name: &str, value: &T) {
        let spec = Spec::new().step(Step::skip());
        if self.holds_more(name) {
            with_stack(|| value.declare(&mut self.told(name, &spec)));
        }
    }

    /// Schemes by kind of layer for all that is inside a struct of type `T`, nearer than its recipe.
    pub fn kinds<T: Declare>(&mut self, kinds: Kinds) {
        if self.is_new(type_name::<T>()) {
            let mut layers = Layers::default();
            T::layers(&mut layers);
            let unused = kinds
                .kinds()
                .into_iter()
                .filter(|kind| !layers.can_be(*kind));
            for kind in unused {
                self.problem(None, layers.without(kind, type_name::<T>()));
            }
        }
        self.recipe(Ok(kinds));
    }
}

/// What an attribute on a type may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parts {
    /// Whether a scheme can stand without a part's name.
    pub scheme: bool,
    /// The names of parts or fields.
    pub names: &'static [&'static str],
    /// The names of fields that hold no parameter.
    pub empty: &'static [&'static str],
    /// What the type is, in messages: ``a tch `Linear` ``.
    pub kind: &'static str,
    /// Whether the weight that a scheme would be for has one dimension.
    pub(crate) flat: bool,
}

impl Parts {
    /// Of a type that has these parts or fields, and no scheme of its own.
    #[must_use]
    pub const fn new(kind: &'static str, names: &'static [&'static str]) -> Self {
        Self {
            scheme: false,
            names,
            empty: &[],
            kind,
            flat: false,
        }
    }

    /// Fields of these names hold no parameter.
    #[must_use]
    pub const fn with_empty(mut self, names: &'static [&'static str]) -> Self {
        self.empty = names;
        self
    }

    /// A scheme can stand without a part's name, too.
    #[must_use]
    pub const fn with_scheme(mut self) -> Self {
        self.scheme = true;
        self
    }
}

/// The names of a spec, being looked through; collects those that do not exist.
pub struct Names<'a> {
    path: String,
    problems: &'a mut Vec<Problem>,
}

impl Names<'_> {
    /// Looks through what `spec` says of a type with these parts, and leaves each named part to `inner`.
    pub fn parts(
        &mut self,
        spec: &Spec,
        parts: Parts,
        mut inner: impl FnMut(&str, &Spec, &mut Names<'_>),
    ) {
        if spec.has_steps() && !parts.scheme {
            let listed = list(parts.names);
            self.report(format!(
                "a scheme cannot stand for all of {}; name what it is for: {listed}",
                parts.kind
            ));
        }
        for (name, part) in spec.parts() {
            if parts.names.contains(&name) {
                let path = format!("{}.{name}", self.path);
                inner(
                    name,
                    part,
                    &mut Names {
                        path,
                        problems: self.problems,
                    },
                );
            } else if parts.names.is_empty() {
                self.report(format!(
                    "`{name}` does not exist: {} has no parts",
                    parts.kind
                ));
            } else {
                self.report(format!(
                    "`{name}` does not exist: {} has {}",
                    parts.kind,
                    list(parts.names)
                ));
            }
        }
    }

    fn report(&mut self, text: String) {
        let reason = Cause::Misplaced(text);
        self.problems.push(Problem {
            path: self.path.clone(),
            shape: None,
            scheme: None,
            reason: reason.into(),
        });
    }
}

impl fmt::Debug for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Names")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

fn list(names: &[&str]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The type of a part in [`Declare::Fields`] that always has one dimension, so that it has no fans.
#[derive(Debug)]
pub struct Vector;

/// The fields of a tensor.
#[derive(Debug)]
pub struct TensorWithoutParts;

impl Declare for Tensor {
    const PARTS: Parts = Parts {
        scheme: true,
        names: &[],
        empty: &[],
        kind: "a tensor",
        flat: false,
    };

    type Fields = TensorWithoutParts;

    fn declare(&self, at: &mut Describe<'_>) {
        at.parameter(self);
    }

    fn check(spec: &Spec, names: &mut Names<'_>) {
        names.parts(spec, Self::PARTS, |_, _, _| ());
    }

    fn layers(_: &mut Layers) {}
}
