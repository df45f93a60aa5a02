//! Code of a user's: distributions that are drawn from, functions of draws and places, and functions that write.
//!
//! It may do what it likes with the model's tensors, so none of their memory is held while it runs, and each tensor is
//! read again before it is written.

use half::{bf16, f16};
use tch::{Device, Kind, Tensor};

use super::first_odd::FirstOdd;
use super::site::{self, Site};
use super::staging::BUFFER;
use super::threads::{self, PIECE};
use super::values::{Users, through};
use crate::numeric::blocks::Blocks;
use crate::numeric::extent::Extent;
use crate::numeric::law::{Custom, MapFunction};
use crate::numeric::stream::Key;
use crate::sample::element::Element;
use crate::{Cause, Dtype, Stream};

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
    let odd = FirstOdd::default();
    threads::share(pieces, extent.numel(), |(cut, out)| {
        let len = (cut.within.end - cut.within.start) as usize;
        for (row, out) in cut.rows.zip(out.chunks_exact_mut(len)) {
            let first = runs.start(row) + cut.within.start;
            odd.note(first, values.fill(key, first, out));
        }
    });
    odd.result()?;
    Ok(Tensor::f_from_slice(&made)?)
}

/// Makes the values of a box and lets go of them, to see whether they can be made.
pub(super) fn rehearse(
    dtype: Dtype,
    key: Key,
    extent: &Extent,
    values: &Users,
) -> Result<(), Cause> {
    match dtype {
        Dtype::F64 => rehearse_as::<f64>(key, extent, values),
        Dtype::F32 => rehearse_as::<f32>(key, extent, values),
        Dtype::F16 => rehearse_as::<f16>(key, extent, values),
        Dtype::BF16 => rehearse_as::<bf16>(key, extent, values),
        dtype => Err(Cause::NotReal { dtype }),
    }
}

fn rehearse_as<T: Element>(key: Key, extent: &Extent, values: &Users) -> Result<(), Cause> {
    const BATCH: usize = 1024;
    let runs = extent.runs();
    let odd = FirstOdd::default();
    threads::share(runs.cuts(PIECE).collect(), extent.numel(), |cut| {
        let mut made = [T::default(); BATCH];
        for row in cut.rows {
            let (start, end) = (cut.within.start, cut.within.end);
            for place in (start..end).step_by(BATCH) {
                let made = &mut made[..(end - place).min(BATCH as u64) as usize];
                let first = runs.start(row) + place;
                odd.note(first, values.fill(key, first, made));
            }
        }
    });
    odd.result()
}

/// Has each value of a tensor that is no parameter go through a function.
pub(super) fn map(tensor: &Tensor, function: &MapFunction) -> Result<(), Cause> {
    let kind = tensor.f_kind()?;
    for part in Extent::whole(&tensor.size()).parts(BUFFER) {
        let part = site::view(tensor, &part)?;
        let mapped = match Dtype::from(kind) {
            Dtype::F64 => mapped::<f64>(&part, function),
            Dtype::F32 => mapped::<f32>(&part, function),
            Dtype::F16 => mapped::<f16>(&part, function),
            Dtype::BF16 => mapped::<bf16>(&part, function),
            dtype => Err(Cause::NotReal { dtype }),
        }?;
        let mapped = mapped.f_view_dtype(kind)?;
        part.shallow_clone()
            .f_copy_(&mapped.f_view(&part.size()[..])?)?;
    }
    Ok(())
}

fn mapped<T: Element + tch::kind::Element>(
    view: &Tensor,
    function: &MapFunction,
) -> Result<Tensor, Cause> {
    let draws = view
        .f_to_device(Device::Cpu)?
        .f_to_kind(Kind::Double)?
        .f_reshape([-1])?;
    let draws = Vec::<f64>::try_from(&draws)?;
    let mut made = vec![T::default(); draws.len()];
    let odd = FirstOdd::default();
    let len = PIECE as usize;
    let pieces: Vec<_> = (0..)
        .step_by(len)
        .zip(draws.chunks(len).zip(made.chunks_mut(len)))
        .collect();
    threads::share(pieces, draws.len() as u64, |(first, (draws, made))| {
        odd.note(first, through(function, draws, made));
    });
    odd.result()?;
    Ok(Tensor::f_from_slice(&made)?)
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
