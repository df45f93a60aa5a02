//! Intervals in a tail: the offset from the nearer bound.
//!
//! The value α + δ that a draw u stands for has Q(α + δ) = Q(α)·e⁻ᵗ with t = −ln(1 + u·(Q(β)/Q(α) − 1)). An exponential
//! tail would have δ = 2t / (α + √(α² + 2t)), and two steps of Chebyshev's method (third order, like Halley's, but
//! without its division) on ln Q(α + δ) − ln Q(α) + t, with ln Q through Mills' ratio m, bring that to working
//! precision. Values are bound + σ·δ, so they are as fine as the bound's own floats, where mean + σz would be as coarse
//! as those of the mean.
//!
//! Computed in `f64` for every kind; the 32-bit kinds use a 32-bit draw.

use crate::numeric::elementary::logarithm::{exp_m1, ln, ln_1p};
use crate::sample::element::Transform;
use crate::sample::fraction::unsigned_f64;
use crate::sample::mills::mills_ratio;

use super::cut::Cut;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Tail {
    low: f64,
    high: f64,
    /// The bound that offsets are counted from.
    origin: f64,
    /// σ, negative where offsets count downwards.
    scale: f64,
    flip: u32,
    alpha: f64,
    /// 1 / m(α).
    hazard: f64,
    /// Q(β)/Q(α) − 1.
    decay: f64,
}

impl Tail {
    /// The least α for which a tail is near enough to an exponential that two steps suffice.
    pub(super) const NEAREST: f64 = 1.5;

    pub(super) fn new(cut: &Cut) -> Self {
        /// Squares of bounds and widths this far out are still finite; nothing is changed by stopping here.
        const FARTHEST: f64 = 1e150;
        let (alpha, width) = (cut.alpha.min(FARTHEST), cut.width.min(FARTHEST));
        let (near, far) = (mills_ratio(alpha), mills_ratio(alpha + width));
        let decay = exp_m1(ln(far / near) - width * (alpha + 0.5 * width));
        let (origin, sign) = cut.origin();
        Self {
            low: cut.low,
            high: cut.high,
            origin,
            scale: sign * cut.std,
            flip: cut.flip(),
            alpha,
            hazard: 1.0 / near,
            decay,
        }
    }

    /// Turns draws into values, in passes: each is a chain of dependent operations so long that a processor has no room
    /// to work on more than one element's whole chain at a time.
    #[inline(always)]
    fn values<const N: usize>(&self, draws: &mut [f64; N]) {
        /// The largest t that a draw can stand for; a draw that rounded to 1 has none of its own.
        const NEVER: f64 = -1.0 + f64::EPSILON / 2.0;
        let mut exponents = [0.0; N];
        for (t, draw) in exponents.iter_mut().zip(&*draws) {
            let decayed = draw * self.decay;
            *t = -ln_1p(if decayed < NEVER { NEVER } else { decayed });
        }
        let offsets = draws;
        for (offset, t) in offsets.iter_mut().zip(&exponents) {
            *offset = 2.0 * t / (self.alpha + (self.alpha * self.alpha + 2.0 * t).sqrt());
        }
        for _ in 0..2 {
            for (offset, &t) in offsets.iter_mut().zip(&exponents) {
                *offset = self.improved(t, *offset);
            }
        }
        for offset in offsets {
            *offset = self.origin + self.scale * *offset;
        }
    }

    /// One step of Chebyshev's method: m′(z) = z·m(z) − 1 gives the second derivative.
    #[inline(always)]
    fn improved(&self, t: f64, offset: f64) -> f64 {
        let z = self.alpha + offset;
        let ratio = mills_ratio(z);
        let excess = t - offset * (self.alpha + 0.5 * offset) + ln(ratio * self.hazard);
        offset + excess * ratio * (1.0 + 0.5 * excess * (z * ratio - 1.0))
    }
}

impl Transform for Tail {
    #[inline(always)]
    fn single<const N: usize>(&self, words: &[u32; N], out: &mut [f32; N]) {
        let mut values = [0.0; N];
        for (draw, &word) in values.iter_mut().zip(words) {
            *draw = unsigned_f64(word ^ self.flip, 1 << 31);
        }
        self.values(&mut values);
        for (value, &double) in out.iter_mut().zip(&values) {
            *value = double as f32;
        }
    }

    #[inline(always)]
    fn double<const N: usize>(&self, high: &[u32; N], low: &[u32; N], out: &mut [f64; N]) {
        for (draw, (&high, &low)) in out.iter_mut().zip(high.iter().zip(low)) {
            *draw = unsigned_f64(high ^ self.flip, low ^ self.flip);
        }
        self.values(out);
    }

    fn bounds(&self) -> (f64, f64) {
        (self.low, self.high)
    }
}
