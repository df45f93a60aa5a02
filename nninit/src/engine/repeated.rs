//! Neighbours that are equal: their values are made once and copied to each.

use std::iter;

use tch::{Kind, Tensor};

use super::site::{self, Site};
use super::staging::{self, BUFFER};
use super::values::Ours;
use super::write_serially;
use crate::numeric::blocks::Blocks;
use crate::numeric::extent::Extent;
use crate::plan::layout::Layout;
use crate::{Cause, Law};

/// Writes to each block what `law` gives a tensor in which equal neighbours stand once.
pub(super) fn write(site: &Site<'_>, law: &Law, blocks: &Blocks) -> Result<(), Cause> {
    let Some((dim, count)) = blocks.repeated() else {
        return write_serially(site, law, blocks);
    };
    let view = once(&site.view(blocks.joined())?, dim, count)?;
    let made = blocks.unrepeated();
    if let Some(values) = Ours::of(law) {
        return write_in_parts(site, &view, dim, made.joined(), &values);
    }
    let device = (site.layout().kind(), site.layout().device());
    let small = Tensor::f_empty(made.joined().whole_shape(), device)?;
    let made_view = site::view(&small, made.joined())?;
    // What a function of the user's finds there.
    made_view
        .shallow_clone()
        .f_copy_(&view.f_select(dim as i64 + 1, 0)?)?;
    let layout = Layout::of(&small)?;
    write_serially(&Site::new(&small, &layout, site.key()), law, &made)?;
    site.read_again()?;
    spread(&view, dim, &made_view)
}

/// A view in which equal neighbours along `dim` have a dimension of their own, after it.
pub(crate) fn once(view: &Tensor, dim: usize, count: i64) -> Result<Tensor, Cause> {
    let mut shape = view.size();
    shape[dim] /= count;
    shape.insert(dim + 1, count);
    let mut strides = view.stride();
    strides.insert(dim + 1, strides[dim]);
    strides[dim] *= count;
    Ok(view.f_as_strided(&shape, &strides, None::<i64>)?)
}

/// Copies `made` to each of the neighbours that `view` has in the dimension after `dim`.
pub(super) fn spread(view: &Tensor, dim: usize, made: &Tensor) -> Result<(), Cause> {
    view.shallow_clone()
        .f_copy_(&made.f_unsqueeze(dim as i64 + 1)?)?;
    Ok(())
}

fn write_in_parts(
    site: &Site<'_>,
    view: &Tensor,
    dim: usize,
    made: &Extent,
    values: &Ours,
) -> Result<(), Cause> {
    site.read_again()?;
    for part in made.clone().parts(BUFFER) {
        let kind: Kind = site.layout().kind();
        let buffer = Tensor::f_empty(part.shape(), (kind, tch::Device::Cpu))?;
        staging::packed(&buffer, &part, site, values)?;
        let starts = part.axes().into_iter().zip(made.axes());
        let place = starts.map(|(part, all)| ((part.start - all.start) as i64, part.len as i64));
        let dims = (0..=dim as i64).chain(dim as i64 + 2..);
        let mut to = view.shallow_clone();
        for (dim, (start, len)) in iter::zip(dims, place) {
            to = to.f_narrow(dim, start, len)?;
        }
        spread(&to, dim, &buffer)?;
    }
    Ok(())
}
