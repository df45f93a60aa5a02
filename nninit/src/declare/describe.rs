//! How a model says which parameter gets which scheme.
//!
//! [`Initialize::describe`](crate::Initialize::describe) walks the fields and hands each to [`Describe`]. What an attribute says is
//! a [`Spec`]: steps, and specs for named parts. Specs that ancestors gave for this place stand beside its own, and the
//! outermost one that says anything wins.

use std::fmt;
use std::rc::Rc;

use tch::Tensor;

use crate::declare::recipe::{Layer, Part, Recipe, TorchDefault};
use crate::{BoxError, Declare, Initialize, Names, Problem, Reason, Spec, Step};

/// Collects what a model declares; the argument of [`Initialize::describe`](crate::Initialize::describe).
///
/// The derive calls it. By hand, for a type whose fields the derive cannot see:
///
/// ```
/// use nninit::{Describe, Initialize, Spec, Step, schemes};
/// use tch::Tensor;
///
/// struct Prototype {
///     weight: Tensor,
/// }
///
/// impl Initialize for Prototype {
///     fn describe(&self, at: &mut Describe<'_>) {
///         at.field("weight", &self.weight, Spec::new().step(Step::of(schemes::orthogonal())));
///     }
/// }
/// ```
pub struct Describe<'a> {
    draft: &'a mut Draft,
    path: String,
    /// What the stream is named by, where that is not the path.
    key: Option<String>,
    given: Vec<Given<'a>>,
    recipe: Rc<dyn Recipe>,
}

/// A spec that holds for this place, and how far out it was declared.
#[derive(Clone, Copy)]
struct Given<'a> {
    depth: usize,
    spec: &'a Spec,
}

impl<'a> Describe<'a> {
    pub(crate) fn root(draft: &'a mut Draft, recipe: Rc<dyn Recipe>) -> Self {
        Self {
            draft,
            path: String::new(),
            key: None,
            given: Vec::new(),
            recipe,
        }
    }

    /// A field with an attribute.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a spec is made for its field and used up there"
    )]
    pub fn field<T: Declare>(&mut self, name: &str, value: &T, spec: Spec) {
        let depth = self.depth();
        if spec.names_parts() || !T::PARTS.scheme {
            T::check(
                &spec,
                &mut Names::new(self.join(name), &mut self.draft.problems),
            );
        }
        value.declare(&mut self.child(name, Some(Given { depth, spec: &spec })));
    }

    /// A field without an attribute, whose type describes itself.
    pub fn walk<T: Initialize + ?Sized>(&mut self, name: &str, value: &T) {
        value.describe(&mut self.child(name, None));
    }

    /// A field to leave as it is, with all that is inside it.
    pub fn skip<T: Declare>(&mut self, name: &str, value: &T) {
        let (depth, spec) = (self.depth(), Spec::everything_skipped());
        value.declare(&mut self.child(name, Some(Given { depth, spec: &spec })));
    }

    /// A field to leave as it is, of a type that cannot be looked into.
    pub fn leave(&mut self, name: &str, type_name: &'static str) {
        let path = self.join(name);
        self.draft.left.push(Left { path, type_name });
    }

    /// The recipe for the layers below, in place of the one in force.
    pub fn recipe<R: Recipe + 'static>(&mut self, recipe: Result<R, BoxError>) {
        match recipe {
            Ok(recipe) => self.recipe = Rc::new(recipe),
            Err(error) => self.problem(None, Reason::Failed(format!("`recipe` failed: {error}"))),
        }
    }

    /// One item of a container, by its index or key: what holds for the container holds for it.
    pub(crate) fn item(&mut self, name: &str) -> Describe<'_> {
        Describe {
            path: self.join(name),
            key: self.key.as_deref().map(|key| join(key, name)),
            given: self.given.clone(),
            recipe: Rc::clone(&self.recipe),
            draft: self.draft,
        }
    }

    /// One entry of a map. A key with a dot would make paths ambiguous.
    pub(crate) fn entry(&mut self, key: &str) -> Describe<'_> {
        if key.contains('.') {
            self.problem(
                None,
                Reason::DotInKey {
                    key: key.to_owned(),
                },
            );
        }
        self.item(key)
    }

    /// This tensor is the parameter here.
    pub(crate) fn parameter(&mut self, tensor: &Tensor) {
        match self.steps_for(|spec| spec.steps().cloned().collect()) {
            Some(steps) => self.push(tensor, steps, None),
            None => self.problem(None, Reason::Undeclared),
        }
    }

    /// A part of a layer, with the recipe's scheme where nothing else is said.
    pub(crate) fn part(
        &mut self,
        layer: Layer,
        name: &'static str,
        tensor: Option<&Tensor>,
        weight: &[i64],
    ) {
        let Some(tensor) = tensor else { return };
        let steps = self.steps_for(|spec| spec.steps_of_part(name).cloned().collect());
        let default = || {
            let part = Part::new(layer, name, weight).at(&self.path);
            let scheme = self
                .recipe
                .scheme(&part)
                .or_else(|| TorchDefault.scheme(&part));
            scheme.map(|scheme| Rc::new(Step::of_layer(scheme)))
        };
        let steps = match steps {
            // "On a layer's part it follows the part's default."
            Some(steps) if steps.first().is_some_and(|first| first.covers_a_region()) => {
                default().into_iter().chain(steps).collect()
            }
            Some(steps) => steps,
            None => default().into_iter().collect(),
        };
        let part = LayerPart {
            layer,
            name,
            weight: weight.to_vec(),
        };
        self.child(name, None).push(tensor, steps, Some(part));
    }

    pub(crate) fn problem(&mut self, scheme: Option<String>, reason: Reason) {
        self.draft.problems.push(Problem {
            path: self.path.clone(),
            shape: None,
            scheme,
            reason,
        });
    }

    fn push(&mut self, tensor: &Tensor, steps: Vec<Rc<Step>>, part: Option<LayerPart>) {
        self.draft.parameters.push(Declared {
            path: self.path.clone(),
            key: self.key.clone(),
            tensor: tensor.shallow_clone(),
            part,
            steps,
        });
    }

    /// The steps that the outermost declaration gives, if any does.
    fn steps_for(&self, select: impl Fn(&Spec) -> Vec<Rc<Step>>) -> Option<Vec<Rc<Step>>> {
        self.given
            .chunk_by(|a, b| a.depth == b.depth)
            .find_map(|same_depth| {
                if same_depth.iter().any(|given| given.spec.skips_everything()) {
                    return Some(vec![Rc::new(Step::skip())]);
                }
                let steps: Vec<_> = same_depth
                    .iter()
                    .flat_map(|given| select(given.spec))
                    .collect();
                (!steps.is_empty()).then_some(steps)
            })
    }

    fn child<'b>(&'b mut self, name: &str, own: Option<Given<'b>>) -> Describe<'b> {
        let inside = |given: &Given<'a>| -> Vec<Given<'b>> {
            let Given { depth, spec } = *given;
            if spec.skips_everything() {
                return vec![Given { depth, spec }];
            }
            spec.parts_named(name)
                .map(|spec| Given { depth, spec })
                .collect()
        };
        let given: Vec<Given<'b>> = self.given.iter().flat_map(inside).chain(own).collect();
        let stream = given.iter().find_map(|given| given.spec.stream_name());
        let renamed = self.key.is_some() || stream.is_some();
        let key = renamed.then(|| {
            join(
                self.key.as_deref().unwrap_or(&self.path),
                stream.unwrap_or(name),
            )
        });
        let path = self.join(name);
        Describe {
            draft: self.draft,
            path,
            key,
            given,
            recipe: Rc::clone(&self.recipe),
        }
    }

    fn join(&self, name: &str) -> String {
        join(&self.path, name)
    }

    fn depth(&self) -> usize {
        if self.path.is_empty() {
            0
        } else {
            1 + self.path.matches('.').count()
        }
    }
}

impl fmt::Debug for Describe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Describe")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        return name.to_owned();
    }
    let mut joined = String::with_capacity(path.len() + 1 + name.len());
    joined.push_str(path);
    joined.push('.');
    joined.push_str(name);
    joined
}

/// What a model has declared so far.
#[derive(Default)]
pub(crate) struct Draft {
    pub(crate) parameters: Vec<Declared>,
    pub(crate) left: Vec<Left>,
    pub(crate) problems: Vec<Problem>,
}

/// A parameter and its steps, before its shape has been looked at.
pub(crate) struct Declared {
    pub(crate) path: String,
    /// What its stream is named by, where `stream = "…"` makes that another name than the path.
    pub(crate) key: Option<String>,
    pub(crate) tensor: Tensor,
    pub(crate) part: Option<LayerPart>,
    pub(crate) steps: Vec<Rc<Step>>,
}

/// Which part of which layer a parameter is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LayerPart {
    layer: Layer,
    name: &'static str,
    weight: Vec<i64>,
}

impl LayerPart {
    pub(crate) fn part(&self) -> Part<'_> {
        Part::new(self.layer, self.name, &self.weight)
    }
}

/// A skipped field that could not be looked into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Left {
    pub(crate) path: String,
    pub(crate) type_name: &'static str,
}
