//! An orthogonal matrix at the centre of a convolution's kernel.

use super::orthogonal;
use crate::Cause;
use crate::engine::centre;
use crate::engine::site::Site;
use crate::numeric::blocks::Blocks;

/// A semi-orthogonal matrix times `gain` at the centre of the kernel, 0 elsewhere.
pub(super) fn write(site: &Site<'_>, gain: f64, blocks: &Blocks) -> Result<(), Cause> {
    site.clear(blocks.joined())?;
    orthogonal::write(site, gain, &centre::of_blocks(blocks))
}
