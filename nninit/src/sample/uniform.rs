//! The uniform law U(low, high) on [low, high).
//!
//! middle + half·s for a draw s on [−1, 1]: symmetric bounds give values as fine near zero as floats are,
//! where low + u·span gives multiples of span·2⁻²⁴, and the span cannot overflow.
//! The bounds are those of the law rounded to the kind. A sum that rounds up to `high` becomes the value
//! that the next smaller s gives, so `high` itself never occurs, in `f32` and `f64`; with `low` = `high` all values are `low`.

use super::Law;
use super::fraction::{signed_f32, signed_f64};
use crate::sample::element::{Draw, Element};

#[derive(Clone, Copy, Debug)]
pub(super) struct Uniform {
    low: f64,
    high: f64,
}

impl Uniform {
    pub(super) fn new(low: f64, high: f64) -> Self {
        Self { low, high }
    }

    /// The middle of the interval, and half its length.
    #[inline(always)]
    fn middle_and_half(&self) -> (f64, f64) {
        (
            0.5 * self.low + 0.5 * self.high,
            0.5 * self.high - 0.5 * self.low,
        )
    }
}

impl Law for Uniform {
    #[inline(always)]
    fn single<const N: usize>(&self, words: &[u32; N], out: &mut [f32; N]) {
        let (middle, half) = self.middle_and_half();
        let (middle, half) = (f32::nearest(middle), f32::nearest(half));
        for (value, &word) in out.iter_mut().zip(words) {
            *value = middle + half * signed_f32(word);
        }
    }

    #[inline(always)]
    fn double<const N: usize>(&self, high: &[u32; N], low: &[u32; N], out: &mut [f64; N]) {
        let (middle, half) = self.middle_and_half();
        for (value, (&high, &low)) in out.iter_mut().zip(high.iter().zip(low)) {
            *value = middle + half * signed_f64(high, low);
        }
    }

    fn bounds(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    fn range<D: Draw>(&self) -> (D, D) {
        let (middle, half) = self.middle_and_half();
        let (low, high) = (D::nearest(self.low), D::nearest(self.high));
        let last = D::nearest(middle) + D::nearest(half) * D::JUST_UNDER_ONE;
        let highest = if last < high { last } else { high.below() };
        (low, if highest < low { low } else { highest })
    }
}
