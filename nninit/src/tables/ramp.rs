//! Values of one index.

use crate::numeric::elementary::pair::Pair;

/// A function of the place along a dimension, and of the dimension's length.
pub(super) struct Ramp {
    value: fn(u64, u64) -> f64,
    length: u64,
    /// The first values, of which many elements may be one.
    known: Vec<f64>,
}

impl Ramp {
    pub(super) fn new(value: fn(u64, u64) -> f64, length: u64) -> Self {
        /// More than these are computed where they are wanted.
        const KNOWN: u64 = 1 << 12;
        let known = (0..length.min(KNOWN)).map(|n| value(n, length)).collect();
        Self {
            value,
            length,
            known,
        }
    }

    /// The values at `first`, `first + step`, ….
    pub(super) fn values(&self, first: u64, step: u64, out: &mut [f64]) {
        for (number, out) in (0..).zip(out) {
            let n = first + number * step;
            let known = self.known.get(n as usize).copied();
            *out = known.unwrap_or_else(|| (self.value)(n, self.length));
        }
    }
}

/// Of `heads` heads, a power of two, 2^(−8·(head + 1) / heads); else those of the power of two below, then every second
/// one of the power above.
pub(super) fn alibi_slope(head: u64, heads: u64) -> f64 {
    let below = 1_u64 << heads.max(1).ilog2();
    let eighths = if head < below {
        8 * (head + 1)
    } else {
        4 * (2 * (head - below) + 1)
    };
    // 2^(−eighths / below); both parts of the exponent are exact.
    let rest = (eighths % below) as f64 / below as f64;
    let whole = 1.0 / (1_u64 << (eighths / below)) as f64;
    (-(Pair::LN_2 * rest)).exp().high * whole
}

/// √(2n + 1).
pub(super) fn hippo_legs_b(n: u64, _: u64) -> f64 {
    (2.0 * n as f64 + 1.0).sqrt()
}

/// π·n.
pub(super) fn s4d_lin(n: u64, _: u64) -> f64 {
    (Pair::PI * n as f64).high
}

/// (N / π)·(N / (2n + 1) − 1), N = 2·`half`.
pub(super) fn s4d_inv(n: u64, half: u64) -> f64 {
    let (n, state) = (n as f64, 2.0 * half as f64);
    let above = Pair::product(state, state - 2.0 * n - 1.0);
    (above / Pair::of(2.0 * n + 1.0) / Pair::PI).high
}

/// −(n + 1).
pub(super) fn s4d_real(n: u64, _: u64) -> f64 {
    -(n as f64 + 1.0)
}

/// ln(n + 1).
pub(super) fn ln_range(n: u64, _: u64) -> f64 {
    Pair::ln(n as f64 + 1.0).high
}

#[cfg(test)]
mod tests {
    use std::f64::consts::{FRAC_1_SQRT_2, LN_2, LN_10, PI, TAU};

    use super::*;

    fn all(value: fn(u64, u64) -> f64, length: u64) -> Vec<f64> {
        (0..length).map(|n| value(n, length)).collect()
    }

    #[test]
    fn slopes_of_a_power_of_two_are_powers_of_one_number() {
        let halves = [
            0.5,
            0.25,
            0.125,
            0.0625,
            0.031_25,
            0.015_625,
            0.007_812_5,
            0.003_906_25,
        ];
        assert_eq!(all(alibi_slope, 8), halves);
        assert_eq!(all(alibi_slope, 1), [0.003_906_25]);
        assert_eq!(all(alibi_slope, 2), [0.0625, 0.003_906_25]);
        let of_sixteen = all(alibi_slope, 16);
        assert_eq!(of_sixteen[0], FRAC_1_SQRT_2);
        assert_eq!(of_sixteen[1], 0.5);
        assert_eq!(of_sixteen[15], 0.003_906_25);
        // 2^(-1/4), from 400 bits.
        assert_eq!(alibi_slope(0, 32), 0.840_896_415_253_714_5);
    }

    #[test]
    fn slopes_of_other_numbers_go_on_with_every_second_one_of_twice_as_many() {
        assert_eq!(all(alibi_slope, 3), [0.0625, 0.003_906_25, 0.25]);
        let of_six = [0.25, 0.0625, 0.015_625, 0.003_906_25, 0.5, 0.125];
        assert_eq!(all(alibi_slope, 6), of_six);
        let of_twelve = all(alibi_slope, 12);
        assert_eq!(of_twelve[..8], all(alibi_slope, 8));
        let rest = [
            FRAC_1_SQRT_2,
            0.353_553_390_593_273_8,
            0.176_776_695_296_636_9,
            0.088_388_347_648_318_45,
        ];
        assert_eq!(of_twelve[8..], rest);
    }

    /// The first three are those of a state of 64 in the authors' code.
    #[test]
    fn frequencies_of_s4d() {
        let inverse = all(s4d_inv, 32);
        let due = [
            1_283.425_461_093_044,
            414.227_265_220_506_24,
            240.387_626_045_998_73,
        ];
        assert_eq!(inverse[..3], due);
        assert!(inverse.is_sorted_by(|before, after| before > after));
        assert!(inverse[31] > 0.0);
        let linear = all(s4d_lin, 4);
        let due = [0.0, PI, TAU, 9.424_777_960_769_38];
        assert_eq!(linear, due);
        assert_eq!(all(s4d_real, 3), [-1.0, -2.0, -3.0]);
    }

    #[test]
    fn logarithms_of_whole_numbers_are_the_nearest_floats() {
        assert_eq!(ln_range(0, 16), 0.0);
        assert_eq!(ln_range(1, 16), LN_2);
        assert_eq!(ln_range(2, 16), 1.098_612_288_668_109_8);
        assert_eq!(ln_range(9, 16), LN_10);
        assert_eq!(ln_range(15, 16), 2.772_588_722_239_781);
    }

    #[test]
    fn the_input_of_legs() {
        let due = [
            1.0,
            1.732_050_807_568_877_2,
            2.236_067_977_499_79,
            2.645_751_311_064_590_7,
        ];
        assert_eq!(all(hippo_legs_b, 4), due);
    }

    #[test]
    fn what_is_not_kept_is_the_same() {
        let ramp = Ramp::new(ln_range, 5000);
        let mut values = [0.0; 200];
        ramp.values(4000, 1, &mut values);
        for (n, value) in (4000..).zip(values) {
            assert_eq!(value, ln_range(n, 5000));
        }
        ramp.values(4999, 0, &mut values[..2]);
        assert_eq!(values[0], values[1]);
    }
}
