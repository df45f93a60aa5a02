//! Truncated normal laws with an infinite bound: the half-normal law, tails, and the plain normal one.

use nninit::{Source, TorchRng, init};
use nninit_tests::sources::Seed;
use tch::{Device, Kind, Tensor};

const N: i64 = 100_000;

fn drawn(source: &mut impl Source, kind: Kind, (mean, std, a, b): (f64, f64, f64, f64)) -> Tensor {
    let mut tensor = Tensor::zeros([N], (kind, Device::Cpu));
    init::trunc_normal_(&mut tensor, mean, std, a, b, source).unwrap();
    tensor.to_kind(Kind::Double)
}

/// Mean and variance of N(0, 1) above `alpha`, with Mills' ratio by a continued fraction.
fn moments(alpha: f64) -> (f64, f64) {
    // φ(α) / Q(α) = α + 1/(α + 2/(α + 3/(α + …))) for α > 0.
    let mut fraction = alpha + 1.0;
    for n in (1..400).rev() {
        fraction = alpha + f64::from(n) / fraction;
    }
    let mean = if alpha == 0.0 {
        (2.0 / std::f64::consts::PI).sqrt()
    } else {
        fraction
    };
    (mean, 1.0 + alpha * mean - mean * mean)
}

fn check(values: &Tensor, (mean, std): (f64, f64), variance: f64, low: f64, high: f64) {
    // Five standard errors of the mean; a false alarm in two million.
    let tolerance = 5.0 * std * (variance / N as f64).sqrt();
    let found = values.mean(None).double_value(&[]);
    assert!(
        (found - mean).abs() < tolerance,
        "mean {found} for {mean} ± {tolerance}"
    );
    assert!(values.min().double_value(&[]) >= low && values.max().double_value(&[]) <= high);
    assert!(values.isfinite().all().int64_value(&[]) != 0);
}

fn check_all(source: &mut impl Source) {
    const INF: f64 = f64::INFINITY;
    for kind in [Kind::Float, Kind::Double] {
        for alpha in [0.0, 2.0, 8.0] {
            let (mean, variance) = moments(alpha);
            let (center, std) = (1.0, 0.5);
            let bound = std * alpha;
            let above = drawn(source, kind, (center, std, center + bound, INF));
            check(
                &above,
                (center + std * mean, std),
                variance,
                center + bound,
                INF,
            );
            let below = drawn(source, kind, (center, std, -INF, center - bound));
            check(
                &below,
                (center - std * mean, std),
                variance,
                -INF,
                center - bound,
            );
        }
        let plain = drawn(source, kind, (1.0, 0.5, -INF, INF));
        check(&plain, (1.0, 0.5), 1.0, -INF, INF);
        let wide = drawn(source, kind, (1.0, 0.5, -1e308, 1e308));
        check(&wide, (1.0, 0.5), 1.0, -INF, INF);
    }
    // Beyond what the kind holds a finite bound cuts nothing either.
    let half = drawn(source, Kind::Half, (0.0, 1.0, 0.0, 1e6));
    check(
        &half,
        ((2.0 / std::f64::consts::PI).sqrt(), 1.0),
        0.4,
        0.0,
        65504.0,
    );
}

#[test]
fn an_infinite_bound_cuts_nothing() {
    check_all(&mut Seed(42));
}

#[test]
fn an_infinite_bound_cuts_nothing_of_libtorch_s_draws() {
    check_all(&mut TorchRng::manual_seed(42));
}

#[test]
#[should_panic(expected = "mean")]
fn a_wrong_bound_is_noticed() {
    let values = drawn(&mut Seed(42), Kind::Float, (0.0, 1.0, 0.05, f64::INFINITY));
    let (mean, variance) = moments(0.0);
    check(&values, (mean, 1.0), variance, 0.0, f64::INFINITY);
}
