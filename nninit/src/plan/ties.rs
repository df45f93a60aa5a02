//! Parameters that share memory, and streams that two parameters would share.

use super::Entry;
use crate::blueprint::PlannedStep;
use crate::{Law, Problem, Reason};

/// Parameters that share memory: written once where their declarations agree, and refused where not.
pub(super) fn find_ties(entries: &mut [Entry], problems: &mut Vec<Problem>) {
    let written = |entry: &Entry| !entry.is_skipped();
    let mut spans: Vec<_> = (0..entries.len())
        .filter(|&i| written(&entries[i]))
        .map(|i| (entries[i].layout().span(), i))
        .collect();
    spans.sort_unstable_by_key(|(span, i)| (span.start, *i));
    let mut open: Vec<(usize, usize)> = Vec::new();
    for (span, i) in spans {
        open.retain(|&(end, _)| end > span.start);
        for &(_, j) in &open {
            let (first, second) = (&entries[i.min(j)], &entries[i.max(j)]);
            if !first.layout().shares_elements_with(second.layout()) {
                continue;
            }
            if first.agrees_with(second) && first.layout() != second.layout() {
                // One constant through two views: each writes what it covers.
                continue;
            }
            if first.agrees_with(second) {
                let (keeper, tied) = if first.path() <= second.path() {
                    (i.min(j), i.max(j))
                } else {
                    (i.max(j), i.min(j))
                };
                let path = entries[keeper].path().to_owned();
                let known = entries[tied].tied_to();
                if known.is_none_or(|known| path.as_str() < known) {
                    entries[tied].parameter_mut().tie(Some(path));
                }
                continue;
            }
            let other = first.path().to_owned();
            let reason = if first.layout() == second.layout() {
                Reason::Conflict {
                    other,
                    declared: first.steps()[0].scheme().to_owned(),
                }
            } else {
                Reason::PartlyShared { other }
            };
            problems.push(second.problem(reason));
        }
        open.push((span.end, i));
    }
}

impl Entry {
    /// Whether both would write the same values, were their streams the same.
    fn agrees_with(&self, other: &Self) -> bool {
        let (own, others) = (self.steps().iter(), other.steps().iter());
        let same_steps = own
            .map(PlannedStep::effect)
            .eq(others.map(PlannedStep::effect));
        let same_constant = || {
            let constant = self.constant();
            constant.is_some() && constant == other.constant()
        };
        (self.layout() == other.layout() && same_steps) || same_constant()
    }

    fn constant(&self) -> Option<&Law> {
        match self.steps() {
            [step] if step.region().is_none() => {
                step.law().filter(|law| matches!(law, Law::Constant { .. }))
            }
            _ => None,
        }
    }
}
