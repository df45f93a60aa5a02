//! Values for tensors that cannot be written directly: made on the CPU a buffer at a time, and copied.

use std::borrow::Cow;
use std::ops::Range;

use tch::Tensor;

use super::memory::{self, Failure, Place, Task};
use super::site::Site;
use super::values::Ours;
use crate::Cause;
use crate::numeric::extent::Extent;
use crate::plan::layout::Layout;

/// Elements of a buffer: 16 MiB of f32, little beside a model and enough to keep a copy busy.
pub(super) const BUFFER: u64 = 1 << 22;

/// Elements that are copied to another device in one go: 8 MiB of f32, a sixth of a millisecond on a fast bus.
const BATCH: u64 = 1 << 21;

/// Buffers for what is drawn and not yet copied: so many that no thread which draws goes to sleep in between. To wake
/// it takes as long as to draw a batch.
const BUFFERS: usize = 4;

/// Does the tasks whatever their devices: what has been drawn is copied while the next is drawn, and small tensors go
/// together.
pub(super) fn write_all(tasks: &[Task<'_>]) -> Result<(), Failure> {
    for (task, Task { site, .. }) in tasks.iter().enumerate() {
        let failure = |reason| Failure { task, reason };
        site.read_again().map_err(failure)?;
    }
    let (mut parts, mut of, mut batches) = (Vec::new(), Vec::new(), Vec::<Range<usize>>::new());
    let mut elements = 0;
    for (number, task) in tasks.iter().enumerate() {
        for part in task.extent.clone().into_owned().parts(BATCH) {
            let goes_with = |last: &Range<usize>| {
                let last: &Task<'_> = &parts[last.start];
                let (last, own) = (last.site.layout(), task.site.layout());
                (last.kind(), last.device()) == (own.kind(), own.device())
                    && elements + part.numel() <= BATCH
            };
            if batches.last().is_some_and(goes_with) {
                elements += part.numel();
            } else {
                batches.push(parts.len()..parts.len());
                elements = part.numel();
            }
            parts.push(Task {
                extent: Cow::Owned(part),
                ..*task
            });
            of.push(number);
            if let Some(last) = batches.last_mut() {
                last.end = parts.len();
            }
        }
    }
    memory::write_through_buffers(&parts, &batches, BUFFERS).map_err(|failure| Failure {
        task: of[failure.task],
        ..failure
    })
}

/// Writes the values of `extent`, whatever the device.
pub(super) fn write(site: &Site<'_>, extent: &Extent, values: &Ours) -> Result<(), Cause> {
    let task = Task {
        site,
        extent: Cow::Borrowed(extent),
        place: Place::Own,
        values,
    };
    write_all(&[task]).map_err(|failure| failure.reason)
}

/// Fills a buffer with the values of a box of `site`, one after the other.
pub(super) fn packed(
    buffer: &Tensor,
    extent: &Extent,
    site: &Site<'_>,
    values: &Ours,
) -> Result<(), Cause> {
    let layout = Layout::of(buffer)?;
    let buffer = Site::new(buffer, &layout, site.key());
    memory::write_box(&buffer, extent, Place::Packed { first: 0 }, values)
}

#[cfg(test)]
mod tests {
    use std::iter;

    use tch::{Device, Kind};

    use super::*;
    use crate::numeric::stream::Key;
    use crate::{Dtype, Law, Region};

    /// What other devices get, shown on the CPU: the values that are written there directly.
    fn assert_staged_as_direct(tensor: &Tensor, extent: &Extent) {
        let key = Key::new(42, "staged");
        let values = Ours::of(&Law::normal(0.0, 1.0), Dtype::F32).unwrap();
        let layout = Layout::of(tensor).unwrap();
        write(&Site::new(tensor, &layout, key), extent, &values).unwrap();

        let direct = Tensor::zeros_like(tensor);
        let layout = Layout::of(&direct).unwrap();
        Site::new(&direct, &layout, key)
            .write_box(extent, &values)
            .unwrap();
        assert_eq!(*tensor, direct);
        assert!(
            direct.abs().max().double_value(&[]) > 4.0,
            "something was written"
        );
    }

    fn on_sites<R>(tensors: &[Tensor], with: impl FnOnce(&[Task<'_>]) -> R) -> R {
        let layouts: Vec<_> = tensors.iter().map(|of| Layout::of(of).unwrap()).collect();
        let normal = Law::normal(0.0, 1.0);
        let values = |layout: &Layout| Ours::of(&normal, layout.dtype()).unwrap();
        let values: Vec<_> = layouts.iter().map(values).collect();
        let sites: Vec<_> = iter::zip(tensors, &layouts)
            .zip(0..)
            .map(|((tensor, layout), key)| Site::new(tensor, layout, Key::of_hash(42, key)))
            .collect();
        let task = |(site, values)| Task {
            site,
            extent: Cow::Owned(Extent::whole(site.layout().shape())),
            place: Place::Own,
            values,
        };
        with(&iter::zip(&sites, &values).map(task).collect::<Vec<_>>())
    }

    #[test]
    fn small_tensors_of_any_kind_go_together() {
        let shapes: [&[i64]; 5] = [&[7], &[], &[3, 5, 2], &[600, 700], &[0, 4]];
        let kinds = [
            Kind::Float,
            Kind::Double,
            Kind::ComplexFloat,
            Kind::BFloat16,
            Kind::ComplexDouble,
            Kind::Half,
        ];
        let zeros = || {
            let made = (0..60).map(|number| {
                // Kinds come in pairs, and every seventh tensor is a transposed one.
                let kind = kinds[number / 2 % 5 + number / 30];
                let tensor = Tensor::zeros(shapes[number % 5], (kind, Device::Cpu));
                if number % 7 == 0 && tensor.dim() > 1 {
                    tensor.transpose(0, 1)
                } else {
                    tensor
                }
            });
            made.collect::<Vec<_>>()
        };
        let (staged, direct) = (zeros(), zeros());
        on_sites(&staged, |tasks| write_all(tasks).unwrap());
        on_sites(&direct, |tasks| memory::write(tasks).unwrap());
        assert_eq!(staged, direct);
        let drawn =
            |tensor: &Tensor| tensor.numel() == 0 || tensor.abs().max().double_value(&[]) > 0.0;
        assert!(direct.iter().all(drawn));
    }

    #[test]
    fn a_tensor_that_has_changed_fails_before_anything_is_copied() {
        let tensors: Vec<_> = (0..9)
            .map(|_| Tensor::zeros([100], (Kind::Float, Device::Cpu)))
            .collect();
        let failure = on_sites(&tensors, |tasks| {
            let _ = tensors[6].shallow_clone().resize_([50]);
            write_all(tasks).unwrap_err()
        });
        assert_eq!(failure.task, 6);
        assert!(matches!(failure.reason, Cause::Changed { .. }));
        assert!(
            tensors
                .iter()
                .all(|tensor| tensor.abs().max().double_value(&[]) == 0.0)
        );
    }

    /// A leaf that requires gradients stands for what a device refuses: no guard is held here.
    #[test]
    fn a_copy_that_fails_tells_which_tensor_it_was_for() {
        let mut tensors: Vec<_> = (0..9)
            .map(|_| Tensor::zeros([100], (Kind::Float, Device::Cpu)))
            .collect();
        tensors[4] = tensors[4].set_requires_grad(true);
        let failure = on_sites(&tensors, |tasks| write_all(tasks).unwrap_err());
        assert_eq!(failure.task, 4);
        assert!(failure.reason.to_string().contains("leaf"));
    }

    #[test]
    fn values_go_through_the_buffer_unchanged_whatever_is_cut() {
        let larger_than_the_buffers = [3, (BATCH * BUFFERS as u64 / 2) as i64 + 1];
        for kind in [Kind::Float, Kind::BFloat16] {
            let tensor = Tensor::zeros(larger_than_the_buffers, (kind, Device::Cpu));
            assert_staged_as_direct(&tensor, &Extent::whole(&larger_than_the_buffers));
            assert_staged_as_direct(
                &tensor.zeros_like().tr(),
                &Extent::whole(&tensor.tr().size()),
            );
        }
        let tensor = Tensor::zeros([100, 200, 30], (Kind::Double, Device::Cpu));
        let region = Region::from((3..90, .., 7)).within(&tensor.size()).unwrap();
        assert_staged_as_direct(&tensor, &region);
    }
}
