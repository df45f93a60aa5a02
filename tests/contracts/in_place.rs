//! Tensors are written in place, without gradients, and are otherwise what they were.

use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};

use nninit::{BoxError, Initialize, Stream, init};
use nninit_tests::bits;
use nninit_tests::sources::Seed;
use tch::{Device, Kind, Tensor, nn};

const FLOAT: (Kind, Device) = (Kind::Float, Device::Cpu);

/// All that must stay of a tensor.
#[derive(Debug, PartialEq)]
struct Identity {
    data: *mut c_void,
    shape: Vec<i64>,
    strides: Vec<i64>,
    kind: Kind,
    device: Device,
    requires_grad: bool,
    is_leaf: bool,
}

impl Identity {
    fn of(tensor: &Tensor) -> Self {
        Self {
            data: tensor.data_ptr(),
            shape: tensor.size(),
            strides: tensor.stride(),
            kind: tensor.kind(),
            device: tensor.device(),
            requires_grad: tensor.requires_grad(),
            is_leaf: tensor.is_leaf(),
        }
    }
}

#[derive(Initialize)]
struct Layers {
    conv: nn::Conv2D,
    norm: nn::BatchNorm,
    linear: nn::Linear,
    embedding: nn::Embedding,
    #[init(orthogonal)]
    recurrent: Tensor,
    #[init(constant, val = 3)]
    #[init(uniform, at = 1..)]
    columns: Tensor,
    #[init(trunc_normal)]
    double: Tensor,
    #[init(ones)]
    counter: Tensor,
}

impl Layers {
    fn new(path: &nn::Path<'_>) -> Self {
        let recurrent = path.zeros("recurrent", &[5, 5]);
        let columns = path.zeros("columns", &[4, 6]).tr();
        let double = Tensor::zeros([3, 2], (Kind::Double, Device::Cpu)).set_requires_grad(true);
        Self {
            conv: nn::conv2d(path / "conv", 3, 4, 3, nn::ConvConfig::default()),
            norm: nn::batch_norm2d(path / "norm", 4, nn::BatchNormConfig::default()),
            linear: nn::linear(path / "linear", 4, 2, nn::LinearConfig::default()),
            embedding: nn::embedding(path / "embedding", 7, 3, nn::EmbeddingConfig::default()),
            recurrent,
            columns: columns.detach(),
            double,
            counter: Tensor::zeros([3], (Kind::Int64, Device::Cpu)),
        }
    }
}

#[test]
fn tensors_stay_what_they_are_and_their_version_moves() {
    let vs = nn::VarStore::new(Device::Cpu);
    let mut model = Layers::new(&vs.root());
    let parameters: Vec<Tensor> = model
        .plan()
        .unwrap()
        .entries()
        .iter()
        .map(|entry| entry.tensor().shallow_clone())
        .collect();
    assert_eq!(parameters.len(), 13);
    let look = || -> Vec<_> { parameters.iter().map(Identity::of).collect() };
    let versions = || -> Vec<_> { parameters.iter().map(Tensor::internal_version).collect() };
    let (before, versions_before) = (look(), versions());
    model.init(&mut Seed(42));
    assert_eq!(look(), before);
    for (after, before) in versions().iter().zip(versions_before) {
        assert!(*after > before);
    }
}

#[test]
fn variables_of_a_var_store_are_written_where_it_sees_them() {
    let vs = nn::VarStore::new(Device::Cpu);
    let mut model = Layers::new(&vs.root());
    let variables = vs.variables();
    let before: Vec<_> = variables
        .iter()
        .map(|(name, value)| (name, bits::of(value)))
        .collect();
    model.init(&mut Seed(42));
    for (name, bits) in before {
        let variable = &variables[name];
        // Norms have their values from the start.
        let same = bits == bits::of(variable);
        assert_eq!(
            same,
            name.starts_with("norm") && !name.ends_with("norm.weight"),
            "{name}"
        );
        let trainable = !name.contains("running");
        assert_eq!(
            (variable.requires_grad(), variable.is_leaf()),
            (trainable, true),
            "{name}"
        );
    }
    let loss = model.conv.ws.sum(Kind::Float) + model.linear.ws.sum(Kind::Float);
    loss.backward();
    assert!(model.conv.ws.grad().defined() && model.linear.ws.grad().defined());
}

/// Backpropagation through what has been overwritten is refused, as after any operation in place.
#[test]
fn autograd_notices() {
    #[derive(Initialize)]
    struct Single {
        #[init(normal)]
        weight: Tensor,
    }

    let weight = Tensor::ones([3], FLOAT).set_requires_grad(true);
    let mut model = Single {
        weight: weight.shallow_clone(),
    };
    let squared = (&weight * &weight).sum(Kind::Float);
    squared.f_backward().unwrap();
    let squared = (&weight * &weight).sum(Kind::Float);
    model.init(&mut Seed(42));
    let error = squared.f_backward().unwrap_err().to_string();
    assert!(
        error.contains("modified by an inplace operation"),
        "{error}"
    );
}

#[test]
fn free_functions_write_in_place_too() {
    let mut weight = Tensor::zeros([4, 6], FLOAT).tr().set_requires_grad(true);
    let (before, version) = (Identity::of(&weight), weight.internal_version());
    let returned = init::xavier_normal_(&mut weight, 1.0, &mut Seed(42)).unwrap();
    assert_eq!(Identity::of(returned), before);
    assert_eq!(Identity::of(&weight), before);
    assert!(weight.internal_version() > version);
    assert!(weight.count_nonzero(None).int64_value(&[]) > 0);
}

fn records_gradients() -> bool {
    let leaf = Tensor::ones([1], FLOAT).set_requires_grad(true);
    (&leaf + 1).requires_grad()
}

#[derive(Initialize)]
struct Guarded {
    #[init(normal)]
    weight: Tensor,
    #[init(with = own)]
    own: Tensor,
}

/// What the user's function is to do; the tensor is told by its first element.
fn own(tensor: &mut Tensor, _: &mut Stream) -> Result<(), BoxError> {
    assert!(!records_gradients());
    match tensor.int64_value(&[0]) {
        FAIL => Err("it does not work".into()),
        PANIC => panic!("it breaks"),
        _ => Ok(()),
    }
}

const SUCCEED: i64 = 0;
const FAIL: i64 = 1;
const PANIC: i64 = 2;

#[test]
fn the_mode_of_gradients_is_restored_after_success_error_and_panic() {
    let guarded = |wish: i64, weight: &[i64]| {
        let mut model = Guarded {
            weight: Tensor::zeros(weight, FLOAT).set_requires_grad(true),
            own: Tensor::full([1], wish, FLOAT),
        };
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            model
                .try_init(&mut Seed(42))
                .map(|_| ())
                .map_err(|error| error.to_string())
        }));
        outcome.map_err(|panic| panic.downcast_ref::<&str>().map(ToString::to_string))
    };
    let check = |records: bool| {
        assert_eq!(guarded(SUCCEED, &[3]), Ok(Ok(())));
        assert_eq!(records_gradients(), records);
        let error = "while writing `own` [1]: own: it does not work".to_owned();
        assert_eq!(guarded(FAIL, &[3]), Ok(Err(error)));
        assert_eq!(records_gradients(), records);
        assert_eq!(guarded(PANIC, &[3]), Err(Some("it breaks".to_owned())));
        assert_eq!(records_gradients(), records);
    };
    check(true);
    {
        let _off = tch::no_grad_guard();
        check(false);
    }
    check(true);
}

#[test]
fn the_mode_of_gradients_is_restored_after_an_error_of_the_plan() {
    #[derive(Initialize)]
    struct Impossible {
        #[init(kaiming_normal)]
        bias: Tensor,
    }

    let bias = Tensor::zeros([3], FLOAT);
    let mut model = Impossible { bias };
    assert!(model.try_init(&mut Seed(42)).is_err());
    assert!(records_gradients());
    let panicked = catch_unwind(AssertUnwindSafe(|| model.init(&mut Seed(42))));
    assert!(panicked.is_err());
    assert!(records_gradients());
}
