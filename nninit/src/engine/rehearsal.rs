//! What can only be told of the values themselves: tried before anything is written.

use super::bound::{Bound, problem, refuse};
use super::site::Site;
use super::values::Users;
use super::{given, users};
use crate::numeric::blocks::Blocks;
use crate::{Cause, Error, Law};

/// Tries what can only be told of values themselves, before anything is written: what is wrong of all of them at once.
pub(super) fn all(
    parameters: &[Bound<'_>],
    try_one: impl Fn(&Bound<'_>, &Law, &Blocks) -> Result<(), Cause>,
) -> Result<(), Error> {
    let mut problems = Vec::new();
    for parameter in parameters {
        let entry = parameter.entry;
        if entry.tied_to().is_some() {
            continue;
        }
        for step in entry.steps() {
            let Some(law) = step.law() else { continue };
            if let Err(reason) = try_one(parameter, law, step.blocks()) {
                problems.push(problem(entry, step, reason));
            }
        }
    }
    refuse(problems, parameters)
}

/// Tries one law: the function that a law's draws go through, and the values that are given.
pub(super) fn of<'a>(
    site: impl FnOnce() -> Site<'a>,
    law: &Law,
    blocks: &Blocks,
) -> Result<(), Cause> {
    match law {
        Law::Given(given) => given::rehearse(given, site().layout().dtype()),
        Law::Mapped(_) => {
            let site = site();
            match Users::of(law, site.layout().shape())? {
                Some(values) => {
                    let (dtype, once) = (site.layout().dtype(), blocks.unrepeated());
                    users::rehearse(dtype, site.key(), once.joined(), &values)
                }
                None => Ok(()),
            }
        }
        _ => Ok(()),
    }
}
