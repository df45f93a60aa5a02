//! One rule: which variables, and what they get.

use std::fmt;
use std::sync::Arc;

use crate::Cause;
use crate::blueprint::pattern::Pattern;
use crate::declare::Spec;

/// Which variables, by name and number of dimensions, and the steps that they get.
///
/// [`rules!`](crate::rules!) makes these; by hand or from a text:
///
/// ```
/// use nninit::declare::Step;
/// use nninit::{Rule, schemes};
///
/// let weights = Rule::new("**.weight", Step::of(schemes::orthogonal())).when("ndim == 2", |ndim| ndim == 2);
/// let biases: Rule = "**.bias => [zeros, ones(at = 4..8)]".parse()?;
/// # Ok::<(), nninit::Error>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct Rule {
    pub(super) pattern: String,
    pub(super) parsed: Result<Pattern, Cause>,
    pub(super) condition: Option<Condition>,
    pub(super) spec: Spec,
}

/// Which of the matching variables a rule is for.
#[derive(Clone)]
pub(super) struct Condition {
    pub(super) written: String,
    test: Arc<dyn Fn(usize) -> bool + Send + Sync>,
}

impl Rule {
    /// A rule for the variables whose names match `pattern`.
    ///
    /// `*` stands for any letters within a name, `**` for any names and the dots between them, `?` for one letter,
    /// `[ab]` for one of these and `{a,b}` for one of those; a backslash takes the next letter as it is. What is wrong
    /// with the pattern is an error of the plan.
    pub fn new(pattern: impl Into<String>, steps: impl Into<Spec>) -> Self {
        let pattern = pattern.into();
        Self {
            parsed: Pattern::new(&pattern),
            pattern,
            condition: None,
            spec: steps.into(),
        }
    }

    /// Only for variables whose number of dimensions `test` accepts; `written` is how messages show it.
    pub fn when(
        mut self,
        written: impl Into<String>,
        test: impl Fn(usize) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.condition = Some(Condition {
            written: written.into(),
            test: Arc::new(test),
        });
        self
    }

    pub(super) fn head(&self) -> Head<'_> {
        Head(self)
    }

    pub(super) fn matches(&self, name: &str) -> bool {
        self.parsed
            .as_ref()
            .is_ok_and(|pattern| pattern.matches(name))
    }

    pub(super) fn accepts(&self, ndim: usize) -> bool {
        self.condition
            .as_ref()
            .is_none_or(|condition| (condition.test)(ndim))
    }
}

/// A rule's pattern and its condition, as written.
pub(super) struct Head<'a>(&'a Rule);

impl fmt::Display for Head<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(rule) = self;
        f.write_str(&rule.pattern)?;
        match &rule.condition {
            Some(condition) => write!(f, " if {}", condition.written),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rule")
            .field("pattern", &self.head().to_string())
            .field("spec", &self.spec)
            .finish_non_exhaustive()
    }
}
