//! How a model says which parameter gets which scheme.
//!
//! `Initialize::describe` walks the fields and hands each to [`Describe`]. What an attribute says is a [`Spec`]: steps,
//! and specs for named parts. Ancestors may have given specs for this place too; the outermost one that says anything
//! wins.

use std::fmt;
use std::mem;
use std::sync::Arc;

use tch::Tensor;

use super::draft::{Declared, Draft, Left, Named};
use super::recipe::TorchDefault;
use super::{Layer, Part, Recipe, Spec, Step};
use crate::{BoxError, Cause, Problem};

/// The tensor of a parameter, and the place that it has in a layer.
pub(crate) struct Held {
    pub(crate) tensor: Tensor,
    pub(crate) layer: Option<LayerPart>,
}

/// Which part of which layer a parameter is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LayerPart {
    layer: Layer,
    name: &'static str,
    weight: Vec<i64>,
    /// Whether its first step is what the layer gets where nothing is declared.
    pub(crate) as_it_is: bool,
}

impl LayerPart {
    pub(crate) fn part(&self) -> Part<'_> {
        Part::new(self.layer, self.name, &self.weight)
    }
}

/// What a tensor that is left alone is called.
pub(crate) const TENSOR: &str = "Tensor";

/// Collects what a model declares; the argument of [`Initialize::describe`](crate::Initialize::describe).
///
/// The derive calls it. By hand, for a type whose fields the derive cannot see:
///
/// ```
/// use nninit::declare::{Describe, Spec, Step};
/// use nninit::{Initialize, schemes};
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
    draft: &'a mut Draft<Held>,
    path: String,
    /// How many fields and items it lies in.
    depth: usize,
    /// What the stream is named by, where that is not the path.
    key: Option<String>,
    given: Vec<Given<'a>>,
    recipes: Option<Arc<Recipes>>,
}

/// The recipe in force, and those further out.
struct Recipes {
    recipe: Box<dyn Recipe>,
    /// Of the struct that it stands on.
    path: String,
    /// The index in the draft of what it must find.
    named: Option<usize>,
    outer: Option<Arc<Self>>,
}

/// How deep a model may be nested. A path names every level, so a chain takes memory by the square of its depth.
const DEEPEST: usize = 10_000;

/// Runs `describe` with enough stack: a recursive type may go deeper than the thread's own.
pub(crate) fn with_stack<R>(describe: impl FnOnce() -> R) -> R {
    stacker::maybe_grow(256 << 10, 4 << 20, describe)
}

/// A spec that holds for this place, and how far out it was declared.
#[derive(Clone, Copy)]
struct Given<'a> {
    depth: usize,
    spec: &'a Spec,
    /// Whether the place is inside the one that the spec was given for, and is none of the parts that it names.
    beside: bool,
}

impl<'a> Given<'a> {
    fn new(depth: usize, spec: &'a Spec) -> Self {
        Self {
            depth,
            spec,
            beside: false,
        }
    }
}

impl<'a> Describe<'a> {
    pub(crate) fn root(draft: &'a mut Draft<Held>) -> Self {
        Self {
            draft,
            path: String::new(),
            depth: 0,
            key: None,
            given: Vec::new(),
            recipes: None,
        }
    }

    /// The path of the field `name`, and the problems so far, for checks of its spec.
    pub(super) fn problems_of(&mut self, name: &str) -> (String, &mut Vec<Problem>) {
        (self.join(name), &mut self.draft.problems)
    }

    /// Whether this type's kinds of layers have not been checked before; from now on they have.
    pub(super) fn is_new(&mut self, type_name: &'static str) -> bool {
        self.draft.checked.insert(type_name)
    }

    /// The field `name`, of which `spec` is said.
    pub(crate) fn told<'b>(&'b mut self, name: &str, spec: &'b Spec) -> Describe<'b> {
        let depth = self.depth;
        self.child(name, Some(Given::new(depth, spec)))
    }

    /// A field to leave as it is, of a type that cannot be looked into.
    pub fn leave(&mut self, name: &str, type_name: &'static str) {
        let path = self.join(name);
        let type_name = type_name.into();
        self.draft.left.push(Left { path, type_name });
    }

    /// The recipe for the layers below; what it leaves goes to those further out.
    pub fn recipe<R: Recipe + 'static>(&mut self, recipe: Result<R, BoxError>) {
        match recipe {
            Ok(recipe) => {
                let patterns = recipe.must_match();
                let named = (!patterns.is_empty()).then_some(self.draft.named.len());
                self.draft.named.extend(named.map(|_| Named {
                    path: self.path.clone(),
                    patterns,
                    layers: Vec::new(),
                }));
                self.recipes = Some(Arc::new(Recipes {
                    recipe: Box::new(recipe),
                    path: self.path.clone(),
                    named,
                    outer: self.recipes.take(),
                }));
            }
            Err(error) => self.problem(None, Cause::foreign("`recipe` failed: ".to_owned(), error)),
        }
    }

    /// A field of which nothing is said.
    pub(crate) fn inside<'b>(&'b mut self, name: &str) -> Describe<'b> {
        self.child(name, None)
    }

    /// One item of a container, by its index or key: what holds for the container holds for it.
    pub(crate) fn item(&mut self, name: &str) -> Describe<'_> {
        Describe {
            path: self.join(name),
            depth: self.depth + 1,
            key: self.key.as_deref().map(|key| join(key, name)),
            given: self.given.clone(),
            recipes: self.recipes.clone(),
            draft: self.draft,
        }
    }

    /// One entry of a map. A key with a dot would make paths ambiguous.
    pub(crate) fn entry(&mut self, key: &str) -> Describe<'_> {
        if key.contains('.') {
            self.problem(
                None,
                Cause::DotInKey {
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
            None => self.problem(None, Cause::Undeclared),
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
        let part = Part::new(layer, name, weight);
        let mut steps = steps.unwrap_or_default();
        // "On a layer's part it follows the part's default."
        let as_it_is = Step::leave_the_rest(&steps);
        self.tell_the_recipes();
        let mut recipes = self.recipes.as_deref();
        while let Some(said) = recipes.filter(|_| Step::leave_the_rest(&steps)) {
            let mut before = said.recipe.steps(&part.at(&self.path));
            for step in before.iter_mut().filter(|step| !step.failures().is_empty()) {
                failed_once(step, &said.path, &mut self.draft.problems);
            }
            prepend(&mut steps, before);
            recipes = said.outer.as_deref();
        }
        if Step::leave_the_rest(&steps) {
            prepend(&mut steps, TorchDefault.steps(&part));
        }
        let part = LayerPart {
            layer,
            name,
            weight: weight.to_vec(),
            as_it_is,
        };
        self.child(name, None).push(tensor, steps, Some(part));
    }

    /// Recipes that go by names are told every layer, also those that they are not asked about.
    fn tell_the_recipes(&mut self) {
        let mut recipes = self.recipes.as_deref();
        while let Some(said) = recipes {
            if let Some(named) = said.named {
                let layers = &mut self.draft.named[named].layers;
                if layers.last() != Some(&self.path) {
                    layers.push(self.path.clone());
                }
            }
            recipes = said.outer.as_deref();
        }
    }

    pub(crate) fn problem(&mut self, scheme: Option<String>, reason: Cause) {
        self.draft.problems.push(Problem {
            path: self.path.clone(),
            shape: None,
            scheme,
            reason: reason.into(),
        });
    }

    /// The last that is said of a place: nothing lies in a tensor.
    fn push(&mut self, tensor: &Tensor, steps: Vec<Arc<Step>>, part: Option<LayerPart>) {
        let declared = Declared {
            path: mem::take(&mut self.path),
            key: self.key.take(),
            steps,
        };
        let tensor = tensor.shallow_clone();
        let held = Held {
            tensor,
            layer: part,
        };
        self.draft.parameters.push((declared, held));
    }

    /// The steps that the outermost declaration gives, if any does.
    fn steps_for(&self, select: impl Fn(&Spec) -> Vec<Arc<Step>>) -> Option<Vec<Arc<Step>>> {
        self.given
            .chunk_by(|a, b| a.depth == b.depth)
            .find_map(|same_depth| {
                let steps: Vec<_> = same_depth
                    .iter()
                    .filter(|given| !given.beside)
                    .flat_map(|given| select(given.spec))
                    .collect();
                let skipped = same_depth.iter().any(|given| given.spec.skips_everything());
                let steps = Step::beside_skip(skipped, steps);
                (!steps.is_empty()).then_some(steps)
            })
    }

    fn child<'b>(&'b mut self, name: &str, own: Option<Given<'b>>) -> Describe<'b> {
        let inside = |given: &Given<'a>| -> Vec<Given<'b>> {
            let Given {
                depth,
                spec,
                beside,
            } = *given;
            let named = spec.parts_named(name).filter(|_| !beside);
            let named = named.map(|spec| Given::new(depth, spec));
            let rest = spec.skips_everything().then_some(Given {
                depth,
                spec,
                beside: true,
            });
            named.chain(rest).collect()
        };
        let given: Vec<Given<'b>> = self.given.iter().flat_map(inside).chain(own).collect();
        let stream = given
            .iter()
            .filter(|given| !given.beside)
            .find_map(|given| given.spec.stream_name());
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
            depth: self.depth + 1,
            key,
            given,
            recipes: self.recipes.clone(),
        }
    }

    fn join(&self, name: &str) -> String {
        join(&self.path, name)
    }

    /// Whether a field may lie in here; if not, that is a problem.
    pub(crate) fn holds_more(&mut self, name: &str) -> bool {
        let fits = self.depth < DEEPEST;
        if !fits {
            let begin: String = self.path.chars().take(64).collect();
            self.draft.problems.push(Problem {
                path: format!("{begin}….{name}"),
                shape: None,
                scheme: None,
                reason: Cause::TooDeep { levels: DEEPEST }.into(),
            });
        }
        fits
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

/// A value that fails is told once, however many layers ask the recipe for it.
fn failed_once(step: &mut Step, path: &str, problems: &mut Vec<Problem>) {
    for failure in step.failures() {
        let problem = Problem {
            path: path.to_owned(),
            shape: None,
            scheme: Some(step.written().to_string()),
            reason: failure.clone().into(),
        };
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
    *step = Step::skip();
}

fn prepend(steps: &mut Vec<Arc<Step>>, before: Vec<Step>) {
    steps.splice(..0, before.into_iter().map(Arc::new));
}
