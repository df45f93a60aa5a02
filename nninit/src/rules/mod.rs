//! Schemes by variable name, for models that no derive can reach: closures, `Sequential`, `LSTM`, `GRU`.

mod assign;
mod rule;
mod text;

use tch::nn::VarStore;

pub use self::rule::Rule;
pub use self::text::Mistake;
use crate::declare::describe::Draft;
use crate::plan::coverage;
use crate::{Error, Plan, Report, Source};

/// Rules from patterns of variables' names to schemes: an expression of type [`Rules`](crate::Rules).
///
/// ```
/// use nninit::rules;
/// use rand::SeedableRng;
/// use rand::rngs::StdRng;
/// use tch::{Device, nn};
///
/// # if cfg!(feature = "doc-only") { return }
/// let vs = nn::VarStore::new(Device::Cpu);
/// let hidden = 16;
/// let lstm = nn::lstm(vs.root() / "lstm", 8, hidden, Default::default());
/// let head = nn::linear(vs.root() / "head", hidden, 4, Default::default());
///
/// let rules = rules! {
///     "lstm.weight_hh_*" => orthogonal(chunks = 4),
///     "lstm.bias_hh_*" => [zeros, ones(at = hidden..2 * hidden)],
///     "**" if ndim >= 2 => xavier_uniform,
///     "**" => zeros,
/// };
/// let report = rules.init(&vs, &mut StdRng::seed_from_u64(42)).unwrap();
/// println!("{report}");
/// ```
///
/// Each rule is `PATTERN => STEP` or `PATTERN => [STEP, STEP, …]`, where a step is what `#[init(…)]` holds: a scheme with
/// its parameters and modifiers in parentheses, `skip`, `with = EXPR` or `sample = EXPR`, with the same checks while
/// compiling. Values are Rust expressions.
///
/// In a pattern `*` stands for any letters within a name and `**` for any names and the dots between them; see
/// [`Rule::new`](crate::Rule::new). `if` and a condition on `ndim`, the number of dimensions, may follow it. Patterns are
/// string literals, or expressions in parentheses: `(format!("blocks.{i}.**"))`.
///
/// The first rule that matches wins, so exceptions come first. A variable that no rule matches and a rule that matches
/// nothing are errors of the plan.
#[macro_export]
macro_rules! rules {
    ($($rules:tt)*) => {
        $crate::__private::rules!(($crate) $($rules)*)
    };
}

/// Schemes by pattern of the variable's name, in order: the first rule that matches wins.
///
/// Made by [`rules!`](crate::rules!), by [`rule`](Rules::rule), or from a text, for configuration files and command lines:
///
/// ```
/// use nninit::Rules;
///
/// let rules: Rules = "
///     ## comments and empty lines are left out
///     **.weight_hh_* => orthogonal(chunks=4)
///     **.weight      => kaiming_normal(mode=fan_out, nonlinearity=relu)
///     ** if ndim < 2 => zeros
/// ".parse()?;
/// # Ok::<(), nninit::Error>(())
/// ```
///
/// In a text rules stand on lines of their own, or behind semicolons; `=` does for `=>`. Values are numbers, names with or
/// without quotes, and for `at` what `.i(…)` takes: `3`, `4..8`, `(.., 0)`.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    rules: Vec<Rule>,
}

impl Rules {
    /// No rules yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One more rule, for what the rules before it leave.
    #[must_use]
    pub fn rule(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

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
        let mut draft = Draft::default();
        assign::assign(&self.rules, &coverage::variables(vs), &mut draft);
        Plan::resolve(draft)
    }

    /// Adds to `plan` the variables of `vs` that it does not reach, by these rules: a derive says what it can see, and
    /// rules the rest, in one initialisation.
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
    /// let rest = rules! { "lstm.weight_hh_*" => orthogonal(chunks = 4), "lstm.weight_*" => xavier_uniform, "**" => zeros };
    /// let plan = rest.complete(&tagger.plan().unwrap(), &vs).unwrap();
    /// plan.require_all(&vs).unwrap();
    /// plan.execute(&mut StdRng::seed_from_u64(42)).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`plan`](Rules::plan), for those variables alone.
    pub fn complete(&self, plan: &Plan, vs: &VarStore) -> Result<Plan, Error> {
        let mut draft = Draft::default();
        assign::assign(&self.rules, &plan.uncovered_variables(vs), &mut draft);
        plan.and(draft)
    }

    /// Writes every variable of `vs`, or none.
    ///
    /// # Errors
    ///
    /// As [`plan`](Rules::plan), before anything is written; [`Error::Write`] when a user's own function or the device
    /// fails.
    pub fn init<S: Source + ?Sized>(&self, vs: &VarStore, source: &mut S) -> Result<Report, Error> {
        self.plan(vs)?.execute(source)
    }
}

impl FromIterator<Rule> for Rules {
    fn from_iter<I: IntoIterator<Item = Rule>>(rules: I) -> Self {
        Self {
            rules: rules.into_iter().collect(),
        }
    }
}

impl Extend<Rule> for Rules {
    fn extend<I: IntoIterator<Item = Rule>>(&mut self, rules: I) {
        self.rules.extend(rules);
    }
}
