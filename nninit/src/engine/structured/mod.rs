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
use crate::{Law, Reason};

/// Writes `law` to each of `blocks` by itself: equal boxes of the tensor, one after the other along a dimension.
pub(super) fn write(
    tensor: &Tensor,
    layout: &Layout,
    law: &Law,
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
        Law::Eye { gain } => onto_zeros(&|view| eye::write(view, gain)),
        Law::Dirac { groups, gain } => onto_zeros(&|view| dirac::write(view, groups, gain)),
        Law::Orthogonal { gain } => orthogonal::write(tensor, layout, gain, blocks, key),
        Law::DeltaOrthogonal { gain } => delta_orthogonal::write(tensor, layout, gain, blocks, key),
        Law::Sparse { zeros, std } => sparse::write(tensor, layout, zeros, std, blocks, key),
        _ => Err(Reason::Failed(format!("`{law}` is no law of a matrix"))),
    }
}
