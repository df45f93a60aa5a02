//! Values for tensors that cannot be written directly: made on the CPU a buffer at a time, and copied.

use tch::{Device, Tensor};

use super::memory::{self, Place};
use super::site::Site;
use super::values::Ours;
use crate::Cause;
use crate::numeric::extent::Extent;
use crate::plan::layout::Layout;

/// Elements of the buffer: 16 MiB of f32, little beside a model and enough to keep a copy busy.
pub(super) const BUFFER: u64 = 1 << 22;

/// Writes the values of `extent`, whatever the device.
pub(super) fn write(site: &Site<'_>, extent: &Extent, values: &Ours) -> Result<(), Cause> {
    site.read_again()?;
    for part in extent.clone().parts(BUFFER) {
        let buffer = Tensor::f_empty(part.shape(), (site.layout().kind(), Device::Cpu))?;
        packed(&buffer, &part, site, values)?;
        site.view(&part)?.f_copy_(&buffer)?;
    }
    Ok(())
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
    memory::write_box(&buffer, extent, Place::Packed, values)
}

#[cfg(test)]
mod tests {
    use tch::Kind;

    use super::*;
    use crate::numeric::stream::Key;
    use crate::{Law, Region};

    /// What other devices get, shown on the CPU: the values that are written there directly.
    fn assert_staged_as_direct(tensor: &Tensor, extent: &Extent) {
        let key = Key::new(42, "staged");
        let values = Ours::of(&Law::normal(0.0, 1.0)).unwrap();
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

    #[test]
    fn values_go_through_the_buffer_unchanged_whatever_is_cut() {
        let larger_than_the_buffer = [3, (BUFFER / 2) as i64 + 1];
        for kind in [Kind::Float, Kind::BFloat16] {
            let tensor = Tensor::zeros(larger_than_the_buffer, (kind, Device::Cpu));
            assert_staged_as_direct(&tensor, &Extent::whole(&larger_than_the_buffer));
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
