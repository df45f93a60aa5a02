//! Polynomials, by Horner's rule.

use std::ops::{Add, Mul};

/// The polynomial at `x` whose coefficients, lowest power first, are these.
///
/// A multiplication and an addition for each coefficient, never fused, so that all machines agree.
#[inline(always)]
pub(super) fn polynomial<T, const N: usize>(x: T, coefficients: &[T; N]) -> T
where
    T: Copy + Add<Output = T> + Mul<Output = T>,
{
    let mut sum = coefficients[N - 1];
    for power in (0..N - 1).rev() {
        sum = sum * x + coefficients[power];
    }
    sum
}
