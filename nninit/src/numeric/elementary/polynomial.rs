//! Polynomials, by Horner's rule.

use std::ops::{Add, Mul};

/// The polynomial at `x` whose coefficients, lowest power first, are these.
///
/// A multiplication and an addition for each coefficient, never fused, so that all machines agree.
#[inline(always)]
pub(crate) fn polynomial<T, const N: usize>(x: T, coefficients: &[T; N]) -> T
where
    T: Copy + Add<Output = T> + Mul<Output = T>,
{
    horner::<T, N, 1>(x, coefficients, 0)
}

/// The same for long polynomials: even and odd powers apart, in two chains half as long, which a processor computes
/// side by side.
#[inline(always)]
pub(crate) fn long_polynomial<T, const N: usize>(x: T, coefficients: &[T; N]) -> T
where
    T: Copy + Add<Output = T> + Mul<Output = T>,
{
    let square = x * x;
    horner::<T, N, 2>(square, coefficients, 0) + x * horner::<T, N, 2>(square, coefficients, 1)
}

/// Every `STEP`-th coefficient from `first` on, by Horner's rule.
#[inline(always)]
fn horner<T, const N: usize, const STEP: usize>(x: T, coefficients: &[T; N], first: usize) -> T
where
    T: Copy + Add<Output = T> + Mul<Output = T>,
{
    let mut power = N - 1 - (N - 1 - first) % STEP;
    let mut sum = coefficients[power];
    while power > first {
        power -= STEP;
        sum = sum * x + coefficients[power];
    }
    sum
}
