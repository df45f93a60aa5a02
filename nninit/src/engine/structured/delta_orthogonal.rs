//! An orthogonal matrix at the centre of a convolution's kernel.

use super::orthogonal;
use crate::Cause;
use crate::engine::site::Site;
use crate::numeric::blocks::Blocks;

/// A semi-orthogonal matrix times `gain` at the centre of the kernel, 0 elsewhere.
pub(super) fn write(site: &Site<'_>, gain: f64, blocks: &Blocks) -> Result<(), Cause> {
    site.clear(blocks.joined())?;
    orthogonal::write(site, gain, &centres(blocks))
}

/// The outputs × inputs matrices at the centres of the kernels, where [`dirac`](super::dirac) has them.
fn centres(blocks: &Blocks) -> Blocks {
    let kernel = &blocks.shape()[2..];
    kernel.iter().fold(blocks.clone(), |centres, &length| {
        centres.select(2, length / 2)
    })
}
