//! Values for tensors that cannot be written directly: made on the CPU a buffer at a time, and copied.

use tch::{Device, Tensor};

use super::elementwise::{self, Job, Values};
use crate::Reason;
use crate::memory::{self, Layout, Place};
use crate::region::Extent;
use crate::stream::Key;

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
    let pieces = memory::cut(&mut buffer, &staged, extent, Place::Packed);
    elementwise::write(
        pieces
            .into_iter()
            .map(|piece| Job { piece, key, values })
            .collect(),
    );
    super::view(tensor, extent)?.f_copy_(&buffer)?;
    Ok(())
}
