//! `trunc_normal_` of PyTorch 2.13: rejection, operation for operation.

use std::f64::consts::{PI, SQRT_2};

use tch::{Kind, Tensor};

use crate::{Cause, Dtype};

/// Share of the normal's mass within the bounds above which PyTorch redraws normals; below, it redraws uniforms.
const MOST_NORMALS_FIT: f64 = 0.3;

pub(super) fn draw(
    tensor: &mut Tensor,
    mean: f64,
    std: f64,
    low: f64,
    high: f64,
) -> Result<(), Cause> {
    if std == 0.0 {
        let value = Dtype::from(tensor.f_kind()?).within(mean.clamp(low, high));
        let _ = tensor.f_fill_(value)?;
        return Ok(());
    }
    let within = normal_cdf((high - mean) / std) - normal_cdf((low - mean) / std);
    if within > MOST_NORMALS_FIT {
        redraw_normals(tensor, mean, std, low, high)
    } else {
        redraw_uniforms(tensor, mean, std, low, high)
    }
}

fn redraw_normals(
    tensor: &mut Tensor,
    mean: f64,
    std: f64,
    low: f64,
    high: f64,
) -> Result<(), Cause> {
    let kind = tensor.f_kind()?;
    let (low, high) = (rounded(low, kind)?, rounded(high, kind)?);
    let mut result = tensor.f_normal_(mean, std)?;
    let mut redrawn = false;
    loop {
        let outside = result.f_lt(low)?.f_bitwise_or_tensor(&result.f_gt(high)?)?;
        if !any(&outside)? {
            break;
        }
        let fresh = result.f_empty_like()?.f_normal_(mean, std)?;
        result = fresh.f_where_self(&outside, &result)?;
        redrawn = true;
    }
    if redrawn {
        tensor.f_copy_(&result)?;
    }
    Ok(())
}

fn redraw_uniforms(
    tensor: &mut Tensor,
    mean: f64,
    std: f64,
    low: f64,
    high: f64,
) -> Result<(), Cause> {
    // Not `clamp`: PyTorch's `max(a, min(mean, b))`.
    let mode = low.max(mean.min(high));
    let (low, high) = uniform_bounds(
        tensor.f_kind()?,
        (mode - mean).abs() / std,
        std,
        mode,
        (low, high),
    );
    let log_peak = -0.5 * ((mode - mean) / std).powi(2);
    let mut candidates = tensor.f_empty_like()?;
    let mut acceptance = tensor.f_empty_like()?;
    let log_density = |candidates: &mut Tensor| -> Result<(), Cause> {
        let _ = candidates
            .f_sub_scalar_(mean)?
            .f_div_scalar_(std)?
            .f_pow_(2)?
            .f_mul_scalar_(-0.5)?
            .f_sub_scalar_(log_peak)?;
        Ok(())
    };
    let mut refused = |candidates: &Tensor| -> Result<Tensor, Cause> {
        Ok(acceptance
            .f_uniform_(0.0, 1.0)?
            .f_log_()?
            .f_gt_tensor(candidates)?)
    };
    let _ = tensor.f_uniform_(low, high)?;
    candidates.f_copy_(tensor)?;
    log_density(&mut candidates)?;
    let mut pending = refused(&candidates)?;
    if !any(&pending)? {
        return Ok(());
    }
    let mut result = tensor.shallow_clone();
    while any(&pending)? {
        let _ = candidates.f_uniform_(low, high)?;
        result = candidates.f_where_self(&pending, &result)?;
        log_density(&mut candidates)?;
        pending = refused(&candidates)?.f_where_self(&pending, &pending)?;
    }
    tensor.f_copy_(&result)?;
    Ok(())
}

/// The bounds to draw candidates between. PyTorch's `uniform_` raises where the kind cannot hold them or their
/// distance. Then they are moved towards the mode, which lies `distance` standard deviations from the mean, as far as
/// leaves less than e⁻⁴⁵ of the law beyond them.
fn uniform_bounds(
    kind: Kind,
    distance: f64,
    std: f64,
    mode: f64,
    (low, high): (f64, f64),
) -> (f64, f64) {
    const LOG_BEYOND: f64 = 45.0;
    let max = Dtype::from(kind).max();
    if low.abs() <= max && high.abs() <= max && high - low <= max {
        return (low, high);
    }
    // The density falls by this much over the reach r: distance · r + r² / 2.
    let reach = std * ((distance * distance + 2.0 * LOG_BEYOND).sqrt() - distance);
    (
        low.max(mode - reach).max(-max),
        high.min(mode + reach).min(max),
    )
}

fn any(mask: &Tensor) -> Result<bool, Cause> {
    Ok(mask.f_any()?.f_int64_value(&[])? != 0)
}

/// `bound` as elements of `kind` hold it.
fn rounded(bound: f64, kind: Kind) -> Result<f64, Cause> {
    Ok(Tensor::from(bound).f_to_kind(kind)?.f_double_value(&[])?)
}

fn normal_cdf(x: f64) -> f64 {
    f64::midpoint(1.0, erf(x / SQRT_2))
}

/// The error function, to a few units in the last place of 1.
///
/// Only [`MOST_NORMALS_FIT`] is compared with what is computed from it, so it need not be C's to the last bit: PyTorch
/// takes the other branch only if the share of the mass is within 1e-14 of 0.3.
fn erf(x: f64) -> f64 {
    if x.abs() >= 6.0 {
        return 1.0_f64.copysign(x);
    }
    // Abramowitz & Stegun 7.1.6: all terms have one sign, so nothing cancels.
    let mut term = x;
    let mut sum = 0.0;
    let mut n = 0.0;
    while sum + term != sum {
        sum += term;
        n += 1.0;
        term *= 2.0 * x * x / (2.0 * n + 1.0);
    }
    2.0 / PI.sqrt() * (-x * x).exp() * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values are C's, as Python's `math.erf` gives them.
    #[test]
    fn the_error_function_is_c_s_up_to_rounding() {
        let table = [
            (0.1, 0.112_462_916_018_284_9),
            (0.5, 0.520_499_877_813_046_5),
            (1.0, 0.842_700_792_949_714_9),
            (1.5, 0.966_105_146_475_310_8),
            (2.0, 0.995_322_265_018_952_7),
            (2.57, 0.999_721_510_911_142_8),
            (3.0, 0.999_977_909_503_001_4),
            (4.03, 0.999_999_987_968_598_6),
            (5.5, 0.999_999_999_999_992_7),
        ];
        for (x, expected) in table {
            // A sum of at most a hundred rounded terms, all of one sign.
            let tolerance = 100.0 * f64::EPSILON;
            assert!(
                (erf(x) - expected).abs() < tolerance,
                "erf({x}) = {}",
                erf(x)
            );
            assert_eq!(erf(-x), -erf(x));
        }
        assert_eq!(erf(6.0), 1.0);
    }
}
