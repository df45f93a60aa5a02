//! Biases of gates: the forget gate's are drawn, and the input gate's are their negatives.

use crate::engine::gates;
use crate::engine::site::Site;
use crate::engine::values::Ours;
use crate::numeric::blocks::Blocks;
use crate::sample::Sampler;
use crate::{Cause, Elementwise};

/// Writes draws of `law` to the forget gate of each block, and what follows from them.
pub(super) fn write(
    site: &Site<'_>,
    law: Elementwise,
    gates: i64,
    blocks: &Blocks,
) -> Result<(), Cause> {
    let values = Ours::Sampler(Sampler::new(&law));
    site.clear(blocks.joined())?;
    for block in blocks.iter() {
        site.write_box(&block.chunk(0, gates, gates::FORGET), &values)?;
        gates::complete(&site.view(&block)?, gates)?;
    }
    Ok(())
}
