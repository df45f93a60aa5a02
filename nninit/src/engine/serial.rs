//! One law in the blocks of one tensor, by itself.

use std::iter;

use tch::{Device, Kind, Tensor};

use super::site::{self, Site};
use super::staging::{self, BUFFER};
use super::values::{Ours, Users};
use super::{given, repeated, structured, users};
use crate::laws::Table;
use crate::numeric::blocks::Blocks;
use crate::numeric::extent::Extent;
use crate::numeric::stream::Tag;
use crate::plan::layout::Layout;
use crate::sample::Sampler;
use crate::{Cause, Law, Stream};

/// Writes `law` to each of the blocks.
pub(super) fn write(site: &Site<'_>, law: &Law, blocks: &Blocks) -> Result<(), Cause> {
    match law {
        Law::Constant { value } => site.fill(blocks.joined(), site.nearest(*value)),
        law if blocks.repeated().is_some() => write_repeated(site, law, blocks),
        Law::Elementwise(law) => {
            let law = law.of_parts(site.layout().dtype());
            let values = Ours::Sampler(Sampler::new(&law));
            site.write_box(blocks.joined(), &values)
        }
        Law::Structured(law) => structured::write(site, law, blocks),
        Law::Table(table) => write_table(site, table, blocks),
        Law::Given(given) => given::write(site, given, blocks),
        Law::ByIndex(_) | Law::Mapped(_) | Law::Sample(_) => {
            match Users::of(law, site.layout().shape())? {
                Some(values) => users::draw(site, blocks.joined(), &values),
                None => Ok(()),
            }
        }
        Law::Custom(custom) => {
            let stream = |block| Stream::with_tag(site.key(), Tag::User, block);
            users::call(site, custom, blocks, stream)
        }
    }
}

/// Writes a table to each of the blocks by itself.
pub(super) fn write_table(site: &Site<'_>, table: &Table, blocks: &Blocks) -> Result<(), Cause> {
    blocks
        .iter()
        .try_for_each(|block| site.write_box(&block, &Ours::table(table, &block)))
}

/// Writes to each block what `law` gives a tensor in which equal neighbours stand once.
fn write_repeated(site: &Site<'_>, law: &Law, blocks: &Blocks) -> Result<(), Cause> {
    let Some((dim, count)) = blocks.repeated() else {
        return write(site, law, blocks);
    };
    let view = repeated::once(&site.view(blocks.joined())?, dim, count)?;
    let made = blocks.unrepeated();
    if let Some(values) = Ours::of(law, site.layout().dtype()) {
        return write_in_parts(site, &view, dim, made.joined(), &values);
    }
    let device = (site.layout().kind(), site.layout().device());
    let small = Tensor::f_empty(made.joined().whole_shape(), device)?;
    let made_view = site::view(&small, made.joined())?;
    // A user's function reads it.
    made_view
        .shallow_clone()
        .f_copy_(&view.f_select(dim as i64 + 1, 0)?)?;
    let layout = Layout::of(&small)?;
    write(&Site::new(&small, &layout, site.key()), law, &made)?;
    site.read_again()?;
    repeated::spread(&view, dim, &made_view)
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
        let buffer = Tensor::f_empty(part.shape(), (kind, Device::Cpu))?;
        staging::packed(&buffer, &part, site, values)?;
        let starts = part.axes().into_iter().zip(made.axes());
        let place = starts.map(|(part, all)| ((part.start - all.start) as i64, part.len as i64));
        let dims = (0..=dim as i64).chain(dim as i64 + 2..);
        let mut to = view.shallow_clone();
        for (dim, (start, len)) in iter::zip(dims, place) {
            to = to.f_narrow(dim, start, len)?;
        }
        repeated::spread(&to, dim, &buffer)?;
    }
    Ok(())
}
