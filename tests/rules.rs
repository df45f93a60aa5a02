//! Rules on the models that no derive can reach, and what is said of rules that are wrong.

use nninit::declare::Step;
use nninit::{Error, Initialize, Plan, Rule, Rules, rules, schemes};
use nninit_tests::plans::problems;
use nninit_tests::sources::rng;
use nninit_tests::stores::{self as models, assert_lines, store};
use tch::nn::{self, RNN};
use tch::{Device, Kind, Tensor};

/// `path [shape] scheme: law`, one line a step.
fn lines(plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    for entry in plan.entries() {
        for step in entry.steps() {
            let law = step.law().map_or("-".to_owned(), ToString::to_string);
            let at = step
                .region()
                .map_or(String::new(), |at| format!(" at {at}"));
            let path = entry.path();
            lines.push(format!(
                "{path} {:?} {}{at}: {law}",
                entry.shape(),
                step.scheme()
            ));
        }
    }
    lines
}

#[track_caller]
fn assert_plan(plan: &Plan, expected: &[&str]) {
    assert_lines(&lines(plan), expected);
}

fn values(vs: &nn::VarStore, name: &str) -> Vec<f32> {
    let tensor = &vs.variables()[name];
    Vec::<f32>::try_from(tensor.detach().contiguous().view(-1)).unwrap()
}

#[test]
fn char_rnn_whose_lstm_hides_its_weights() {
    let vs = store();
    let hidden = 4;
    let (lstm, _linear) = models::char_rnn(&vs, 3, hidden);
    let rules = rules! {
        "weight_hh_*" => orthogonal(chunks = 4),
        "bias_hh_*" => [zeros, ones(at = hidden..2 * hidden)],
        "weight*" => xavier_uniform,
        "bias*" => zeros,
    };
    let plan = rules.plan(&vs).unwrap();
    assert_plan(
        &plan,
        &[
            "bias [3] zeros: constant 0",
            "bias_hh_l0 [16] zeros: constant 0",
            "bias_hh_l0 [16] ones at 4..8: constant 1",
            "bias_ih_l0 [16] zeros: constant 0",
            "weight [3, 4] xavier_uniform: U(-0.9258, 0.9258)",
            "weight_hh_l0 [16, 4] orthogonal: orthogonal(gain 1)",
            "weight_ih_l0 [16, 3] xavier_uniform: U(-0.562, 0.562)",
        ],
    );
    let input = Tensor::ones([1, 2, 3], (Kind::Float, Device::Cpu));
    let output = || tch::no_grad(|| lstm.seq(&input).0);
    let before = output();
    let _ = plan.execute(&mut rng(1)).unwrap();
    assert_ne!(before, output());
    let after = output();
    let _ = rules.try_init(&vs, &mut rng(2)).unwrap();
    assert_ne!(after, output());
    let _ = rules.try_init(&vs, &mut rng(1)).unwrap();
    assert_eq!(after, output());
    let block = vs.variables()["weight_hh_l0"].detach().narrow(0, 4, 4);
    let gram = block.matmul(&block.tr()) - Tensor::eye(4, (Kind::Float, Device::Cpu));
    // A product of four f32 factors each: some units of the last place.
    assert!(gram.abs().max().double_value(&[]) < 16.0 * f64::from(f32::EPSILON));
    let bias = values(&vs, "bias_hh_l0");
    assert_eq!(bias[3..9], [0.0, 1.0, 1.0, 1.0, 1.0, 0.0]);
}

#[test]
fn cifar_resnet_built_from_closures() {
    let vs = store();
    let net = models::cifar_resnet(&vs.root(), 4);
    let rules = rules! {
        "**.running_mean" => zeros,
        "**.running_var" => ones,
        "linear.weight" => normal(std = 0.01),
        "**.weight" if ndim == 4 => kaiming_normal(mode = "fan_out", nonlinearity = "relu"),
        // The convolution and the norm are at one path, so tch renames the second `weight`.
        "**.weight__*" => ones,
        "**.bias" => zeros,
    };
    let plan = rules.plan(&vs).unwrap();
    assert_plan(
        &plan,
        &[
            "layer1.b1.bias [8] zeros: constant 0",
            "layer1.b1.running_mean [8] zeros: constant 0",
            "layer1.b1.running_var [8] ones: constant 1",
            "layer1.b1.weight [8, 8, 3, 3] kaiming_normal(mode = \"fan_out\", nonlinearity = \"relu\"): N(0, 0.1667²)",
            "layer1.b1.weight__11 [8] ones: constant 1",
            "layer1.b2.bias [8] zeros: constant 0",
            "layer1.b2.running_mean [8] zeros: constant 0",
            "layer1.b2.running_var [8] ones: constant 1",
            "layer1.b2.weight [8, 8, 3, 3] kaiming_normal(mode = \"fan_out\", nonlinearity = \"relu\"): N(0, 0.1667²)",
            "layer1.b2.weight__16 [8] ones: constant 1",
            "layer1.pre.bias [8] zeros: constant 0",
            "layer1.pre.running_mean [8] zeros: constant 0",
            "layer1.pre.running_var [8] ones: constant 1",
            "layer1.pre.weight [8, 4, 3, 3] kaiming_normal(mode = \"fan_out\", nonlinearity = \"relu\"): N(0, 0.1667²)",
            "layer1.pre.weight__6 [8] ones: constant 1",
            "layer2.b1.bias [16] zeros: constant 0",
            "layer2.b1.running_mean [16] zeros: constant 0",
            "layer2.b1.running_var [16] ones: constant 1",
            "layer2.b1.weight [16, 16, 3, 3] kaiming_normal(mode = \"fan_out\", nonlinearity = \"relu\"): N(0, 0.1179²)",
            "layer2.b1.weight__26 [16] ones: constant 1",
            "layer2.b2.bias [16] zeros: constant 0",
            "layer2.b2.running_mean [16] zeros: constant 0",
            "layer2.b2.running_var [16] ones: constant 1",
            "layer2.b2.weight [16, 16, 3, 3] kaiming_normal(mode = \"fan_out\", nonlinearity = \"relu\"): N(0, 0.1179²)",
            "layer2.b2.weight__31 [16] ones: constant 1",
            "layer2.pre.bias [16] zeros: constant 0",
            "layer2.pre.running_mean [16] zeros: constant 0",
            "layer2.pre.running_var [16] ones: constant 1",
            "layer2.pre.weight [16, 8, 3, 3] kaiming_normal(mode = \"fan_out\", nonlinearity = \"relu\"): N(0, 0.1179²)",
            "layer2.pre.weight__21 [16] ones: constant 1",
            "linear.bias [10] zeros: constant 0",
            "linear.weight [10, 16] normal(std = 0.01): N(0, 0.01²)",
            "pre.bias [4] zeros: constant 0",
            "pre.running_mean [4] zeros: constant 0",
            "pre.running_var [4] ones: constant 1",
            "pre.weight [4, 3, 3, 3] kaiming_normal(mode = \"fan_out\", nonlinearity = \"relu\"): N(0, 0.2357²)",
            "pre.weight__1 [4] ones: constant 1",
        ],
    );
    let _ = plan.execute(&mut rng(2)).unwrap();
    assert_eq!(models::output(&net, &[1, 3, 16, 16]).size(), [1, 10]);
}

#[test]
fn min_gpt_with_linear_layers_written_by_hand() {
    let vs = store();
    models::min_gpt(&vs.root(), 11, 4, 2);
    let layers = 2.0_f64;
    let rules = rules! {
        "**.{proj,lin2}.weight" => normal(std = 0.02 / (2.0 * layers).sqrt()),
        "**.ln*.weight" => ones,
        "**.weight" => normal(std = 0.02),
        "pos_emb" => zeros,
        "head.bias" => skip,
        "**.bias" => zeros,
    };
    assert_plan(
        &rules.plan(&vs).unwrap(),
        &[
            "0.key.bias [4] zeros: constant 0",
            "0.key.weight [4, 4] normal(std = 0.02): N(0, 0.02²)",
            "0.lin1.bias [16] zeros: constant 0",
            "0.lin1.weight [16, 4] normal(std = 0.02): N(0, 0.02²)",
            "0.lin2.bias [4] zeros: constant 0",
            "0.lin2.weight [4, 16] normal(std = 0.02 / (2.0 * layers).sqrt()): N(0, 0.01²)",
            "0.ln1.bias [4] zeros: constant 0",
            "0.ln1.weight [4] ones: constant 1",
            "0.ln2.bias [4] zeros: constant 0",
            "0.ln2.weight [4] ones: constant 1",
            "0.proj.bias [4] zeros: constant 0",
            "0.proj.weight [4, 4] normal(std = 0.02 / (2.0 * layers).sqrt()): N(0, 0.01²)",
            "0.query.bias [4] zeros: constant 0",
            "0.query.weight [4, 4] normal(std = 0.02): N(0, 0.02²)",
            "0.value.bias [4] zeros: constant 0",
            "0.value.weight [4, 4] normal(std = 0.02): N(0, 0.02²)",
            "1.key.bias [4] zeros: constant 0",
            "1.key.weight [4, 4] normal(std = 0.02): N(0, 0.02²)",
            "1.lin1.bias [16] zeros: constant 0",
            "1.lin1.weight [16, 4] normal(std = 0.02): N(0, 0.02²)",
            "1.lin2.bias [4] zeros: constant 0",
            "1.lin2.weight [4, 16] normal(std = 0.02 / (2.0 * layers).sqrt()): N(0, 0.01²)",
            "1.ln1.bias [4] zeros: constant 0",
            "1.ln1.weight [4] ones: constant 1",
            "1.ln2.bias [4] zeros: constant 0",
            "1.ln2.weight [4] ones: constant 1",
            "1.proj.bias [4] zeros: constant 0",
            "1.proj.weight [4, 4] normal(std = 0.02 / (2.0 * layers).sqrt()): N(0, 0.01²)",
            "1.query.bias [4] zeros: constant 0",
            "1.query.weight [4, 4] normal(std = 0.02): N(0, 0.02²)",
            "1.value.bias [4] zeros: constant 0",
            "1.value.weight [4, 4] normal(std = 0.02): N(0, 0.02²)",
            "head.bias [11] skip: -",
            "head.weight [11, 4] normal(std = 0.02): N(0, 0.02²)",
            "ln_f.bias [4] zeros: constant 0",
            "ln_f.weight [4] ones: constant 1",
            "pos_emb [1, 8, 4] zeros: constant 0",
            "tok_emb.weight [11, 4] normal(std = 0.02): N(0, 0.02²)",
        ],
    );
    let _ = rules.try_init(&vs, &mut rng(3)).unwrap();
    assert_eq!(values(&vs, "0.ln1.weight"), [1.0; 4]);
}

#[test]
fn dcgan_whose_convolutions_are_transposed() {
    let vs = store();
    let generator = models::dcgan_generator(&vs.root(), 6, 4);
    let rules = rules! {
        "tr1.weight" => kaiming_normal(nonlinearity = "relu", transposed),
        "tr*.weight" => normal(std = 0.02),
        "bn*.weight" => normal(mean = 1, std = 0.02),
        "bn*.{bias,running_mean}" => zeros,
        "bn*.running_var" => ones,
    };
    assert_plan(
        &rules.plan(&vs).unwrap(),
        &[
            "bn1.bias [8] zeros: constant 0",
            "bn1.running_mean [8] zeros: constant 0",
            "bn1.running_var [8] ones: constant 1",
            "bn1.weight [8] normal(mean = 1, std = 0.02): N(1, 0.02²)",
            "bn2.bias [4] zeros: constant 0",
            "bn2.running_mean [4] zeros: constant 0",
            "bn2.running_var [4] ones: constant 1",
            "bn2.weight [4] normal(mean = 1, std = 0.02): N(1, 0.02²)",
            "tr1.weight [6, 8, 4, 4] kaiming_normal(nonlinearity = \"relu\"): N(0, 0.1443²)",
            "tr2.weight [8, 4, 4, 4] normal(std = 0.02): N(0, 0.02²)",
            "tr3.weight [4, 3, 4, 4] normal(std = 0.02): N(0, 0.02²)",
        ],
    );
    let _ = rules.try_init(&vs, &mut rng(4)).unwrap();
    assert_eq!(
        models::output(&generator, &[1, 6, 2, 2]).size(),
        [1, 3, 16, 16]
    );
}

#[test]
fn translation_whose_layers_share_one_path() {
    let vs = store();
    let hidden = 4;
    let (_encoder, decoder) = models::translator(&vs.root(), 7, hidden);
    let rules = rules! {
        "**.weight_hh_*" => orthogonal(chunks = 3),
        "**.weight_ih_*" => xavier_uniform(chunks = 3),
        "**.bias_?h_*" => zeros,
        "enc.weight" => normal(std = 0.1),
        "dec.weight" => normal(std = 0.1),
        "dec.weight__*" => kaiming_uniform(a = 5.0_f64.sqrt()),
        "dec.bias*" => zeros,
    };
    assert_plan(
        &rules.plan(&vs).unwrap(),
        &[
            "dec.bias [10] zeros: constant 0",
            "dec.bias__12 [4] zeros: constant 0",
            "dec.bias__14 [7] zeros: constant 0",
            "dec.bias_hh_l0 [12] zeros: constant 0",
            "dec.bias_ih_l0 [12] zeros: constant 0",
            "dec.weight [7, 4] normal(std = 0.1): N(0, 0.1²)",
            "dec.weight__11 [10, 8] kaiming_uniform(a = 5.0_f64.sqrt()): U(-0.3536, 0.3536)",
            "dec.weight__13 [4, 8] kaiming_uniform(a = 5.0_f64.sqrt()): U(-0.3536, 0.3536)",
            "dec.weight__15 [7, 4] kaiming_uniform(a = 5.0_f64.sqrt()): U(-0.5, 0.5)",
            "dec.weight_hh_l0 [12, 4] orthogonal: orthogonal(gain 1)",
            "dec.weight_ih_l0 [12, 4] xavier_uniform: U(-0.866, 0.866)",
            "enc.bias_hh_l0 [12] zeros: constant 0",
            "enc.bias_ih_l0 [12] zeros: constant 0",
            "enc.weight [7, 4] normal(std = 0.1): N(0, 0.1²)",
            "enc.weight_hh_l0 [12, 4] orthogonal: orthogonal(gain 1)",
            "enc.weight_ih_l0 [12, 4] xavier_uniform: U(-0.866, 0.866)",
        ],
    );
    let input = Tensor::ones([1, 2, hidden], (Kind::Float, Device::Cpu));
    let before = tch::no_grad(|| decoder.seq(&input).0);
    let _ = rules.try_init(&vs, &mut rng(5)).unwrap();
    assert_ne!(before, tch::no_grad(|| decoder.seq(&input).0));
}

#[test]
fn a2c_with_two_heads_on_a_trunk() {
    let vs = store();
    let net = models::actor_critic(&vs.root(), 6);
    let rules = rules! {
        "cl.weight" => orthogonal,
        "{c[1-9],l1}.weight" => orthogonal(gain = 2.0_f64.sqrt()),
        "al.weight" => orthogonal(gain = 0.01),
        "*.bias" => zeros,
    };
    assert_plan(
        &rules.plan(&vs).unwrap(),
        &[
            "al.bias [6] zeros: constant 0",
            "al.weight [6, 32] orthogonal(gain = 0.01): orthogonal(gain 0.01)",
            "c1.bias [8] zeros: constant 0",
            "c1.weight [8, 4, 8, 8] orthogonal(gain = 2.0_f64.sqrt()): orthogonal(gain 1.414)",
            "c2.bias [16] zeros: constant 0",
            "c2.weight [16, 8, 4, 4] orthogonal(gain = 2.0_f64.sqrt()): orthogonal(gain 1.414)",
            "cl.bias [1] zeros: constant 0",
            "cl.weight [1, 32] orthogonal: orthogonal(gain 1)",
            "l1.bias [32] zeros: constant 0",
            "l1.weight [32, 64] orthogonal(gain = 2.0_f64.sqrt()): orthogonal(gain 1.414)",
        ],
    );
    let _ = rules.try_init(&vs, &mut rng(6)).unwrap();
    let image = Tensor::ones([2, 4, 28, 28], (Kind::Float, Device::Cpu));
    let (value, policy) = tch::no_grad(|| net(&image));
    assert_eq!((value.size(), policy.size()), (vec![2, 1], vec![2, 6]));
}

/// The problems of an error, each as its text.
fn two_layers() -> nn::VarStore {
    let vs = store();
    let _ = nn::linear(vs.root() / "fc1", 3, 4, nn::LinearConfig::default());
    let _ = nn::linear(vs.root() / "fc2", 4, 2, nn::LinearConfig::default());
    vs
}

#[test]
fn everything_wrong_with_rules_is_said_at_once() {
    let vs = two_layers();
    let rules = rules! {
        "fc1.wieght" => orthogonal,
        "fc1.*" if ndim == 3 => ones,
        "fc2.*" => normal(std = 0.1),
        "fc2.bias" => zeros,
        "encoder.**" => zeros,
        (format!("fc{}.**bias", 1)) => zeros,
    };
    let error = rules.plan(&vs).unwrap_err();
    assert_eq!(
        problems(&error),
        [
            "`fc1.bias` [4]: no rule matches; `fc1.* if ndim == 3` would, but this has 1; write `\"fc1.bias\" => SCHEME`, or `=> skip` to leave it as it is",
            "`fc1.weight` [4, 3]: no rule matches; `fc1.* if ndim == 3` would, but this has 2; write `\"fc1.weight\" => SCHEME`, or `=> skip` to leave it as it is",
            "`fc1.wieght`: it matches no variable; the nearest is `fc1.weight`; correct the pattern or remove the rule",
            "`fc1.* if ndim == 3`: the condition holds for none of what the pattern matches: `fc1.bias` and `fc1.weight`",
            "`fc2.bias`: rules before it take all that it matches (`fc2.bias`): `fc2.*`; put it above them",
            "`encoder.**`: it matches no variable, and none is near; there are `fc1.bias`, `fc1.weight`, `fc2.bias` and `fc2.weight`; correct the pattern or remove the rule",
            "`fc1.**bias`: the pattern is malformed: `**` stands for whole names and dots: write it alone, as in `**.weight`, or `*` within a name",
        ]
    );
}

#[test]
fn a_pattern_that_stops_short_is_told_how_far_to_go() {
    let vs = two_layers();
    let said = |text: &str| {
        let rules: Rules = text.parse().unwrap();
        problems(&rules.plan(&vs).unwrap_err())
    };
    let wider = "it matches no variable; `*` stops at dots, and `**` does not: write `**`; correct the pattern or remove the rule";
    assert_eq!(said("* => zeros")[4], format!("`*`: {wider}"));
    assert_eq!(
        said("fc1 => ones; ** => zeros"),
        [
            "`fc1`: it matches no variable; it names no tensor, and `**` stands for those inside: write `fc1.**`; correct the pattern or remove the rule"
        ]
    );
    assert_eq!(
        said("fc1.** => ones; *.bias => zeros; f* => zeros")[0],
        "`fc2.weight` [2, 4]: no rule matches; `f*` does not: it names no tensor, and `**` stands for those inside; `f*.**` would; write `\"fc2.weight\" => SCHEME`, or `=> skip` to leave it as it is"
    );
    let plan = "** => zeros".parse::<Rules>().unwrap().plan(&vs).unwrap();
    assert_eq!(
        problems(&plan.only("fc1").unwrap_err()),
        [
            "`fc1`: it matches no parameter of the plan; it names no tensor, and `**` stands for those inside: write `fc1.**`"
        ]
    );
    assert_eq!(
        problems(&plan.without("*").unwrap_err()),
        [
            "`*`: it matches no parameter of the plan; `*` stops at dots, and `**` does not: write `**`"
        ]
    );
}

#[test]
fn an_alternative_that_matches_nothing_is_an_error() {
    let vs = two_layers();
    let plan = "** => zeros".parse::<Rules>().unwrap().plan(&vs).unwrap();
    let why =
        "matches no parameter of the plan; the nearest is `fc2.weight`; correct it or leave it out";
    for part in [Plan::only, Plan::without] {
        assert_eq!(
            problems(&part(&plan, "{fc1.bias,fc2.wieght}").unwrap_err()),
            [format!(
                "`{{fc1.bias,fc2.wieght}}`: its alternative `fc2.wieght` {why}"
            )]
        );
    }
    assert_eq!(
        plan.only("fc{1,2}.{weight,bias}").unwrap().entries().len(),
        4
    );
    let rules = rules! { "{fc1,fc2,fc3}.{weight,bias}" => zeros };
    assert_eq!(
        problems(&rules.plan(&vs).unwrap_err()),
        [
            "`{fc1,fc2,fc3}.{weight,bias}`: its alternative `fc3` matches no variable; the nearest are `fc1.bias`, `fc1.weight`, `fc2.bias` and `fc2.weight`; correct it or leave it out"
        ]
    );
    // What an earlier rule takes is there all the same.
    let rules = rules! { "fc1.bias" => ones, "{fc1,fc2}.{weight,bias}" => zeros };
    assert_eq!(rules.plan(&vs).unwrap().entries().len(), 4);
}

#[test]
fn variables_that_no_rule_matches_are_counted() {
    let vs = two_layers();
    let error = rules! { "gamma" => zeros }.plan(&vs).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("5 problems in a model of 4 parameters, nothing was written:"),
        "{error}"
    );
}

#[test]
fn nothing_is_written_where_a_rule_is_wrong() {
    let vs = two_layers();
    let before = values(&vs, "fc1.weight");
    let rules = rules! { "fc1.weight" => ones, "**" => xavier_normal };
    let error = rules.try_init(&vs, &mut rng(1)).unwrap_err();
    assert!(matches!(error, Error::Plan { .. }));
    assert!(
        problems(&error)[0]
            .starts_with("`fc1.bias` [4]: xavier_normal: fan_in and fan_out need at least 2")
    );
    assert_eq!(values(&vs, "fc1.weight"), before);
    assert_eq!(
        problems(&rules.plan(&store()).unwrap_err())[0],
        "`fc1.weight`: the VarStore holds no variables; build the model before its plan"
    );
    // The nearest pattern, and the name that tch made up.
    let vs = store();
    let _ = (
        vs.root().zeros("bias", &[1]),
        vs.root().zeros("bias", &[1]),
        vs.root().zeros("gamma", &[1]),
    );
    let error = rules! { "bias" => zeros, "gama" => ones }
        .plan(&vs)
        .unwrap_err();
    assert_eq!(
        problems(&error)[..2],
        [
            "`bias__1` [1]: no rule matches; tch adds `__1` where `bias` is taken, and `bias*` matches both; write `\"bias__1\" => SCHEME`, or `=> skip` to leave it as it is",
            "`gamma` [1]: no rule matches; the nearest is `gama`; write `\"gamma\" => SCHEME`, or `=> skip` to leave it as it is",
        ]
    );
}

#[test]
fn values_are_expressions_that_may_fail() {
    let vs = two_layers();
    let rules = rules! {
        "*.weight" => normal(std = "none".parse::<f64>()?),
        "*.bias" => with = |tensor, _| { let _ = tensor.f_fill_(2.0)?; Ok(()) },
    };
    let error = rules.plan(&vs).unwrap_err();
    assert_eq!(error.problems().len(), 2);
    assert!(problems(&error)[0].contains("could not be computed: invalid float literal"));
    let scale = 3.0;
    let prefix = "fc";
    let rules = rules! {
        (format!("{prefix}1.weight")) => uniform(a = -scale, b = scale),
        "fc2.weight" => sample = rand_distr::Exp::new(2.0)?,
        "*.bias" => with = |tensor, _| { let _ = tensor.f_fill_(2.0)?; Ok(()) },
    };
    let _ = rules.try_init(&vs, &mut rng(1)).unwrap();
    assert_eq!(values(&vs, "fc1.bias"), [2.0; 4]);
    assert!(values(&vs, "fc2.weight").iter().all(|&value| value > 0.0));
}

#[test]
fn rules_from_a_text_are_those_of_the_macro() {
    let vs = store();
    let _ = models::cifar_resnet(&vs.root(), 4);
    let written = rules! {
        "**.running_mean" => zeros,
        "**.running_var" => ones,
        "linear.weight" => normal(std = 0.01, stream = "head"),
        "**.weight" if ndim == 4 => kaiming_normal(mode = "fan_out", nonlinearity = "relu", scale = 0.5),
        "**.weight__*" => [zeros, constant(val = 2, at = 1..3)],
        "**.bias" => zeros,
    };
    let read: Rules = "
        **.running_mean => zeros
        **.running_var = ones,          # a comma may stay
        linear.weight => normal(std=0.01, stream=head)
        '**.weight' if ndim == 4 => kaiming_normal_(mode=fan_out, nonlinearity='relu', scale=0.5);
        \"**.weight__*\" => [zeros, constant(val=2, at=1..3)]
        # the rest
        **.bias => zeros
    "
    .parse()
    .unwrap();
    let (written, read) = (written.plan(&vs).unwrap(), read.plan(&vs).unwrap());
    assert_eq!(written.to_string(), read.to_string());
    let _ = written.execute(&mut rng(3)).unwrap();
    let report = read.execute(&mut rng(4)).unwrap();
    let linear = values(&vs, "linear.weight");
    let _ = written.execute(&mut rng(4)).unwrap();
    assert_eq!(linear, values(&vs, "linear.weight"));
    let _ = report.verify_bits().unwrap();
    // A stream of its own name: the same values under that name.
    let other = store();
    let head = other.root().zeros("head", &[10, 16]);
    let _ = rules! { "head" => normal(std = 0.01) }
        .try_init(&other, &mut rng(4))
        .unwrap();
    assert_eq!(
        Vec::<f32>::try_from(head.detach().view(-1)).unwrap(),
        linear
    );
}

#[test]
fn a_text_is_read_as_one_would_read_it() {
    let shown = |text: &str| text.parse::<Rules>().unwrap().to_string();
    for (text, due) in [
        (
            "a => normal(stream=\"x # y\") # the old name",
            "a => normal(stream = \"x # y\")",
        ),
        ("\u{feff}a => zeros", "a => zeros"),
        ("a\tif\tndim<2 => zeros", "a if ndim<2 => zeros"),
        ("\"a if b\" => zeros", "\"a if b\" => zeros"),
        (
            "'a => b' if ndim == 1 = zeros;",
            "\"a => b\" if ndim == 1 => zeros",
        ),
        ("a#b => zeros", "\"a#b\" => zeros"),
        (
            "a => [\n  zeros, # first\n  ones(at=(0, ..,)),\n]",
            "a => [zeros, ones(at = (0, ..))]",
        ),
        (
            r#""a\"b" => normal(stream="c\"d")"#,
            r#""a\"b" => normal(stream = "c\"d")"#,
        ),
        (
            "it's => zeros\r\nb => ones\r\n",
            "\"it's\" => zeros\nb => ones",
        ),
    ] {
        assert_eq!(shown(text), due, "{text}");
        assert_eq!(shown(due), due, "{text}");
    }
    let said = |text: &str| text.parse::<Rules>().unwrap_err().to_string();
    for (text, due) in [
        ("a => [zeros, ones(at=(0,0,,,,))]", "`at` takes an index"),
        ("a => [zeros,, ones]", "nothing stands between two commas"),
        ("a => normal(std=1,,)", "nothing stands between two commas"),
        ("a => normal(std=1) b", "`b` stands after the step"),
        (
            "a => normal(stream=\"b)",
            "`(` is never closed, or a quote is not",
        ),
        ("a b => zeros", "a pattern with a space stands in quotes"),
        (
            "** ndim < 2 => zeros",
            "a pattern with a space stands in quotes",
        ),
        ("\"a\" b => zeros", "`b` stands after the pattern"),
        ("\"a => zeros", "a rule is a pattern and what"),
    ] {
        assert!(said(text).contains(due), "{text}: {}", said(text));
    }
}

#[test]
fn rules_are_written_as_they_are_read() {
    let width = 64.0_f64;
    let rules = rules! {
        "**.weight_hh_*" => orthogonal(chunks = 4, scale = 1.0 / 3.0),
        "**.conv[1-3].weight" if ndim == 4 =>
            kaiming_normal(mode = "fan_out", nonlinearity = "relu", groups = 2, transposed),
        "{a,b c}.weight" => xavier_uniform(gain = 1.0 / width.sqrt(), fan_of = [64, 3]),
        "head.weight" => [skip, ones(at = (1.., ..=3)), zeros(at = -1)],
        "old" => [constant(val = 0.1, stream = "new"), zeros(at = ..2)],
        "**" if ndim < 2 => skip,
    };
    let text = "**.weight_hh_* => orthogonal(chunks = 4, scale = 0.3333333333333333)\n\
        **.conv[1-3].weight if ndim == 4 => kaiming_normal(mode = \"fan_out\", nonlinearity = \"relu\", \
        groups = 2, transposed)\n\
        \"{a,b c}.weight\" => xavier_uniform(gain = 0.125, fan_of = [64, 3])\n\
        head.weight => [skip, ones(at = (1.., ..=3)), zeros(at = -1)]\n\
        old => [constant(val = 0.1, stream = \"new\"), zeros(at = ..2)]\n\
        ** if ndim < 2 => skip";
    assert_eq!(rules.to_string(), text);
    assert_eq!(text.parse::<Rules>().unwrap().to_string(), text);
    let lines: Vec<&str> = text.lines().collect();
    let json = serde_json::to_value(&rules).unwrap();
    assert_eq!(json, serde_json::json!(lines));
    assert_eq!(
        serde_json::from_value::<Rules>(json).unwrap().to_string(),
        text
    );
    let one_text: Rules = serde_json::from_value(serde_json::json!(text)).unwrap();
    assert_eq!(one_text.to_string(), text);
    let wrong = serde_json::from_str::<Rules>(r#"["a => zeroes"]"#).unwrap_err();
    assert!(
        wrong.to_string().contains("did you mean `zeros`?"),
        "{wrong}"
    );
}

#[test]
fn what_is_rusts_alone_has_no_text() {
    let scale = |w: &mut Tensor, _: &mut nninit::Stream| {
        let _ = w.fill_(1.0);
        Ok(())
    };
    let rules = rules! { "a" => with = scale };
    let error = serde_json::to_string(&rules).unwrap_err();
    assert!(
        error.to_string().contains("holds what is Rust's alone"),
        "{error}"
    );
    let other_than_it_says =
        Rule::new("a", Step::of(schemes::zeros())).when("ndim == 1", |ndim| ndim == 2);
    assert!(serde_json::to_string(&other_than_it_says).is_err());
    let step = Step::of(schemes::normal().std(0.5));
    assert_eq!(
        serde_json::to_string(&step).unwrap(),
        "\"normal(std = 0.5)\""
    );
    assert!(serde_json::from_str::<Step>("\"normal(std=0.5)\"").is_ok());
}

#[test]
fn regions_read_from_a_text() {
    let vs = store();
    let _ = vs.root().zeros("w", &[3, 4]);
    for (text, due) in [
        ("at=1", 4),
        ("at=-1", 4),
        ("at=1..", 8),
        ("at=..=1", 8),
        ("at=(.., 0)", 3),
        ("at=(1..3, ..2)", 4),
    ] {
        let rules: Rules = format!("w => [zeros, ones({text})]").parse().unwrap();
        let _ = rules.try_init(&vs, &mut rng(1)).unwrap();
        assert_eq!(values(&vs, "w").iter().sum::<f32>(), due as f32, "{text}");
    }
}

#[test]
#[allow(clippy::too_many_lines, reason = "one line a mistake")]
fn mistakes_in_a_text_are_told_all_at_once() {
    let said = |text: &str| text.parse::<Rule>().unwrap_err().to_string();
    for (text, due) in [
        (
            "**.w => kaiming_nromal(mode=fan_out)",
            "unknown scheme `kaiming_nromal`; did you mean `kaiming_normal`?",
        ),
        (
            "**.w => normal(sdt=0.02)",
            "`normal` has no parameter `sdt`; did you mean `std`?",
        ),
        (
            "**.w => normal(std=-1)",
            "`std` is -1, and must be 0 or more",
        ),
        (
            "**.w => normal(std=wide)",
            "`std` takes a number, and `wide` is none",
        ),
        ("**.w => normal(std=1, std=2)", "`std` is given twice"),
        (
            "**.w => sparse(sparsity=1.5)",
            "`sparsity` is 1.5, and must be from 0 to 1",
        ),
        (
            "**.w => sparse",
            "`sparse` needs `sparsity`: `sparse(sparsity = …)`",
        ),
        (
            "**.w => uniform(a=2, b=1)",
            "`a` is 2, above `b`, which is 1",
        ),
        (
            "**.w => kaiming_normal(a=1, nonlinearity=relu)",
            "`a` is the slope of `leaky_relu`; it means nothing beside `nonlinearity = \"relu\"`",
        ),
        (
            "**.w => kaiming_normal(mode=fan)",
            "unknown mode `fan`; did you mean `fan_in`, `fan_out`, `fan_avg` or `fan_geo_avg`?",
        ),
        (
            "**.w => uniform(a=2)",
            "`a` is 2, above `b`, which is 1, its default",
        ),
        (
            "**.w => zeros(fan_of=[4, 4])",
            "`fan_of` corrects the fans that a scheme divides by, and `zeros` uses none",
        ),
        (
            "**.w => kaiming_normal(transposed=1)",
            "`transposed` stands alone, without a value",
        ),
        (
            "**.w => zeros(std=1)",
            "`zeros` takes no parameters, so no `std`",
        ),
        (
            "**.w => normal(scale=-1)",
            "`scale` is -1, and must be 0 or more",
        ),
        ("**.w => normal(stream='')", "a stream needs a name"),
        (
            "**.w => (zeros)",
            "a scheme stands without parentheses around it",
        ),
        (
            "**.w => normal(chunks=0)",
            "`chunks` is 0, and must be 1 or more",
        ),
        (
            "**.w => normal(chunks)",
            "`chunks` needs a value: `chunks = …`",
        ),
        (
            "**.w => ones(at=x)",
            "`at` takes an index, a range or a tuple of them, as in `3`, `4..8` or `(.., 0)`, and `x` is none",
        ),
        (
            "**.w => ones(at=0)",
            "the first step writes a region, and nothing says what the rest holds; put a step before it: `[zeros, …]`, or `[skip, …]` to leave the rest as it is",
        ),
        (
            "**.w => [skip, zeros]",
            "after `skip` only regions are written: `[skip, ones(at=0)]`",
        ),
        ("**.w => [zeros, skip]", "`skip` comes first or not at all"),
        (
            "**.w => []",
            "the list is empty; write `skip` to leave what the pattern matches as it is",
        ),
        ("**.w => normal(std=1", "`(` is never closed"),
        (
            "**.w => with=f",
            "`with` takes a Rust value, which a text cannot hold; use `rules!`",
        ),
        (
            "**w => zeros",
            "the pattern is malformed: `**` stands for whole names and dots: write it alone, as in `**.weight`, or `*` within a name",
        ),
        (
            "** if rank > 2 => zeros",
            "a condition compares `ndim` with a number, as in `if ndim >= 2`, and `rank > 2` does not",
        ),
        (
            "zeros",
            "a rule is a pattern and what the variables that it matches get: `**.bias => zeros`, or `=> skip` to leave them",
        ),
    ] {
        let error = said(text);
        assert!(
            error.starts_with(&format!("cannot read `{text}`: {due}")),
            "{error}"
        );
    }
    let error = "a => zeroes\nb => zeros\nc => skip(at=1)"
        .parse::<Rules>()
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot read 2 rules:\n  `a => zeroes`: unknown scheme `zeroes`; did you mean `zeros`?\n  `c => skip(at=1)`: `skip` takes no parameters and no modifiers"
    );
    let step: Step = "kaiming_normal(mode=fan_out)".parse().unwrap();
    let vs = two_layers();
    let rules = Rules::from_iter([
        Rule::new("*.weight", step),
        Rule::new("*.bias", Step::of(schemes::zeros())),
    ]);
    assert_eq!(
        lines(&rules.plan(&vs).unwrap())[1],
        "fc1.weight [4, 3] kaiming_normal(mode = \"fan_out\"): N(0, 0.7071²)"
    );
}

#[test]
fn a_part_of_a_plan_gets_the_values_of_the_whole() {
    let vs = two_layers();
    let rules = rules! { "*.weight" => normal, "*.bias" => uniform };
    let plan = rules.plan(&vs).unwrap();
    let all = || ["fc1.bias", "fc1.weight", "fc2.bias", "fc2.weight"].map(|name| values(&vs, name));
    let _ = plan.execute(&mut rng(1)).unwrap();
    let first = all();
    let _ = plan.execute(&mut rng(2)).unwrap();
    let second = all();
    let _ = plan.only("fc1.**").unwrap().execute(&mut rng(1)).unwrap();
    assert_eq!(
        all(),
        [&first[0], &first[1], &second[2], &second[3]].map(Clone::clone)
    );
    let _ = plan
        .without("*.bias")
        .unwrap()
        .execute(&mut rng(1))
        .unwrap();
    assert_eq!(
        all(),
        [&first[0], &first[1], &second[2], &first[3]].map(Clone::clone)
    );
    let error = plan.only("fc3.*").unwrap_err().to_string();
    assert!(
        error.contains(
            "`fc3.*`: it matches no parameter of the plan; the nearest are `fc1.bias`, `fc1.weight`"
        ),
        "{error}"
    );
    assert!(
        plan.without("**x")
            .unwrap_err()
            .to_string()
            .contains("the pattern is malformed")
    );
}

#[test]
fn tied_weights_are_written_once_and_shown_as_tied() {
    let vs = store();
    let emb = vs.root().zeros("emb", &[4, 3]);
    let _ = vs.root().add("head", emb.shallow_clone(), true);
    let rules = rules! { "*" => normal };
    let plan = rules.plan(&vs).unwrap();
    assert_eq!(plan.entries()[1].tied_to(), Some("emb"));
    assert_eq!((plan.elements(), plan.bytes()), (12, 48));
    assert!(plan.to_string().contains("tied to emb"));
    let _ = plan.execute(&mut rng(1)).unwrap();
    let tied = values(&vs, "emb");
    // The one that is left draws what both were given.
    let _ = plan.execute(&mut rng(2)).unwrap();
    let _ = plan.only("head").unwrap().execute(&mut rng(1)).unwrap();
    assert_eq!(values(&vs, "emb"), tied);
    let error = plan.without("emb").unwrap_err();
    assert_eq!(
        problems(&error),
        [
            "`head` [4, 3]: normal: shares memory with `emb`, which is to be spared; spare both, or neither"
        ]
    );
    let error = rules! { "emb" => normal, "head" => zeros }
        .plan(&vs)
        .unwrap_err();
    assert_eq!(
        problems(&error),
        [
            "`head` [4, 3]: zeros: shares memory with `emb`, which is declared as `normal`; declare both alike, or `skip` one of them"
        ]
    );
    // One constant through two views that overlap in part: each covers what the other does not.
    let vs = store();
    let buffer = Tensor::ones([6], (Kind::Float, Device::Cpu));
    let _ = vs.root().add("head", buffer.narrow(0, 0, 4), false);
    let _ = vs.root().add("tail", buffer.narrow(0, 2, 4), false);
    let _ = rules! { "*" => zeros }.try_init(&vs, &mut rng(1)).unwrap();
    assert_eq!(Vec::<f32>::try_from(&buffer).unwrap(), [0.0; 6]);
}

#[test]
fn frozen_variables_are_initialised_like_any_other() {
    let mut vs = two_layers();
    vs.freeze();
    let _ = rules! { "**" => ones }.try_init(&vs, &mut rng(1)).unwrap();
    assert_eq!(values(&vs, "fc2.weight"), [1.0; 8]);
    assert!(
        vs.variables()
            .values()
            .all(|tensor| !tensor.requires_grad())
    );
}

#[derive(Initialize)]
struct Tagger {
    #[init(skip)]
    lstm: nn::LSTM,
    #[init(weight(xavier_uniform), bias(zeros))]
    head: nn::Linear,
}

#[test]
fn a_derive_and_rules_share_a_model() {
    let vs = store();
    let tagger = Tagger {
        lstm: nn::lstm(vs.root() / "lstm", 3, 4, nn::RNNConfig::default()),
        head: nn::linear(vs.root() / "out", 4, 2, nn::LinearConfig::default()),
    };
    let plan = tagger.plan().unwrap();
    let hidden = ["bias_hh_l0", "bias_ih_l0", "weight_hh_l0", "weight_ih_l0"];
    assert_eq!(
        plan.uncovered(&vs),
        hidden.map(|name| format!("lstm.{name}"))
    );
    let error = plan.require_all(&vs).unwrap_err();
    assert_eq!(
        problems(&error)[0],
        "`lstm.bias_hh_l0` [16]: no declaration reaches this variable; declare the field that holds it, or initialise it by name with `rules!`"
    );
    let rules = rules! { "lstm.weight_*" => orthogonal(chunks = 4), "lstm.bias_*" => zeros };
    let whole = rules.complete(&plan, &vs).unwrap();
    assert!(whole.require_all(&vs).is_ok() && whole.uncovered(&vs).is_empty());
    // The LSTM's variables are in it now, and the field that hides them is not.
    assert!(plan.to_string().contains("2 of 3 parameters to initialise"));
    let text = whole.to_string();
    assert!(
        text.contains("6 of 6 parameters to initialise") && !text.contains("skip"),
        "{text}"
    );
    let report = whole.execute(&mut rng(1)).unwrap();
    assert_eq!(report.entries().len(), 6);
    assert_eq!(values(&vs, "lstm.bias_ih_l0"), [0.0; 16]);
    let before = values(&vs, "out.weight");
    let _ = plan.execute(&mut rng(1)).unwrap();
    assert_eq!(values(&vs, "out.weight"), before);
    // Names that the derive reaches are no longer there to match.
    let error = rules! { "**" => zeros, "out.bias" => ones }
        .complete(&plan, &vs)
        .unwrap_err();
    assert!(
        problems(&error)[0].starts_with("`out.bias`: it matches no variable"),
        "{error}"
    );
    // A variable is reached when all of it is, in however many pieces.
    let vs = store();
    let fused = vs.root().zeros("fused", &[4, 2]);
    let halves = [fused.narrow(0, 0, 2), fused.narrow(0, 2, 2)];
    let plan_of = |tensors: &[&Tensor]| {
        let part = store();
        for (index, tensor) in tensors.iter().enumerate() {
            let _ = part
                .root()
                .add(&index.to_string(), tensor.shallow_clone(), false);
        }
        rules! { "*" => normal }.plan(&part).unwrap()
    };
    assert_eq!(plan_of(&[&halves[0]]).uncovered(&vs), ["fused"]);
    assert!(plan_of(&[&halves[0], &halves[1]]).uncovered(&vs).is_empty());
}

struct Config {
    std: f64,
}

impl Config {
    fn rules(&self) -> Rules {
        rules! {
            "fc1.*" => normal(std = self.std),
            "*.weight" => constant(val = 2.0 * self.std),
            "*.bias" => constant(val = -self.std),
        }
    }
}

/// A user's own macro around ours.
macro_rules! all_narrow {
    ($pattern:literal, $std:expr) => {
        rules! { $pattern => normal(std = $std), "**" => zeros }
    };
}

#[test]
fn rules_stand_in_methods_and_in_macros() {
    let vs = two_layers();
    let config = Config { std: 0.25 };
    let plan = config.rules().plan(&vs).unwrap();
    assert_eq!(
        lines(&plan)[2..],
        [
            "fc2.bias [2] constant(val = -self.std): constant -0.25",
            "fc2.weight [2, 4] constant(val = 2.0 * self.std): constant 0.5",
        ]
    );
    let plan = all_narrow!("*.weight", config.std / 2.0).plan(&vs).unwrap();
    assert!(lines(&plan)[1].ends_with(": N(0, 0.125²)"));
}
