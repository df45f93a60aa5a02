//! `map`: each draw goes through a function.

use nninit::declare::Step;
use nninit::{
    Blueprint, BoxError, Dtype, Error, Initialize, Initializer, Law, ReasonKind, Rules, Target,
    TorchRng, blank, init, recipe, rules, schemes,
};
use nninit_tests::bits;
use nninit_tests::generator::alone;
use nninit_tests::sources::Seed;
use nninit_tests::stores::store;
use tch::{Kind, Tensor, nn};

use crate::{REAL, values, zeros};

/// Mamba-2's decay, as one writes it: the logarithm of a uniform.
#[derive(Initialize)]
struct Decay {
    #[init(uniform, a = 1, b = 16, map = f64::ln)]
    a_log: Tensor,
    #[init(normal, scale = 0.5, map = |x| x.powi(3) + self_bias())]
    cubes: Tensor,
}

fn self_bias() -> f64 {
    0.25
}

/// The same draws without the function.
#[derive(Initialize)]
struct Plain {
    #[init(uniform, a = 1, b = 16)]
    a_log: Tensor,
    #[init(normal, std = 0.5)]
    cubes: Tensor,
}

fn decay(kind: Kind) -> Decay {
    Decay {
        a_log: zeros(&[3, 50], kind),
        cubes: zeros(&[7, 11], kind),
    }
}

fn plain(kind: Kind) -> Plain {
    Plain {
        a_log: zeros(&[3, 50], kind),
        cubes: zeros(&[7, 11], kind),
    }
}

/// What the function makes of those numbers, rounded once to the kind.
fn mapped(draws: &Tensor, kind: Kind, map: impl Fn(f64) -> f64) -> Vec<f64> {
    let dtype = Dtype::from(kind);
    let draws = values(draws);
    draws.into_iter().map(|x| dtype.nearest(map(x))).collect()
}

#[test]
fn values_are_the_function_of_the_draws_rounded_once() {
    for kind in REAL {
        let mut decay = decay(kind);
        decay.init(&mut Seed(7));
        // Kinds of 16 bits take what an f32 draws.
        let drawn = if kind == Kind::Double {
            kind
        } else {
            Kind::Float
        };
        let mut plain = plain(drawn);
        plain.init(&mut Seed(7));
        let cube = |x: f64| x.powi(3) + 0.25;
        assert_eq!(values(&decay.a_log), mapped(&plain.a_log, kind, f64::ln));
        assert_eq!(values(&decay.cubes), mapped(&plain.cubes, kind, cube));
    }
}

#[test]
fn neither_threads_nor_strides_nor_the_size_show() {
    #[derive(Initialize)]
    struct Large {
        #[init(uniform, a = 1, b = 2, map = f64::sqrt)]
        w: Tensor,
    }
    let drawn = |threads, w: Tensor| {
        tch::set_num_threads(threads);
        let mut large = Large { w };
        large.init(&mut Seed(3));
        large.w
    };
    let shape = [601, 1003];
    let alone = drawn(1, zeros(&shape, Kind::Float));
    for threads in [2, 3, 7] {
        bits::assert_same(&alone, &drawn(threads, zeros(&shape, Kind::Float)));
        let strided = zeros(&[1003, 601], Kind::Float).transpose(0, 1);
        bits::assert_same(&alone, &drawn(threads, strided));
    }
    // A region of it, drawn alone.
    let mut part = zeros(&shape, Kind::Float);
    let step = Step::of(schemes::uniform().a(1.0).b(2.0)).map("sqrt", f64::sqrt);
    init::apply_(&mut part, step.at(100..110), &mut Seed(3)).unwrap();
    let mut whole = zeros(&shape, Kind::Float);
    let step = Step::of(schemes::uniform().a(1.0).b(2.0)).map("sqrt", f64::sqrt);
    init::apply_(&mut whole, step, &mut Seed(3)).unwrap();
    bits::assert_same(&part.narrow(0, 100, 10), &whole.narrow(0, 100, 10));
}

#[derive(Initialize)]
struct Uncut {
    #[init(kaiming_normal, fan_of = [8, 16])]
    experts: Tensor,
    #[init(uniform, a = 1, b = 2)]
    repeated: Tensor,
}

#[test]
fn blocks_and_repeats_are_those_of_the_draws() {
    #[derive(Initialize)]
    struct Cut {
        #[init(kaiming_normal, batch = 1, map = f64::tanh)]
        experts: Tensor,
        #[init(uniform, a = 1, b = 2, repeat = 3, map = f64::recip)]
        repeated: Tensor,
    }
    let mut cut = Cut {
        experts: zeros(&[4, 8, 16], Kind::Double),
        repeated: zeros(&[6, 5], Kind::Double),
    };
    let report = cut.try_init(&mut Seed(1)).unwrap();
    assert_eq!(report.verify_bits().unwrap().checked, 2);

    let mut uncut = Uncut {
        experts: zeros(&[4, 8, 16], Kind::Double),
        repeated: zeros(&[2, 5], Kind::Double),
    };
    uncut.init(&mut Seed(1));
    let due = mapped(&uncut.experts, Kind::Double, f64::tanh);
    assert_eq!(values(&cut.experts), due);
    let due = uncut.repeated.repeat_interleave_self_int(3, 0, None);
    assert_eq!(
        values(&cut.repeated),
        mapped(&due, Kind::Double, f64::recip)
    );
}

/// A function with a hole that is met neither at the ends nor in the middle.
#[derive(Initialize)]
struct Holed {
    #[init(normal)]
    first: Tensor,
    #[init(uniform, map = |x| if (0.3..0.31).contains(&x) { f64::NAN } else { x })]
    middle: Tensor,
    #[init(uniform, map = |x| if x > 0.9 { 1e39 } else { x })]
    #[init(zeros, at = 0)]
    high: Tensor,
    #[init(by_index = |place| place[0] as f64)]
    last: Tensor,
}

#[test]
fn what_is_no_number_of_the_kind_is_an_error_and_nothing_is_written() {
    let _alone = alone();
    let model = || Holed {
        first: zeros(&[100], Kind::Float),
        middle: zeros(&[10_000], Kind::Float),
        high: zeros(&[100], Kind::Float),
        last: zeros(&[5], Kind::Float),
    };
    // At its upper end the third is found out by the plan.
    let error = model().plan().unwrap_err().to_string();
    assert!(error.contains("`map` makes 1e39 of 1, which"), "{error}");

    let mut large = model();
    large.high = zeros(&[100], Kind::Double);
    let error = large.try_init(&mut Seed(1)).unwrap_err();
    let Error::Plan { problems, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].path, "middle");
    assert_eq!(problems[0].reason.kind(), ReasonKind::Number);
    let text = error.to_string();
    assert!(text.contains("`map` makes NaN of 0.30"), "{text}");
    for tensor in [&large.first, &large.middle, &large.high, &large.last] {
        assert_eq!(tensor.abs().max().double_value(&[]), 0.0);
    }

    // Of libtorch's draws the parameter that fails is left as it was.
    large.high = zeros(&[100], Kind::Double);
    let error = large.try_init(&mut TorchRng::manual_seed(1)).unwrap_err();
    assert!(matches!(error, Error::Write(_)), "{error}");
    assert_eq!(large.middle.abs().max().double_value(&[]), 0.0);

    let mut alone = zeros(&[10_000], Kind::Half);
    let holed = |x| if (0.3..0.31).contains(&x) { 1e6 } else { x };
    let step = Step::of(schemes::uniform()).map("holed", holed);
    let error = init::apply_(&mut alone, step, &mut Seed(1)).unwrap_err();
    assert!(error.to_string().contains("a number of f16"), "{error}");
    assert_eq!(alone.abs().max().double_value(&[]), 0.0);
}

/// The draw is PyTorch's own in the tensor's kind, and so is the generator's state after it.
#[test]
fn torch_s_draws_go_through_it() {
    let _alone = alone();
    for kind in REAL {
        let mut decay = decay(kind);
        decay.init(&mut TorchRng::manual_seed(5));
        let after = Tensor::rand([3], (Kind::Float, tch::Device::Cpu));
        let mut plain = plain(kind);
        plain.init(&mut TorchRng::manual_seed(5));
        assert_eq!(after, Tensor::rand([3], (Kind::Float, tch::Device::Cpu)));
        assert_eq!(values(&decay.a_log), mapped(&plain.a_log, kind, f64::ln));
        let cube = |x: f64| x.powi(3) + 0.25;
        assert_eq!(values(&decay.cubes), mapped(&plain.cubes, kind, cube));

        decay.a_log = zeros(&[50, 3], kind).transpose(0, 1);
        decay.init(&mut TorchRng::manual_seed(5));
        plain.a_log = zeros(&[50, 3], kind).transpose(0, 1);
        plain.init(&mut TorchRng::manual_seed(5));
        assert_eq!(values(&decay.a_log), mapped(&plain.a_log, kind, f64::ln));
    }
}

#[test]
fn plans_show_the_function_and_verification_says_what_it_cannot_tell() {
    let mut decay = decay(Kind::Float);
    let plan = decay.plan().unwrap().to_string();
    for shown in [
        "uniform(a = 1, b = 16), map = f64::ln",
        "ln of U(1, 16)",
        "normal, scale = 0.5, map = |x| …",
        "function of N(0, 0.5²)",
    ] {
        assert!(plan.contains(shown), "{shown}\n{plan}");
    }
    let report = decay.try_init(&mut Seed(1)).unwrap();
    let verified = report.verify().unwrap();
    assert_eq!((verified.checked, verified.unchecked.len()), (0, 2));
    assert!(verified.to_string().contains("verify_bits"), "{verified}");
    assert_eq!(report.verify_bits().unwrap().checked, 2);
    let _ = decay.cubes.get(0).fill_(0.5);
    assert!(report.verify_bits().is_err());
}

#[test]
fn rules_recipes_and_schemes_of_one_s_own_take_it_too() {
    struct Wide;

    impl Initializer for Wide {
        fn label(&self) -> String {
            "wide".to_owned()
        }

        fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
            Ok(Law::uniform(2.0, 3.0))
        }
    }

    #[derive(Initialize)]
    struct Model {
        #[init(with = Wide, map = { let add = self.add; move |x| x + add })]
        w: Tensor,
        layer: nn::Linear,
        add: f64,
    }

    let vs = store();
    let mut model = Model {
        w: zeros(&[4], Kind::Float),
        layer: nn::linear(vs.root() / "fc", 3, 2, blank::linear()),
        add: 8.0,
    };
    let least = 10.0;
    let recipe = recipe!(Linear(
        weight(uniform, map = move |x| x + least),
        bias(zeros)
    ));
    model.init_with(recipe, &mut Seed(1));
    for tensor in [&model.w, &model.layer.ws] {
        assert!(tensor.min().double_value(&[]) >= least);
    }
    let rules = rules! { "fc.weight" => uniform(map = |x| -x), "fc.bias" => skip };
    rules.try_init(&vs, &mut Seed(1)).unwrap();
    assert!(model.layer.ws.max().double_value(&[]) <= 0.0);

    let step = Step::with("ones", |w: &mut Tensor, _: &mut _| {
        let _ = w.f_fill_(1.0)?;
        Ok(())
    });
    let error = init::apply_(&mut model.w, step.map("ln", f64::ln), &mut Seed(1)).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("this one comes to custom; remove it"),
        "{text}"
    );
}

#[test]
fn a_file_knows_its_name_and_refuses_to_draw() {
    let _alone = alone();
    let decay = decay(Kind::Float);
    let blueprint = decay.plan().unwrap().blueprint();
    let text = serde_json::to_string(&blueprint).unwrap();
    let read: Blueprint = serde_json::from_str(&text).unwrap();
    assert_eq!(read, blueprint);
    assert_eq!(read.to_string(), blueprint.to_string());
    assert_eq!(serde_json::to_string(&read).unwrap(), text);

    let tensors = || {
        [
            ("a_log", decay.a_log.shallow_clone()),
            ("cubes", decay.cubes.shallow_clone()),
        ]
    };
    let bound = read.bind(tensors()).unwrap();
    let error = bound.execute(&mut Seed(1)).unwrap_err().to_string();
    assert!(error.contains("`ln` is code of the program"), "{error}");
    assert_eq!(decay.a_log.abs().max().double_value(&[]), 0.0);
    let error = bound.execute(&mut TorchRng::manual_seed(1)).unwrap_err();
    assert!(error.to_string().contains("`ln` is code"), "{error}");
    // What is read is checked.
    let broken = text.replace(r#""high":"16.0""#, r#""high":"0.5""#);
    assert_ne!(broken, text);
    assert!(serde_json::from_str::<Blueprint>(&broken).is_err());
}

#[test]
fn a_text_says_where_it_stands() {
    for text in [
        "w => uniform(map = f64::ln)",
        "w => map = f64::ln",
        "w => map(f)",
    ] {
        let error = text.parse::<Rules>().unwrap_err().to_string();
        let due = "`map` takes a Rust value, which a text cannot hold; use `rules!`";
        assert!(error.contains(due), "{error}");
    }
    let step = Step::of(schemes::uniform().a(1.0)).map("f64::ln", f64::ln);
    assert_eq!(step.to_string(), "uniform(a = 1.0, map = f64::ln)");
}
