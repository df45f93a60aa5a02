//! Parameters that share memory, and streams that two parameters would share.

use std::collections::{BTreeMap, HashMap, hash_map};

use super::layout::Layout;
use super::{Entry, sharing};
use crate::blueprint::PlannedStep;
use crate::{Cause, Law, Problem};

/// Parameters that share memory: written once where their declarations agree, and refused where not.
pub(super) fn find_ties(entries: &mut [Entry], problems: &mut Vec<Problem>) {
    let mut places: HashMap<&Layout, usize> = HashMap::with_capacity(entries.len());
    // The first in each place, and all where there are several; in declaration order.
    let mut firsts: Vec<usize> = Vec::with_capacity(entries.len());
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate().filter(|(_, e)| !e.is_skipped()) {
        match places.entry(entry.layout()) {
            hash_map::Entry::Occupied(first) => {
                let first = *first.get();
                groups
                    .entry(first)
                    .or_insert_with(|| vec![first])
                    .push(index);
            }
            hash_map::Entry::Vacant(place) => {
                place.insert(index);
                firsts.push(index);
            }
        }
    }
    let mut refused: BTreeMap<usize, Cause> = partly_shared(entries, &firsts);
    let mut ties: Vec<(usize, String)> = Vec::new();
    for (first, group) in groups {
        let first = &entries[first];
        let (tied, others): (Vec<usize>, Vec<usize>) = group
            .into_iter()
            .partition(|&index| entries[index].agrees_with(first));
        for other in others {
            let conflict = Cause::Conflict {
                other: first.path().to_owned(),
                declared: first.steps()[0].scheme().to_owned(),
            };
            refused.insert(other, conflict);
        }
        let keeper = tied
            .iter()
            .copied()
            .min_by_key(|&index| entries[index].path());
        for index in tied {
            if let Some(keeper) = keeper.filter(|&keeper| keeper != index) {
                ties.push((index, entries[keeper].path().to_owned()));
            }
        }
    }
    problems.extend(
        refused
            .into_iter()
            .map(|(index, reason)| entries[index].problem(reason)),
    );
    for (index, keeper) in ties {
        entries[index].parameter_mut().tie(Some(keeper));
    }
}

/// Those that share some elements with one declared before, and not all.
fn partly_shared(entries: &[Entry], firsts: &[usize]) -> BTreeMap<usize, Cause> {
    // Two views with one constant are no conflict: each writes what it covers.
    let mut constants: HashMap<_, usize> = HashMap::new();
    let sites: Vec<(&Layout, usize)> = firsts
        .iter()
        .enumerate()
        .map(|(place, &first)| {
            let entry = &entries[first];
            let class = match entry.constant() {
                Some(Law::Constant { value }) => {
                    let key = (value.to_bits(), entry.kind());
                    *constants.entry(key).or_insert(place)
                }
                _ => place,
            };
            (entry.layout(), class)
        })
        .collect();
    let mut refused: BTreeMap<usize, Cause> = BTreeMap::new();
    for (a, b) in sharing::shared(&sites) {
        let (a, b) = (firsts[a], firsts[b]);
        let other = entries[a.min(b)].path().to_owned();
        refused
            .entry(a.max(b))
            .or_insert(Cause::PartlyShared { other });
    }
    refused
}

impl Entry {
    /// Whether both would write the same values if their streams were the same.
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
