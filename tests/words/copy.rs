//! `copy`: values that are given.

use nninit::declare::Step;
use nninit::laws::Given;
use nninit::{
    Blueprint, Dtype, Error, Initialize, Law, ReasonKind, Rules, TorchRng, blank, init, recipe,
    rules,
};
use nninit_tests::bits;
use nninit_tests::generator::alone;
use nninit_tests::sources::{Counted, Seed};
use nninit_tests::stores::store;
use tch::{Device, Kind, Tensor, nn};

use crate::{REAL, values, zeros};

/// 0, 1, 2, … in that shape.
fn count(shape: &[i64], kind: Kind) -> Tensor {
    let len = shape.iter().product::<i64>();
    Tensor::arange(len, (kind, Device::Cpu)).view(shape)
}

#[derive(Initialize)]
struct Grown {
    #[init(normal)]
    #[init(copy = self.old, at = 0..3)]
    table: Tensor,
    #[init(copy = [[1.0, 2.0], [3.0, 4.0]])]
    numbers: Tensor,
    #[init(copy = vec![0.5_f32; 4], scale = 0.5)]
    halves: Tensor,
    #[init(weight(copy = self.old.narrow(1, 0, 2).transpose(0, 1)), bias(zeros))]
    layer: nn::Linear,
    #[init(skip)]
    old: Tensor,
}

fn grown(kind: Kind) -> Grown {
    let vs = store();
    let mut layer = nn::linear(vs.root(), 3, 2, blank::linear());
    layer.ws = zeros(&[2, 3], kind);
    layer.bs = None;
    Grown {
        table: zeros(&[5, 4], kind),
        numbers: zeros(&[2, 2], kind),
        halves: zeros(&[4], kind),
        layer,
        old: count(&[3, 4], Kind::Double),
    }
}

#[test]
fn values_are_those_that_are_given() {
    for kind in REAL {
        let mut grown = grown(kind);
        let report = grown.try_init(&mut Seed(1)).unwrap();
        let due: Vec<f64> = (0..12).map(f64::from).collect();
        assert_eq!(values(&grown.table.narrow(0, 0, 3)), due);
        assert!(
            values(&grown.table.narrow(0, 3, 2))
                .iter()
                .all(|x| x.fract() != 0.0)
        );
        assert_eq!(values(&grown.numbers), [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(values(&grown.halves), [0.25; 4]);
        assert_eq!(values(&grown.layer.ws), [0.0, 4.0, 8.0, 1.0, 5.0, 9.0]);
        let verified = report.verify().unwrap();
        assert!(verified.to_string().contains("verify_bits"), "{verified}");
        assert_eq!(report.verify_bits().unwrap().checked, 4);
        let _ = grown.layer.ws.get(0).fill_(0.5);
        assert!(report.verify_bits().is_err());
    }
}

/// By reference: what the tensor holds when the plan is executed, and nothing is drawn.
#[test]
fn values_are_read_at_the_execution_and_none_is_drawn() {
    #[derive(Initialize)]
    struct Copied {
        #[init(copy = self.source)]
        w: Tensor,
        #[init(skip)]
        source: Tensor,
    }

    let _alone = alone();
    let mut copied = Copied {
        w: zeros(&[4], Kind::Float),
        source: zeros(&[4], Kind::Float),
    };
    let plan = copied.plan().unwrap();
    let _ = copied.source.fill_(7.0);
    let mut source = Counted::default();
    plan.execute(&mut source).unwrap();
    assert_eq!(values(&copied.w), [7.0; 4]);

    copied.init(&mut TorchRng::manual_seed(3));
    let after = Tensor::rand([2], (Kind::Float, Device::Cpu));
    tch::manual_seed(3);
    assert_eq!(after, Tensor::rand([2], (Kind::Float, Device::Cpu)));
    assert!(plan.to_string().contains("self.source"), "{plan}");
    assert!(plan.to_string().contains("copy"), "{plan}");
}

#[test]
fn the_source_may_lie_in_any_way() {
    let copied = |source: &Tensor| {
        let mut w = zeros(&[3, 4], Kind::Float);
        init::apply_(&mut w, Step::copy("source", source), &mut Seed(1)).unwrap();
        w
    };
    let plain = count(&[3, 4], Kind::Float);
    let strided = count(&[3, 8], Kind::Float).slice(1, 0, None, 2);
    let tracked = plain.copy().set_requires_grad(true);
    for (source, due) in [
        (
            count(&[4, 3], Kind::Float).tr(),
            count(&[4, 3], Kind::Float).tr(),
        ),
        (strided.shallow_clone(), strided.contiguous()),
        (tracked.shallow_clone(), plain.shallow_clone()),
        (&tracked * 2.0, &plain * 2.0),
        (
            plain.get(1).expand([3, 4], false),
            plain.get(1).repeat([3, 1]),
        ),
        (
            plain.get(0).get(2).expand([3, 4], false),
            zeros(&[3, 4], Kind::Float) + 2.0,
        ),
    ] {
        bits::assert_same(&copied(&source), &due.contiguous());
    }
    // A gradient flows neither to what is copied nor from it.
    let mut w = zeros(&[3, 4], Kind::Float).set_requires_grad(true);
    init::apply_(&mut w, Step::copy("source", &tracked), &mut Seed(1)).unwrap();
    assert!(w.is_leaf() && w.requires_grad());
    // A view that holds the negatives of its values.
    let complex = Tensor::complex(&plain, &plain.ones_like());
    let negated = complex.conj().imag();
    assert_eq!(values(&copied(&negated)), [-1.0; 12]);
}

#[test]
#[ignore = "needs a CUDA device: `cargo torch test -p nninit-tests --test words cuda -- --ignored`"]
fn cuda_copies_to_and_fro() {
    let source = count(&[300, 40], Kind::Double) / 3.0;
    for (from, to) in [
        (Device::Cpu, Device::Cuda(0)),
        (Device::Cuda(0), Device::Cpu),
        (Device::Cuda(0), Device::Cuda(0)),
    ] {
        for kind in [Kind::Double, Kind::BFloat16] {
            let mut w = Tensor::zeros([300, 40], (kind, to));
            let step = Step::copy("source", source.to_device(from));
            init::apply_(&mut w, step, &mut Seed(1)).unwrap();
            let due: Vec<f64> = values(&source)
                .into_iter()
                .map(|value| Dtype::from(kind).nearest(value))
                .collect();
            assert_eq!(values(&w.to_device(Device::Cpu)), due);
        }
    }
}

/// libtorch goes from f64 to kinds of 16 bits by way of f32; beyond a kind's reach it writes infinities.
#[test]
fn kinds_that_differ_are_rounded_once_and_by_our_own_rule() {
    let tie = 1.0 + 2.0_f64.powi(-8) + 2.0_f64.powi(-40);
    let source = Tensor::from_slice(&[tie, -0.0, f64::NEG_INFINITY, 65519.0, f64::NAN]);
    for kind in [
        Kind::Double,
        Kind::Float,
        Kind::Half,
        Kind::BFloat16,
        Kind::Float8e5m2,
    ] {
        let dtype = Dtype::from(kind);
        let mut w = zeros(&[5], kind);
        let result = init::apply_(&mut w, Step::copy("source", &source), &mut Seed(1)).map(drop);
        if !dtype.holds(65519.0) {
            let error = result.unwrap_err();
            assert!(matches!(error, Error::Plan { .. }), "{error}");
            let text = error.to_string();
            assert!(
                text.contains("65519 at [3] cannot be held by float8_e5m2"),
                "{text}"
            );
            continue;
        }
        result.unwrap();
        let due = values(&source).into_iter().map(|x| dtype.nearest(x));
        let bits = |value: f64| {
            if value.is_nan() {
                u64::MAX
            } else {
                value.to_bits()
            }
        };
        let held: Vec<u64> = values(&w).into_iter().map(bits).collect();
        assert_eq!(held, due.map(bits).collect::<Vec<_>>(), "{kind:?}");
    }
    // Whole numbers are rounded once too, and fractions are none.
    let long = Tensor::from_slice(&[(1_i64 << 62) + (1 << 38) + 1, -3, i64::MIN]);
    let mut w = zeros(&[3], Kind::Float);
    init::apply_(&mut w, Step::copy("long", &long), &mut Seed(1)).unwrap();
    let due = f64::from(2.0_f32.powi(62).next_up());
    assert_eq!(values(&w), [due, -3.0, -(2.0_f64.powi(63))]);
    let mut whole = zeros(&[3], Kind::Int64);
    init::apply_(&mut whole, Step::copy("long", &long), &mut Seed(1)).unwrap();
    assert_eq!(whole, long);
    let fractions = Tensor::from_slice(&[1.0, 2.5, 3.0]);
    let error = init::apply_(&mut whole, Step::copy("f", &fractions), &mut Seed(1)).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("2.5 at [1] cannot be held by i64"), "{text}");
    assert_eq!(whole, long, "nothing is written");
    let bytes = Tensor::from_slice(&[0.0, 1.0, 256.0]);
    let mut byte = zeros(&[3], Kind::Uint8);
    assert!(init::apply_(&mut byte, Step::copy("b", &bytes), &mut Seed(1)).is_err());
}

#[test]
fn complex_numbers_are_copied_to_complex_ones_alone() {
    let real = Tensor::from_slice(&[1.0, 2.0]);
    let complex = Tensor::complex(&real, &(&real / 3.0));
    for kind in [Kind::ComplexFloat, Kind::ComplexDouble, Kind::ComplexHalf] {
        let mut w = zeros(&[2], kind);
        init::apply_(&mut w, Step::copy("real", &real), &mut Seed(1)).unwrap();
        let parts = |w: &Tensor| values(&w.view_as_real());
        assert_eq!(parts(&w), [1.0, 0.0, 2.0, 0.0]);
        for (source, sign) in [(complex.shallow_clone(), 1.0), (complex.conj(), -1.0)] {
            init::apply_(&mut w, Step::copy("complex", &source), &mut Seed(1)).unwrap();
            let nearest = |x: f64| Dtype::from(kind).nearest(x);
            let third = sign * nearest(1.0 / 3.0);
            assert_eq!(parts(&w), [1.0, third, 2.0, sign * nearest(2.0 / 3.0)]);
        }
    }
    let mut w = zeros(&[2], Kind::Float);
    let error = init::apply_(&mut w, Step::copy("complex", &complex), &mut Seed(1)).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("f32 holds no complex numbers"), "{text}");
}

#[derive(Initialize)]
struct Stacked {
    #[init(copy = self.dense, batch = 1)]
    experts: Tensor,
    #[init(copy = self.dense, chunks = 3)]
    fused: Tensor,
    #[init(copy = self.dense, repeat = 2)]
    repeated: Tensor,
    #[init(skip)]
    dense: Tensor,
}

#[test]
fn shapes_are_checked_by_the_plan_and_blocks_say_what_is_equal() {
    #[derive(Initialize)]
    struct Wrong {
        #[init(copy = [1.0])]
        first: Tensor,
        #[init(copy = self.row)]
        second: Tensor,
        #[init(zeros)]
        #[init(copy = self.row, at = (.., 1))]
        third: Tensor,
        #[init(skip)]
        row: Tensor,
    }

    let _alone = alone();
    let wrong = Wrong {
        first: zeros(&[2, 2], Kind::Float),
        second: zeros(&[2, 3], Kind::Float),
        third: zeros(&[4, 3], Kind::Float),
        row: count(&[3], Kind::Float),
    };
    let error = wrong.plan().unwrap_err();
    assert_eq!(error.problems().len(), 3);
    let kinds = error.problems().iter().map(|problem| problem.reason.kind());
    assert!(kinds.into_iter().all(|kind| kind == ReasonKind::Shape));
    let text = error.to_string();
    for due in [
        "the values are [1], and nothing is broadcast to [2, 2]; write `constant, val = …` for one number",
        "`copy = tensor.expand([2, 3], false)`",
        "the values are [3], and nothing is broadcast to [4]",
    ] {
        assert!(text.contains(due), "{due}\n{text}");
    }

    let mut stacked = Stacked {
        experts: zeros(&[4, 2, 3], Kind::Float),
        fused: zeros(&[6, 3], Kind::Half),
        repeated: zeros(&[4, 3], Kind::Float),
        dense: count(&[2, 3], Kind::Float),
    };
    let report = stacked.try_init(&mut Seed(1)).unwrap();
    assert_eq!(report.verify_bits().unwrap().checked, 3);
    let dense = values(&stacked.dense);
    assert_eq!(values(&stacked.experts), dense.repeat(4));
    assert_eq!(values(&stacked.fused), dense.repeat(3));
    assert_eq!(
        values(&stacked.repeated),
        [0.0, 1.0, 2.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 3.0, 4.0, 5.0]
    );
    let before = values(&stacked.fused);
    stacked.init(&mut TorchRng::manual_seed(0));
    assert_eq!(values(&stacked.fused), before);
}

#[test]
fn what_the_plan_writes_is_not_copied() {
    #[derive(Initialize)]
    struct Copies {
        #[init(normal)]
        online: Tensor,
        #[init(copy = self.online)]
        target: Tensor,
        #[init(copy = self.own)]
        own: Tensor,
        #[init(skip)]
        #[init(copy = self.rows.get(0), at = 1)]
        rows: Tensor,
        #[init(zeros)]
        #[init(copy = self.written.get(0), at = 1)]
        written: Tensor,
    }
    let copies = Copies {
        online: zeros(&[2], Kind::Float),
        target: zeros(&[2], Kind::Float),
        own: zeros(&[2], Kind::Float),
        rows: count(&[2, 3], Kind::Float),
        written: zeros(&[2, 3], Kind::Float),
    };
    let error = copies.plan().unwrap_err();
    let told: Vec<_> = error
        .problems()
        .iter()
        .map(|problem| (problem.path.as_str(), problem.reason.kind()))
        .collect();
    let shared = ReasonKind::SharedMemory;
    assert_eq!(
        told,
        [("target", shared), ("own", shared), ("written", shared)]
    );
    let text = error.to_string();
    assert!(
        text.contains("in `online`, so that what they are"),
        "{text}"
    );
    assert!(text.contains("`VarStore::copy`"), "{text}");

    let mut alone = count(&[2, 3], Kind::Float);
    let source = alone.shallow_clone();
    let error = init::apply_(&mut alone, Step::copy("alone", &source), &mut Seed(1)).unwrap_err();
    assert!(error.to_string().contains("the tensor itself"), "{error}");
    let row = Step::copy("row", source.get(0)).at(1);
    init::apply_(&mut alone, row, &mut Seed(1)).unwrap();
    assert_eq!(values(&alone), [0.0, 1.0, 2.0, 0.0, 1.0, 2.0]);
}

#[test]
fn a_source_that_has_changed_is_an_error_and_nothing_is_written() {
    #[derive(Initialize)]
    struct Copied {
        #[init(ones)]
        first: Tensor,
        #[init(copy = self.source)]
        w: Tensor,
        #[init(skip)]
        source: Tensor,
    }

    let _alone = alone();
    let copied = || Copied {
        first: zeros(&[3], Kind::Float),
        w: zeros(&[4], Kind::Half),
        source: zeros(&[4], Kind::Float),
    };
    let untouched = |model: &Copied| {
        let sum = model.first.sum(Kind::Float) + model.w.sum(Kind::Float);
        assert_eq!(sum.double_value(&[]), 0.0);
    };
    let mut model = copied();
    let plan = model.plan().unwrap();
    let _ = model.source.resize_([2]);
    for source in [
        plan.execute(&mut Seed(1)),
        plan.execute(&mut TorchRng::manual_seed(1)),
    ] {
        let error = source.unwrap_err();
        assert_eq!(error.problems()[0].reason.kind(), ReasonKind::Changed);
        assert!(matches!(error, Error::Plan { .. }), "{error}");
        untouched(&model);
    }
    // The plan looks anew.
    assert!(model.plan().is_err());

    // A number that the kind cannot hold, found before the first write.
    let model = copied();
    let plan = model.plan().unwrap();
    let _ = model.source.get(2).fill_(1e6);
    for source in [
        plan.execute(&mut Seed(1)),
        plan.execute(&mut TorchRng::manual_seed(1)),
    ] {
        let error = source.unwrap_err();
        assert!(matches!(error, Error::Plan { .. }), "{error}");
        let text = error.to_string();
        assert!(text.contains("1e6 at [2] cannot be held by f16"), "{text}");
        untouched(&model);
    }
}

#[test]
fn what_cannot_be_copied_is_told() {
    let mut w = zeros(&[2, 2], Kind::Float);
    let mut refused = |step: Step| {
        let error = init::apply_(&mut w, step, &mut Seed(1)).unwrap_err();
        error.to_string()
    };
    assert!(refused(Step::copy("none", None::<Tensor>)).contains("the tensor to copy is `None`"));
    assert!(refused(Step::copy("new", Tensor::new())).contains("undefined"));
    let sparse = zeros(&[2, 2], Kind::Float).to_sparse(None, None::<&[i64]>, None);
    assert!(refused(Step::copy("sparse", sparse)).contains("sparse"));
    let quantised =
        Tensor::ones([2, 2], (Kind::Float, Device::Cpu)).quantize_per_tensor(0.1, 0, Kind::QInt8);
    assert!(refused(Step::copy("quantised", quantised)).contains("quantised"));
    let source = zeros(&[2, 2], Kind::Float);
    let mapped = Step::copy("source", &source).map("ln", f64::ln);
    assert!(refused(mapped).contains("this one comes to copy; remove it"));
    let fans = Step::copy("source", &source).fan_of([4, 4]);
    assert!(refused(fans).contains("`fan_of` says which fans"));
    let negative = Step::copy("source", &source).scale(-1.0);
    assert!(refused(negative).contains("`scale` is -1"));
}

#[derive(Initialize)]
struct Model {
    layers: Vec<nn::Linear>,
}

#[test]
fn rules_and_recipes_take_it_too() {
    let vs = store();
    let head = nn::linear(vs.root() / "head", 3, 2, blank::linear());
    let source = count(&[2, 3], Kind::Float);
    let rules = rules! {
        "head.weight" => [zeros, copy = source.get(0), at = 1],
        "head.bias" => copy = [1.0, 2.0],
    };
    rules.try_init(&vs, &mut Seed(1)).unwrap();
    assert_eq!(values(&head.ws), [0.0, 0.0, 0.0, 0.0, 1.0, 2.0]);
    assert_eq!(values(head.bs.as_ref().unwrap()), [1.0, 2.0]);

    let recipe = recipe!(Linear(weight(copy = source), bias(zeros)));
    Model { layers: vec![head] }.init_with(recipe, &mut Seed(1));
    assert_eq!(values(&vs.variables()["head.weight"]), values(&source));

    for text in [
        "w => copy = source",
        "w => copy",
        "w => [zeros, copy(at = 0)]",
    ] {
        let error = text.parse::<Rules>().unwrap_err().to_string();
        let due = "`copy` takes a Rust value, which a text cannot hold; use `rules!`";
        assert!(error.contains(due), "{error}");
    }
}

#[test]
fn a_file_knows_the_shape_and_refuses_to_write() {
    let mut grown = grown(Kind::Float);
    grown.old = count(&[3, 4], Kind::Float);
    let blueprint = grown.plan().unwrap().blueprint();
    let text = serde_json::to_string(&blueprint).unwrap();
    let read: Blueprint = serde_json::from_str(&text).unwrap();
    assert_eq!(read, blueprint);
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    let tensors = || {
        [
            ("table", grown.table.shallow_clone()),
            ("numbers", grown.numbers.shallow_clone()),
            ("halves", grown.halves.shallow_clone()),
            ("layer.weight", grown.layer.ws.shallow_clone()),
            ("old", grown.old.shallow_clone()),
        ]
    };
    let bound = read.bind(tensors()).unwrap();
    let error = bound.execute(&mut Seed(1)).unwrap_err();
    assert!(matches!(error, Error::Plan { .. }), "{error}");
    assert_eq!(error.problems().len(), 4);
    assert!(
        error.to_string().contains("knows their shape alone"),
        "{error}"
    );
    assert_eq!(grown.table.abs().max().double_value(&[]), 0.0);
    // The blueprint that was not written has its values.
    blueprint
        .bind(tensors())
        .unwrap()
        .execute(&mut Seed(1))
        .unwrap();
    assert_eq!(values(&grown.halves), [0.25; 4]);
    // What is read is checked.
    let broken = text.replace(r#""given":{"shape":[2,2]"#, r#""given":{"shape":[4]"#);
    assert_ne!(broken, text);
    let error = serde_json::from_str::<Blueprint>(&broken).unwrap_err();
    assert!(
        error.to_string().contains("nothing is broadcast"),
        "{error}"
    );
}

/// Two fields of one tensor that are given the same values are one parameter.
#[test]
fn ties_agree_on_what_they_copy() {
    #[derive(Initialize)]
    struct Tied {
        #[init(copy = self.source)]
        a: Tensor,
        #[init(copy = self.source)]
        b: Tensor,
        #[init(copy = [1.0, 2.0])]
        c: Tensor,
        #[init(skip)]
        source: Tensor,
    }
    let w = zeros(&[2], Kind::Float);
    let tied = |c: Tensor| Tied {
        a: w.shallow_clone(),
        b: w.shallow_clone(),
        c,
        source: zeros(&[2], Kind::Float) + 5.0,
    };
    let plan = tied(zeros(&[2], Kind::Float)).plan().unwrap();
    assert_eq!(plan.entries()[1].tied_to(), Some("a"));
    let error = tied(w.shallow_clone()).plan().unwrap_err();
    let kind = error.problems()[0].reason.kind();
    assert_eq!(kind, ReasonKind::SharedMemory, "{error}");
    let numbers = |last: f64| Law::given(Given::numbers(&[2], [1.0, last]).unwrap());
    assert_eq!(numbers(2.0), numbers(2.0));
    assert_ne!(numbers(2.0), numbers(3.0));
}

/// Larger than the buffer that values go through, and cut in every way.
#[test]
fn neither_the_buffer_nor_threads_show() {
    let source = Tensor::arange(3 * 2_000_003, (Kind::Double, Device::Cpu)).view([3, 2_000_003]);
    let source: Tensor = source / 7.0;
    let due = source.to_kind(Kind::Float);
    for threads in [1, 3] {
        tch::set_num_threads(threads);
        for mut w in [
            zeros(&[3, 2_000_003], Kind::Float),
            zeros(&[2_000_003, 3], Kind::Float).tr(),
        ] {
            init::apply_(&mut w, Step::copy("source", &source), &mut Seed(1)).unwrap();
            assert_eq!(bits::differing(&w, &due), 0);
        }
    }
}
