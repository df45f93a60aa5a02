//! Laws of a whole matrix: what an element is depends on its row and column.

mod delta_orthogonal;
mod dirac;
mod eye;
mod orthogonal;
mod sparse;

use tch::Tensor;

pub(crate) use self::sparse::Sparse;
use crate::numeric::extent::Extent;
use crate::numeric::stream::Key;
use crate::plan::layout::Layout;
use crate::{Reason, Structured};

/// Writes `law` to each of `blocks` by itself: equal boxes of the tensor, one after the other along a dimension.
pub(super) fn write(
    tensor: &Tensor,
    layout: &Layout,
    law: &Structured,
    blocks: &[Extent],
    key: Key,
) -> Result<(), Reason> {
    let onto_zeros = |mark: &dyn Fn(&Tensor) -> Result<(), Reason>| {
        blocks.iter().try_for_each(|block| {
            super::clear(tensor, layout, block, key)?;
            mark(&super::view(tensor, block)?)
        })
    };
    match *law {
        Structured::Eye { gain } => {
            let gain = layout.dtype().nearest(gain);
            onto_zeros(&|view| eye::write(view, gain))
        }
        Structured::Dirac { groups, gain } => {
            let gain = layout.dtype().nearest(gain);
            onto_zeros(&|view| dirac::write(view, groups, gain))
        }
        Structured::Orthogonal { gain } => orthogonal::write(tensor, layout, gain, blocks, key),
        Structured::DeltaOrthogonal { gain } => {
            delta_orthogonal::write(tensor, layout, gain, blocks, key)
        }
        Structured::Sparse { zeros, std } => sparse::write(tensor, layout, zeros, std, blocks, key),
    }
}
