//! Parameters that share memory, and streams that two parameters would share.

use std::collections::HashMap;

use super::{Entry, PlannedStep};
use crate::numeric::extent::Extent;
use crate::{Law, Problem, Reason};

/// Two streams that hash alike would give two parameters the same draws.
pub(super) fn find_equal_streams(entries: &[Entry], problems: &mut Vec<Problem>) {
    let mut first: HashMap<u64, &Entry> = HashMap::with_capacity(entries.len());
    for entry in entries {
        if let Some(other) = first.insert(entry.stream, entry) {
            problems.push(entry.problem(Reason::SameStream {
                other: other.path.clone(),
            }));
        }
    }
}

/// Parameters that share memory: written once where their declarations agree, and refused where not.
pub(super) fn find_ties(entries: &mut [Entry], problems: &mut Vec<Problem>) {
    let written = |entry: &Entry| !entry.is_skipped();
    let mut spans: Vec<_> = (0..entries.len())
        .filter(|&i| written(&entries[i]))
        .map(|i| (entries[i].layout.span(), i))
        .collect();
    spans.sort_unstable_by_key(|(span, i)| (span.start, *i));
    let mut open: Vec<(usize, usize)> = Vec::new();
    for (span, i) in spans {
        open.retain(|&(end, _)| end > span.start);
        for &(_, j) in &open {
            let (first, second) = (&entries[i.min(j)], &entries[i.max(j)]);
            if !first.layout.shares_elements_with(&second.layout) {
                continue;
            }
            if first.agrees_with(second) && first.layout != second.layout {
                // One constant through two views: each writes what it covers.
                continue;
            }
            if first.agrees_with(second) {
                let (keeper, tied) = if first.path <= second.path {
                    (i.min(j), i.max(j))
                } else {
                    (i.max(j), i.min(j))
                };
                let path = entries[keeper].path.clone();
                let better = entries[tied]
                    .tied_to
                    .as_ref()
                    .is_none_or(|known| path < *known);
                if better {
                    entries[tied].tied_to = Some(path);
                }
                continue;
            }
            let other = first.path.clone();
            let reason = if first.layout == second.layout {
                Reason::Conflict {
                    other,
                    declared: first.steps[0].scheme.to_string(),
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
        let same_steps = self
            .steps
            .iter()
            .map(PlannedStep::effect)
            .eq(other.steps.iter().map(PlannedStep::effect));
        let same_constant = || {
            let constant = self.constant();
            constant.is_some() && constant == other.constant()
        };
        (self.layout == other.layout && same_steps) || same_constant()
    }

    fn constant(&self) -> Option<&Law> {
        match &self.steps[..] {
            [
                PlannedStep {
                    law: law @ Some(Law::Constant { .. }),
                    region: None,
                    ..
                },
            ] => law.as_ref(),
            _ => None,
        }
    }
}

impl PlannedStep {
    fn effect(&self) -> (Option<&Law>, &[Extent]) {
        (self.law.as_ref(), &self.blocks)
    }
}
