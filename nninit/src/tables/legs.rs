//! The state matrix of HiPPO-LegS.

/// The elements of row `n` from column `first` on.
pub(super) fn row(n: u64, first: u64, out: &mut [f64]) {
    for (k, out) in (first..).zip(out) {
        *out = value(n, k);
    }
}

/// −√((2n + 1)·(2k + 1)) below the diagonal, −(n + 1) on it, 0 above.
fn value(n: u64, k: u64) -> f64 {
    let odd = |n: u64| 2.0 * n as f64 + 1.0;
    match n.cmp(&k) {
        std::cmp::Ordering::Less => 0.0,
        std::cmp::Ordering::Equal => -(n as f64 + 1.0),
        std::cmp::Ordering::Greater => -(odd(n) * odd(k)).sqrt(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_of_four() {
        let mut matrix = [[0.0; 4]; 4];
        for (n, out) in (0..).zip(&mut matrix) {
            row(n, 0, out);
        }
        // √3, √5, √7, √15, √21 and √35.
        let due = [
            [-1.0, 0.0, 0.0, 0.0],
            [-1.732_050_807_568_877_2, -2.0, 0.0, 0.0],
            [-2.236_067_977_499_79, -3.872_983_346_207_417, -3.0, 0.0],
            [
                -2.645_751_311_064_590_7,
                -4.582_575_694_955_84,
                -5.916_079_783_099_616,
                -4.0,
            ],
        ];
        assert_eq!(matrix, due);
    }
}
