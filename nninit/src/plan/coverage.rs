//! Which variables of a store a plan reaches, by the memory that they lie in.

use std::collections::{HashMap, HashSet};

use tch::nn::VarStore;
use tch::{Device, Tensor};

use super::{Entry, Plan, sharing};
use crate::declare::describe::{Held, TENSOR};
use crate::declare::draft::{Draft, Left};
use crate::plan::layout::Layout;
use crate::{Cause, Error, Problem};

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
            reason: Cause::Uncovered.into(),
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
        let covered = Covered::by(self.entries.iter().map(Entry::layout));
        let mut variables = variables(vs);
        variables
            .retain(|(_, tensor)| !Layout::of(tensor).is_ok_and(|layout| covered.holds(&layout)));
        variables
    }

    /// This plan and what `draft` adds to it.
    pub(crate) fn and(&self, draft: Draft<Held>) -> Result<Self, Error> {
        let untied = |entry: &Entry| {
            let mut entry = entry.share();
            entry.parameter_mut().tie(None);
            entry
        };
        let entries = self.entries.iter().map(untied);
        // What could not be looked into is now reached by its variables' names.
        let seen = |left: &&Left| left.type_name == TENSOR || draft.parameters.is_empty();
        let left = self.left.iter().filter(seen).cloned().collect();
        Self::resolve_beside(draft, entries.collect(), left)
    }
}

/// The memory of parameters, to look tensors up in.
pub(super) struct Covered<'a> {
    whole: HashSet<&'a Layout>,
    /// The layouts of each device by where they start, in groups whose memory overlaps.
    stretches: HashMap<Device, Vec<Stretch<'a>>>,
}

struct Stretch<'a> {
    end: usize,
    layouts: Vec<&'a Layout>,
}

impl<'a> Covered<'a> {
    pub(super) fn by(layouts: impl IntoIterator<Item = &'a Layout>) -> Self {
        let spans = layouts
            .into_iter()
            .map(|layout| (layout.span().start, layout));
        let mut sorted: Vec<(usize, &Layout)> = spans.collect();
        sorted.sort_by_key(|&(start, _)| start);
        let mut stretches: HashMap<Device, Vec<Stretch<'_>>> = HashMap::new();
        for &(start, layout) in &sorted {
            let stretches = stretches.entry(layout.device()).or_default();
            let end = layout.span().end;
            match stretches.last_mut().filter(|last| start < last.end) {
                Some(last) => {
                    last.end = last.end.max(end);
                    last.layouts.push(layout);
                }
                None => stretches.push(Stretch {
                    end,
                    layouts: vec![layout],
                }),
            }
        }
        let whole = sorted.iter().map(|&(_, layout)| layout).collect();
        Self { whole, stretches }
    }

    /// Whether every element of the tensor is some parameter's.
    pub(super) fn holds(&self, layout: &Layout) -> bool {
        if self.whole.contains(layout) {
            return true;
        }
        let span = layout.span();
        let stretches = self.stretches.get(&layout.device());
        let stretches = stretches.map_or(&[][..], Vec::as_slice);
        let first = stretches.partition_point(|stretch| stretch.end <= span.start);
        let near: Vec<&Layout> = stretches[first..]
            .iter()
            .take_while(|stretch| stretch.layouts[0].span().start < span.end)
            .flat_map(|stretch| stretch.layouts.iter().copied())
            .filter(|near| near.span().start < span.end && span.start < near.span().end)
            .collect();
        sharing::is_covered(layout, &near)
    }
}

/// The store's variables by name.
pub(crate) fn variables(vs: &VarStore) -> Vec<(String, Tensor)> {
    let mut variables: Vec<_> = vs.variables().into_iter().collect();
    variables.sort_by(|(a, _), (b, _)| a.cmp(b));
    variables
}
