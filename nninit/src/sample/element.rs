//! The float kinds that values are written in, and laws as arithmetic on them.

#![allow(
    clippy::inline_always,
    reason = "only what is inlined into a SIMD level's function is compiled for that level"
)]

use std::ops::{Add, Mul};

use half::{bf16, f16};

use crate::Dtype;
use crate::numeric::stream::{Key, Tag};

/// A kind of float that a tensor holds.
///
/// `f32` and `f64` are drawn as they are; `f16` and `bf16` are drawn as `f32`, held within the law's bounds, and
/// rounded once, to nearest, ties to even.
pub(crate) trait Element: Copy + Default + Send + Sync + 'static {
    /// The float that the arithmetic of a law runs in.
    type Draw: Draw;

    /// The kind.
    const DTYPE: Dtype;

    /// The value of this kind nearest to `draw`, ties to even.
    fn from_draw(draw: Self::Draw) -> Self;

    /// The value of this kind nearest to `x`, ties to even, as a draw. Beyond the kind's range, the largest finite
    /// value.
    fn nearest(x: f64) -> Self::Draw;

    /// The value of this kind nearest to `x`, where an infinity stays one.
    fn rounded(x: f64) -> Self {
        Self::from_draw(if x.is_infinite() {
            Self::Draw::infinite(x)
        } else {
            Self::nearest(x)
        })
    }
}

/// A float that laws are computed in: `f32` or `f64`.
pub(crate) trait Draw:
    Element<Draw = Self> + PartialOrd + Add<Output = Self> + Mul<Output = Self> + Into<f64>
{
    /// The values of whole groups from `group` on. `N` is a multiple of the group's length.
    fn draw<L: Transform, const N: usize>(law: &L, key: Key, group: u64, out: &mut [Self; N]);

    /// The infinity of the sign of `x`.
    fn infinite(x: f64) -> Self;

    /// The largest value below this finite one.
    fn below(self) -> Self;

    /// `self` held within `[low, high]`, where `low <= high`.
    #[inline(always)]
    fn held_within(self, low: Self, high: Self) -> Self {
        let raised = if self < low { low } else { self };
        if raised > high { high } else { raised }
    }
}

/// A law as arithmetic on words. `N` is a multiple of [`GROUP`], and words stand where their elements do.
pub(crate) trait Transform: Copy {
    /// Values from 32-bit draws.
    fn single<const N: usize>(&self, words: &[u32; N], out: &mut [f32; N]);

    /// Values from 64-bit draws, in two halves.
    fn double<const N: usize>(&self, high: &[u32; N], low: &[u32; N], out: &mut [f64; N]);

    /// The law's bounds.
    fn bounds(&self) -> (f64, f64);

    /// The least and the greatest value that the law has in the kind `D`.
    fn range<D: Draw>(&self) -> (D, D) {
        let (low, high) = self.bounds();
        (D::nearest(low), D::nearest(high))
    }
}

/// A buffer aligned to cache lines, so that no vector straddles two. Without this the speed differs by a fifth from
/// process to process, with the place of the stack.
#[repr(align(64))]
pub(crate) struct Aligned<T>(pub(crate) T);

impl Element for f32 {
    type Draw = Self;

    const DTYPE: Dtype = Dtype::F32;

    #[inline(always)]
    fn from_draw(draw: Self) -> Self {
        draw
    }

    fn nearest(x: f64) -> Self {
        (x as Self).clamp(Self::MIN, Self::MAX)
    }
}

impl Element for f64 {
    type Draw = Self;

    const DTYPE: Dtype = Dtype::F64;

    #[inline(always)]
    fn from_draw(draw: Self) -> Self {
        draw
    }

    fn nearest(x: f64) -> Self {
        x
    }
}

impl Element for bf16 {
    type Draw = f32;

    const DTYPE: Dtype = Dtype::BF16;

    /// Adds just under half a unit of the last kept place, or exactly half where that place is odd: the carry is the
    /// rounding. Draws are never NaN, so a carry into the exponent is right up to infinity.
    #[inline(always)]
    fn from_draw(draw: f32) -> Self {
        let bits = draw.to_bits();
        let odd = bits >> 16 & 1;
        Self::from_bits(((bits + 0x7FFF + odd) >> 16) as u16)
    }

    fn nearest(x: f64) -> f32 {
        let max = Self::MAX.to_f32();
        Self::from_draw(rounded_to_odd(x).clamp(-max, max)).to_f32()
    }
}

impl Element for f16 {
    type Draw = f32;

    const DTYPE: Dtype = Dtype::F16;

    /// Rounds the significand as for `bf16` where the result is normal. Below that, adding a power of two whose last
    /// place is the smallest `f16` leaves the rounded multiple in the sum's lowest bits.
    #[inline(always)]
    fn from_draw(draw: f32) -> Self {
        const REBIAS: u32 = (127 - 15) << 23;
        const SMALLEST_NORMAL: u32 = (127 - 14) << 23;
        const INFINITY: u32 = 0x7C00;
        const ALIGN: f32 = 0.5;
        let bits = draw.to_bits();
        let sign = bits >> 16 & 0x8000;
        let magnitude = bits & 0x7FFF_FFFF;
        let odd = magnitude >> 13 & 1;
        let normal = magnitude.wrapping_sub(REBIAS).wrapping_add(0x0FFF + odd) >> 13;
        let finite = if normal < INFINITY { normal } else { INFINITY };
        let subnormal = (f32::from_bits(magnitude) + ALIGN)
            .to_bits()
            .wrapping_sub(ALIGN.to_bits());
        let rounded = if magnitude < SMALLEST_NORMAL {
            subnormal
        } else {
            finite
        };
        Self::from_bits((rounded | sign) as u16)
    }

    fn nearest(x: f64) -> f32 {
        let max = Self::MAX.to_f32();
        Self::from_draw(rounded_to_odd(x).clamp(-max, max)).to_f32()
    }
}

impl Draw for f32 {
    #[inline(always)]
    fn draw<L: Transform, const N: usize>(law: &L, key: Key, group: u64, out: &mut [Self; N]) {
        let mut words = Aligned([0; N]);
        key.words(Tag::Values, group, &mut words.0);
        law.single(&words.0, out);
    }

    fn infinite(x: f64) -> Self {
        Self::INFINITY.copysign(x as Self)
    }

    #[inline(always)]
    fn below(self) -> Self {
        self.next_down()
    }
}

impl Draw for f64 {
    #[inline(always)]
    fn draw<L: Transform, const N: usize>(law: &L, key: Key, group: u64, out: &mut [Self; N]) {
        let (mut high, mut low) = (Aligned([0; N]), Aligned([0; N]));
        key.words(Tag::Values, group, &mut high.0);
        key.words(Tag::ValuesLow, group, &mut low.0);
        law.double(&high.0, &low.0, out);
    }

    fn infinite(x: f64) -> Self {
        Self::INFINITY.copysign(x)
    }

    #[inline(always)]
    fn below(self) -> Self {
        self.next_down()
    }
}

/// `x` in `f32`, an inexact result moved to the neighbour whose last bit is set: rounding that to a shorter kind gives
/// what rounding `x` itself gives, without the error of rounding twice.
fn rounded_to_odd(x: f64) -> f32 {
    let nearest = x as f32;
    let back = f64::from(nearest);
    if back == x || nearest.to_bits() & 1 == 1 {
        nearest
    } else if back < x {
        nearest.next_up()
    } else {
        nearest.next_down()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks a conversion for every positive `f32`, and for a sample of the negative ones.
    fn assert_equal_everywhere(ours: impl Fn(f32) -> u16, theirs: impl Fn(f32) -> u16) {
        for bits in 0..=f32::INFINITY.to_bits() {
            let draw = f32::from_bits(bits);
            assert!(ours(draw) == theirs(draw), "{draw:e}");
        }
        for bits in (0..=f32::INFINITY.to_bits()).step_by(97) {
            let draw = -f32::from_bits(bits);
            assert!(ours(draw) == theirs(draw), "{draw:e}");
        }
    }

    #[test]
    fn bf16_rounds_as_half_does() {
        assert_equal_everywhere(
            |x| bf16::from_draw(x).to_bits(),
            |x| bf16::from_f32(x).to_bits(),
        );
    }

    #[test]
    fn f16_rounds_as_half_does() {
        assert_equal_everywhere(
            |x| f16::from_draw(x).to_bits(),
            |x| f16::from_f32(x).to_bits(),
        );
    }

    /// A point just beyond a tie, by less than `f32` can tell, still rounds away from it.
    #[test]
    fn nearest_rounds_once() {
        let tie = 1.0 + 2f64.powi(-8);
        assert_eq!(bf16::nearest(tie), 1.0);
        assert_eq!(bf16::nearest(tie + 2f64.powi(-40)), 1.0 + 2f32.powi(-7));
        assert_eq!(
            f16::nearest(-1.0 - 2f64.powi(-11) - 2f64.powi(-40)),
            -1.0 - 2f32.powi(-10)
        );
        assert_eq!(
            f16::nearest(2f64.powi(-25) + 2f64.powi(-70)),
            2f32.powi(-24)
        );
    }

    #[test]
    fn nearest_stays_finite() {
        assert_eq!(f16::nearest(1e6), 65504.0);
        assert_eq!(bf16::nearest(f64::MAX), bf16::MAX.to_f32());
        assert_eq!(f32::nearest(-f64::MAX), f32::MIN);
        assert_eq!(f64::nearest(f64::MAX), f64::MAX);
    }
}
