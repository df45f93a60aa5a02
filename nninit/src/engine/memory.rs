//! Writing to tensor memory.
//!
//! This file and the dispatch to SIMD levels alone hold `unsafe`. No pointer into a tensor leaves it: [`write`] reads
//! the tensors' layouts, writes, and joins its threads in one call. It writes [`Ours`], which hold no user's code, so
//! none can run between the reading of a layout and the last byte.
//!
//! Another thread may have a handle to the same storage. libtorch lets it resize or free what is being written, here as
//! in any operation of libtorch's own, and nothing here can prevent that.
#![allow(unsafe_code)]

use std::borrow::Cow;
use std::ops::Range;

use half::{bf16, f16};
use tch::{Device, Kind, TchError, Tensor};

use super::site::Site;
use super::threads::{self, PIECE};
use super::values::Ours;
use crate::numeric::extent::{Cut, Extent, Runs};
use crate::numeric::stream::Key;
use crate::plan::layout::{Layout, row_major};
use crate::sample::element::Element;
use crate::{Cause, Dtype};

/// Values for strided memory are made in a buffer of this many.
const SCATTER: usize = 1024;

/// A box of a tensor on the CPU, and the values that belong there.
pub(super) struct Task<'a> {
    pub(super) site: &'a Site<'a>,
    pub(super) extent: Cow<'a, Extent>,
    pub(super) place: Place,
    pub(super) values: &'a Ours,
}

/// Where in the memory the elements of a box belong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The memory is the whole tensor's: each has its own place.
    Own,
    /// The memory is a buffer: one after the other, from this element on.
    Packed { first: u64 },
}

/// A task that could not be done.
#[derive(Debug)]
pub(super) struct Failure {
    /// Its place among the tasks.
    pub(super) task: usize,
    pub(super) reason: Cause,
}

/// Does the tasks, on as many threads as libtorch would use. All layouts are read again before the first byte is
/// written.
pub(super) fn write(tasks: &[Task<'_>]) -> Result<(), Failure> {
    for (task, Task { site, .. }) in tasks.iter().enumerate() {
        let failure = |reason| Failure { task, reason };
        site.read_again()
            .and_then(|()| in_reach(site))
            .map_err(failure)?;
    }
    let elements = tasks.iter().map(|task| task.extent.numel()).sum();
    if threads::number_for(elements) == 1 {
        for task in tasks {
            let runs = task.runs();
            runs.cuts(PIECE)
                .for_each(|cut| task.piece(cut).write(&runs));
        }
        return Ok(());
    }
    for wave in apart(tasks) {
        let runs: Vec<Runs> = wave.iter().map(|task| task.runs()).collect();
        let mut pieces = Vec::with_capacity(wave.len());
        for (task, runs) in wave.iter().zip(&runs) {
            pieces.extend(runs.cuts(PIECE).map(|cut| (task.piece(cut), runs)));
        }
        let size = |(piece, _): &(Piece<'_>, _)| piece.cut.numel();
        threads::share_unequal(pieces, elements, size, |(piece, runs)| piece.write(runs));
    }
    Ok(())
}

/// Writes all of one tensor: as [`write`], at a fraction of its cost where the tensor is small.
pub(super) fn write_whole(site: &Site<'_>, values: &Ours) -> Result<(), Cause> {
    let layout = site.layout();
    if threads::number_for(layout.numel()) > 1 || !layout.is_contiguous() {
        return write_box(site, &Extent::whole(layout.shape()), Place::Own, values);
    }
    site.read_again()?;
    in_reach(site)?;
    if layout.numel() == 0 {
        return Ok(());
    }
    let numbers = layout.numbers().numel();
    let runs = Runs::one(numbers);
    let whole = Cut {
        rows: 0..1,
        within: 0..numbers,
    };
    Piece::new(site, Place::Own, values, whole).write(&runs);
    Ok(())
}

/// Writes one box.
pub(super) fn write_box(
    site: &Site<'_>,
    extent: &Extent,
    place: Place,
    values: &Ours,
) -> Result<(), Cause> {
    let task = Task {
        site,
        extent: Cow::Borrowed(extent),
        place,
        values,
    };
    write(&[task]).map_err(|failure| failure.reason)
}

/// Does tasks whose tensors are elsewhere, on another device say: each batch of them is drawn into one of so many
/// buffers, and copied to where it belongs while the next ones are drawn. A batch is of one kind and one device.
pub(super) fn write_through_buffers(
    tasks: &[Task<'_>],
    batches: &[Range<usize>],
    buffers: usize,
) -> Result<(), Failure> {
    let mut staged = Vec::with_capacity(batches.len());
    let mut made = Vec::with_capacity(buffers);
    let bytes = |task: &Task<'_>| task.extent.numel() as usize * task.site.layout().element_size();
    let most = batches
        .iter()
        .map(|batch| tasks[batch.clone()].iter().map(bytes).sum());
    let most = most.max().unwrap_or(0);
    for batch in batches {
        let failure = |reason| Failure {
            task: batch.start,
            reason,
        };
        let device = tasks[batch.start].site.layout().device();
        if made.len() < buffers {
            made.push(buffer_for(most, device).map_err(failure)?);
        }
        let buffer = &made[staged.len() % buffers];
        let of = Batch::new(&tasks[batch.clone()], buffer).map_err(failure)?;
        staged.push((of, batch.start));
    }
    let elements = tasks.iter().map(|task| task.extent.numel()).sum();
    threads::in_turns(
        staged.len(),
        buffers,
        elements,
        |number| staged[number].0.pieces(),
        |(piece, runs)| piece.write(runs),
        |number| {
            let (batch, first) = &staged[number];
            batch.copy().map_err(|mut failure| {
                failure.task += first;
                failure
            })
        },
    )
}

/// Memory on the CPU that `device` copies from at its best.
fn buffer_for(bytes: usize, device: Device) -> Result<Tensor, Cause> {
    /// Of complex numbers of two f64.
    const LARGEST_ELEMENT: usize = 16;
    let bytes = bytes.max(1).next_multiple_of(LARGEST_ELEMENT) as i64;
    let on_cpu = (Kind::Uint8, Device::Cpu);
    // Without pinned memory the copy is slower, and nothing else.
    let pinned = || -> Result<Tensor, TchError> {
        // libtorch pins by copying. Of its first byte and its last alone, no page between them is ever touched.
        let ends = Tensor::f_empty_strided([2], [bytes - 1], on_cpu)?;
        let ends = ends.f_internal_pin_memory(device)?;
        ends.f_as_strided([bytes], [1], None::<i64>)
    };
    match device.is_cuda().then(pinned) {
        Some(Ok(pinned)) => Ok(pinned),
        _ => Ok(Tensor::f_empty([bytes], on_cpu)?),
    }
}

/// Tasks whose values stand one after the other in a buffer.
struct Batch<'t, 'a> {
    tasks: &'t [Task<'a>],
    runs: Vec<Runs>,
    buffer: Tensor,
    layout: Layout,
}

impl<'t, 'a> Batch<'t, 'a> {
    fn new(tasks: &'t [Task<'a>], buffer: &Tensor) -> Result<Self, Cause> {
        let buffer = buffer.f_view_dtype(tasks[0].site.layout().kind())?;
        let layout = Layout::of(&buffer)?;
        in_reach(&Site::new(&buffer, &layout, tasks[0].site.key()))?;
        Ok(Self {
            tasks,
            runs: tasks.iter().map(Task::runs).collect(),
            buffer,
            layout,
        })
    }

    /// Each task with the place in the buffer where its elements begin.
    fn places(&self) -> impl Iterator<Item = (&'t Task<'a>, u64)> {
        self.tasks.iter().scan(0, |next, task| {
            let first = *next;
            *next += task.extent.numel();
            Some((task, first))
        })
    }

    fn pieces(&self) -> Vec<(Piece<'_>, &Runs)> {
        let numbers = self.layout.numbers().numel() / self.layout.numel();
        let mut pieces = Vec::with_capacity(self.tasks.len());
        for ((task, first), runs) in self.places().zip(&self.runs) {
            let site = Site::new(&self.buffer, &self.layout, task.site.key());
            let place = Place::Packed {
                first: first * numbers,
            };
            let piece = |cut| (Piece::new(&site, place, task.values, cut), runs);
            pieces.extend(runs.cuts(PIECE).map(piece));
        }
        pieces
    }

    /// Copies what has been drawn to where it belongs. Many small boxes cross to their device as one.
    fn copy(&self) -> Result<(), Failure> {
        let drawn = self
            .on_device()
            .map_err(|reason| Failure { task: 0, reason })?;
        for (number, (task, first)) in self.places().enumerate() {
            let copied = || -> Result<(), Cause> {
                let shape = task.extent.shape();
                let values = drawn.f_as_strided(&shape, row_major(&shape), first as i64)?;
                Ok(task.site.view(&task.extent)?.f_copy_(&values)?)
            };
            copied().map_err(|reason| Failure {
                task: number,
                reason,
            })?;
        }
        Ok(())
    }

    fn on_device(&self) -> Result<Tensor, Cause> {
        let [first, _, ..] = self.tasks else {
            return Ok(self.buffer.shallow_clone());
        };
        let elements: u64 = self.tasks.iter().map(|task| task.extent.numel()).sum();
        let drawn = self.buffer.f_narrow(0, 0, elements as i64)?;
        Ok(drawn.f_to_device(first.site.layout().device())?)
    }
}

/// Whether the elements can be written here: floats, or complex numbers of them, in the CPU's memory, aligned.
fn in_reach(site: &Site<'_>) -> Result<(), Cause> {
    let layout = site.layout().numbers();
    let dtype = layout.dtype();
    if !dtype.is_real() {
        return Err(Cause::NotReal { dtype });
    }
    if layout.device() != Device::Cpu || !layout.address().is_multiple_of(layout.element_size()) {
        let text = "its memory cannot be written directly: it is on another device, or not aligned";
        return Err(Cause::Failed(text.to_owned()));
    }
    Ok(())
}

/// The tasks in groups within which no two share memory; one group is done after the other. Tasks whose spans overlap,
/// such as columns of one buffer, stand in different groups.
fn apart<'t, 'a>(tasks: &'t [Task<'a>]) -> Vec<Vec<&'t Task<'a>>> {
    let mut by_start: Vec<_> = tasks
        .iter()
        .map(|task| (task.site.layout().span(), task))
        .collect();
    by_start.sort_by_key(|(span, _)| span.start);
    let mut waves: Vec<(usize, Vec<_>)> = Vec::new();
    for (span, task) in by_start {
        match waves.iter_mut().find(|(end, _)| *end <= span.start) {
            Some((end, wave)) => {
                *end = span.end;
                wave.push(task);
            }
            None => waves.push((span.end, vec![task])),
        }
    }
    waves.into_iter().map(|(_, wave)| wave).collect()
}

impl<'a> Task<'a> {
    /// The real numbers that the box has.
    fn runs(&self) -> Runs {
        self.site.layout().box_of_numbers(&self.extent).runs()
    }

    fn piece(&self, cut: Cut) -> Piece<'a> {
        Piece::new(self.site, self.place, self.values, cut)
    }
}

/// Some elements of a tensor that nobody else writes meanwhile, and their values.
struct Piece<'a> {
    layout: &'a Layout,
    first: *mut u8,
    place: Place,
    values: &'a Ours,
    key: Key,
    cut: Cut,
}

// SAFETY: a piece is an address and a description of what lies there, which may be used from any thread. The pieces
// that `write` shares among threads cover no element twice: the cuts of a box are apart from one another, and so is the
// memory of the tasks of one wave. libtorch does not look at the tensors before `write` returns. In
// `write_through_buffers` the memory is a buffer that only this file knows of: the tasks of a batch have places of
// their own in it, and the next batch whose buffer it is too is not cut into pieces before this one has been copied.
unsafe impl Send for Piece<'_> {}

impl<'a> Piece<'a> {
    /// Part of a site whose layout has just been read again, and found to be in reach.
    fn new(site: &Site<'a>, place: Place, values: &'a Ours, cut: Cut) -> Self {
        Self {
            layout: site.layout().numbers(),
            first: site.first_byte(),
            place,
            values,
            key: site.key(),
            cut,
        }
    }

    /// Writes it on this thread. `runs` are those that the piece is cut from.
    fn write(self, runs: &Runs) {
        match self.layout.dtype() {
            Dtype::F64 => self.write_as::<f64>(runs),
            Dtype::F16 => self.write_as::<f16>(runs),
            Dtype::BF16 => self.write_as::<bf16>(runs),
            // All others have been refused.
            _ => self.write_as::<f32>(runs),
        }
    }

    fn write_as<T: Element>(self, runs: &Runs) {
        assert_eq!(
            size_of::<T>(),
            self.layout.element_size(),
            "elements are written as what they are"
        );
        let len = self.cut.within.end - self.cut.within.start;
        for row in self.cut.rows.clone() {
            let index = runs.start(row) + self.cut.within.start;
            let position = match self.place {
                Place::Own => index,
                Place::Packed { first } => first + row * runs.len + self.cut.within.start,
            };
            assert!(position + len <= self.layout.numel(), "the elements exist");
            self.write_run::<T>(index, position, len);
        }
    }

    fn write_run<T: Element>(&self, index: u64, position: u64, len: u64) {
        let first = self.first.cast::<T>();
        if self.layout.is_contiguous() {
            // SAFETY: the elements exist (checked by `write_as`, in a tensor that is as its layout says), follow one
            // another and are aligned (`in_reach`), and no other piece covers them. Every bit pattern is a value of
            // `T`, a float kind.
            let out = unsafe {
                std::slice::from_raw_parts_mut(first.add(position as usize), len as usize)
            };
            return self.values.fill(self.key, index, out);
        }
        let mut values = [T::default(); SCATTER];
        for done in (0..len).step_by(SCATTER) {
            let values = &mut values[..(len - done).min(SCATTER as u64) as usize];
            self.values.fill(self.key, index + done, values);
            for (position, &value) in (position + done..).zip(values.iter()) {
                // SAFETY: `offset` leads to an element that exists, and no other piece covers it.
                unsafe { first.offset(self.layout.offset(position)).write(value) };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Law;

    const FLOAT: (Kind, Device) = (Kind::Float, Device::Cpu);

    fn on_layouts<R>(tensors: &[Tensor], with: impl FnOnce(&[Task<'_>]) -> R) -> R {
        let values = Ours::of(&Law::uniform(1.0, 2.0), Dtype::F32).unwrap();
        let layouts: Vec<_> = tensors.iter().map(|of| Layout::of(of).unwrap()).collect();
        let key = Key::new(42, "weight");
        let sites: Vec<_> = tensors
            .iter()
            .zip(&layouts)
            .map(|(tensor, layout)| Site::new(tensor, layout, key))
            .collect();
        let task = |site: &Site<'_>| Extent::whole(site.layout().shape());
        let extents: Vec<_> = sites.iter().map(task).collect();
        let tasks: Vec<_> = sites
            .iter()
            .zip(&extents)
            .map(|(site, extent)| Task {
                site,
                extent: Cow::Borrowed(extent),
                place: Place::Own,
                values: &values,
            })
            .collect();
        with(&tasks)
    }

    /// Two handles to one memory, which a safe caller may bring: never at once.
    #[test]
    fn tasks_that_share_memory_are_done_one_after_the_other() {
        let tensor = Tensor::zeros([1000, 1000], FLOAT);
        let columns = |from, len| tensor.narrow(1, from, len);
        let tensors = [
            tensor.shallow_clone(),
            columns(0, 500),
            columns(500, 500),
            Tensor::zeros([3], FLOAT),
            tensor.narrow(0, 0, 1),
            tensor.narrow(0, 1, 1),
        ];
        on_layouts(&tensors, |tasks| {
            let waves = apart(tasks);
            assert_eq!(waves.iter().map(Vec::len).sum::<usize>(), tensors.len());
            for wave in &waves {
                let spans = wave.iter().map(|task| task.site.layout().span());
                assert!(spans.is_sorted_by(|before, after| before.end <= after.start));
            }
            assert!(waves.len() >= 3);
            write(tasks).unwrap();
        });
        assert!(tensor.min().double_value(&[]) >= 1.0);
    }

    #[test]
    fn a_task_out_of_reach_fails_before_anything_is_written() {
        let tensors = [
            Tensor::zeros([3], FLOAT),
            Tensor::zeros([3], (Kind::Int64, Device::Cpu)),
        ];
        let failure = on_layouts(&tensors, |tasks| write(tasks).unwrap_err());
        assert_eq!(failure.task, 1);
        assert!(matches!(failure.reason, Cause::NotReal { .. }));
        assert_eq!(tensors[0].max().double_value(&[]), 0.0);
    }
}
