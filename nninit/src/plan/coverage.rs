//! Which variables of a store a plan reaches, by the memory that they lie in.

use tch::Tensor;
use tch::nn::VarStore;

use super::{Entry, Plan};
use crate::declare::describe::Draft;
use crate::plan::layout::Layout;
use crate::{Error, Problem, Reason};

impl Plan {
    /// The variables of `vs` that no declaration reaches, by name.
    ///
    /// A variable is reached when all of its elements are some parameter's, whatever the two are called; `skip` on a
    /// tensor is a declaration too, while a skipped field that cannot be looked into (an `LSTM`) reaches nothing.
    #[must_use]
    pub fn uncovered(&self, vs: &VarStore) -> Vec<String> {
        let uncovered = self.uncovered_variables(vs);
        uncovered.into_iter().map(|(name, _)| name).collect()
    }

    /// Makes sure that every variable of `vs` is reached.
    ///
    /// # Errors
    ///
    /// [`Error::Plan`] with every variable that no declaration reaches.
    pub fn require_all(&self, vs: &VarStore) -> Result<&Self, Error> {
        let problem = |(name, tensor): (String, Tensor)| Problem {
            path: name,
            shape: tensor.defined().then(|| tensor.size()),
            scheme: None,
            reason: Reason::Uncovered,
        };
        let problems: Vec<Problem> = self
            .uncovered_variables(vs)
            .into_iter()
            .map(problem)
            .collect();
        if problems.is_empty() {
            Ok(self)
        } else {
            Err(Error::Plan {
                problems,
                parameters: self.entries.len(),
            })
        }
    }

    pub(crate) fn uncovered_variables(&self, vs: &VarStore) -> Vec<(String, Tensor)> {
        let covered = |tensor: &Tensor| {
            Layout::of(tensor)
                .is_ok_and(|layout| layout.is_covered_by(self.entries.iter().map(Entry::layout)))
        };
        let mut variables = variables(vs);
        variables.retain(|(_, tensor)| !covered(tensor));
        variables
    }

    /// This plan and what `draft` adds to it.
    pub(crate) fn and(&self, draft: Draft) -> Result<Self, Error> {
        let untied = |entry: &Entry| {
            let mut entry = entry.share();
            entry.parameter_mut().tie(None);
            entry
        };
        let entries = self.entries.iter().map(untied);
        Self::resolve_beside(draft, entries.collect(), self.left.to_vec())
    }
}

/// The store's variables by name.
pub(crate) fn variables(vs: &VarStore) -> Vec<(String, Tensor)> {
    let mut variables: Vec<_> = vs.variables().into_iter().collect();
    variables.sort_by(|(a, _), (b, _)| a.cmp(b));
    variables
}
