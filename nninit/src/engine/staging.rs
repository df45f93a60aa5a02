//! Values for tensors that cannot be written directly: made on the CPU a buffer at a time, and copied.

use tch::{Device, Tensor};

use super::elementwise::{self, Values};
use super::memory::Place;
use crate::Reason;
use crate::numeric::extent::Extent;
use crate::numeric::stream::Key;
use crate::plan::layout::Layout;

/// Elements of the buffer: 16 MiB of f32, little beside a model and enough to keep a copy busy.
const BUFFER: u64 = 1 << 22;

/// Writes the values of `extent`, whatever the device.
pub(crate) fn write(
    tensor: &Tensor,
    layout: &Layout,
    extent: &Extent,
    values: &Values,
    key: Key,
) -> Result<(), Reason> {
    if extent.numel() > BUFFER {
        let (head, tail) = extent.halves();
        write(tensor, layout, &head, values, key)?;
        return write(tensor, layout, &tail, values, key);
    }
    let mut buffer = Tensor::f_empty(extent.shape(), (layout.kind(), Device::Cpu))?;
    let staged = Layout::of(&buffer)?;
    let place = Place::Packed;
    elementwise::write(elementwise::jobs(
        &mut buffer,
        &staged,
        extent,
        place,
        values,
        key,
    ));
    super::view(tensor, extent)?.f_copy_(&buffer)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use tch::Kind;

    use super::*;
    use crate::{Law, Region};

    /// What other devices get, shown on the CPU: the values that are written there directly.
    fn assert_staged_as_direct(tensor: &Tensor, extent: &Extent) {
        let layout = Layout::of(tensor).unwrap();
        let key = Key::new(42, "staged");
        let values = Values::of(&Law::normal(0.0, 1.0)).unwrap().unwrap();
        write(tensor, &layout, extent, &values, key).unwrap();

        let direct = Tensor::zeros_like(tensor);
        let layout = Layout::of(&direct).unwrap();
        super::super::write_box(&direct, &layout, extent, &values, key).unwrap();
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
