//! An orthogonal matrix at the centre of a convolution's kernel.

use super::orthogonal;
use crate::Cause;
use crate::engine::site::Site;
use crate::numeric::extent::Extent;

/// A semi-orthogonal matrix times `gain` at the centre of the kernel, 0 elsewhere.
pub(super) fn write(site: &Site<'_>, gain: f64, blocks: &[Extent]) -> Result<(), Cause> {
    site.clear(&Extent::joined(blocks))?;
    let centres: Vec<_> = blocks.iter().map(centre).collect();
    orthogonal::write(site, gain, &centres)
}

/// The outputs × inputs matrix at the centre of a kernel, where [`dirac`](super::dirac) has it.
fn centre(block: &Extent) -> Extent {
    let kernel = &block.shape()[2..];
    kernel
        .iter()
        .fold(block.clone(), |box_, &length| box_.select(2, length / 2))
}
