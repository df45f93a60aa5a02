//! The schemes beyond `torch.nn.init`: the standard deviation that is realised, and gains of functions in attributes.

use std::f64::consts::SQRT_2;

use nninit::{Initialize, Nonlinearity, Rules};
use nninit_tests::sources::Seed;
use nninit_tests::statistics::furthest_normal;
use tch::{Device, Kind, Tensor, nn};

const FLOAT: (Kind, Device) = (Kind::Float, Device::Cpu);
const SIDE: i64 = 1024;

/// How far, relatively, the sample's standard deviation may be from the law's. The sample variance of `n` values of
/// kurtosis κ has the relative variance (κ − 1) / n; κ is 3 at most where a normal is cut on both sides.
fn tolerance() -> f64 {
    furthest_normal(1) * (2.0 / (SIDE * SIDE) as f64).sqrt() / 2.0
}

#[derive(Initialize)]
struct Cut {
    #[init(trunc_normal, std = 0.02, cut = 2)]
    two: Tensor,
    #[init(trunc_normal, std = 0.02, cut = 2, keep_std)]
    two_kept: Tensor,
    #[init(trunc_normal, std = 0.02, cut = 3)]
    three: Tensor,
    #[init(trunc_normal, mean = 1, std = 0.02, cut = 3, keep_std)]
    three_kept: Tensor,
    #[init(trunc_normal, std = 0.02, cut = 0.5, keep_std)]
    half_kept: Tensor,
    #[init(variance_scaling, scale = 2)]
    keras_he_normal: Tensor,
    #[init(variance_scaling, mode = "fan_avg", distribution = "uniform")]
    uniform: Tensor,
    #[init(variance_scaling, distribution = "untruncated_normal")]
    untruncated: Tensor,
}

#[test]
fn realised_standard_deviations() {
    let new = || Tensor::zeros([SIDE, SIDE], FLOAT);
    let mut cut = Cut {
        two: new(),
        two_kept: new(),
        three: new(),
        three_kept: new(),
        half_kept: new(),
        keras_he_normal: new(),
        uniform: new(),
        untruncated: new(),
    };
    cut.init(&mut Seed(42));
    let of_fans = (SIDE as f64).sqrt().recip();
    let cases = [
        (&cut.two, 0.879_625_661_034_239_8 * 0.02, 2.0 * 0.02),
        (&cut.two_kept, 0.02, 2.0 * 0.02 * 1.136_847_234_338_556_5),
        (&cut.three, 0.986_578_392_558_108_6 * 0.02, 3.0 * 0.02),
        (&cut.three_kept, 0.02, 3.0 * 0.02 * 1.013_604_197_642_207),
        (&cut.half_kept, 0.02, 0.5 * 0.02 * 3.522_586_773_003_178_4),
        (
            &cut.keras_he_normal,
            SQRT_2 * of_fans,
            2.0 * SQRT_2 * of_fans * 1.136_847_234_338_556_5,
        ),
        (&cut.uniform, of_fans, 3.0_f64.sqrt() * of_fans),
        (&cut.untruncated, of_fans, f64::INFINITY),
    ];
    let off = |tensor: &Tensor, std: f64| {
        let found = tensor.to_kind(Kind::Double).std(false).double_value(&[]);
        (found / std - 1.0).abs()
    };
    for (number, (tensor, std, reach)) in cases.into_iter().enumerate() {
        assert!(
            off(tensor, std) < tolerance(),
            "{number}: {}",
            off(tensor, std)
        );
        let centre = tensor.to_kind(Kind::Double).mean(Kind::Double).round();
        let furthest = (tensor.to_kind(Kind::Double) - centre)
            .abs()
            .max()
            .double_value(&[]);
        assert!(
            furthest <= reach * (1.0 + 1e-6),
            "{number}: {furthest} of {reach}"
        );
    }
    assert!(
        off(&cut.two, 0.02) > tolerance(),
        "a cut takes away an eighth"
    );
    assert!(off(&cut.three, 0.02) > tolerance(), "and a hundredth");
}

#[derive(Initialize)]
struct Mlp {
    #[init(kaiming_normal, gain = nninit::gain(|x| x.max(0.0).powi(2))?)]
    squared: nn::Linear,
    #[init(kaiming_uniform, gain = nninit::gain_centred(f64::tanh)?, mode = "fan_out")]
    centred: nn::Linear,
    #[init(kaiming_normal, gain = self.gain)]
    field: nn::Linear,
    #[init(kaiming_normal, gain = Nonlinearity::Gelu.backward_gain(None).unwrap_or(1.0), mode = "fan_out")]
    backward: nn::Linear,
    #[init(kaiming_normal, nonlinearity = "swiglu")]
    down: nn::Linear,
    gain: f64,
}

impl Mlp {
    fn new(gain: f64) -> Self {
        let vs = nn::VarStore::new(Device::Cpu);
        let linear = |name: &str| nn::linear(vs.root() / name, 4, 16, nn::LinearConfig::default());
        Self {
            squared: linear("squared"),
            centred: linear("centred"),
            field: linear("field"),
            backward: linear("backward"),
            down: linear("down"),
            gain,
        }
    }
}

#[test]
fn gains_of_functions_in_attributes() {
    let plan = Mlp::new(3.0).plan().unwrap();
    let weights = plan
        .entries()
        .iter()
        .filter(|entry| entry.path().ends_with("weight"));
    let laws: Vec<String> = weights
        .map(|entry| entry.steps()[0].law().unwrap().to_string())
        .collect();
    // √(2/3) / √4, √3 · 1.5925 / √16, 3 / √4, 1.4811 / √16, 1.6765 / √4
    assert_eq!(
        laws,
        [
            "N(0, 0.4082²)",
            "U(-0.6896, 0.6896)",
            "N(0, 1.5²)",
            "N(0, 0.3703²)",
            "N(0, 0.8383²)"
        ]
    );
}

#[test]
fn a_function_without_a_gain_is_an_error_of_the_plan() {
    #[derive(Debug, Initialize)]
    struct Model {
        #[init(kaiming_normal, gain = nninit::gain(f64::exp_m1)? - nninit::gain(f64::ln)?)]
        weight: Tensor,
    }

    let weight = Tensor::zeros([2, 2], FLOAT);
    let error = Model { weight }.plan().unwrap_err().to_string();
    let reason = "the function is NaN at -37.5, and its square has to be finite from -38 to 38";
    assert!(error.ends_with(reason), "{error}");
    let error = Mlp::new(-1.0).plan().unwrap_err().to_string();
    assert!(
        error.contains("`field.weight` [16, 4]: kaiming_normal(gain = self.gain): `gain` is -1"),
        "{error}"
    );
}

#[test]
fn texts_say_the_same() {
    let law = |text: &str| {
        let vs = nn::VarStore::new(Device::Cpu);
        let _ = vs.root().zeros("w", &[16, 4]);
        let rules: Rules = format!("w => {text}").parse().unwrap();
        let plan = rules.plan(&vs).unwrap();
        plan.entries()[0].steps()[0].law().unwrap().clone()
    };
    assert_eq!(law("kaiming_normal(gain=3)"), nninit::Law::normal(0.0, 1.5));
    assert_eq!(
        law("variance_scaling(scale=2, distribution=uniform)").to_string(),
        "U(-1.225, 1.225)"
    );
    assert_eq!(
        law("trunc_normal(std=0.02, cut=2, keep_std)").to_string(),
        "N(0, 0.02274²) on [-0.04547, 0.04547]"
    );
    assert_eq!(law("bias_prob(p=0.01)").to_string(), "constant -4.595");
}
