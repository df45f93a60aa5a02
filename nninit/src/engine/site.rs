//! A tensor in the engine's hands.

use tch::{Device, Tensor};

use super::memory::{self, Place};
use super::values::Ours;
use super::{staging, threads};
use crate::Cause;
use crate::numeric::extent::Extent;
use crate::numeric::stream::Key;
use crate::plan::layout::Layout;

/// A tensor, what was read of it when the plan was made, and which values belong there.
#[derive(Clone, Copy)]
pub(super) struct Site<'a> {
    tensor: &'a Tensor,
    layout: &'a Layout,
    key: Key,
}

impl<'a> Site<'a> {
    pub(super) fn new(tensor: &'a Tensor, layout: &'a Layout, key: Key) -> Self {
        Self {
            tensor,
            layout,
            key,
        }
    }

    pub(super) fn layout(&self) -> &'a Layout {
        self.layout
    }

    pub(super) fn key(&self) -> Key {
        self.key
    }

    /// Where the first element lies now.
    pub(super) fn first_byte(&self) -> *mut u8 {
        self.tensor.data_ptr().cast()
    }

    /// Whether the tensor still is what was planned; it may not be once code of a user's has run.
    pub(super) fn read_again(&self) -> Result<(), Cause> {
        self.layout.read_again(self.tensor)
    }

    /// `value` as the elements hold it.
    pub(super) fn nearest(&self, value: f64) -> f64 {
        self.layout.dtype().nearest(value)
    }

    /// The view that `.i(…)` would give.
    pub(super) fn view(&self, extent: &Extent) -> Result<Tensor, Cause> {
        super::view(self.tensor, extent)
    }

    /// Writes one box by itself, directly where the memory can be written and through a buffer elsewhere.
    pub(super) fn write_box(&self, extent: &Extent, values: &Ours) -> Result<(), Cause> {
        match self.layout.device() {
            Device::Cpu => memory::write_box(self, extent, Place::Own, values),
            _ => staging::write(self, extent, values),
        }
    }

    /// Writes all of it.
    pub(super) fn write_whole(&self, values: &Ours) -> Result<(), Cause> {
        match self.layout.device() {
            Device::Cpu => memory::write_whole(self, values),
            _ => staging::write(self, &Extent::whole(self.layout.shape()), values),
        }
    }

    /// 0 everywhere in a box. Of one run of memory on one thread that is a `memset`, faster than libtorch's loop over
    /// vectors; for several threads, libtorch has its own at hand.
    pub(super) fn clear(&self, extent: &Extent) -> Result<(), Cause> {
        let in_reach = self.layout.device() == Device::Cpu && self.layout.dtype().is_real();
        let one_run = self.layout.is_contiguous() && extent.runs().count == 1;
        if in_reach && one_run && threads::number_for(extent.numel()) == 1 {
            return self.write_box(extent, &Ours::Zero);
        }
        let _ = self.view(extent)?.f_zero_()?;
        Ok(())
    }

    /// `value` everywhere in a box, by libtorch's own fills: any kind, layout and device, as fast as memory.
    pub(super) fn fill(&self, extent: &Extent, value: f64) -> Result<(), Cause> {
        if value == 0.0 {
            return self.clear(extent);
        }
        let mut view = self.view(extent)?;
        let _ = if value.fract() == 0.0 && value.abs() < 2.0_f64.powi(63) {
            view.f_fill_(value as i64)?
        } else {
            view.f_fill_(value)?
        };
        Ok(())
    }

    /// Moves autograd's version counter, as an in-place operation of libtorch would, without touching an element: a
    /// copy of a tensor to itself ends before the copying.
    pub(super) fn mark_written(&self) -> Result<(), Cause> {
        Ok(self.tensor.shallow_clone().f_copy_(self.tensor)?)
    }
}
