//! Schemes by variable name, for models that no derive can reach: closures, `Sequential`, `LSTM`, `GRU`.

mod assign;
mod by_kind;
mod recurrent;
mod rule;
#[cfg(feature = "serde")]
mod serialize;
mod text;
mod variable;

use std::sync::Arc;

use self::assign::assign;
use self::by_kind::ByKind;
pub use self::rule::Rule;
pub(crate) use self::variable::Variable;
use crate::declare::draft::Draft;
use crate::{Blueprint, Dtype, Error, Layer, Recipe};

/// Rules from patterns of variables' names to schemes: an expression of type [`Rules`](crate::Rules).
///
/// ```
/// # #[cfg(feature = "tch")] {
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
/// let report = rules.try_init(&vs, &mut StdRng::seed_from_u64(42)).unwrap();
/// println!("{report}");
/// # }
/// ```
///
/// Each rule is `PATTERN => STEP` or `PATTERN => [STEP, STEP, …]`, where a step is what `#[init(…)]` holds: a scheme
/// with its parameters and modifiers in parentheses, `skip`, `with = EXPR`, `sample = EXPR`, `copy = EXPR` or
/// `by_index = EXPR`, with the same checks while compiling. Values are Rust expressions.
///
/// In a pattern `*` stands for any letters within a name and `**` for any names and the dots between them; see
/// [`Rule::new`](crate::Rule::new). `if` and a condition on `ndim`, the number of dimensions, may follow it. Patterns
/// are string literals, or expressions in parentheses: `(format!("blocks.{i}.**"))`.
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
/// Made by [`rules!`](crate::rules!), by [`rule`](Rules::rule), or from a text, for configuration files and command
/// lines:
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
/// Printed, rules are such a text again; with the feature `serde` they are a list of such lines, in order.
///
/// In a text each rule stands on a line of its own, or after a semicolon, and `#` begins a comment. A pattern with a
/// space, a `#` or a sign of the language stands in quotes. `=` may stand for `=>`. Values are numbers, names with or
/// without quotes, and for `at` what `.i(…)` takes: `3`, `4..8`, `(.., 0)`.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Rules {
    rules: Vec<Rule>,
    by_kind: ByKind,
}

impl Rules {
    /// No rules yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The recipe for variables whose layer is told by their names and shapes: a model of `Sequential` and closures
    /// gets its schemes by kind of layer.
    ///
    /// ```
    /// # #[cfg(feature = "tch")] {
    /// use nninit::{Rules, recipes};
    /// use rand::SeedableRng;
    /// use rand::rngs::StdRng;
    /// use tch::{Device, nn};
    ///
    /// # if cfg!(feature = "doc-only") { return }
    /// let vs = nn::VarStore::new(Device::Cpu);
    /// let p = vs.root();
    /// let net = nn::seq_t()
    ///     .add(nn::conv2d(&p / "conv", 3, 8, 3, Default::default()))
    ///     .add(nn::batch_norm2d(&p / "conv", 8, Default::default()));
    /// Rules::of(recipes::Gan).init(&vs, &mut StdRng::seed_from_u64(42));
    /// # }
    /// ```
    ///
    /// Some layers look alike: Linear without bias and Embedding, Conv and ConvTranspose, LayerNorm and GroupNorm.
    /// Where the recipe starts them differently, it is an error not to say which: by [`layer`](Rules::layer). A
    /// variable that is no layer's part (an `LSTM`'s, a tensor's of the model itself) needs a rule.
    pub fn of<R: Recipe + 'static>(recipe: R) -> Self {
        Self::new().recipe(recipe)
    }

    /// As [`of`](Rules::of), for what no rule matches.
    pub fn recipe<R: Recipe + 'static>(mut self, recipe: R) -> Self {
        self.by_kind.recipe = Some(Arc::new(recipe));
        self
    }

    /// Says of which layer the weights are whose names match `pattern`, where names and shapes do not tell:
    /// `.layer("**", Layer::Conv)` says that no convolution is transposed.
    pub fn layer(mut self, pattern: impl Into<String>, layer: Layer) -> Self {
        self.by_kind.layers.push((pattern.into(), layer));
        self
    }

    /// One more rule, for what the rules before it leave.
    pub fn rule(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// What the rules do to variables of these names, shapes and kinds, every one checked: no tensor is needed.
    ///
    /// Parameters stand in the order of the list. See [`Blueprint`] for an example.
    ///
    /// # Errors
    ///
    /// [`Error::Plan`] with every variable that no rule matches, every rule that is malformed, matches nothing or is
    /// kept from all that it matches by rules before it, and every variable that cannot be initialised as declared.
    pub fn blueprint<N, S>(
        &self,
        variables: impl IntoIterator<Item = (N, S, Dtype)>,
    ) -> Result<Blueprint, Error>
    where
        N: Into<String>,
        S: Into<Vec<i64>>,
    {
        let variables = variables.into_iter().map(|(name, shape, dtype)| {
            let (name, shape) = (name.into(), shape.into());
            let held = (shape.clone(), dtype);
            (Variable { name, shape }, held)
        });
        let variables: Vec<_> = variables.collect();
        let count = variables.len();
        let blueprint = Blueprint::resolve(self.assign(variables));
        blueprint.map_err(|error| in_a_model_of(count, error))
    }

    /// Declares each variable by the first rule that matches it; each comes with what is to be kept for it.
    pub(crate) fn assign<T>(&self, variables: Vec<(Variable, T)>) -> Draft<T> {
        assign(&self.rules, &self.by_kind, variables)
    }
}

/// Variables that no rule matches are parameters as well.
pub(crate) fn in_a_model_of(parameters: usize, error: Error) -> Error {
    match error {
        Error::Plan { problems, .. } => Error::Plan {
            problems,
            parameters,
        },
        other => other,
    }
}

impl FromIterator<Rule> for Rules {
    fn from_iter<I: IntoIterator<Item = Rule>>(rules: I) -> Self {
        Self {
            rules: rules.into_iter().collect(),
            by_kind: ByKind::default(),
        }
    }
}

impl Extend<Rule> for Rules {
    fn extend<I: IntoIterator<Item = Rule>>(&mut self, rules: I) {
        self.rules.extend(rules);
    }
}
