//! What a report says of the values: measured, verified against their laws, made again.

use nninit::{Error, Initialize, Plan, Progress, ReasonKind, Report, rules};
use nninit_tests::sources::rng;
use nninit_tests::stores::{self as models, store};
use statrs::distribution::{Binomial, DiscreteCDF};
use tch::{Device, Kind, Tensor, nn};

/// A view of one element.
fn first_element(tensor: &Tensor) -> Tensor {
    let mut one = tensor.shallow_clone();
    while one.dim() > 0 {
        one = one.select(0, 1);
    }
    one
}

fn empty(shape: &[i64], kind: Kind) -> Tensor {
    Tensor::zeros(shape, (kind, Device::Cpu))
}

/// One parameter of each law, and what regions and chunks do.
#[derive(Initialize)]
struct Zoo {
    #[init(normal, std = 0.02)]
    normal: Tensor,
    #[init(uniform, a = -0.1, b = 0.1)]
    uniform: Tensor,
    #[init(trunc_normal, std = 0.5, a = -1, b = 1)]
    truncated: Tensor,
    #[init(trunc_normal, a = 10, b = 11)]
    far_out: Tensor,
    #[init(log_uniform, low = 0.000_1, high = 10)]
    log_uniform: Tensor,
    #[init(a_log, scale = 2)]
    a_log: Tensor,
    #[init(dt_bias, floor = 0.01)]
    dt_bias: Tensor,
    #[init(zeros)]
    #[init(ones, at = 4..8)]
    bias: Tensor,
    #[init(normal, std = 0.02)]
    #[init(zeros, at = 0)]
    embedding: Tensor,
    #[init(orthogonal, chunks = 4)]
    gates: Tensor,
    #[init(orthogonal, gain = 0.5)]
    half: Tensor,
    #[init(eye)]
    eye: Tensor,
    #[init(dirac)]
    dirac: Tensor,
    #[init(sample = rand_distr::Exp::new(2.0)?)]
    sample: Tensor,
    #[init(normal, std = 0)]
    no_spread: Tensor,
}

fn zoo(kind: Kind) -> Zoo {
    Zoo {
        normal: empty(&[40, 30], kind),
        uniform: empty(&[7, 11], kind),
        truncated: empty(&[300], kind),
        far_out: empty(&[200], kind),
        log_uniform: empty(&[150], kind),
        a_log: empty(&[100], kind),
        dt_bias: empty(&[200], kind),
        bias: empty(&[16], kind),
        embedding: empty(&[9, 32], kind),
        gates: empty(&[32, 8], kind),
        half: empty(&[6, 20], Kind::BFloat16),
        eye: empty(&[5, 4], kind),
        dirac: empty(&[4, 3, 3], kind),
        sample: empty(&[500], kind),
        no_spread: empty(&[3], kind),
    }
}

#[test]
fn models_that_are_right_raise_no_more_alarms_than_the_level_allows() {
    const MODELS: u64 = 1000;
    let level = 0.05;
    let kinds = [Kind::Float, Kind::Double, Kind::BFloat16, Kind::Half];
    let mut alarms = 0;
    for seed in 0..MODELS {
        // QR in half precision is f32 rounded; the rest is drawn in the kind itself.
        let mut zoo = zoo(kinds[seed as usize % kinds.len()]);
        let report = zoo.try_init(&mut rng(seed)).unwrap();
        alarms += u64::from(report.verify_at(level).is_err());
    }
    let most = Binomial::new(level, MODELS)
        .unwrap()
        .inverse_cdf(1.0 - 1e-6);
    println!("{alarms} alarms in {MODELS} models at level {level}; {most} are allowed");
    assert!(alarms <= most);
    // The bounds are not so wide that nothing could ever alarm: at a level that asks for it, most models do.
    let loud = (0..50).filter(|&seed| {
        let report = zoo(Kind::Float).try_init(&mut rng(seed)).unwrap();
        report.verify_at(50.0).is_err()
    });
    assert!(loud.count() > 25);
}

/// What is commonly wrong with them: another logarithm, U(0, 16) for U(1, 16), the time step for its inverse softplus.
#[test]
fn transformed_laws_are_told_from_what_is_written_in_their_stead() {
    #[derive(Initialize)]
    struct StateSpace {
        #[init(a_log)]
        a_log: Tensor,
        #[init(dt_bias)]
        dt_bias: Tensor,
        #[init(log_uniform, low = 0.000_001, high = 1)]
        step: Tensor,
    }
    let mut model = StateSpace {
        a_log: empty(&[400], Kind::Float),
        dt_bias: empty(&[400], Kind::BFloat16),
        step: empty(&[400], Kind::Half),
    };
    let report = model.try_init(&mut rng(5)).unwrap();
    assert_eq!(report.verify().unwrap().checked, 3);
    let refused = |tensor: &Tensor, values: Tensor| {
        let before = tensor.copy();
        tensor.shallow_clone().copy_(&values);
        let error = report.verify().unwrap_err().to_string();
        tensor.shallow_clone().copy_(&before);
        error
    };
    let from_zero = || Tensor::rand([400], (Kind::Float, Device::Cpu)) * 16.0;
    refused(&model.a_log, from_zero().log());
    refused(&model.a_log, model.a_log.log2());
    refused(&model.dt_bias, model.dt_bias.exp().log1p());
    refused(&model.dt_bias, model.dt_bias.exp().log1p().log() + 1e-1);
    // Half of the values, all below a thousandth of the reach: a table of equal cells would not see them.
    let shrunk = model
        .step
        .where_self(&model.step.gt(1e-3), &(&model.step / 4.0));
    let error = refused(&model.step, shrunk);
    assert!(error.contains("step"), "{error}");
}

/// One parameter of each law whose numbers are free.
#[derive(Initialize)]
struct Free {
    #[init(normal, mean = self.mean, std = self.std)]
    normal: Tensor,
    #[init(uniform, a = self.mean, b = self.mean + self.std)]
    uniform: Tensor,
    #[init(trunc_normal, mean = self.mean, std = self.std, a = self.mean - self.below, b = self.mean + self.std)]
    truncated: Tensor,
    mean: f64,
    std: f64,
    below: f64,
}

impl Free {
    fn new(n: i64, kind: Kind, mean: f64, std: f64) -> Self {
        Self {
            normal: empty(&[n], kind),
            uniform: empty(&[n], kind),
            truncated: empty(&[n], kind),
            mean,
            std,
            below: 2.0 * std,
        }
    }
}

#[test]
fn the_level_is_kept_for_every_kind_and_any_mean_and_deviation() {
    const MODELS: u64 = 1200;
    const LEVEL: f64 = 0.05;
    let kinds = [Kind::Float, Kind::Double, Kind::BFloat16, Kind::Half];
    let means = [0.0, 1.0, -0.3, 1e-3, 1000.0];
    let mut alarms = 0;
    for model in 0..MODELS {
        let pick = model as usize;
        let kind = kinds[pick % kinds.len()];
        let mean = means[pick / kinds.len() % means.len()];
        // From 10⁻⁴ to 10, in steps that share no factor with the others.
        let std = 10.0_f64.powf(-4.0 + 5.0 * (pick % 61) as f64 / 60.0);
        let n = [3, 100, 2000, 20_000][pick / 7 % 4];
        let mut free = Free::new(n, kind, mean, std);
        let report = free.try_init(&mut rng(model)).unwrap();
        if let Err(error) = report.verify_at(LEVEL) {
            alarms += 1;
            println!("{kind:?}, {n} of mean {mean}, std {std:.3e}: {error}");
        }
    }
    let most = Binomial::new(LEVEL, MODELS)
        .unwrap()
        .inverse_cdf(1.0 - 1e-6);
    println!("{alarms} alarms in {MODELS} models at level {LEVEL}; {most} are allowed");
    assert!(alarms <= most);
}

/// What rounding leaves of a law is what is due.
#[test]
fn laws_at_the_edge_of_their_kind_raise_no_alarm() {
    for seed in 0..5 {
        for (kind, mean, std) in [
            (Kind::BFloat16, 1.0, 0.001),
            (Kind::BFloat16, 1.0, 0.01),
            (Kind::BFloat16, 0.0, 1e-38),
            (Kind::Half, 100.0, 0.05),
            (Kind::Half, 0.0, 1e-6),
            (Kind::Float, 2048.1, 0.1),
            (Kind::Float, 1.0, 1e-9),
            (Kind::Double, -1e8, 1e-7),
        ] {
            let mut free = Free::new(100_000, kind, mean, std);
            let report = free.try_init(&mut rng(seed)).unwrap();
            let verified = report.verify();
            assert!(
                verified.is_ok(),
                "{kind:?} {mean} {std}: {}",
                verified.unwrap_err()
            );
        }
    }
    let mut wide = Free::new(1000, Kind::Float, 0.0, 1e15);
    (wide.mean, wide.below) = (0.0, 1.0);
    let report = wide.try_init(&mut rng(1)).unwrap();
    report.verify().unwrap();
}

#[test]
fn laws_that_cannot_be_told_are_listed() {
    let mut free = Free::new(1000, Kind::Float, 0.0, 1e-40);
    let report = free.try_init(&mut rng(1)).unwrap();
    let verified = report.verify().unwrap();
    assert_eq!(verified.checked, 0);
    let why = "normal (its law is too narrow for the digits of its kind)";
    assert!(verified.to_string().contains(why), "{verified}");

    let mut free = Free::new(1000, Kind::BFloat16, 0.0, 1.0);
    let report = free
        .try_init(&mut nninit::TorchRng::manual_seed(1))
        .unwrap();
    assert_eq!(report.verify().unwrap().unchecked.len(), 3);
}

#[test]
fn gains_do_not_overflow_and_what_underflows_is_no_alarm() {
    let vs = store();
    let _ = vs.root().zeros("weight", &[30, 20]);
    let mut vs = vs;
    for (kind, gain) in [
        (Kind::Double, 1e155),
        (Kind::Half, 1e-8),
        (Kind::BFloat16, 3.0),
    ] {
        vs.set_kind(kind);
        let rules = rules! { "weight" => orthogonal(gain = gain) };
        let report = rules.try_init(&vs, &mut rng(2)).unwrap();
        report.verify().unwrap();
        report.verify_bits().unwrap();
    }
}

#[test]
fn a_sample_is_held_to_its_distribution_as_its_kind_has_it() {
    #[derive(Initialize)]
    struct Model {
        #[init(sample = rand_distr::Normal::new(1.0, 0.02)?)]
        narrow: Tensor,
        #[init(sample = rand_distr::Cauchy::new(0.0, 1e4)?)]
        clamped: Tensor,
    }
    for kind in [Kind::BFloat16, Kind::Half, Kind::Float] {
        let mut model = Model {
            narrow: empty(&[100_000], kind),
            clamped: empty(&[100_000], kind),
        };
        let report = model.try_init(&mut rng(4)).unwrap();
        report.verify().unwrap();
        tch::no_grad(|| scale(&model.narrow, 1.01));
        assert_eq!(report.verify().unwrap_err().problems()[0].path, "narrow");
    }
}

#[test]
fn constants_of_any_kind_are_compared() {
    #[derive(Initialize)]
    struct Model {
        #[init(zeros)]
        #[init(ones, at = 1)]
        constant: Tensor,
    }

    let kinds = [
        Kind::Int64,
        Kind::Bool,
        Kind::Uint8,
        Kind::ComplexFloat,
        Kind::Float8e4m3fn,
    ];
    for kind in kinds {
        let mut model = Model {
            constant: empty(&[3, 2], kind),
        };
        let report = model.try_init(&mut rng(1)).unwrap();
        assert_eq!(report.verify().unwrap().checked, 1, "{kind:?}");
        report.verify_bits().unwrap();
        report.measure().unwrap();
        let _ = model.constant.select(0, 0).fill_(1);
        assert!(report.verify().is_err(), "{kind:?}");
        assert!(report.verify_bits().is_err(), "{kind:?}");
    }
}

/// Makes another tensor of one in place.
type Change = fn(&mut Tensor);

#[test]
fn a_tensor_that_is_no_longer_what_was_initialised_is_an_error() {
    let changes: [(&str, Change); 4] = [
        ("of shape [4, 3] when planned, now of shape [2]", |w| {
            let _ = w.resize_([2]);
        }),
        ("f32 when planned, now f64", |w| {
            w.set_data(&w.to_kind(Kind::Double));
        }),
        ("when planned, now at address", |w| {
            w.set_data(&w.copy());
        }),
        ("of shape [4, 3] when planned, now of shape [3, 4]", |w| {
            let _ = w.transpose_(0, 1);
        }),
    ];
    for (what, change) in changes {
        let vs = store();
        let mut weight = vs.root().zeros_no_train("weight", &[4, 3]);
        let report = rules! { "weight" => normal }
            .try_init(&vs, &mut rng(1))
            .unwrap();
        tch::no_grad(|| change(&mut weight));
        let errors = [
            report.verify().unwrap_err(),
            report.verify_bits().unwrap_err(),
            report.measure().unwrap_err(),
            report.histogram("weight").unwrap_err(),
        ];
        for error in errors {
            assert!(error.to_string().contains(what), "{error}");
            assert_eq!(error.problems()[0].reason.kind(), ReasonKind::Changed);
        }
    }
}

/// Hears how far a look at the values is.
type Tell<'a> = &'a mut dyn FnMut(Progress);

#[test]
fn looking_tells_how_far_it_is_between_rounds() {
    let vs = store();
    let _ = vs.root().zeros_no_train("large", &[5, 4_000_000]);
    let _ = vs.root().zeros("bias", &[100]);
    let report = rules! { "**" => uniform }
        .try_init(&vs, &mut rng(1))
        .unwrap();
    let due = [(16_777_216, 20_000_100), (20_000_100, 20_000_100)];
    let told = |look: &dyn Fn(Tell<'_>)| {
        let mut told = Vec::new();
        look(&mut |progress| told.push((progress.done, progress.total)));
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(told[1], due[1]);
        assert!(told[0].0 >= due[0].0);
    };
    told(&|tell| _ = report.measure_with_progress(tell).unwrap());
    told(&|tell| _ = report.verify_with_progress(1e-6, tell).unwrap());
    told(&|tell| _ = report.verify_bits_with_progress(tell).unwrap());
    // A callback may do anything, also to the tensors.
    let mut large = vs.variables()["large"].shallow_clone();
    let error = report.measure_with_progress(|_| _ = tch::no_grad(|| large.resize_([7])));
    assert!(error.unwrap_err().to_string().contains("when planned, now"));
}

/// One parameter of `n` elements for each fault that can be planted.
#[derive(Initialize)]
struct Garden {
    #[init(normal, std = 0.02)]
    weight: Tensor,
    #[init(normal, std = 0.02)]
    other: Tensor,
    #[init(kaiming_normal)]
    tall: Tensor,
    #[init(zeros)]
    bias: Tensor,
    #[init(normal, std = 0.02, chunks = 4)]
    fused: Tensor,
    #[init(trunc_normal, std = 0.02, a = -0.04, b = 0.04)]
    bounded: Tensor,
    #[init(normal, std = 0.02)]
    #[init(normal, std = 0.04, at = self.half..)]
    gates: Tensor,
    half: i64,
}

fn garden(n: i64) -> Garden {
    let side = (n / 4).max(1).isqrt();
    Garden {
        weight: empty(&[n], Kind::Float),
        other: empty(&[n], Kind::Float),
        tall: empty(&[4 * side, side], Kind::Float),
        bias: empty(&[n], Kind::Float),
        fused: empty(&[4, n.div_euclid(4).max(1)], Kind::Float),
        bounded: empty(&[n], Kind::Float),
        gates: empty(&[2 * (n / 2).max(1)], Kind::Float),
        half: (n / 2).max(1),
    }
}

/// What goes wrong after a correct plan, and the parameter that has to be named.
type Fault = (&'static str, &'static str, fn(&Garden));

const FAULTS: [Fault; 18] = [
    ("σ off by 2 %", "weight", |garden| {
        scale(&garden.weight, 1.02);
    }),
    ("an untouched tensor", "weight", |garden| {
        _ = garden.weight.shallow_clone().zero_();
    }),
    ("values of a transposed fan", "tall", |garden| {
        scale(&garden.tall, 0.5);
    }),
    ("a bias left random", "bias", |garden| {
        garden.bias.shallow_clone().copy_(&(&garden.other * 5.0));
    }),
    ("one block scaled", "fused", |garden| {
        scale(&garden.fused.select(0, 2), 1.1);
    }),
    ("a constant where a law is due", "other", |garden| {
        _ = garden.other.shallow_clone().fill_(0.01);
    }),
    ("clipped bounds", "bounded", |garden| {
        _ = garden.bounded.shallow_clone().clamp_(-0.03, 0.03);
    }),
    ("swapped gates", "gates", |garden| {
        let half = garden.half;
        let (mut first, mut second) = (
            garden.gates.narrow(0, 0, half),
            garden.gates.narrow(0, half, half),
        );
        let kept = first.copy();
        first.copy_(&second);
        second.copy_(&kept);
    }),
    ("NaN", "weight", |garden| {
        _ = garden.weight.narrow(0, 0, 1).fill_(f64::NAN);
    }),
    ("a copy of another tensor", "other", |garden| {
        garden.other.shallow_clone().copy_(&garden.weight);
    }),
    ("the mean off by 2 % of σ", "weight", |garden| {
        let _ = garden.weight.shallow_clone().g_add_scalar_(0.02 * 0.02);
    }),
    ("a uniform law of the same σ", "weight", |garden| {
        let half = 0.02 * 3.0_f64.sqrt();
        let _ = garden.weight.shallow_clone().uniform_(-half, half);
    }),
    ("the second half minus the first", "weight", |garden| {
        let (first, mut second) = halves(&garden.weight);
        second.copy_(&first.neg());
    }),
    ("equal halves", "weight", |garden| {
        let (first, mut second) = halves(&garden.weight);
        second.copy_(&first);
    }),
    ("sorted values", "weight", |garden| {
        let (sorted, _) = garden.weight.sort(0, true);
        garden.weight.shallow_clone().copy_(&sorted);
    }),
    ("one sixteenth repeated", "weight", |garden| {
        let sixteenth = garden.weight.size()[0] / 16;
        let first = garden.weight.narrow(0, 0, sixteenth);
        let mut other = garden.weight.narrow(0, 5 * sixteenth, sixteenth);
        other.copy_(&first);
    }),
    ("one value 10 σ off", "weight", |garden| {
        let end = garden.weight.size()[0] - 1;
        let _ = garden.weight.narrow(0, end, 1).fill_(-0.2);
    }),
    ("one value beyond the bounds", "bounded", |garden| {
        let _ = garden.bounded.narrow(0, 0, 1).fill_(0.041);
    }),
];

fn halves(tensor: &Tensor) -> (Tensor, Tensor) {
    let half = tensor.size()[0] / 2;
    (tensor.narrow(0, 0, half), tensor.narrow(0, half, half))
}

fn scale(tensor: &Tensor, factor: f64) {
    let _ = tensor.shallow_clone().g_mul_scalar_(factor);
}

#[test]
fn planted_faults_are_caught_and_named() {
    for (name, path, plant) in FAULTS {
        let caught = |power: u32| {
            let mut garden = garden(1 << power);
            let report = garden.try_init(&mut rng(u64::from(power))).unwrap();
            report.verify().unwrap();
            tch::no_grad(|| plant(&garden));
            match report.verify() {
                Ok(_) => false,
                Err(error) => {
                    assert!(matches!(error, Error::Verify { .. }));
                    let named = error.problems().iter().all(|problem| problem.path == path);
                    assert!(named, "{name} at 2^{power}: {error}");
                    true
                }
            }
        };
        let missed = (0..=17).rev().find(|&power| !caught(power));
        let smallest = missed.map_or(0, |power| power + 1);
        assert!(smallest <= 17, "{name} is not caught");
        println!("{name}: caught from 2^{smallest} elements");
    }
}

#[test]
fn a_finding_says_what_is_due() {
    let mut garden = garden(1 << 17);
    let report = garden.try_init(&mut rng(1)).unwrap();
    tch::no_grad(|| scale(&garden.weight, 1.02));
    let text = report.verify().unwrap_err().to_string();
    let due = "`weight` [131072]: N(0, 0.02²): the standard deviation is 2.04";
    assert!(text.contains(due), "{text}");
    tch::no_grad(|| scale(&garden.fused.select(0, 2), 1.1));
    let text = report.verify().unwrap_err().to_string();
    assert!(
        text.starts_with("2 findings in a model of 7 parameters:"),
        "{text}"
    );
    assert!(
        text.contains("`fused` [4, 32768]: N(0, 0.02²) (chunk 2): "),
        "{text}"
    );
}

#[test]
fn structured_laws_are_held_to_what_defines_them() {
    let vs = store();
    let var = |name: &str, shape: &[i64]| vs.root().zeros(name, shape);
    let names = ["orthogonal", "delta", "eye", "dirac", "sparse"];
    let shapes: [&[i64]; 5] = [&[24, 7], &[6, 4, 3, 3], &[5, 8], &[6, 3, 3], &[50, 20]];
    let variables: Vec<Tensor> = names
        .iter()
        .zip(shapes)
        .map(|(name, shape)| var(name, shape))
        .collect();
    let rules = rules! {
        "orthogonal" => orthogonal(gain = 2),
        "delta" => delta_orthogonal(gain = 3),
        "eye" => eye,
        "dirac" => dirac(groups = 2),
        "sparse" => sparse(sparsity = 0.3),
    };
    let report = rules.try_init(&vs, &mut rng(3)).unwrap();
    assert_eq!(report.verify().unwrap().checked, 5);
    let _ = report.verify_bits().unwrap();
    for (variable, name) in variables.iter().zip(names) {
        let before = variable.detach().copy();
        // The first row, which holds some value that is not 0 in each.
        tch::no_grad(|| {
            scale(&variable.detach().select(0, 0), 1.001);
            if name == "sparse" {
                let _ = variable.detach().fill_diagonal_(0.0, false);
            }
        });
        let error = report.verify().unwrap_err();
        assert!(error.problems().iter().all(|problem| problem.path == name));
        assert!(report.verify_bits().is_err());
        tch::no_grad(|| variable.detach().copy_(&before));
        let _ = report.verify().unwrap();
    }
}

#[test]
fn a_users_function_cannot_be_verified_and_is_listed() {
    #[derive(Initialize)]
    struct Model {
        #[init(with = |tensor, _| { let _ = tensor.f_fill_(3.0)?; Ok(()) })]
        own: Tensor,
        #[init(zeros)]
        bias: Tensor,
    }
    let mut model = Model {
        own: empty(&[3], Kind::Float),
        bias: empty(&[3], Kind::Float),
    };
    let report = model.try_init(&mut rng(1)).unwrap();
    for verified in [report.verify().unwrap(), report.verify_bits().unwrap()] {
        assert_eq!(
            verified.to_string(),
            "1 parameter is as planned; not checked: own (written by a user's function)"
        );
    }
}

#[test]
fn bits_are_made_again_and_compared() {
    for kind in [Kind::Float, Kind::Double, Kind::BFloat16, Kind::Half] {
        let mut zoo = zoo(kind);
        // A layout of its own must not matter.
        zoo.normal = empty(&[30, 40], kind).transpose(0, 1);
        let report = zoo.try_init(&mut rng(7)).unwrap();
        let verified = report.verify_bits().unwrap();
        assert_eq!((verified.checked, verified.unchecked.len()), (15, 0));
        for tensor in [&zoo.normal, &zoo.embedding, &zoo.gates, &zoo.sample] {
            let mut one = first_element(tensor);
            let before = one.copy();
            let _ = one.g_add_scalar_(1.0);
            let error = report.verify_bits().unwrap_err();
            assert_eq!(error.problems().len(), 1, "{error}");
            one.copy_(&before);
            report.verify_bits().unwrap();
        }
    }
}

#[test]
fn bits_are_compared_across_the_blocks_of_a_large_parameter() {
    // More elements than the buffer holds, in a shape that the blocks do not divide.
    let vs = store();
    let weight = vs.root().zeros("weight", &[3, 700_001]);
    let rules = rules! { "weight" => [normal(std = 0.02), uniform(at = (.., 5..300_000)), zeros(at = (1, 7..9))] };
    let report = rules.try_init(&vs, &mut rng(8)).unwrap();
    report.verify_bits().unwrap();
    report.verify().unwrap();
    let _ = tch::no_grad(|| {
        weight
            .detach()
            .select(0, 2)
            .narrow(0, 700_000, 1)
            .fill_(1.0)
    });
    let error = report.verify_bits().unwrap_err();
    assert_eq!(
        error.to_string(),
        "not as planned: `weight` [3, 700001]: normal(std = 0.02): 1 values are not those that were written"
    );
}

#[test]
fn measurements_are_the_values_own() {
    #[derive(Initialize)]
    struct Model {
        #[init(zeros)]
        #[init(constant, val = 4, at = 0)]
        small: Tensor,
        #[init(skip)]
        kept: Tensor,
    }
    let mut model = Model {
        small: empty(&[4], Kind::Float),
        kept: Tensor::from_slice(&[1.0_f32, f32::NAN, 3.0]),
    };
    let report = model.try_init(&mut rng(1)).unwrap();
    let measured = report.measure().unwrap();
    let small = measured.get("small").unwrap();
    // Of 4, 0, 0, 0: mean 1, variance 3.
    assert_eq!(
        (small.mean, small.min, small.max, small.zeros),
        (1.0, 0.0, 4.0, 0.75)
    );
    assert_eq!(small.std, 3.0_f64.sqrt());
    let kept = measured.get("kept").unwrap();
    assert_eq!((kept.mean, kept.std, kept.not_finite), (2.0, 1.0, 1));
    let table = measured.to_string();
    assert!(
        table.contains("small      [4]    1.0000e0  1.7321e0  0.0000e0  4.0000e0  75.0 %"),
        "{table}"
    );
    assert!(table.contains("1 not finite"), "{table}");
    let histogram = report.histogram("small").unwrap().unwrap();
    assert_eq!((histogram.counts()[0], histogram.counts()[19]), (3, 1));
    let full = "█".repeat(40);
    let first = format!("small [4]\n    0.0000e0 {full}\n");
    assert!(histogram.to_string().starts_with(&first), "{histogram}");
    assert!(
        histogram
            .to_string()
            .ends_with("\n    3.8000e0 █████████████▍"),
        "{histogram}"
    );
    assert!(report.histogram("nothing").unwrap().is_none());
}

#[test]
fn progress_goes_up_to_all_elements_and_is_told_on_one_thread() {
    let vs = store();
    let _ = vs.root().zeros("large", &[20, 1 << 20]);
    let _ = vs.root().zeros("square", &[20, 20]);
    let _ = vs.root().zeros("bias", &[100]);
    let rules =
        rules! { "square" => orthogonal, "large" => normal, "bias" => [zeros, ones(at = ..50)] };
    let plan: Plan = rules.plan(&vs).unwrap();
    let here = std::thread::current().id();
    let total = (20 << 20) + 400 + 150;
    let threads = tch::get_num_threads();
    for threads in [threads, 1] {
        tch::set_num_threads(threads);
        let mut told = Vec::new();
        let report: Report = plan
            .execute_with_progress(&mut rng(1), |progress| {
                assert_eq!(std::thread::current().id(), here);
                told.push((progress.done, progress.total));
            })
            .unwrap();
        assert!(told.is_sorted_by(|a, b| a.0 < b.0));
        assert!(told.iter().all(|&(_, of)| of == total));
        assert_eq!(told.last(), Some(&(total, total)));
        // The large one in two rounds, zeros beside the second, and each step that takes more than memory.
        assert_eq!(told.len(), 4, "{told:?}");
        report.verify_bits().unwrap();
    }
    tch::set_num_threads(threads);
}

#[test]
fn a_model_of_closures_is_verified_like_any_other() {
    let vs = store();
    let _net: nn::SequentialT = models::cifar_resnet(&vs.root(), 8);
    let rules = rules! {
        "**.running_mean" => zeros,
        "**.running_var" => ones,
        "**" if ndim >= 2 => kaiming_normal(mode = "fan_out", nonlinearity = "relu"),
        "**.weight__*" => ones,
        "**" => zeros,
    };
    let report = rules.try_init(&vs, &mut rng(9)).unwrap();
    assert_eq!(report.verify().unwrap().checked, 37);
    report.verify_bits().unwrap();
}

#[test]
fn plans_are_plain_data_too() {
    let vs = store();
    let _ = vs.root().zeros("bias", &[4]);
    let rules = rules! { "bias" => [zeros, ones(at = 1..3)] };
    let plan = rules.plan(&vs).unwrap();
    let parameter = serde_json::json!({
        "path": "bias", "stream": null, "shape": [4], "kind": "f32", "tied_to": null, "base": null,
        "steps": [
            { "scheme": "zeros", "modifiers": [], "law": { "constant": { "value": "0.0" } } },
            { "scheme": "ones", "modifiers": [{ "at": "1..3" }], "law": { "constant": { "value": "1.0" } } },
        ],
    });
    let due = serde_json::json!({ "parameters": [parameter], "left": [] });
    assert_eq!(serde_json::to_value(&plan).unwrap(), due);
    let report = plan
        .execute(&mut nninit_tests::sources::Seed(u64::MAX))
        .unwrap();
    let report = report.measured().unwrap();
    let found = serde_json::to_value(&report).unwrap();
    let measured = serde_json::json!([{
        "path": "bias", "shape": [4], "mean": "0.5", "std": "0.5", "min": "0.0", "max": "1.0",
        "zeros": "0.5", "not_finite": 0,
    }]);
    assert_eq!(
        found,
        serde_json::json!({
            "version": env!("CARGO_PKG_VERSION"),
            "source": { "seed": u64::MAX.to_string() },
            "blueprint": due,
            "measurements": measured,
        })
    );
}

#[test]
fn a_report_that_was_read_tells_whether_a_model_holds_what_was_reported() {
    let vs = store();
    let _ = nn::linear(vs.root() / "fc", 40, 30, nn::LinearConfig::default());
    let rules = rules! { "**" => normal(std = 0.02) };
    let report = rules.try_init(&vs, &mut rng(1)).unwrap();
    let text = serde_json::to_string(&report).unwrap();
    let read: Report = serde_json::from_str(&text).unwrap();
    assert_eq!(read.blueprint(), report.blueprint());
    assert_eq!(
        (read.seed(), read.version()),
        (report.seed(), report.version())
    );
    assert!(read.entries().is_empty() && read.plan().is_none());
    assert_eq!(
        read.to_string().lines().count(),
        report.to_string().lines().count()
    );

    for error in [
        read.verify().unwrap_err(),
        read.verify_bits().unwrap_err(),
        read.measure().unwrap_err(),
        read.histogram("fc.weight").unwrap_err(),
    ] {
        assert!(error.to_string().contains("has no tensors"), "{error}");
    }
    let bound = read.bind(vs.variables()).unwrap();
    assert_eq!(bound.verify_bits().unwrap().checked, 2);
    let _ = bound.verify().unwrap();
    let _guard = tch::no_grad_guard();
    let _ = vs.variables()["fc.bias"].get(3).fill_(1.0);
    let error = bound.verify_bits().unwrap_err().to_string();
    assert!(
        error.contains("`fc.bias`") && error.contains("1 value"),
        "{error}"
    );
}

#[test]
fn libtorchs_own_generator_is_verified_by_law_and_not_by_bits() {
    let mut zoo = zoo(Kind::Float);
    zoo.sample = empty(&[3], Kind::Float);
    let report = zoo.try_init(&mut nninit::TorchRng::manual_seed(3)).unwrap();
    let _ = report.verify().unwrap();
    let error = report.verify_bits().unwrap_err().to_string();
    assert!(error.contains("its values cannot be made again"), "{error}");
}
