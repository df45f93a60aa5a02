//! Rules over the variables of a store.

use tch::Tensor;
use tch::nn::VarStore;

use crate::declare::describe::Held;
use crate::declare::draft::Draft;
use crate::plan::coverage;
use crate::rules::{Variable, in_a_model_of};
use crate::{Error, Plan, Report, Rules, Source};

impl Rules {
    /// What [`init`](Rules::init) would do to the variables of `vs`, every one checked, nothing written.
    ///
    /// The store's own order is random; the plan's is by name. Paths are the names, so a derive whose fields are named
    /// alike gives the same values.
    ///
    /// # Errors
    ///
    /// [`Error::Plan`] with every variable that no rule matches, every rule that is malformed, matches nothing or is
    /// kept from all that it matches by rules before it, and every variable that cannot be initialised as declared.
    pub fn plan(&self, vs: &VarStore) -> Result<Plan, Error> {
        let variables = coverage::variables(vs);
        let count = variables.len();
        Plan::resolve(self.draft(variables)).map_err(|error| in_a_model_of(count, error))
    }

    /// Adds the variables of `vs` that `plan` does not reach, by these rules: a derive declares what it can see, and
    /// rules the rest, for one initialisation.
    ///
    /// ```
    /// use nninit::{Initialize, rules};
    /// use rand::SeedableRng;
    /// use rand::rngs::StdRng;
    /// use tch::{Device, nn};
    ///
    /// #[derive(Initialize)]
    /// struct Tagger {
    ///     #[init(skip)] // its weights are private
    ///     lstm: nn::LSTM,
    ///     #[init(weight(xavier_uniform), bias(zeros))]
    ///     head: nn::Linear,
    /// }
    ///
    /// # if cfg!(feature = "doc-only") { return }
    /// let vs = nn::VarStore::new(Device::Cpu);
    /// let tagger = Tagger {
    ///     lstm: nn::lstm(vs.root() / "lstm", 8, 16, Default::default()),
    ///     head: nn::linear(vs.root() / "head", 16, 4, Default::default()),
    /// };
    /// let rest = rules! {
    ///     "lstm.weight_hh_*" => orthogonal(chunks = 4),
    ///     "lstm.weight_*" => xavier_uniform,
    ///     "**" => zeros,
    /// };
    /// let plan = rest.complete(&tagger.plan().unwrap(), &vs).unwrap();
    /// plan.require_all(&vs).unwrap();
    /// plan.execute(&mut StdRng::seed_from_u64(42)).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`plan`](Rules::plan), for those variables alone.
    pub fn complete(&self, plan: &Plan, vs: &VarStore) -> Result<Plan, Error> {
        let variables = plan.uncovered_variables(vs);
        let count = plan.entries().len() + variables.len();
        let whole = plan.and(self.draft(variables));
        whole.map_err(|error| in_a_model_of(count, error))
    }

    /// Writes every variable of `vs`, or none.
    ///
    /// # Errors
    ///
    /// As [`plan`](Rules::plan), before anything is written; [`Error::Write`] when a user's own function or the device
    /// fails.
    pub fn try_init<S: Source + ?Sized>(
        &self,
        vs: &VarStore,
        source: &mut S,
    ) -> Result<Report, Error> {
        self.plan(vs)?.execute_new(source)
    }

    /// Writes every variable of `vs`.
    ///
    /// # Panics
    ///
    /// With the error's text, when [`try_init`](Rules::try_init) would return one.
    #[track_caller]
    pub fn init<S: Source + ?Sized>(&self, vs: &VarStore, source: &mut S) {
        if let Err(error) = self.try_init(vs, source) {
            panic!("{error}");
        }
    }

    fn draft(&self, variables: Vec<(String, Tensor)>) -> Draft<Held> {
        let variables = variables.into_iter().map(|(name, tensor)| {
            let shape = if tensor.defined() {
                tensor.size()
            } else {
                Vec::new()
            };
            let layer = None;
            (Variable { name, shape }, Held { tensor, layer })
        });
        self.assign(variables.collect())
    }
}
