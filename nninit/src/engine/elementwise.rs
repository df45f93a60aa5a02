//! Laws whose every element is drawn by itself: one list of work for all threads.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use half::{bf16, f16};
use tch::Tensor;

use super::memory::{self, Piece, Place};
use super::progress::Meter;
use super::structured::Sparse;
use super::threads;
use crate::numeric::extent::Extent;
use crate::numeric::law::Drawer;
use crate::numeric::stream::{Key, Tag};
use crate::plan::layout::Layout;
use crate::sample::Sampler;
use crate::sample::element::Element;
use crate::{Dtype, Elementwise, Law, Reason, Stream};

/// Elements to write, and what to write there.
pub(crate) struct Job<'a> {
    pub(crate) piece: Piece<'a>,
    pub(crate) key: Key,
    pub(crate) values: &'a Values,
}

/// How values are drawn, ready to be drawn.
pub(crate) enum Values {
    Sampler(Sampler),
    Sample(Drawer),
    Sparse(Sparse),
    Zero,
}

/// Elements that share a substream of a user's distribution.
const BLOCK: u64 = 1024;

/// The jobs that write `values` to the box `extent`, in memory on the CPU that `layout` was read of.
pub(super) fn jobs<'a>(
    tensor: &mut Tensor,
    layout: &'a Layout,
    extent: &Extent,
    place: Place,
    values: &'a Values,
    key: Key,
) -> Vec<Job<'a>> {
    let pieces = memory::cut(tensor, layout, extent, place);
    let job = |piece| Job { piece, key, values };
    pieces.into_iter().map(job).collect()
}

/// Writes every job, on as many threads as libtorch would use.
pub(crate) fn write(jobs: Vec<Job<'_>>) {
    let elements = jobs.iter().map(|job| job.piece.numel()).sum();
    threads::share(jobs, elements, Job::write, || ());
}

/// As [`write`], telling the meter on this thread alone.
pub(super) fn write_told(jobs: Vec<Job<'_>>, meter: &mut Meter<'_>) {
    let elements = jobs.iter().map(|job| job.piece.numel()).sum();
    let counter = Arc::clone(meter.counter());
    let write = |job: Job<'_>| {
        let elements = job.piece.numel();
        job.write();
        counter.fetch_add(elements, Ordering::Relaxed);
    };
    threads::share(jobs, elements, write, || meter.tell());
    meter.tell();
}

impl Job<'_> {
    /// Writes it on this thread.
    pub(super) fn write(self) {
        match self.piece.dtype() {
            Dtype::F64 => self.write_as::<f64>(),
            Dtype::F32 => self.write_as::<f32>(),
            Dtype::F16 => self.write_as::<f16>(),
            Dtype::BF16 => self.write_as::<bf16>(),
            other => unreachable!("the plan lets no random law onto {other}"),
        }
    }

    fn write_as<T: Element>(self) {
        let Self { piece, key, values } = self;
        piece.write::<T>(|first, out| values.fill(key, first, out));
    }
}

impl Values {
    /// How `law` is drawn, if its elements are drawn by themselves.
    ///
    /// # Errors
    ///
    /// For a distribution of which only the name is known.
    pub(crate) fn of(law: &Law) -> Result<Option<Self>, Reason> {
        Ok(match law {
            Law::Elementwise(law) => Some(Self::Sampler(Sampler::new(law))),
            Law::Sample(sample) => Some(Self::Sample(sample.drawer()?)),
            Law::Constant { .. } | Law::Structured(_) | Law::Custom(_) => None,
        })
    }

    /// Normal with mean 0.
    pub(crate) fn normal(std: f64) -> Self {
        Self::Sampler(Sampler::new(&Elementwise::Normal { mean: 0.0, std }))
    }

    /// The values of the elements from `first` on.
    pub(crate) fn fill<T: Element>(&self, key: Key, first: u64, out: &mut [T]) {
        match self {
            Self::Sampler(sampler) => sampler.fill(key, first, out),
            Self::Sample(sample) => fill_in_blocks(sample, key, first, out),
            Self::Sparse(sparse) => sparse.fill(key, first, out),
            Self::Zero => out.fill(T::default()),
        }
    }
}

/// Draws whole blocks, each from its own substream, so that no value depends on how the work was cut.
fn fill_in_blocks<T: Element>(sample: &Drawer, key: Key, first: u64, mut out: &mut [T]) {
    let mut values = [0.0; BLOCK as usize];
    let mut first = first;
    while !out.is_empty() {
        let (block, skipped) = (first / BLOCK, (first % BLOCK) as usize);
        let count = out.len().min(values.len() - skipped);
        sample.fill(
            &mut Stream::with_tag(key, Tag::Sample, block),
            &mut values[..skipped + count],
        );
        let (head, tail) = out.split_at_mut(count);
        for (out, &value) in head.iter_mut().zip(&values[skipped..]) {
            *out = T::from_draw(T::nearest(value));
        }
        (out, first) = (tail, first + count as u64);
    }
}
