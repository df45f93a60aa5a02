//! A model is initialised whole or not at all, and a generator gives one number for it or none.

use nninit::{BoxError, Error, Initialize, Stream, init};
use nninit_tests::bits;
use nninit_tests::sources::{Counted, Seed};
use tch::{Device, Kind, Tensor, nn};

const FLOAT: (Kind, Device) = (Kind::Float, Device::Cpu);

#[derive(Initialize)]
struct Inner {
    #[init(orthogonal)]
    square: Tensor,
    #[init(sparse, sparsity = self.sparsity)]
    thin: Tensor,
    sparsity: f64,
}

#[derive(Initialize)]
struct Model {
    #[init(normal)]
    right: Tensor,
    #[init(xavier_normal)]
    bias: Tensor,
    #[init(zeros)]
    #[init(ones, at = 7)]
    gates: Tensor,
    layers: Vec<Inner>,
    #[init(weight(normal, std = -self.std), bias(zeros))]
    linear: nn::Linear,
    std: f64,
}

fn model() -> Model {
    let vs = nn::VarStore::new(Device::Cpu);
    let filled = |shape: &[i64]| Tensor::full(shape, 0.5, FLOAT);
    let inner = |sparsity| Inner {
        square: filled(&[3, 3]),
        thin: filled(&[3, 2]),
        sparsity,
    };
    Model {
        right: filled(&[100, 100]),
        bias: filled(&[64]),
        gates: filled(&[4]),
        layers: vec![inner(0.1), inner(1.5)],
        linear: nn::linear(vs.root(), 4, 2, nn::LinearConfig::default()),
        std: 0.1,
    }
}

fn everything(model: &Model) -> Vec<Vec<u64>> {
    let mut tensors = vec![&model.right, &model.bias, &model.gates];
    for inner in &model.layers {
        tensors.extend([&inner.square, &inner.thin]);
    }
    tensors.push(&model.linear.ws);
    tensors.extend(&model.linear.bs);
    tensors.into_iter().map(bits::of).collect()
}

const WRONG: &str = "4 problems in a model of 9 parameters, nothing was written:
  `bias` [64]: xavier_normal: fan_in and fan_out need at least 2 dimensions and this has 1; use `normal`, `uniform` or \
a constant, or say whose fans with `fan_of = …`, a tensor or a shape
  `gates` [4]: ones: `at` is out of range: 7 along dimension 0, which has length 4
  `layers.1.thin` [3, 2]: sparse(sparsity = self.sparsity): `sparsity` is 1.5; it is the share of zeros in each \
column, from 0 to 1
  `linear.weight` [2, 4]: normal(std = -self.std): `std` is -0.1; it must be 0 or more";

#[test]
fn a_model_with_impossible_fields_is_left_alone_and_every_one_is_named() {
    let mut model = model();
    let before = everything(&model);
    let mut rng = Counted::default();
    assert_eq!(model.plan().unwrap_err().to_string(), WRONG);
    assert_eq!(model.try_init(&mut rng).unwrap_err().to_string(), WRONG);
    assert!(everything(&model) == before);
    assert_eq!((rng.words, rng.other), (0, 0));
}

#[test]
fn planning_writes_nothing_and_draws_nothing() {
    let mut model = model();
    (model.std, model.layers[1].sparsity) = (-0.1, 0.2);
    model.bias = Tensor::zeros([8, 8], FLOAT);
    model.gates = Tensor::zeros([8], FLOAT);
    let before = everything(&model);
    let plan = model.plan().unwrap();
    assert!(everything(&model) == before);
    let versions: Vec<_> = plan
        .entries()
        .iter()
        .map(|entry| entry.tensor().internal_version())
        .collect();
    let _plan = model.plan().unwrap();
    let again: Vec<_> = plan
        .entries()
        .iter()
        .map(|entry| entry.tensor().internal_version())
        .collect();
    assert_eq!(versions, again);
}

#[derive(Initialize)]
struct Pair {
    #[init(normal)]
    weight: Tensor,
    #[init(with = own)]
    own: Tensor,
}

/// Fails where the tensor says so.
fn own(tensor: &mut Tensor, _: &mut Stream) -> Result<(), BoxError> {
    if tensor.double_value(&[0]) == 0.0 {
        Ok(())
    } else {
        Err("it does not work".into())
    }
}

#[test]
fn an_execution_takes_one_number() {
    let mut rng = Counted::default();
    let mut pair = Pair {
        weight: Tensor::zeros([1000, 1000], FLOAT),
        own: Tensor::zeros([1], FLOAT),
    };
    for executions in 1..=3 {
        pair.init(&mut rng);
        assert_eq!((rng.words, rng.other), (executions, 0));
    }
    let plan = pair.plan().unwrap();
    let _ = plan.execute(&mut rng).unwrap();
    let _ = plan.execute(&mut rng).unwrap();
    assert_eq!((rng.words, rng.other), (5, 0));
}

/// A function of the user's that fails has been given bits of that number, and others have been written with it.
#[test]
fn a_user_s_function_that_fails_comes_last_and_after_the_number() {
    let mut rng = Counted::default();
    let mut pair = Pair {
        weight: Tensor::zeros([10], FLOAT),
        own: Tensor::ones([1], FLOAT),
    };
    let error = pair.try_init(&mut rng).map(drop).unwrap_err();
    assert!(matches!(error, Error::Write(_)));
    assert_eq!(
        error.to_string(),
        "while writing `own` [1]: own: it does not work"
    );
    assert_eq!((rng.words, rng.other), (1, 0));
    assert!(pair.weight.count_nonzero(None).int64_value(&[]) > 0);
}

#[test]
fn free_functions_take_one_number_where_they_draw() {
    let mut rng = Counted::default();
    let mut weight = Tensor::zeros([8, 8], FLOAT);
    init::normal_(&mut weight, 0.0, 1.0, &mut rng).unwrap();
    init::orthogonal_(&mut weight, 1.0, &mut rng).unwrap();
    assert_eq!((rng.words, rng.other), (2, 0));
    init::normal_(&mut weight, 0.0, -1.0, &mut rng).unwrap_err();
    init::normal_(&mut Tensor::zeros([0], FLOAT), 0.0, 1.0, &mut rng).unwrap();
    assert_eq!((rng.words, rng.other), (2, 0));
}

/// Two names for one tensor are one parameter, under the one that sorts first.
#[test]
fn tied_tensors_are_written_once() {
    #[derive(Initialize)]
    struct Tied {
        #[init(normal)]
        wte: Tensor,
        #[init(normal)]
        head: Tensor,
    }

    #[derive(Initialize)]
    struct Head {
        #[init(normal)]
        head: Tensor,
    }

    #[derive(Initialize)]
    struct Disagreeing {
        #[init(normal)]
        wte: Tensor,
        #[init(normal, std = 0.5)]
        head: Tensor,
    }

    let weight = Tensor::zeros([4, 5], FLOAT);
    let (wte, head) = (weight.shallow_clone(), weight.shallow_clone());
    let mut tied = Tied { wte, head };
    let report = tied.try_init(&mut Seed(42)).unwrap();
    assert_eq!(report.entries()[0].tied_to(), Some("head"));
    assert_eq!(report.entries()[1].tied_to(), None);
    let mut alone = Head {
        head: Tensor::zeros([4, 5], FLOAT),
    };
    alone.init(&mut Seed(42));
    bits::assert_same(&weight, &alone.head);

    let (wte, head) = (weight.shallow_clone(), weight.shallow_clone());
    let error = Disagreeing { wte, head }.plan().unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot initialise `head` [4, 5]: normal(std = 0.5): shares memory with `wte`, which is declared as `normal`; \
         declare both alike, or `skip` one of them"
    );
}

/// Views of one buffer that share no element are parameters of their own.
#[test]
fn disjoint_views_are_two_parameters() {
    #[derive(Initialize)]
    struct Views {
        #[init(ones)]
        even: Tensor,
        #[init(normal)]
        odd: Tensor,
    }

    #[derive(Initialize)]
    struct Overlapping {
        #[init(ones)]
        head: Tensor,
        #[init(normal)]
        all: Tensor,
    }

    let buffer = Tensor::zeros([4, 6], FLOAT);
    let columns = |start: i64| buffer.slice(1, start, None, 2);
    let mut views = Views {
        even: columns(0),
        odd: columns(1),
    };
    let report = views.try_init(&mut Seed(42)).unwrap();
    assert!(
        report
            .entries()
            .iter()
            .all(|entry| entry.tied_to().is_none())
    );
    assert_eq!(columns(0).eq(1.0).all().int64_value(&[]), 1);
    assert_eq!(columns(1).eq(1.0).any().int64_value(&[]), 0);

    let (head, all) = (buffer.narrow(0, 0, 2), buffer.shallow_clone());
    let error = Overlapping { head, all }.plan().unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot initialise `all` [4, 6]: normal: shares some of its elements with `head`, through another view; `skip` \
         one of them"
    );
}
