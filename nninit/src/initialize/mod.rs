//! The trait that the derive implements.

mod containers;
pub(crate) mod layers;
mod store;

use crate::blueprint::names;
use crate::declare::describe::with_stack;
use crate::declare::draft::Draft;
use crate::declare::draft::Named;
use crate::declare::{Describe, Layers, Names, Recipe, Spec};
use crate::{Error, Plan, Problem, Report, Source};

/// A model, or a part of one, that says how its parameters are initialised.
///
/// Derive it: `#[derive(Initialize)]`. Then [`init`](Initialize::init) writes every parameter:
///
/// ```
/// use nninit::Initialize;
/// use rand::SeedableRng;
/// use rand::rngs::StdRng;
/// use tch::{Device, Tensor, nn};
///
/// #[derive(Initialize)]
/// struct Net {
///     #[init(orthogonal)]
///     hidden: Tensor,
///     #[init(weight(xavier_uniform), bias(zeros))]
///     out: nn::Linear,
/// }
///
/// # if cfg!(feature = "doc-only") { return }
/// let vs = nn::VarStore::new(Device::Cpu);
/// let mut net = Net {
///     hidden: vs.root().zeros("hidden", &[16, 16]),
///     out: nn::linear(vs.root() / "out", 16, 4, Default::default()),
/// };
/// net.init(&mut StdRng::seed_from_u64(42));
/// assert!(net.hidden.abs().max().double_value(&[]) > 0.0);
/// ```
///
/// It can be a trait object as far as describing goes: `Vec<Box<dyn Initialize>>` is a field like any other.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say how it is initialised",
    label = "derive `Initialize` for it, or write `#[init(SCHEME)]` or `#[init(skip)]` on the field"
)]
pub trait Initialize {
    /// Walks the fields and hands each to `at`. The derive writes this method.
    fn describe(&self, at: &mut Describe<'_>);

    /// Looks for names in `spec` that do not exist in this type. Called where only this trait is known of it: behind a
    /// type parameter. A type that is described by hand finds nothing.
    #[doc(hidden)]
    fn __check(_: &Spec, _: &mut Names<'_>)
    where
        Self: Sized,
    {
    }

    /// Collects the kinds of layers that can be inside; any, in a type that is described by hand.
    #[doc(hidden)]
    fn __layers(layers: &mut Layers)
    where
        Self: Sized,
    {
        layers.any();
    }

    /// What [`init`](Initialize::init) would do, every parameter checked, nothing written.
    ///
    /// # Errors
    ///
    /// [`Error::Plan`] with every parameter that cannot be initialised as declared.
    fn plan(&self) -> Result<Plan, Error> {
        plan(|at| self.describe(at))
    }

    /// As [`plan`](Initialize::plan), with `recipe` for the layers that are not declared otherwise.
    ///
    /// # Errors
    ///
    /// As [`plan`](Initialize::plan).
    fn plan_with<R: Recipe + 'static>(&self, recipe: R) -> Result<Plan, Error>
    where
        Self: Sized,
    {
        plan(|at| {
            at.recipe(Ok(recipe));
            self.describe(at);
        })
    }

    /// Writes every parameter, or none.
    ///
    /// # Errors
    ///
    /// [`Error::Plan`] as [`plan`](Initialize::plan), before anything is written; [`Error::Write`] when a user's own
    /// function or the device fails.
    fn try_init<S: Source + ?Sized>(&mut self, source: &mut S) -> Result<Report, Error>
    where
        Self: Sized,
    {
        self.plan()?.execute_new(source)
    }

    /// Writes every parameter.
    ///
    /// On a field of a model, `model.head.init(…)`, it sees neither what the model says of that field nor the kinds and
    /// recipes of the structs around it, and it draws under other paths:
    /// `model.plan()?.only("head.**")?.execute(…)?` starts the head as the whole model would.
    ///
    /// # Panics
    ///
    /// With the error's text, when [`try_init`](Initialize::try_init) would return one.
    #[track_caller]
    fn init<S: Source + ?Sized>(&mut self, source: &mut S)
    where
        Self: Sized,
    {
        if let Err(error) = self.try_init(source) {
            panic!("{error}");
        }
    }

    /// As [`try_init`](Initialize::try_init), with `recipe` for the layers that are not declared otherwise.
    ///
    /// # Errors
    ///
    /// As [`try_init`](Initialize::try_init).
    fn try_init_with<R: Recipe + 'static, S: Source + ?Sized>(
        &mut self,
        recipe: R,
        source: &mut S,
    ) -> Result<Report, Error>
    where
        Self: Sized,
    {
        self.plan_with(recipe)?.execute_new(source)
    }

    /// As [`init`](Initialize::init), with `recipe` for the layers that are not declared otherwise.
    ///
    /// # Panics
    ///
    /// With the error's text, when [`try_init_with`](Initialize::try_init_with) would return one.
    #[track_caller]
    fn init_with<R: Recipe + 'static, S: Source + ?Sized>(&mut self, recipe: R, source: &mut S)
    where
        Self: Sized,
    {
        if let Err(error) = self.try_init_with(recipe, source) {
            panic!("{error}");
        }
    }
}

impl Describe<'_> {
    /// A field without an attribute, whose type describes itself.
    pub fn walk<T: Initialize + ?Sized>(&mut self, name: &str, value: &T) {
        if self.holds_more(name) {
            with_stack(|| value.describe(&mut self.inside(name)));
        }
    }

    /// A field whose attribute holds settings alone: its type describes itself.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a spec is made for its field and used up there"
    )]
    pub fn walk_with<T: Initialize + ?Sized>(&mut self, name: &str, value: &T, spec: Spec) {
        if self.holds_more(name) {
            with_stack(|| value.describe(&mut self.told(name, &spec)));
        }
    }
}

fn plan(describe: impl FnOnce(&mut Describe<'_>)) -> Result<Plan, Error> {
    let mut draft = Draft::default();
    describe(&mut Describe::root(&mut draft));
    for Named {
        path,
        patterns,
        layers,
    } in &draft.named
    {
        let missed = names::missed(patterns, layers).into_iter();
        draft.problems.extend(missed.map(|reason| Problem {
            path: path.clone(),
            shape: None,
            scheme: None,
            reason: reason.into(),
        }));
    }
    Plan::resolve(draft)
}
