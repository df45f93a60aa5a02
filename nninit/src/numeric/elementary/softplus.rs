//! The inverse of softplus(y) = ln(1 + exp(y)).

use super::logarithm::{exp_m1, ln};

/// x + ln(−expm1(−x)) for normal `x` > 0; within 3 ulp or 2⁻⁵⁰, whichever is more.
#[inline(always)]
pub(crate) fn softplus_inverse(x: f64) -> f64 {
    x + ln(-exp_m1(-x))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::elementary::ulps::ulps_f64;

    /// With 50 digits.
    #[test]
    fn literal_values() {
        for (x, exact) in [
            (1e-300, -690.775_527_898_213_7),
            (1e-4, -9.210_290_371_559_516),
            (1e-3, -6.907_255_237_315_470_5),
            (1e-1, -2.252_168_461_044_090_6),
            (0.5, -0.432_752_129_567_188_56),
            (1.0, 0.541_324_854_612_918_1),
            (3.0, 2.948_930_819_057_298_3),
            (40.0, 40.0),
            (1e300, 1e300),
        ] {
            let got = softplus_inverse(x);
            assert!(ulps_f64(got, exact) < 3.0, "{x}: {got} for {exact}");
        }
        assert!(softplus_inverse(std::f64::consts::LN_2).abs() < 2.0_f64.powi(-50));
    }

    #[test]
    fn softplus_leads_back() {
        for step in 1..100_000 {
            let x = f64::from(step) * 1e-3;
            let back = softplus_inverse(x).exp().ln_1p();
            assert!((back - x).abs() < 1e-14 * x.max(1.0), "{x}: {back}");
        }
    }
}
