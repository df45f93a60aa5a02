use tch::Tensor;

use super::orthogonal;
use crate::Reason;
use crate::numeric::extent::Extent;
use crate::numeric::stream::Key;
use crate::plan::layout::Layout;

/// A semi-orthogonal matrix times `gain` at the centre of the kernel, 0 elsewhere.
pub(super) fn write(
    tensor: &Tensor,
    layout: &Layout,
    gain: f64,
    blocks: &[Extent],
    key: Key,
) -> Result<(), Reason> {
    super::super::clear(tensor, layout, &Extent::joined(blocks), key)?;
    let centres: Vec<_> = blocks.iter().map(centre).collect();
    orthogonal::write(tensor, layout, gain, &centres, key)
}

/// The outputs × inputs matrix at the centre of a kernel, where [`dirac`](super::dirac) has it.
fn centre(block: &Extent) -> Extent {
    let kernel = &block.shape()[2..];
    kernel
        .iter()
        .fold(block.clone(), |box_, &length| box_.select(2, length / 2))
}
