//! From laws and streams to values, straight into the tensors' memory.
//!
//! The engine knows only laws. Random elementwise laws of all parameters are one list of work for all threads
//! ([`elementwise`]); constants are libtorch's `fill_`; laws of a whole matrix are built by [`structured`]. With libtorch's own
//! generator as the source, [`torch`] draws instead.

mod elementwise;
mod memory;
mod progress;
mod staging;
mod structured;
pub(crate) mod threads;
mod torch;

use tch::{Device, Tensor};

pub(crate) use self::elementwise::Values;
pub use self::progress::Progress;
pub use self::torch::TorchRng;

use self::elementwise::Job;
use self::memory::Place;
use self::progress::Meter;
use crate::blueprint::PlannedStep;
use crate::numeric::extent::Extent;
use crate::numeric::source::Bits;
use crate::numeric::stream::{Key, Tag};
use crate::plan::layout::Layout;
use crate::{Entry, Error, Law, Plan, Problem, Reason, Stream};

/// Writes every parameter of a plan.
pub(crate) fn execute(
    plan: &Plan,
    bits: Bits,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Error> {
    match bits {
        Bits::Seed(seed) => execute_seeded(plan.entries(), seed, progress),
        Bits::Torch { seed, constructors } => torch::execute(plan, seed, constructors, progress),
    }
}

/// Writes these parameters, all from one seed.
pub(crate) fn execute_seeded(
    entries: &[Entry],
    seed: u64,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Error> {
    let _no_grad = tch::no_grad_guard();
    let written: Vec<&Entry> = entries
        .iter()
        .filter(|entry| entry.tied_to().is_none())
        .collect();
    let steps = written.iter().flat_map(|entry| entry.steps());
    let mut meter = Meter::new(steps.map(PlannedStep::elements).sum(), progress);
    let rounds = written
        .iter()
        .map(|entry| users_own(entry))
        .max()
        .unwrap_or(0);
    for round in 0..rounds {
        let due = |entry: &&&Entry| round < users_own(entry);
        let steps: Vec<_> = written
            .iter()
            .filter(due)
            .map(|&entry| (entry, &entry.steps()[round]))
            .collect();
        write_round(&steps, seed, &mut meter)?;
    }
    for entry in &written {
        for step in &entry.steps()[users_own(entry)..] {
            write_round(&[(entry, step)], seed, &mut meter)?;
        }
    }
    for entry in written.iter().filter(|entry| !entry.is_skipped()) {
        mark_written(&mut entry.tensor())
            .map_err(|reason| failed(entry, &entry.steps()[0], reason))?;
    }
    Ok(())
}

/// Writes one tensor by itself, under the empty path.
pub(crate) fn execute_one(
    tensor: &mut Tensor,
    layout: &Layout,
    law: &Law,
    bits: Bits,
) -> Result<(), Reason> {
    // Only a tensor that gradients flow to minds being written; for the others the guard would cost a tenth of
    // what a small tensor takes in all.
    let _no_grad = tensor.requires_grad().then(tch::no_grad_guard);
    let seed = match bits {
        Bits::Seed(seed) => seed,
        Bits::Torch { seed, .. } => return torch::execute_one(tensor, layout, law, seed),
    };
    let key = Key::new(seed, "");
    match Values::of(law)? {
        Some(values) => write_alone(tensor, layout, &values, key)?,
        None => write_serially(tensor, layout, law, &[Extent::whole(layout.shape())], key)?,
    }
    mark_written(tensor)
}

fn write_alone(
    tensor: &mut Tensor,
    layout: &Layout,
    values: &Values,
    key: Key,
) -> Result<(), Reason> {
    if threads::number_for(layout.numel()) == 1
        && let Some(piece) = memory::whole(tensor, layout)
    {
        Job { piece, key, values }.write();
        return Ok(());
    }
    write_box(tensor, layout, &Extent::whole(layout.shape()), values, key)
}

/// Writes one box by itself, directly where the memory can be written and through a buffer elsewhere.
fn write_box(
    tensor: &Tensor,
    layout: &Layout,
    extent: &Extent,
    values: &Values,
    key: Key,
) -> Result<(), Reason> {
    if layout.device() != Device::Cpu {
        return staging::write(tensor, layout, extent, values, key);
    }
    let mut tensor = tensor.shallow_clone();
    let jobs = elementwise::jobs(&mut tensor, layout, extent, Place::Own, values, key);
    elementwise::write(jobs);
    Ok(())
}

/// The first of an entry's steps that runs a user's own function, and so waits until all else is written.
fn users_own(entry: &Entry) -> usize {
    let custom = |step: &PlannedStep| matches!(step.law(), Some(Law::Custom(_)));
    entry
        .steps()
        .iter()
        .position(custom)
        .unwrap_or(entry.steps().len())
}

/// Writes at most one step of each parameter: all that can be drawn in place at once, then the rest.
fn write_round(
    steps: &[(&Entry, &PlannedStep)],
    seed: u64,
    meter: &mut Meter<'_>,
) -> Result<(), Error> {
    let values = |&(entry, step): &(&Entry, &PlannedStep)| {
        let values = step.law().map_or(Ok(None), Values::of);
        values.map_err(|reason| failed(entry, step, reason))
    };
    let values: Vec<_> = steps.iter().map(values).collect::<Result<_, _>>()?;
    let mut jobs = Vec::with_capacity(steps.len());
    for (&(entry, step), values) in steps.iter().zip(&values) {
        let key = Key::of_hash(seed, entry.stream());
        let mut tensor = entry.tensor();
        let mut draw = |values, extent: &Extent| match entry.device() {
            Device::Cpu => {
                let layout = entry.layout();
                let place = Place::Own;
                jobs.extend(elementwise::jobs(
                    &mut tensor,
                    layout,
                    extent,
                    place,
                    values,
                    key,
                ));
                Ok(())
            }
            _ => staging::write(&entry.tensor(), entry.layout(), extent, values, key)
                .map(|()| meter.add(extent.numel())),
        };
        let written = match (values, step.law()) {
            (Some(values), _) => {
                let mut blocks = step.blocks().iter();
                blocks.try_for_each(|extent| draw(values, extent))
            }
            (None, Some(law)) => {
                write_serially(&entry.tensor(), entry.layout(), law, step.blocks(), key)
                    .map(|()| meter.add(step.elements()))
            }
            (None, None) => Ok(()),
        };
        written.map_err(|reason| failed(entry, step, reason))?;
    }
    elementwise::write_told(jobs, meter);
    Ok(())
}

fn write_serially(
    tensor: &Tensor,
    layout: &Layout,
    law: &Law,
    blocks: &[Extent],
    key: Key,
) -> Result<(), Reason> {
    let mut views = blocks.iter().map(|block| view(tensor, block));
    match law {
        Law::Constant { value: 0.0 } => blocks
            .iter()
            .try_for_each(|block| clear(tensor, layout, block, key)),
        Law::Constant { value } => {
            let value = layout.dtype().nearest(*value);
            views.try_for_each(|view| fill(&mut view?, value))
        }
        Law::Custom(custom) => (0..).zip(views).try_for_each(|(block, view)| {
            custom
                .write(&mut view?, &mut Stream::with_tag(key, Tag::User, block))
                .map_err(|error| Reason::Failed(error.to_string()))
        }),
        Law::Structured(law) => structured::write(tensor, layout, law, blocks, key),
        Law::Elementwise(_) | Law::Sample(_) => {
            let Some(values) = Values::of(law)? else {
                return Ok(());
            };
            blocks
                .iter()
                .try_for_each(|block| write_box(tensor, layout, block, &values, key))
        }
    }
}

fn failed(entry: &Entry, step: &PlannedStep, reason: Reason) -> Error {
    Error::Write(Box::new(Problem {
        path: entry.path().to_owned(),
        shape: Some(entry.shape().to_vec()),
        scheme: Some(step.scheme().to_owned()),
        reason,
    }))
}

/// The view that `.i(…)` would give.
pub(crate) fn view(tensor: &Tensor, extent: &Extent) -> Result<Tensor, Reason> {
    let mut view = tensor.shallow_clone();
    if extent.is_whole() {
        return Ok(view);
    }
    let mut dim = 0;
    for span in extent.spans() {
        if span.kept {
            view = view.f_narrow(dim, span.start, span.len)?;
            dim += 1;
        } else {
            view = view.f_select(dim, span.start)?;
        }
    }
    Ok(view)
}

/// 0 everywhere in a box. Of one run of memory on one thread that is a `memset`, faster than libtorch's loop over vectors;
/// for several threads, libtorch has its own at hand.
fn clear(tensor: &Tensor, layout: &Layout, extent: &Extent, key: Key) -> Result<(), Reason> {
    let in_reach = layout.device() == Device::Cpu && layout.dtype().is_real();
    let one_run = layout.is_contiguous() && extent.runs().count == 1;
    if in_reach && one_run && threads::number_for(extent.numel()) == 1 {
        return write_box(tensor, layout, extent, &Values::Zero, key);
    }
    let _ = view(tensor, extent)?.f_zero_()?;
    Ok(())
}

/// libtorch's own fills: any kind, layout and device, as fast as memory.
fn fill(view: &mut Tensor, value: f64) -> Result<(), Reason> {
    let _ = if value.fract() == 0.0 && value.abs() < 2.0_f64.powi(63) {
        view.f_fill_(value as i64)?
    } else {
        view.f_fill_(value)?
    };
    Ok(())
}

/// Moves autograd's version counter, as an in-place operation of libtorch would, without touching an element: a copy of a
/// tensor to itself ends before the copying.
fn mark_written(tensor: &mut Tensor) -> Result<(), Reason> {
    let itself = tensor.shallow_clone();
    Ok(tensor.f_copy_(&itself)?)
}
