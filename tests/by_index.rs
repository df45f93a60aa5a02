//! `by_index`: values that are a function of their place in the whole parameter.

use nninit::declare::{Spec, Step};
use nninit::{Error, Initialize, Law, Rule, Rules, TorchRng, rules, schemes};
use nninit_tests::sources::Seed;
use nninit_tests::stores::store;
use tch::{Device, Kind, Tensor};

fn zeros(shape: &[i64], kind: Kind) -> Tensor {
    Tensor::zeros(shape, (kind, Device::Cpu))
}

fn values(tensor: &Tensor) -> Vec<f64> {
    Vec::try_from(tensor.to_kind(Kind::Double).contiguous().view(-1)).unwrap()
}

/// Mamba-1's decay: ln(n + 1) along the last dimension.
fn decay(place: &[i64]) -> f64 {
    ((place[1] + 1) as f64).ln()
}

#[derive(Initialize)]
struct StateSpace {
    #[init(by_index = decay)]
    a_log: Tensor,
    #[init(by_index = |place| (place[0] * 10 + place[1]) as f64, scale = 0.5)]
    places: Tensor,
    #[init(zeros)]
    #[init(by_index = { let slope = self.slope; move |place| slope * place[0] as f64 }, at = 2..4)]
    ramp: Tensor,
    slope: f64,
}

fn model(kind: Kind) -> StateSpace {
    StateSpace {
        a_log: zeros(&[3, 4], kind),
        places: zeros(&[2, 3], kind),
        ramp: zeros(&[6], kind),
        slope: 0.25,
    }
}

#[test]
fn values_are_those_of_the_place_in_the_whole() {
    for kind in [Kind::Double, Kind::Float, Kind::Half, Kind::BFloat16] {
        let mut model = model(kind);
        // A layout of its own does not matter.
        model.places = zeros(&[3, 2], kind).transpose(0, 1);
        let report = model.try_init(&mut Seed(1)).unwrap();
        assert_eq!(values(&model.places), [0.0, 0.5, 1.0, 5.0, 5.5, 6.0]);
        assert_eq!(values(&model.ramp), [0.0, 0.0, 0.5, 0.75, 0.0, 0.0]);
        let due: Vec<f64> = (0..3)
            .flat_map(|_| (1..5).map(|n| f64::from(n).ln()))
            .collect();
        let due = Tensor::from_slice(&due).to_kind(kind);
        assert_eq!(values(&model.a_log), values(&due));
        // Made again by the function itself.
        assert_eq!(report.verify_bits().unwrap().checked, 3);
        assert_eq!(report.verify().unwrap().unchecked.len(), 3);
        let _ = model.ramp.get(3).fill_(0.5);
        assert!(report.verify_bits().is_err());
    }
}

#[test]
fn plans_show_the_function_as_written() {
    let plan = model(Kind::Float).plan().unwrap().to_string();
    for shown in ["decay", "by index", "|place| …", "by index × 0.5"] {
        assert!(plan.contains(shown), "{shown}\n{plan}");
    }
}

#[test]
fn rules_steps_and_free_functions_take_it_too() {
    let vs = store();
    let table = vs.root().zeros("table", &[2, 2]);
    let slopes = vs.root().zeros("slopes", &[3]);
    let rules = rules! {
        "table" => by_index = |place| (place[0] - place[1]) as f64,
        "slopes" => [ones, by_index = |place| 0.5 * place[0] as f64],
    };
    rules.try_init(&vs, &mut Seed(1)).unwrap();
    assert_eq!(values(&table), [0.0, -1.0, 1.0, 0.0]);
    assert_eq!(values(&slopes), [0.0, 0.5, 1.0]);

    let step = Step::by_index("rows", |place: &[i64]| place[0] as f64).at(1..);
    let rules = Rules::from_iter([
        Rule::new(
            "table",
            Spec::new().step(Step::of(schemes::zeros())).step(step),
        ),
        Rule::new("slopes", Step::skip()),
    ]);
    rules.try_init(&vs, &mut Seed(1)).unwrap();
    assert_eq!(values(&table), [0.0, 0.0, 1.0, 1.0]);
    assert_eq!(Law::by_index(decay), Law::by_index(decay));
    assert_ne!(Law::by_index(decay), Law::by_index(|_: &[i64]| 0.0));
}

#[test]
fn a_not_a_number_is_an_error_and_texts_have_none() {
    #[derive(Initialize)]
    struct Broken {
        #[init(by_index = |place| if place[0] == 2 { f64::NAN } else { 0.0 })]
        weight: Tensor,
    }
    let mut broken = Broken {
        weight: zeros(&[4], Kind::Float),
    };
    let error = broken.try_init(&mut Seed(1)).unwrap_err();
    assert!(matches!(error, Error::Write(_)), "{error}");
    let whole = Broken {
        weight: zeros(&[4], Kind::Int64),
    };
    let error = whole.plan().unwrap_err().to_string();
    assert!(error.contains("draws real numbers"), "{error}");
    let text = "w => by_index".parse::<Rules>().unwrap_err().to_string();
    assert!(text.contains("rules!"), "{text}");
}

/// Nothing is drawn, so libtorch's generator stays.
#[test]
fn torch_s_generator_is_left_alone() {
    let mut model = model(Kind::Float);
    model.try_init(&mut TorchRng::manual_seed(3)).unwrap();
    assert_eq!(values(&model.ramp), [0.0, 0.0, 0.5, 0.75, 0.0, 0.0]);
    let after = Tensor::rand([2], (Kind::Float, Device::Cpu));
    tch::manual_seed(3);
    assert_eq!(after, Tensor::rand([2], (Kind::Float, Device::Cpu)));
}
