//! Intervals about the middle: the smaller tail mass, inverted.
//!
//! A draw u on (0, 1) stands for the value with mass Φ(α) + u·Z below it and Q(β) + (1 − u)·Z above, where Z is the
//! interval's mass. Both are sums of positive terms, so the smaller one is precise however small it is, and the
//! quantile is taken of that one. Where Φ(α) and Q(β) vanish, this is the plain normal law.

use crate::sample::element::{Element, Transform};
use crate::sample::fraction::{signed_f32, signed_f64, unsigned_f32, unsigned_f64};
use crate::sample::mills::tail_mass;
use crate::sample::quantile::{quantile_f32, quantile_f64};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Central {
    mean: f64,
    std: f64,
    low: f64,
    high: f64,
    /// Φ(α).
    below: f64,
    /// Q(β).
    above: f64,
    /// Z = Φ(β) − Φ(α).
    within: f64,
}

impl Central {
    pub(super) fn new(mean: f64, std: f64, low: f64, high: f64) -> Self {
        let (alpha, beta) = ((low - mean) / std, (high - mean) / std);
        let (near_alpha, near_beta) = (tail_mass(alpha.abs()), tail_mass(beta.abs()));
        let (below, above, within) = if alpha > 0.0 {
            (1.0 - near_alpha, near_beta, near_alpha - near_beta)
        } else if beta < 0.0 {
            (near_alpha, 1.0 - near_beta, near_beta - near_alpha)
        } else {
            (near_alpha, near_beta, 1.0 - (near_alpha + near_beta))
        };
        Self {
            mean,
            std,
            low,
            high,
            below,
            above,
            within,
        }
    }
}

impl Transform for Central {
    #[inline(always)]
    fn single<const N: usize>(&self, words: &[u32; N], out: &mut [f32; N]) {
        let (mean, std) = (f32::nearest(self.mean), f32::nearest(self.std));
        let (below, above) = (self.below as f32, self.above as f32);
        let (offset, within) = ((self.below - self.above) as f32, self.within as f32);
        for (value, &word) in out.iter_mut().zip(words) {
            let mass_below = below + within * unsigned_f32(word);
            let mass_above = above + within * unsigned_f32(!word);
            let tail = if mass_below < mass_above {
                mass_below
            } else {
                mass_above
            };
            *value = mean + std * quantile_f32(offset + within * signed_f32(word), tail);
        }
    }

    #[inline(always)]
    fn double<const N: usize>(&self, high: &[u32; N], low: &[u32; N], out: &mut [f64; N]) {
        let (mean, std) = (self.mean, self.std);
        let (below, above) = (self.below, self.above);
        let (offset, within) = (self.below - self.above, self.within);
        for (value, (&high, &low)) in out.iter_mut().zip(high.iter().zip(low)) {
            let mass_below = below + within * unsigned_f64(high, low);
            let mass_above = above + within * unsigned_f64(!high, !low);
            let tail = if mass_below < mass_above {
                mass_below
            } else {
                mass_above
            };
            *value = mean + std * quantile_f64(offset + within * signed_f64(high, low), tail);
        }
    }

    fn bounds(&self) -> (f64, f64) {
        (self.low, self.high)
    }
}
