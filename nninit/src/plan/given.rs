//! Values that are given in memory which the plan itself writes.

use super::layout::Layout;
use super::{Entry, sharing};
use crate::blueprint::PlannedStep;
use crate::numeric::law::Given;
use crate::{Cause, Law, Problem};

/// Refuses values that are read where some step writes: what they are would depend on the order.
pub(super) fn find_written(entries: &[Entry], problems: &mut Vec<Problem>) {
    let untied = || entries.iter().filter(|entry| entry.tied_to().is_none());
    let read: Vec<(&Entry, &PlannedStep, Layout)> = untied()
        .flat_map(|entry| entry.steps().iter().map(move |step| (entry, step)))
        .filter_map(|(entry, step)| Some((entry, step, lies(step.law()?)?)))
        .collect();
    if read.is_empty() {
        return;
    }
    let written: Vec<(&Entry, Layout)> = untied()
        .flat_map(|entry| entry.steps().iter().map(move |step| (entry, step)))
        .filter(|(_, step)| step.law().is_some())
        .map(|(entry, step)| (entry, entry.layout().of_box(step.blocks().joined())))
        .collect();
    for (entry, step, layout) in read {
        if let Some(other) = first_shared(&layout, &written) {
            problems.push(Problem {
                path: entry.path().to_owned(),
                shape: Some(entry.shape().to_vec()),
                scheme: Some(step.scheme().to_owned()),
                reason: Cause::GivenWritten {
                    other: other.path().to_owned(),
                }
                .into(),
            });
        }
    }
}

/// Whether a step that stands alone reads what it writes.
pub(crate) fn is_written(law: &Law, layout: &Layout, step: &PlannedStep) -> bool {
    let Some(source) = lies(law) else {
        return false;
    };
    let written = layout.of_box(step.blocks().joined());
    !sharing::shared(&[(&source, 0), (&written, 1)]).is_empty()
}

fn first_shared<'a>(layout: &Layout, written: &[(&'a Entry, Layout)]) -> Option<&'a Entry> {
    let of = |(_, written): &&(&Entry, Layout)| {
        written.device() == layout.device()
            && written.span().start < layout.span().end
            && layout.span().start < written.span().end
            && !sharing::shared(&[(layout, 0), (written, 1)]).is_empty()
    };
    written.iter().find(of).map(|(entry, _)| *entry)
}

/// Where the values of a law lie, if they are a tensor's.
fn lies(law: &Law) -> Option<Layout> {
    let Law::Given(given) = law else { return None };
    Layout::to_read(&Given::held(given)?.tensor()).ok()
}
