//! Laws of a whole matrix: what an element is depends on its row and column.

mod delta_orthogonal;
mod dirac;
mod eye;
mod orthogonal;
mod sparse;

use tch::Tensor;

pub(crate) use self::sparse::Sparse;
use crate::memory::Layout;
use crate::region::Extent;
use crate::stream::Key;
use crate::{Law, Reason};

/// Writes `law` to each of `blocks` by itself: equal boxes of the tensor, one after the other along a dimension.
pub(super) fn write(
    tensor: &Tensor,
    layout: &Layout,
    law: &Law,
    blocks: &[Extent],
    key: Key,
) -> Result<(), Reason> {
    let mut views = blocks.iter().map(|block| super::view(tensor, block));
    match *law {
        Law::Eye { gain } => views.try_for_each(|view| eye::write(&mut view?, gain)),
        Law::Dirac { groups, gain } => {
            views.try_for_each(|view| dirac::write(&mut view?, groups, gain))
        }
        Law::Orthogonal { gain } => orthogonal::write(tensor, layout, gain, blocks, key),
        Law::DeltaOrthogonal { gain } => delta_orthogonal::write(tensor, layout, gain, blocks, key),
        Law::Sparse { zeros, std } => sparse::write(tensor, layout, zeros, std, blocks, key),
        _ => Err(Reason::Failed(format!("`{law}` is no law of a matrix"))),
    }
}
