//! Weights that are fitted to a batch.

use nninit::{Error, Lsuv};
use nninit_tests::bits::differing;
use nninit_tests::sources::rng;
use nninit_tests::stores::store;
use tch::nn::{self, Module};
use tch::{Device, Kind, Tensor};

fn layers(vs: &nn::VarStore, widths: &[i64]) -> Vec<nn::Linear> {
    let pairs = widths.iter().zip(&widths[1..]).enumerate();
    let linear = |(index, (&inputs, &outputs)): (usize, (&i64, &i64))| {
        nn::linear(
            vs.root() / index as i64,
            inputs,
            outputs,
            nn::LinearConfig::default(),
        )
    };
    pairs.map(linear).collect()
}

/// What comes out of a layer of a network of `cos`, which no table has a gain for.
fn output(layers: &[nn::Linear], upto: usize, batch: &Tensor) -> Tensor {
    let before = layers[..upto]
        .iter()
        .fold(batch.shallow_clone(), |x, layer| layer.forward(&x).cos());
    layers[upto].forward(&before)
}

fn lsuv<'a>(layers: &'a [nn::Linear], batch: &'a Tensor) -> Lsuv<'a> {
    (0..layers.len()).fold(Lsuv::new(), |lsuv, index| {
        lsuv.layer(format!("fc{index}"), &layers[index].ws, move || {
            output(layers, index, batch)
        })
    })
}

fn batch(inputs: i64) -> Tensor {
    let batch = Tensor::arange(512 * inputs, (Kind::Double, Device::Cpu)) * 0.7;
    (batch.sin() * 3.0)
        .reshape([512, inputs])
        .to_kind(Kind::Float)
}

fn variance(of: &Tensor) -> f64 {
    of.to_kind(Kind::Double).var(false).double_value(&[])
}

#[test]
fn every_layer_has_unit_variance_afterwards() {
    let vs = store();
    let layers = layers(&vs, &[20, 64, 32, 48, 10]);
    let batch = batch(20);
    let fitted = lsuv(&layers, &batch).try_run(&mut rng(5)).unwrap();
    assert_eq!(fitted.len(), 4);
    for (index, layer) in fitted.iter().enumerate() {
        assert_eq!(layer.name, format!("fc{index}"));
        assert!(
            layer.iterations <= 10 && (layer.variance - 1.0).abs() <= 0.1,
            "{layer:?}"
        );
        // A layer is fitted on what those before it give, and nothing after it changes that.
        let now = variance(&output(&layers, index, &batch));
        assert!((now - layer.variance).abs() < 1e-9, "{layer:?}: {now}");
        // Biases are 0, so a division by the root of the variance is enough.
        let expected = u32::from((layer.before - 1.0).abs() > 0.1);
        assert_eq!(layer.iterations, expected, "{layer:?}");
    }
    assert!(fitted.iter().any(|layer| layer.iterations == 1));
    // Orthogonal up to the one factor.
    let ws = layers[1].ws.to_kind(Kind::Double);
    let gram = ws.matmul(&ws.tr());
    let first = gram.double_value(&[0, 0]);
    let off = (&gram / first - Tensor::eye(32, (Kind::Double, Device::Cpu)))
        .abs()
        .max();
    assert!(off.double_value(&[]) < 256.0 * f64::from(f32::EPSILON));
}

#[test]
fn a_tighter_tolerance_takes_more_tries_and_no_more_than_are_allowed() {
    let vs = store();
    let layers = layers(&vs, &[20, 64]);
    let mut bias = layers[0].bs.as_ref().unwrap().shallow_clone();
    // What a bias adds to the variance is not divided.
    tch::no_grad(|| bias.copy_(&(Tensor::arange(64, (Kind::Float, Device::Cpu)) * 0.02)));
    let batch = batch(20);
    let run = |lsuv: Lsuv<'_>| lsuv.try_run(&mut rng(5)).unwrap().remove(0);
    let loose = run(lsuv(&layers, &batch));
    let tight = run(lsuv(&layers, &batch).tolerance(1e-6).tries(100));
    assert!(
        tight.iterations > loose.iterations && (tight.variance - 1.0).abs() <= 1e-6,
        "{tight:?}"
    );
    let stopped = run(lsuv(&layers, &batch).tolerance(0.0).tries(3));
    assert_eq!(stopped.iterations, 3);
}

#[test]
fn a_layer_without_variance_is_an_error_and_all_weights_are_as_they_were() {
    let vs = store();
    let layers = layers(&vs, &[20, 16, 8]);
    let before: Vec<Tensor> = layers
        .iter()
        .map(|layer| layer.ws.detach().copy())
        .collect();
    let batch = batch(20);
    let dead = Lsuv::new()
        .layer("alive", &layers[0].ws, || output(&layers, 0, &batch))
        .layer("dead", &layers[1].ws, || output(&layers, 1, &batch) * 0.0);
    let error = dead.try_run(&mut rng(5)).unwrap_err();
    assert!(matches!(error, Error::Write(_)));
    assert!(
        error
            .to_string()
            .contains("what comes out of the layer, [512, 8], has variance 0"),
        "{error}"
    );
    for (layer, before) in layers.iter().zip(&before) {
        assert_eq!(differing(&layer.ws, before), 0);
    }
    let flat = Lsuv::new().layer("bias", layers[0].bs.as_ref().unwrap(), || {
        batch.shallow_clone()
    });
    assert!(matches!(flat.try_run(&mut rng(5)), Err(Error::Plan { .. })));
}
