//! `#[init(Linear(…))]` on a struct: part by part, nearest first, and checked against what can be inside.

use std::sync::LazyLock;

use nninit::declare::{Describe, Kinds};
use nninit::{Initialize, recipe};
use nninit_tests::plans::assert_plan;
use nninit_tests::stores::store;
use tch::{Device, Kind, Tensor, nn};

fn linear(inputs: i64, outputs: i64) -> nn::Linear {
    nn::linear(store().root(), inputs, outputs, nn::LinearConfig::default())
}

fn conv(inputs: i64, outputs: i64) -> nn::Conv2D {
    nn::conv2d(
        store().root(),
        inputs,
        outputs,
        1,
        nn::ConvConfig::default(),
    )
}

fn conv1d(inputs: i64, outputs: i64) -> nn::Conv1D {
    nn::conv1d(
        store().root(),
        inputs,
        outputs,
        1,
        nn::ConvConfig::default(),
    )
}

fn norm(features: i64) -> nn::BatchNorm {
    nn::batch_norm2d(store().root(), features, nn::BatchNormConfig::default())
}

fn tensor(shape: &[i64]) -> Tensor {
    Tensor::zeros(shape, (Kind::Float, Device::Cpu))
}

fn said(model: &impl Initialize) -> Vec<String> {
    let error = model.plan().unwrap_err();
    error.problems().iter().map(ToString::to_string).collect()
}

#[test]
fn kinds_hold_part_by_part_where_nothing_nearer_speaks() {
    #[derive(Initialize)]
    #[init(
        Linear(weight(xavier_uniform), bias(constant, val = 0.01)),
        BatchNorm(bias(ones))
    )]
    struct Net {
        first: nn::Linear,
        #[init(orthogonal)]
        second: nn::Linear,
        #[init(bias(zeros))]
        third: nn::Linear,
        #[init(skip)]
        fourth: nn::Linear,
        norm: nn::BatchNorm,
        #[init(zeros)]
        bare: Tensor,
    }
    let net = Net {
        first: linear(4, 2),
        second: linear(4, 2),
        third: linear(4, 2),
        fourth: linear(4, 2),
        norm: norm(3),
        bare: tensor(&[2]),
    };
    assert_plan(
        &net,
        "
        first.weight [2, 4] xavier_uniform: U(-1, 1)
        first.bias [2] constant(val = 0.01): constant 0.01
        second.weight [2, 4] orthogonal: orthogonal(gain 1)
        second.bias [2] constant(val = 0.01): constant 0.01
        third.weight [2, 4] xavier_uniform: U(-1, 1)
        third.bias [2] zeros: constant 0
        fourth.weight [2, 4] skip: left as it is
        fourth.bias [2] skip: left as it is
        norm.weight [3] ones: constant 1
        norm.bias [3] ones: constant 1
        norm.running_mean [3] zeros: constant 0
        norm.running_var [3] ones: constant 1
        bare [2] zeros: constant 0
        ",
    );
}

#[test]
fn about_a_kind_the_nearest_struct_wins_and_what_it_leaves_goes_outwards() {
    #[derive(Initialize)]
    #[init(Linear(ones), recipe = recipe!(Linear(weight(zeros), bias(ones)), BatchNorm(zeros)))]
    struct Inner {
        fc: nn::Linear,
        norm: nn::BatchNorm,
    }

    #[derive(Initialize)]
    #[init(
        Linear(weight(normal), bias(normal)),
        BatchNorm(weight(normal), bias(normal))
    )]
    struct Outer {
        inner: Vec<Inner>,
        conv: nn::Conv2D,
    }
    let outer = Outer {
        inner: vec![Inner {
            fc: linear(4, 2),
            norm: norm(3),
        }],
        conv: conv(4, 2),
    };
    let plan = outer.plan_with(recipe!(Linear(eye), Conv(bias(ones))));
    let plan = plan.unwrap().to_string();
    let due = [
        ("inner.0.fc.weight", "ones "),
        ("inner.0.fc.bias", "ones "),
        ("inner.0.norm.weight", "zeros "),
        ("inner.0.norm.bias", "normal "),
        ("inner.0.norm.running_var", "ones "),
        ("conv.weight", "kaiming_uniform"),
        ("conv.bias", "ones "),
    ];
    for (path, scheme) in due {
        let line = plan.lines().find(|line| line.starts_with(path)).unwrap();
        assert!(line.contains(&format!("  {scheme}")), "{line}");
    }
}

#[test]
fn one_number_of_dimensions_comes_before_all() {
    #[derive(Initialize)]
    #[init(Conv(weight(zeros), bias(zeros)), Conv1D(ones))]
    struct Net {
        one: nn::Conv1D,
        two: nn::Conv2D,
    }
    let net = Net {
        one: conv1d(3, 2),
        two: conv(3, 2),
    };
    assert_plan(
        &net,
        "
        one.weight [2, 3, 1] ones: constant 1
        one.bias [2] zeros: constant 0
        two.weight [2, 3, 1, 1] zeros: constant 0
        two.bias [2] zeros: constant 0
        ",
    );
}

#[test]
fn two_attributes_are_two_steps_and_a_first_region_follows_what_would_stand_there() {
    #[derive(Initialize)]
    #[init(Linear(zeros))]
    #[init(Linear(weight(ones, at = 0), bias(ones, at = self.first..)))]
    struct Net {
        fc: nn::Linear,
        #[init(normal, at = 1)]
        other: nn::Linear,
        first: i64,
    }
    let net = Net {
        fc: linear(4, 2),
        other: linear(4, 2),
        first: 1,
    };
    assert_plan(
        &net,
        "
        fc.weight [2, 4] zeros: constant 0
        then ones, at = 0: constant 1
        fc.bias [2] uniform within 1/√fan_in: U(-0.5, 0.5)
        then ones, at = 1..: constant 1
        other.weight [2, 4] zeros: constant 0
        then ones, at = 0: constant 1
        then normal, at = 1: N(0, 1²)
        other.bias [2] uniform within 1/√fan_in: U(-0.5, 0.5)
        then ones, at = 1..: constant 1
        ",
    );
}

#[test]
fn a_first_region_of_one_number_of_dimensions_follows_the_kind_of_any() {
    #[derive(Initialize)]
    #[init(Conv2D(ones, at = 0), Conv(zeros))]
    struct Regions {
        conv: nn::Conv2D,
    }
    assert_plan(
        &Regions { conv: conv(1, 2) },
        "
        conv.weight [2, 1, 1, 1] zeros: constant 0
        then ones, at = 0: constant 1
        conv.bias [2] uniform within 1/√fan_in: U(-1, 1)
        ",
    );
}

#[test]
fn skip_and_others_leave_what_they_name() {
    #[derive(Initialize)]
    #[init(Linear(skip, bias(zeros)), Conv2D(weight(ones)), others(skip))]
    struct Net {
        fc: nn::Linear,
        conv: nn::Conv2D,
        norm: nn::BatchNorm,
        #[init(ones)]
        own: nn::BatchNorm,
    }
    let net = Net {
        fc: linear(4, 2),
        conv: conv(3, 2),
        norm: norm(3),
        own: norm(3),
    };
    assert_plan(
        &net,
        "
        fc.weight [2, 4] skip: left as it is
        fc.bias [2] zeros: constant 0
        conv.weight [2, 3, 1, 1] ones: constant 1
        conv.bias [2] skip: left as it is
        norm.weight [3] skip: left as it is
        norm.bias [3] skip: left as it is
        norm.running_mean [3] skip: left as it is
        norm.running_var [3] skip: left as it is
        own.weight [3] ones: constant 1
        own.bias [3] skip: left as it is
        own.running_mean [3] skip: left as it is
        own.running_var [3] skip: left as it is
        ",
    );
}

#[test]
fn whatever_stands_after_a_field_stands_in_a_kind() {
    use rand_distr::Exp;

    #[derive(Initialize)]
    #[init(
        Linear(weight(xavier_uniform(chunks = 2, scale = 0.5)), bias(sample = Exp::new(2.0)?)),
        Conv2D(with = nninit::schemes::ones()),
        BatchNorm(running_mean(with = |t, _| { let _ = t.fill_(3.0); Ok(()) }))
    )]
    struct Net {
        fc: nn::Linear,
        conv: nn::Conv2D,
        norm: nn::BatchNorm,
    }
    let mut net = Net {
        fc: linear(4, 4),
        conv: conv(3, 2),
        norm: norm(3),
    };
    let plan = net.plan().unwrap().to_string();
    assert!(plan.contains("scale = 0.5, chunks = 2"), "{plan}");
    net.init(&mut nninit_tests::sources::rng(1));
    assert_eq!(net.norm.running_mean.double_value(&[2]), 3.0);
    assert_eq!(net.conv.ws.double_value(&[1, 2, 0, 0]), 1.0);
    assert!(net.fc.bs.as_ref().unwrap().min().double_value(&[]) > 0.0);
}

#[test]
fn a_failing_value_is_one_error_of_the_struct() {
    #[derive(Initialize)]
    #[init(Linear(normal, std = self.std()?))]
    struct Block {
        fcs: Vec<nn::Linear>,
        text: &'static str,
    }

    impl Block {
        fn std(&self) -> Result<f64, std::num::ParseFloatError> {
            self.text.parse()
        }
    }

    #[derive(Initialize)]
    struct Net {
        block: Block,
    }
    let block = Block {
        fcs: (0..12).map(|_| linear(2, 2)).collect(),
        text: "much",
    };
    assert_eq!(
        said(&Net { block }),
        [
            "`block`: normal(std = self.std()?): `normal(std = self.std()?)` could not be computed: invalid float literal"
        ]
    );
}

#[test]
fn a_kind_that_nothing_inside_can_be_is_an_error_once_a_type() {
    #[derive(Initialize)]
    #[init(Embedding(zeros), Conv1D(ones), Conv2D(zeros), Linear(zeros))]
    struct Block {
        fc: Option<nn::Linear>,
        convs: Vec<Option<Box<nn::Conv2D>>>,
        name: String,
        activation: &'static str,
        width: Option<i64>,
    }

    #[derive(Initialize)]
    struct Net {
        blocks: Vec<Block>,
    }
    let block = || Block {
        fc: None,
        convs: Vec::new(),
        name: String::new(),
        activation: "relu",
        width: None,
    };
    let net = Net {
        blocks: vec![block(), block()],
    };
    let holds = "`Block` holds `Linear` and `Conv2D`; correct the kind or remove it";
    assert_eq!(
        said(&net),
        [
            format!("`blocks.0`: no layer inside can be an `Embedding`: {holds}"),
            format!("`blocks.0`: no layer inside can be a `Conv1D`: {holds}"),
        ]
    );
}

#[test]
fn what_cannot_be_seen_by_type_can_hold_any_kind() {
    struct ByHand(Option<Box<nn::Linear>>);

    impl Initialize for ByHand {
        fn describe(&self, at: &mut Describe<'_>) {
            at.walk("hidden", &self.0);
        }
    }

    #[derive(Initialize)]
    #[init(Linear(zeros))]
    struct Described {
        inside: ByHand,
    }

    #[derive(Initialize)]
    #[init(Linear(zeros))]
    struct Dynamic {
        stages: Vec<Box<dyn Initialize>>,
    }

    #[derive(Initialize)]
    struct Stage<B> {
        block: B,
    }

    #[derive(Initialize)]
    #[init(Linear(zeros))]
    struct Generic {
        stage: Stage<nn::BatchNorm>,
    }

    let inside = ByHand(None);
    assert!(Described { inside }.plan().is_ok());
    assert!(Dynamic { stages: Vec::new() }.plan().is_ok());
    let stage = Stage { block: norm(1) };
    assert!(Generic { stage }.plan().is_ok());
}

#[test]
fn a_recursive_type_is_looked_into_once() {
    #[derive(Initialize)]
    #[init(Linear(zeros), Embedding(zeros))]
    struct Tree {
        children: Vec<Tree>,
        leaf: nn::Linear,
        other: Option<Box<Twig>>,
    }

    #[derive(Initialize)]
    struct Twig {
        back: Vec<Tree>,
    }
    let leaf = |children| Tree {
        children,
        leaf: linear(1, 1),
        other: None,
    };
    let tree = leaf(vec![leaf(Vec::new())]);
    assert_eq!(
        said(&tree),
        [
            "the model: no layer inside can be an `Embedding`: `Tree` holds `Linear`; correct the kind or remove it"
        ]
    );
}

#[test]
fn enums_take_kinds_too() {
    #[derive(Initialize)]
    #[init(Linear(constant, val = 2), Conv(constant, val = 3))]
    enum Stem {
        Flat(nn::Linear),
        Deep { conv: nn::Conv2D },
    }
    assert_plan(
        &vec![Stem::Flat(linear(1, 1)), Stem::Deep { conv: conv(1, 1) }],
        "
        0.0.weight [1, 1] constant(val = 2): constant 2
        0.0.bias [1] uniform within 1/√fan_in: U(-1, 1)
        1.conv.weight [1, 1, 1, 1] constant(val = 3): constant 3
        1.conv.bias [1] uniform within 1/√fan_in: U(-1, 1)
        ",
    );
}

static SMALL: LazyLock<Kinds> = LazyLock::new(|| {
    recipe! {
        Linear(normal, std = 0.02), Embedding(normal, std = 0.02);
        Linear(weight(zeros, at = 0)),
    }
});

#[derive(Initialize)]
struct Plain {
    fc: nn::Linear,
}

#[test]
fn a_recipe_is_a_value_and_its_unused_kinds_are_no_errors() {
    let plain = Plain { fc: linear(1, 2) };
    let of_static = plain.plan_with(&*SMALL).unwrap();
    assert_eq!(of_static.entries()[0].steps().len(), 2);
    let std = 0.5;
    let local = recipe!(Linear(normal, std = std * 2.0));
    let law = plain.plan_with(local).unwrap().entries()[0].steps()[0]
        .law()
        .unwrap()
        .to_string();
    assert_eq!(law, "N(0, 1²)");
    assert!(plain.plan_with(recipe!()).is_ok());
}

#[test]
fn self_in_a_recipe_is_the_one_where_it_is_written() {
    struct Config {
        std: f64,
    }

    impl Config {
        fn recipe(&self) -> Kinds {
            recipe!(Linear(normal, std = self.std))
        }
    }
    let plain = Plain { fc: linear(1, 2) };
    let plan = plain.plan_with(Config { std: 3.0 }.recipe()).unwrap();
    assert_eq!(
        plan.entries()[0].steps()[0].law().unwrap().to_string(),
        "N(0, 3²)"
    );
}

#[test]
fn a_failing_value_of_a_recipe_is_one_error_too() {
    let text = "much";
    let fcs = vec![Plain { fc: linear(1, 1) }, Plain { fc: linear(1, 1) }];
    let error = fcs
        .plan_with(recipe!(Linear(normal, std = text.parse::<f64>()?)))
        .unwrap_err();
    assert_eq!(error.problems().len(), 1, "{error}");
    assert!(
        error.to_string().contains("invalid float literal"),
        "{error}"
    );
}
