//! Weights fitted to other shapes: what `tests/field` has no other code for.

use nninit::adapt::{self, Widening};
use nninit::{Reason, ReasonKind};
use nninit_tests::bits;
use nninit_tests::sources::rng;
use tch::{Device, Kind, Tensor};

fn count(shape: &[i64], kind: Kind) -> Tensor {
    Tensor::arange(shape.iter().product::<i64>(), (kind, Device::Cpu)).view(shape)
}

fn values(tensor: &Tensor) -> Vec<f64> {
    Vec::try_from(tensor.to_kind(Kind::Double).flatten(0, -1)).unwrap()
}

#[test]
fn kinds_and_tensors_stay_what_they_are() {
    for kind in [Kind::Double, Kind::Float, Kind::Half, Kind::BFloat16] {
        let conv = count(&[2, 3, 2], kind).set_requires_grad(true);
        let before = conv.copy();
        let grey = adapt::input_channels(&conv, 1).unwrap();
        assert_eq!((grey.kind(), grey.requires_grad()), (kind, false));
        assert_eq!(values(&grey), [6.0, 9.0, 24.0, 27.0]);
        let four = adapt::input_channels(&conv, 4).unwrap();
        assert_eq!(
            values(&four.get(0)),
            [0.0, 0.75, 1.5, 2.25, 3.0, 3.75, 0.0, 0.75]
        );
        // None writes to its argument, not where it has nothing to do either.
        let _ = adapt::input_channels(&conv, 3).unwrap().zero_();
        let _ = adapt::select(&conv, &[2, 3, 2]).unwrap().zero_();
        assert!(conv.equal(&before), "{kind:?}");
        let table = count(&[1, 5, 4], kind);
        let laid = adapt::positions(&table, 1, [2, 2], [4, 2]).unwrap();
        assert_eq!((laid.size(), laid.kind()), (vec![1, 9, 4], kind));
        bits::assert_same(&laid.narrow(1, 0, 1), &table.narrow(1, 0, 1));
        let grown = adapt::vocabulary(&table.get(0), 7, &mut rng(1)).unwrap();
        assert_eq!((grown.size(), grown.kind()), (vec![7, 4], kind));
        bits::assert_same(&grown.narrow(0, 0, 5), &table.get(0));
    }
}

#[test]
fn a_small_model_takes_every_so_many_of_a_large_one() {
    let large = count(&[6, 4], Kind::Float);
    let small = adapt::select(&large, &[3, 3]).unwrap();
    assert_eq!(
        values(&small),
        [0.0, 2.0, 3.0, 8.0, 10.0, 11.0, 16.0, 18.0, 19.0]
    );
}

#[test]
fn a_vocabulary_is_what_the_seed_says() {
    let table = count(&[5, 4], Kind::Float);
    let grown = |seed| adapt::vocabulary(&table, 9, &mut rng(seed)).unwrap();
    bits::assert_same(&grown(1), &grown(1));
    assert!(bits::differing(&grown(1), &grown(2)) > 0);
    // More rows than are drawn at once are the same draws.
    let wide = count(&[5000, 2], Kind::Double);
    let (few, many) = (5001, 6700);
    let rows = |tokens| adapt::vocabulary(&wide, tokens, &mut rng(3)).unwrap();
    let apart = (rows(few).get(5000) - rows(many).get(5000))
        .abs()
        .max()
        .double_value(&[]);
    // A product of matrices adds in another order: 5000 terms, each a normal, 6 at most, times 5000 at most; then the
    // mean is added.
    let sum = (1e-9_f64 / 5000.0).sqrt() * 5000.0 * 6.0 * 5000.0;
    let bound = f64::EPSILON * (5000.0 * sum + 10_000.0);
    assert!(apart <= bound, "{apart}");
}

/// A convolution, its norm and the convolution that reads it, wider and the same.
#[test]
fn what_is_widened_computes_the_same() {
    let randn = |shape: &[i64]| {
        tch::manual_seed(shape.iter().sum());
        Tensor::randn(shape, (Kind::Double, Device::Cpu))
    };
    let (x, first, bias) = (randn(&[2, 3, 8, 8]), randn(&[4, 3, 3, 3]), randn(&[4]));
    let (mean, var, second) = (
        randn(&[4]),
        randn(&[4]).square() + 1.0,
        randn(&[5, 4, 3, 3]),
    );
    let function = |first: &Tensor, bias: &Tensor, mean: &Tensor, var: &Tensor, second: &Tensor| {
        let hidden = x.conv2d(first, Some(bias), [1, 1], [1, 1], [1, 1], 1);
        let none = None::<&Tensor>;
        let hidden = hidden
            .batch_norm(none, none, Some(mean), Some(var), false, 0.1, 1e-5, false)
            .relu();
        hidden.conv2d(second, none, [1, 1], [0, 0], [1, 1], 1)
    };
    let wider = Widening::new(4, 11, &mut rng(5)).unwrap();
    let out = |of: &Tensor| wider.outputs(of).unwrap();
    let before = function(&first, &bias, &mean, &var, &second);
    let inputs = wider.inputs(&second).unwrap();
    assert_eq!(inputs.size(), [5, 11, 3, 3]);
    let after = function(&out(&first), &out(&bias), &out(&mean), &out(&var), &inputs);
    let largest = before.abs().max().double_value(&[]);
    let apart = (before - after).abs().max().double_value(&[]);
    // Sums of 99 products instead of 36, rounded at most 135 times.
    assert!(
        apart <= 135.0 * f64::EPSILON * largest * 36.0,
        "{apart} beside {largest}"
    );
}

#[test]
fn what_does_not_fit_is_told() {
    let of = |shape: &[i64]| Tensor::zeros(shape, (Kind::Float, Device::Cpu));
    let told = |result: Result<Tensor, Reason>| {
        let reason = result.unwrap_err();
        assert_eq!(reason.kind(), ReasonKind::Shape, "{reason}");
        reason.to_string()
    };
    assert_eq!(
        told(adapt::input_channels(&of(&[3]), 1)),
        "this is [3]: it is not a weight of a convolution, [outputs, inputs, …]"
    );
    assert!(
        told(adapt::input_channels(&of(&[2, 3]), 0)).contains("3 input channels do not become 0")
    );
    assert!(told(adapt::input_channels(&of(&[2, 0]), 3)).contains("[2, 0]"));
    assert_eq!(
        told(adapt::positions(&of(&[1, 17, 8]), 1, [4, 5], [8, 8])),
        "this is [1, 17, 8]: prefix = 1 and a grid of [4, 5] places are other than 17 rows, or a grid has none"
    );
    assert!(adapt::positions(&of(&[16, 8]), 0, [4, 4], [0, 8]).is_err());
    assert!(adapt::positions(&of(&[16, 8]), -1, [4, 4], [8, 8]).is_err());
    assert!(adapt::positions(&of(&[16, 8]), 0, [i64::MAX, 2], [8, 8]).is_err());
    assert!(adapt::positions(&of(&[2, 16, 8]), 0, [4, 4], [8, 8]).is_err());
    assert!(
        told(adapt::vocabulary(&of(&[5, 2]), 4, &mut rng(1))).contains("5 rows do not grow to 4")
    );
    assert!(adapt::vocabulary(&of(&[0, 2]), 4, &mut rng(1)).is_err());
    assert!(told(adapt::select(&of(&[5, 2]), &[6, 1])).contains("[6, 1] is not a part of it"));
    assert!(adapt::select(&of(&[5, 2]), &[5]).is_err());
    assert!(Widening::new(4, 3, &mut rng(1)).is_err());
    let wider = Widening::new(4, 6, &mut rng(1)).unwrap();
    assert!(told(wider.outputs(&of(&[5]))).contains("dimension 0 is not that of 4 units"));
    assert!(told(wider.inputs(&of(&[4]))).contains("dimension 1 is not that of 4 units"));
}
