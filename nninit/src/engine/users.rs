//! Code of a user's: distributions that are drawn from, and functions that write.
//!
//! It may do what it likes with the model's tensors, so none of their memory is held while it runs, and each tensor is
//! read again before it is written.

use std::sync::atomic::{AtomicBool, Ordering};

use half::{bf16, f16};
use tch::Tensor;

use super::site::Site;
use super::staging::BUFFER;
use super::threads;
use super::values::Users;
use crate::numeric::blocks::Blocks;
use crate::numeric::extent::Extent;
use crate::numeric::law::Custom;
use crate::numeric::stream::Key;
use crate::sample::element::Element;
use crate::{Cause, Dtype, Stream};

/// Draws of one piece of work.
const PIECE: u64 = 1 << 16;

/// Draws the elements of a box into a buffer of the engine's own, and copies what was drawn.
pub(super) fn draw(site: &Site<'_>, extent: &Extent, values: &Users) -> Result<(), Cause> {
    let key = site.key();
    for part in extent.clone().parts(BUFFER) {
        let drawn = match site.layout().dtype() {
            Dtype::F64 => drawn::<f64>(&part, values, key),
            Dtype::F32 => drawn::<f32>(&part, values, key),
            Dtype::F16 => drawn::<f16>(&part, values, key),
            Dtype::BF16 => drawn::<bf16>(&part, values, key),
            dtype => Err(Cause::NotReal { dtype }),
        }?;
        site.read_again()?;
        // tch calls slices of `bf16` tensors of `f16`; the bits are those of the tensor's own kind.
        let drawn = drawn.f_view_dtype(site.layout().kind())?;
        site.view(&part)?
            .f_copy_(&drawn.f_view(&part.shape()[..])?)?;
    }
    Ok(())
}

fn drawn<T: Element + tch::kind::Element>(
    extent: &Extent,
    values: &Users,
    key: Key,
) -> Result<Tensor, Cause> {
    let mut made = vec![T::default(); extent.numel() as usize];
    let runs = extent.runs();
    let mut rest = &mut made[..];
    let mut pieces = Vec::new();
    for cut in runs.cuts(PIECE) {
        let (piece, after) = rest.split_at_mut(cut.numel() as usize);
        pieces.push((cut, piece));
        rest = after;
    }
    let numbers = AtomicBool::new(true);
    threads::share(pieces, extent.numel(), |(cut, out)| {
        let len = (cut.within.end - cut.within.start) as usize;
        for (row, out) in cut.rows.zip(out.chunks_exact_mut(len)) {
            let first = runs.start(row) + cut.within.start;
            if !values.fill(key, first, out) {
                numbers.store(false, Ordering::Relaxed);
            }
        }
    });
    if numbers.into_inner() {
        Ok(Tensor::f_from_slice(&made)?)
    } else {
        Err(Cause::DrawsNaN)
    }
}

/// Has the user's function write each of the blocks; `stream` is for the number of a block.
pub(super) fn call(
    site: &Site<'_>,
    custom: &Custom,
    blocks: &Blocks,
    stream: impl Fn(u64) -> Stream,
) -> Result<(), Cause> {
    site.read_again()?;
    for (number, block) in (0..).zip(blocks.iter()) {
        custom
            .write(&mut site.view(&block)?, &mut stream(number))
            .map_err(Cause::from_box)?;
        site.read_again()?;
    }
    Ok(())
}
