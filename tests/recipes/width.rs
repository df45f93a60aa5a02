//! Width transfer: what a wide model takes from a narrow one.

use nninit::laws::Elementwise;
use nninit::{Blueprint, Dtype, Initialize, Law, Rules, Width};
use nninit_tests::sources::rng;
use nninit_tests::stores::store;
use tch::nn;

use super::field::assert_near;

fn blueprint(rules: &str, shape: &[i64]) -> Blueprint {
    let rules: Rules = rules.parse().unwrap();
    rules
        .blueprint([("w", shape.to_vec(), Dtype::F32)])
        .unwrap()
}

/// The standard deviation, or the bound, of the law that `shape` gets beside a base model of `base`.
fn size(scheme: &str, shape: &[i64], base: &[i64]) -> f64 {
    let rules = format!("w => {scheme}");
    let wide = blueprint(&rules, shape)
        .with_base(&blueprint(&rules, base))
        .unwrap();
    match wide.entries()[0].steps()[0].law().unwrap() {
        Law::Elementwise(Elementwise::Normal { mean: 0.0, std }) => *std,
        Law::Elementwise(Elementwise::Uniform { low, high }) if *low == -high => *high,
        Law::Elementwise(Elementwise::TruncNormal { std, low, high, .. }) => {
            assert_eq!((-low, *high), (*high, 2.0 * std / 0.02));
            *std
        }
        other => panic!("{other}"),
    }
}

/// The rules of `mup/init.py`, by how many dimensions differ.
#[test]
fn laws_are_those_of_the_package_mup() {
    let (hidden, input, output) = ([1024, 512], [1024, 64], [10, 1024]);
    let (base_hidden, base_input, base_output) = ([256, 256], [256, 64], [10, 256]);
    // A fixed size: less by the root of the inputs, where two dimensions differ.
    for scheme in ["normal(std=0.02)", "trunc_normal(std=0.02)"] {
        assert_near(
            size(scheme, &hidden, &base_hidden),
            0.02 / 2.0_f64.sqrt(),
            scheme,
        );
        assert_near(size(scheme, &input, &base_input), 0.02, scheme);
        assert_near(size(scheme, &output, &base_output), 0.02, scheme);
    }
    assert_near(
        size("uniform(a=-0.5, b=0.5)", &hidden, &base_hidden),
        0.5 / 2.0_f64.sqrt(),
        "uniform",
    );
    // Fans: he by inputs stays as it is for a hidden weight, and is the base's elsewhere.
    let he = |fan: f64| (2.0 / fan).sqrt();
    let fan_in = "kaiming_normal(nonlinearity=relu)";
    assert_eq!(size(fan_in, &hidden, &base_hidden), he(512.0));
    assert_near(size(fan_in, &input, &base_input), he(64.0), fan_in);
    assert_near(
        size(fan_in, &output, &base_output),
        2.0 * he(1024.0),
        fan_in,
    );
    let fan_out = "kaiming_normal(mode=fan_out, nonlinearity=relu)";
    assert_near(
        size(fan_out, &hidden, &base_hidden),
        he(1024.0) * 2.0_f64.sqrt(),
        fan_out,
    );
    assert_near(
        size(fan_out, &input, &base_input),
        2.0 * he(1024.0),
        fan_out,
    );
    assert_near(size(fan_out, &output, &base_output), he(10.0), fan_out);
    let xavier = |fans: f64| (2.0 / fans).sqrt();
    let name = "xavier_normal";
    assert_near(
        size(name, &output, &base_output),
        1.971_602_912_635_498_7 * xavier(1034.0),
        name,
    );
    let adjusted = xavier(1536.0) * 3.0_f64.sqrt() / 2.0_f64.sqrt();
    assert_near(size(name, &hidden, &base_hidden), adjusted, name);
}

fn width(shape: &[i64], base: &[i64]) -> Width {
    let rules = "w => normal(std=0.02)";
    let wide = blueprint(rules, shape)
        .with_base(&blueprint(rules, base))
        .unwrap();
    wide.entries()[0].width().unwrap()
}

#[test]
fn learning_rates_are_those_of_the_package_mup() {
    let hidden = width(&[1024, 512], &[256, 256]);
    assert_eq!(
        (hidden.dimensions(), hidden.inputs(), hidden.outputs()),
        (2, 2.0, 4.0)
    );
    assert_eq!((hidden.adam(), hidden.sgd()), (0.5, 2.0));
    let input = width(&[1024, 64], &[256, 64]);
    assert_eq!((input.adam(), input.sgd()), (1.0, 4.0));
    let output = width(&[10, 1024], &[10, 256]);
    assert_eq!(
        (output.inputs(), output.adam(), output.sgd()),
        (4.0, 1.0, 4.0)
    );
    let bias = width(&[1024], &[256]);
    assert_eq!((bias.adam(), bias.sgd()), (1.0, 4.0));
    let same = width(&[10, 64], &[10, 64]);
    assert_eq!((same.dimensions(), same.adam(), same.sgd()), (0, 1.0, 1.0));
    let convolution = width(&[128, 64, 3, 3], &[32, 32, 3, 3]);
    assert_eq!((convolution.adam(), convolution.sgd()), (0.5, 2.0));
}

#[test]
fn a_matrix_with_its_inputs_first_is_read_so() {
    let rules = "w => kaiming_normal(nonlinearity=relu, transposed)";
    let wide = blueprint(rules, &[512, 1024])
        .with_base(&blueprint(rules, &[256, 256]))
        .unwrap();
    let width = wide.entries()[0].width().unwrap();
    assert_eq!((width.inputs(), width.outputs()), (2.0, 4.0));
}

#[test]
fn experts_are_no_width() {
    let rules = "w => normal(std=0.02, batch=1)";
    let wide = blueprint(rules, &[16, 1024, 512])
        .with_base(&blueprint(rules, &[8, 256, 256]))
        .unwrap();
    let width = wide.entries()[0].width().unwrap();
    assert_eq!(
        (width.dimensions(), width.inputs(), width.outputs()),
        (2, 2.0, 4.0)
    );
    let law = wide.entries()[0].steps()[0].law().unwrap();
    assert_eq!(law, &Law::normal(0.0, 0.02 / 2.0_f64.sqrt()));
}

#[test]
fn orthogonal_matrices_keep_the_size_of_their_elements() {
    let rules = "w => orthogonal";
    let gain = |shape: &[i64], base: &[i64]| {
        let wide = blueprint(rules, shape)
            .with_base(&blueprint(rules, base))
            .unwrap();
        wide.entries()[0].steps()[0].law().unwrap().to_string()
    };
    assert_eq!(gain(&[1024, 1024], &[256, 256]), "orthogonal(gain 1)");
    assert_eq!(gain(&[10, 1024], &[10, 256]), "orthogonal(gain 2)");
}

#[test]
fn what_has_no_rule_is_an_error_of_all_at_once() {
    let rules: Rules = "
        mean => normal(mean=1, std=0.02)
        ones => ones
        eye => eye
        bound => uniform
        deep => normal
        other => normal
        kept => zeros
        bias => ones
    "
    .parse()
    .unwrap();
    let names = [
        "mean", "ones", "eye", "bound", "deep", "other", "kept", "bias",
    ];
    let of = |rules: &Rules, width: i64| {
        let variables = names.map(|name| {
            let shape = match name {
                "deep" => vec![width; 3],
                "bias" => vec![width],
                _ => vec![width, width],
            };
            (name, shape, Dtype::F32)
        });
        rules.blueprint(variables).unwrap()
    };
    let narrow: Rules = rules
        .to_string()
        .replace("other => normal", "other => uniform")
        .parse()
        .unwrap();
    let error = of(&rules, 8)
        .with_base(&of(&narrow, 4))
        .unwrap_err()
        .to_string();
    let wrong: Vec<&str> = names
        .into_iter()
        .filter(|name| error.contains(&format!("`{name}`")))
        .collect();
    assert_eq!(
        wrong,
        ["mean", "ones", "eye", "bound", "deep", "other"],
        "{error}"
    );
    let missing = blueprint("w => normal", &[4])
        .with_base(&of(&narrow, 4))
        .unwrap_err();
    assert!(
        missing
            .to_string()
            .contains("the base model has no parameter of this path")
    );
    let ranks = blueprint("w => normal", &[4])
        .with_base(&blueprint("w => normal", &[4, 4]))
        .unwrap_err();
    assert!(
        ranks
            .to_string()
            .contains("in the base model it is [4, 4] with 1 step"),
        "{ranks}"
    );
}

#[derive(Initialize)]
#[init(Linear(weight(normal, std = 0.02), bias(zeros)))]
struct Mlp {
    input: nn::Linear,
    hidden: nn::Linear,
    output: nn::Linear,
}

fn mlp(p: &nn::Path<'_>, width: i64) -> Mlp {
    let linear = |p, inputs, outputs| nn::linear(p, inputs, outputs, nn::LinearConfig::default());
    Mlp {
        input: linear(p / "input", 64, width),
        hidden: linear(p / "hidden", width, width),
        output: linear(p / "output", width, 10),
    }
}

#[test]
fn a_plan_takes_the_base_of_another_model_and_says_so() {
    let (narrow, wide) = (store(), store());
    let (narrow, model) = (mlp(&narrow.root(), 16), mlp(&wide.root(), 64));
    let base = narrow.plan().unwrap().blueprint();
    let plan = model.plan().unwrap().with_base(&base).unwrap();
    assert!(
        plan.to_string()
            .contains("normal(std = 0.02), base = [16, 16]"),
        "{plan}"
    );
    let report = plan.execute(&mut rng(3)).unwrap();
    report.verify().unwrap();
    report.verify_bits().unwrap();
    let hidden = report
        .entries()
        .iter()
        .find(|entry| entry.path() == "hidden.weight")
        .unwrap();
    assert_eq!(hidden.steps()[0].law(), Some(&Law::normal(0.0, 0.01)));
    assert_eq!(hidden.parameter().width().unwrap().adam(), 0.25);
    // The model's own plan is as it was.
    assert_eq!(model.plan().unwrap().entries()[0].parameter().width(), None);
    let text = serde_json::to_string(&plan.blueprint()).unwrap();
    let read: Blueprint = serde_json::from_str(&text).unwrap();
    assert_eq!(read, plan.blueprint());
    assert_eq!(
        read.entries()[2].width(),
        plan.entries()[2].parameter().width()
    );
    let bent = text.replacen("\"base\":[16,64]", "\"base\":[16]", 1);
    assert_ne!(bent, text);
    assert!(serde_json::from_str::<Blueprint>(&bent).is_err());
}
