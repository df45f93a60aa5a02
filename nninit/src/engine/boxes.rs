//! A box of a tensor, written by the way that its place and values ask for.

use tch::Device;

use super::memory::{self, Place};
use super::site::Site;
use super::values::Ours;
use super::{staging, threads};
use crate::Cause;
use crate::numeric::extent::Extent;

impl Site<'_> {
    /// Writes one box by itself, directly where the memory can be written and through a buffer elsewhere.
    pub(super) fn write_box(&self, extent: &Extent, values: &Ours) -> Result<(), Cause> {
        match self.layout().device() {
            Device::Cpu => memory::write_box(self, extent, Place::Own, values),
            _ => staging::write(self, extent, values),
        }
    }

    /// Writes all of it.
    pub(super) fn write_whole(&self, values: &Ours) -> Result<(), Cause> {
        match self.layout().device() {
            Device::Cpu => memory::write_whole(self, values),
            _ => staging::write(self, &Extent::whole(self.layout().shape()), values),
        }
    }

    /// Writes 0 everywhere in a box. One run of memory on one thread is a `memset`, which is faster than libtorch's
    /// loop; work for several threads is left to libtorch's.
    pub(super) fn clear(&self, extent: &Extent) -> Result<(), Cause> {
        if self.layout().is_memset(extent) && threads::number_for(extent.numel()) == 1 {
            return self.write_box(extent, &Ours::Zero);
        }
        let _ = self.view(extent)?.f_zero_()?;
        Ok(())
    }

    /// Writes `value` everywhere in a box, by libtorch's own fills, which take any kind, layout and device.
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
}
