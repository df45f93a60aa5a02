//! Laws of a whole matrix: built with libtorch's own operations, from our draws.

use tch::{Device, Kind, Tensor};

use super::elementwise::{self, Job, Values};
use crate::memory::{self, Layout, Place};
use crate::region::Extent;
use crate::stream::Key;
use crate::{Law, Reason};

/// Writes `law` to `view`, the box `extent` of a parameter.
pub(crate) fn write(view: &mut Tensor, law: &Law, extent: &Extent, key: Key) -> Result<(), Reason> {
    match *law {
        Law::Eye { gain } => eye(view, gain),
        Law::Dirac { groups, gain } => dirac(view, groups, gain),
        Law::Orthogonal { gain } => orthogonal(view, gain, extent, key),
        _ => Err(Reason::Failed("not written yet".into())),
    }
}

fn eye(view: &mut Tensor, gain: f64) -> Result<(), Reason> {
    let _ = view.f_zero_()?;
    let _ = view.f_diagonal(0, 0, 1)?.f_fill_(gain)?;
    Ok(())
}

fn dirac(view: &mut Tensor, groups: i64, gain: f64) -> Result<(), Reason> {
    let _ = view.f_zero_()?;
    let mut centre = view.shallow_clone();
    for &length in &view.size()[2..] {
        centre = centre.f_select(2, length / 2)?;
    }
    let outputs = centre.size()[0] / groups;
    for group in 0..groups {
        let mut block = centre
            .f_narrow(0, group * outputs, outputs)?
            .f_diagonal(0, 0, 1)?;
        let _ = block.f_fill_(gain)?;
    }
    Ok(())
}

fn orthogonal(view: &mut Tensor, gain: f64, extent: &Extent, key: Key) -> Result<(), Reason> {
    let (shape, kind) = (view.size(), view.f_kind()?);
    let computed = if kind == Kind::Double {
        Kind::Double
    } else {
        Kind::Float
    };
    let draws = draws(&shape, computed, extent, key)?.f_view([shape[0], -1])?;
    let wide = draws.size()[0] < draws.size()[1];
    let tall = if wide { draws.f_tr()? } else { draws };
    let (q, r) = Tensor::f_linalg_qr(&tall, "reduced")?;
    let q = q
        .f_mul(&r.f_diagonal(0, 0, 1)?.f_sign()?)?
        .f_mul_scalar(gain)?;
    let q = if wide { q.f_tr()? } else { q };
    let _ = view.f_copy_(&q.f_reshape(&shape)?)?;
    Ok(())
}

/// Standard normals, by the place of each element in the parameter.
fn draws(shape: &[i64], kind: Kind, extent: &Extent, key: Key) -> Result<Tensor, Reason> {
    let mut draws = Tensor::f_empty(shape, (kind, Device::Cpu))?;
    let layout = Layout::of(&draws)?;
    if let Some(values) = Values::of(&Law::normal(0.0, 1.0)) {
        let pieces = memory::cut(&mut draws, &layout, extent, Place::Packed);
        elementwise::write(
            pieces
                .into_iter()
                .map(|piece| Job {
                    piece,
                    key,
                    values: &values,
                })
                .collect(),
        );
    }
    Ok(draws)
}
