//! Short intervals: a power series for the offset from the bound nearer to the mean.
//!
//! The offset y that a draw u stands for solves ∫₀ʸ exp(−αs − s²/2) ds = u·M, where M is the integral up to the width
//! w. As a function of the mass μ on the right its derivative is exp(αy + y²/2), whose power series follows term by
//! term (G. Steinbrecher, W. T. Shaw, "Quantile mechanics", European Journal of Applied Mathematics 19 (2008), derive
//! quantiles from their differential equations so). Over a short interval a dozen terms are the whole function, and the
//! offset's *relative* precision is that of the arithmetic.
//!
//! Computed in `f64` for every kind; the 32-bit kinds use a 32-bit draw.

use crate::numeric::elementary::polynomial::polynomial;
use crate::sample::element::Transform;
use crate::sample::fraction::unsigned_f64;

use super::cut::Cut;

/// Terms of the series. At the widest interval each is a tenth of the one before.
const TERMS: usize = 15;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Narrow {
    low: f64,
    high: f64,
    /// The bound that offsets are counted from.
    origin: f64,
    flip: u32,
    /// The offset divided by u, in powers of u; in the units of the values.
    series: [f64; TERMS],
}

impl Narrow {
    /// The longest interval, as (β − α)·max(|α|, |β|, 1), for which the series is exact to rounding.
    pub(super) const WIDEST: f64 = 0.1;

    pub(super) fn new(cut: &Cut) -> Self {
        let mut series = offset_series(cut.alpha, mass(cut.alpha, cut.width));
        let (origin, sign) = cut.origin();
        for term in &mut series {
            *term *= sign * cut.std;
        }
        Self {
            low: cut.low,
            high: cut.high,
            origin,
            flip: cut.flip(),
            series,
        }
    }

    #[inline(always)]
    fn value(&self, draw: f64) -> f64 {
        self.origin + draw * polynomial(draw, &self.series)
    }
}

impl Transform for Narrow {
    #[inline(always)]
    fn single<const N: usize>(&self, words: &[u32; N], out: &mut [f32; N]) {
        for (value, &word) in out.iter_mut().zip(words) {
            *value = self.value(unsigned_f64(word ^ self.flip, 1 << 31)) as f32;
        }
    }

    #[inline(always)]
    fn double<const N: usize>(&self, high: &[u32; N], low: &[u32; N], out: &mut [f64; N]) {
        for (value, (&high, &low)) in out.iter_mut().zip(high.iter().zip(low)) {
            *value = self.value(unsigned_f64(high ^ self.flip, low ^ self.flip));
        }
    }

    fn bounds(&self) -> (f64, f64) {
        (self.low, self.high)
    }
}

/// ∫₀ʷ exp(−αs − s²/2) ds by its power series. The integrand's coefficients obey n·aₙ = −α·aₙ₋₁ − aₙ₋₂, for its
/// derivative is −(α + s) times itself.
fn mass(alpha: f64, width: f64) -> f64 {
    let (mut before, mut last) = (0.0, 1.0);
    let mut sum = width;
    let mut power = width;
    for n in 1..TERMS {
        let n = n as f64;
        (before, last) = (last, -(alpha * last + before) / n);
        power *= width;
        sum += last * power / (n + 1.0);
    }
    sum
}

/// The coefficients of y / u in powers of u, where y′(μ) = exp(αy + y²/2), y(0) = 0 and μ = u·`mass`.
///
/// With g = y′, differentiating gives g′ = (α + y)·g²: each coefficient follows from those below it.
fn offset_series(alpha: f64, mass: f64) -> [f64; TERMS] {
    let mut offset = [0.0; TERMS + 1];
    let mut slope = [0.0; TERMS];
    let mut square = [0.0; TERMS];
    slope[0] = mass;
    for n in 0..TERMS {
        offset[n + 1] = slope[n] / (n + 1) as f64;
        square[n] = (0..=n).map(|k| slope[k] * slope[n - k]).sum();
        if n + 1 < TERMS {
            let curvature =
                alpha * square[n] + (1..=n).map(|k| offset[k] * square[n - k]).sum::<f64>();
            slope[n + 1] = curvature / (n + 1) as f64;
        }
    }
    std::array::from_fn(|n| offset[n + 1])
}
