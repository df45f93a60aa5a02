//! Functions of uniform draws, as the code that they come from writes them in PyTorch.

use tch::{Kind, Tensor};

use crate::{Cause, Dtype, Elementwise};

/// Half kinds are drawn in f32 and rounded: in them a uniform from 0 gives zeros, whose logarithm is infinite.
pub(super) fn draw(view: &mut Tensor, law: &Elementwise) -> Result<(), Cause> {
    if let Some(value) = law.only_value() {
        let _ = view.f_uniform_(0.0, 1.0)?;
        let value = Dtype::from(view.f_kind()?).within(value);
        let _ = view.f_fill_(value)?;
        return Ok(());
    }
    if !matches!(view.f_kind()?, Kind::Half | Kind::BFloat16) {
        return in_place(view, law);
    }
    let mut drawn = Tensor::f_empty(view.size(), (Kind::Float, view.device()))?;
    in_place(&mut drawn, law)?;
    view.f_copy_(&drawn)?;
    Ok(())
}

/// The logarithms of bounds are computed outside of libtorch, as Python's `math.log` does.
fn in_place(tensor: &mut Tensor, law: &Elementwise) -> Result<(), Cause> {
    match *law {
        Elementwise::LogUniform { low, high } => {
            let _ = tensor.f_uniform_(low.ln(), high.ln())?.f_exp_()?;
        }
        Elementwise::LnUniform { low, high, factor } => {
            let _ = tensor.f_uniform_(low, high)?.f_log_()?;
            multiply(tensor, factor)?;
        }
        Elementwise::SoftplusInverse {
            low,
            high,
            floor,
            factor,
        } => {
            let x = tensor
                .f_uniform_(0.0, 1.0)?
                .f_mul_scalar_(high.ln() - low.ln())?
                .f_add_scalar_(low.ln())?
                .f_exp_()?
                .f_clamp_min_(floor)?;
            let rest = x.f_neg()?.f_expm1_()?.f_neg_()?.f_log_()?;
            let _ = tensor.f_add_(&rest)?;
            multiply(tensor, factor)?;
        }
        Elementwise::Uniform { .. }
        | Elementwise::Normal { .. }
        | Elementwise::TruncNormal { .. } => {}
    }
    Ok(())
}

fn multiply(tensor: &mut Tensor, factor: f64) -> Result<(), Cause> {
    if factor != 1.0 {
        let _ = tensor.f_mul_scalar_(factor)?;
    }
    Ok(())
}
