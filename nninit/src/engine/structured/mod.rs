//! Laws of a whole matrix: what an element is depends on its row and column.

mod chrono;
mod delta_orthogonal;
mod dirac;
mod eye;
mod orthogonal;

use tch::Tensor;

use super::site::Site;
use super::values::Ours;
use crate::numeric::blocks::Blocks;
use crate::{Cause, Elementwise, Structured};

/// Writes `law` to each of `blocks` by itself.
pub(super) fn write(site: &Site<'_>, law: &Structured, blocks: &Blocks) -> Result<(), Cause> {
    let onto_zeros = |mark: &dyn Fn(&Tensor) -> Result<(), Cause>| {
        site.clear(blocks.joined())?;
        blocks
            .iter()
            .try_for_each(|block| mark(&site.view(&block)?))
    };
    match *law {
        Structured::Eye { gain } => {
            let gain = site.nearest(gain);
            onto_zeros(&|view| eye::write(view, gain))
        }
        Structured::Dirac { groups, gain } => {
            let gain = site.nearest(gain);
            onto_zeros(&|view| dirac::write(view, groups, gain))
        }
        Structured::Orthogonal { gain } => orthogonal::write(site, gain, blocks),
        Structured::DeltaOrthogonal { gain } => delta_orthogonal::write(site, gain, blocks),
        Structured::Sparse { zeros, std } => blocks.iter().try_for_each(|block| {
            let values = Ours::sparse(&block, zeros, std, site.key())?;
            site.write_box(&block, &values)
        }),
        Structured::Chrono { max, gates, factor } => {
            chrono::write(site, Elementwise::chrono(max, factor), gates, blocks)
        }
    }
}
