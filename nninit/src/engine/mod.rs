//! From laws and streams to values, straight into the tensors' memory.
//!
//! The engine knows only laws. Random elementwise laws of all parameters are one list of work for all threads
//! ([`memory`]); constants are libtorch's `fill_`; laws of a whole matrix are built by [`structured`], tables written
//! block by block. With libtorch's
//! own generator as the source, [`torch`] draws instead.
//!
//! Code of a user's may change any tensor: the generator, progress, distributions, functions. So every tensor is read
//! again before the seed is drawn, after it, and before each write that follows such code; what is no longer as planned
//! is an error. While memory is being written none of it runs: [`memory`] takes values of ours alone.

mod bound;
mod boxes;
pub(crate) mod centre;
mod first_odd;
pub(crate) mod gates;
mod given;
mod memory;
mod progress;
mod rehearsal;
mod repeated;
mod serial;
mod site;
mod slow_build;
mod staging;
mod stop;
mod structured;
pub(crate) mod threads;
mod torch;
mod users;
mod values;

use std::borrow::Cow;

use tch::{Device, Tensor};

pub use self::progress::Progress;
pub(crate) use self::repeated::once;
pub(crate) use self::site::view;
pub(crate) use self::stop::Stop;
pub use self::torch::TorchRng;
pub(crate) use self::values::Values;

use self::bound::{Bound, failed, read_again};
use self::memory::{Failure, Place, Task};
use self::progress::Meter;
use self::site::Site;
use self::values::Ours;
use crate::blueprint::PlannedStep;
use crate::numeric::blocks::Blocks;
use crate::numeric::extent::Extent;
use crate::numeric::source::Bits;
use crate::numeric::stream::Key;
use crate::plan::layout::Layout;
use crate::{Cause, Entry, Error, Law, Plan};

/// Elements that are written between two looks at the progress.
const ROUND: u64 = 1 << 24;

/// Writes every parameter of a plan. `bits` is called only if the tensors are as planned.
pub(crate) fn execute(
    plan: &Plan,
    bits: impl FnOnce() -> Bits,
    progress: Option<&mut dyn FnMut(Progress)>,
) -> Result<Bits, Error> {
    let parameters = Bound::all(plan.entries());
    read_again(&parameters, |_| true)?;
    write(plan, &parameters, bits(), progress)
}

/// Writes every parameter of a plan that was made just now, and that nobody else has.
pub(crate) fn execute_new(plan: &Plan, bits: Bits) -> Result<Bits, Error> {
    let parameters = Bound::all_alone(plan.entries());
    if let Bits::Torch { .. } = bits {
        read_again(&parameters, |_| true)?;
    }
    write(plan, &parameters, bits, None)
}

fn write(
    plan: &Plan,
    parameters: &[Bound<'_>],
    bits: Bits,
    progress: Option<&mut dyn FnMut(Progress)>,
) -> Result<Bits, Error> {
    match bits {
        Bits::Seed(seed) => write_seeded(parameters, seed, progress)?,
        Bits::Torch { seed, constructors } => {
            torch::execute(plan, parameters, seed, constructors, progress)?;
        }
    }
    Ok(bits)
}

/// Writes these parameters, all from one seed.
pub(crate) fn execute_seeded(entries: &[Entry], seed: u64) -> Result<(), Error> {
    write_seeded(&Bound::all(entries), seed, None)
}

/// Writes one tensor by itself, under the empty path.
pub(crate) fn execute_one(
    tensor: &Tensor,
    layout: &Layout,
    law: &Law,
    bits: Bits,
) -> Result<(), Cause> {
    // Only a tensor that requires gradients needs the guard, which takes a tenth of the time of a small tensor.
    let _no_grad = tensor.requires_grad().then(tch::no_grad_guard);
    let seed = match bits {
        Bits::Seed(seed) => seed,
        Bits::Torch { seed, .. } => return torch::execute_one(tensor, layout, law, seed),
    };
    let site = Site::new(tensor, layout, Key::new(seed, ""));
    if let Some(values) = Ours::of(law, layout.dtype()) {
        site.write_whole(&values)?;
    } else {
        site.read_again()?;
        let whole = Blocks::one(Extent::whole(layout.shape()));
        serial::write(&site, law, &whole)?;
    }
    site.mark_written()
}

/// Writes blocks of one tensor by itself, under the empty path.
pub(crate) fn execute_blocks(
    tensor: &Tensor,
    layout: &Layout,
    law: &Law,
    blocks: &Blocks,
    bits: Bits,
) -> Result<(), Stop> {
    let _no_grad = tch::no_grad_guard();
    // The source may have been a user's.
    layout.read_again(tensor).map_err(Stop::Before)?;
    let seed = match bits {
        Bits::Seed(seed) => seed,
        Bits::Torch { seed, .. } => {
            return torch::execute_blocks(tensor, layout, law, blocks, seed);
        }
    };
    let site = Site::new(tensor, layout, Key::new(seed, ""));
    rehearsal::of(|| site, law, blocks)
        .and_then(|()| site.read_again())
        .map_err(Stop::Before)?;
    serial::write(&site, law, blocks)
        .and_then(|()| site.mark_written())
        .map_err(Stop::Writing)
}

/// A step of a parameter, and where it is written.
#[derive(Clone, Copy)]
struct Work<'a> {
    entry: &'a Entry,
    step: &'a PlannedStep,
    site: &'a Site<'a>,
}

impl Work<'_> {
    fn failed(self, reason: Cause) -> Error {
        failed(self.entry, self.step, reason)
    }
}

fn write_seeded(
    parameters: &[Bound<'_>],
    seed: u64,
    progress: Option<&mut dyn FnMut(Progress)>,
) -> Result<(), Error> {
    let _no_grad = tch::no_grad_guard();
    let heard = progress.is_some();
    rehearsal::all(parameters, |parameter, law, blocks| {
        rehearsal::of(|| parameter.site(seed), law, blocks)
    })?;
    // Without a callback, what is drawn first is read again where it is drawn, all of it at once.
    read_again(parameters, |parameter| heard || !parameter.is_drawn_first())?;
    let sites: Vec<(&Entry, Site<'_>)> = parameters
        .iter()
        .filter(|parameter| parameter.entry.tied_to().is_none())
        .map(|parameter| (parameter.entry, parameter.site(seed)))
        .collect();
    let steps = sites.iter().flat_map(|(entry, _)| entry.steps());
    let elements = steps.map(PlannedStep::elements).sum();
    slow_build::warn(elements);
    let mut meter = Meter::new(elements, progress);
    let rounds = sites.iter().map(|(entry, _)| users_own(entry)).max();
    for round in 0..rounds.unwrap_or(0) {
        let due = sites.iter().filter(|(entry, _)| round < users_own(entry));
        let due: Vec<_> = due
            .map(|(entry, site)| Work {
                entry,
                step: &entry.steps()[round],
                site,
            })
            .collect();
        let written = write_round(&due, &mut meter);
        if round == 0 && !heard && written.is_err() {
            // Nothing is written yet. Where a tensor has changed, the error names all that have.
            read_again(parameters, |_| true)?;
        }
        written?;
    }
    for (entry, site) in &sites {
        for step in &entry.steps()[users_own(entry)..] {
            write_round(&[Work { entry, step, site }], &mut meter)?;
        }
    }
    for (entry, site) in sites.iter().filter(|(entry, _)| !entry.is_skipped()) {
        site.mark_written()
            .map_err(|reason| failed(entry, &entry.steps()[0], reason))?;
    }
    Ok(())
}

/// The first of an entry's steps that runs code of a user's, and so waits until all else is written.
fn users_own(entry: &Entry) -> usize {
    let users = |step: &PlannedStep| {
        matches!(
            step.law(),
            Some(Law::ByIndex(_) | Law::Mapped(_) | Law::Sample(_) | Law::Custom(_))
        )
    };
    let steps = entry.steps();
    steps.iter().position(users).unwrap_or(steps.len())
}

/// Writes at most one step of each parameter: all that can be drawn in place at once, then the rest.
fn write_round(steps: &[Work<'_>], meter: &mut Meter<'_>) -> Result<(), Error> {
    let values: Vec<Option<Ours>> = steps
        .iter()
        .map(|work| Ours::of_step(work.step, work.site.layout()))
        .collect();
    let (mut direct, mut staged, mut rest) = (Group::default(), Group::default(), Vec::new());
    for (&work, values) in steps.iter().zip(&values) {
        match values {
            Some(values) => {
                let on_cpu = work.entry.device() == Device::Cpu;
                let group = if on_cpu { &mut direct } else { &mut staged };
                group.works.push(work);
                group.tasks.push(Task {
                    site: work.site,
                    extent: Cow::Borrowed(work.step.blocks().joined()),
                    place: Place::Own,
                    values,
                });
            }
            None => rest.push(work),
        }
    }
    for (group, write) in [
        (direct, memory::write as Write),
        (staged, staging::write_all),
    ] {
        if meter.is_heard() {
            group.write_in_rounds(write, meter)?;
        } else {
            group.write(write)?;
        }
    }
    for work in rest {
        let Some(law) = work.step.law() else {
            continue;
        };
        // A callback may have run meanwhile.
        let as_planned = if meter.is_heard() {
            work.site.read_again()
        } else {
            Ok(())
        };
        as_planned
            .and_then(|()| serial::write(work.site, law, work.step.blocks()))
            .map_err(|reason| work.failed(reason))?;
        meter.add(work.step.elements());
    }
    Ok(())
}

type Write = fn(&[Task<'_>]) -> Result<(), Failure>;

/// Tasks that are done together, and the step that each is of.
#[derive(Default)]
struct Group<'a> {
    works: Vec<Work<'a>>,
    tasks: Vec<Task<'a>>,
}

impl Group<'_> {
    fn write(&self, write: Write) -> Result<(), Error> {
        write(&self.tasks).map_err(|failure| self.works[failure.task].failed(failure.reason))
    }

    /// Writes a bounded number of elements at a time, and tells of it in between.
    fn write_in_rounds(&self, write: Write, meter: &mut Meter<'_>) -> Result<(), Error> {
        let (mut due, mut elements) = (Group::default(), 0);
        for (&work, task) in self.works.iter().zip(&self.tasks) {
            for part in task.extent.clone().into_owned().parts(ROUND) {
                if elements + part.numel() > ROUND {
                    due.write(write)?;
                    meter.add(elements);
                    (elements, due) = (0, Group::default());
                }
                elements += part.numel();
                due.works.push(work);
                due.tasks.push(Task {
                    extent: Cow::Owned(part),
                    ..*task
                });
            }
        }
        due.write(write)?;
        meter.add(elements);
        Ok(())
    }
}
