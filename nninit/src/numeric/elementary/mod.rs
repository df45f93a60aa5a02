//! Elementary functions by additions, multiplications, divisions and square roots alone. Nothing is fused, and the
//! platform's mathematics library is not used, so all machines give the same bits.

#![allow(
    clippy::inline_always,
    reason = "only what is inlined into a SIMD level's function is compiled for that level"
)]

pub(crate) mod angle;
pub(crate) mod logarithm;
pub(crate) mod pair;
pub(crate) mod polynomial;
pub(crate) mod softplus;

/// Distances from exact values, for tests.
#[cfg(test)]
pub(crate) mod ulps {
    /// |`got` − `exact`| in units of the last place of `exact` as an `f32`.
    pub(crate) fn ulps_f32(got: f32, exact: f64) -> f64 {
        let magnitude = exact.abs() as f32;
        (f64::from(got) - exact).abs() / f64::from(magnitude.next_up() - magnitude)
    }

    /// |`got` − `exact`| in units of the last place of `exact`.
    pub(crate) fn ulps_f64(got: f64, exact: f64) -> f64 {
        let magnitude = exact.abs();
        (got - exact).abs() / (magnitude.next_up() - magnitude)
    }
}
