//! Rules on the models that no derive can reach, and what is said of rules that are wrong.

use nninit::{Error, Initialize, Plan, Rule, Rules, Step, rules, schemes};
use nninit_tests::stores::{self as models, store};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tch::nn::{self, RNN};
use tch::{Device, Kind, Tensor};

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

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

/// Compares line by line; what differs is printed as it would be written here.
#[track_caller]
fn assert_plan(plan: &Plan, expected: &[&str]) {
    let lines = lines(plan);
    assert!(
        lines == expected,
        "the plan is\n{}",
        lines
            .iter()
            .map(|line| format!("        {line:?},\n"))
            .collect::<String>()
    );
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
    let _ = rules.init(&vs, &mut rng(2)).unwrap();
    assert_ne!(after, output());
    let _ = rules.init(&vs, &mut rng(1)).unwrap();
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
    let _ = rules.init(&vs, &mut rng(3)).unwrap();
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
    let _ = rules.init(&vs, &mut rng(4)).unwrap();
    assert_eq!(
        models::output(&generator, &[1, 6, 2, 2]).size(),
        [1, 3, 16, 16]
    );
}

#[test]
fn translation_whose_layers_share_one_path() {
    let vs = store();
    let hidden = 4;
    let translator = models::translator(&vs.root(), 7, hidden);
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
    let before = tch::no_grad(|| translator.decoder.seq(&input).0);
    let _ = rules.init(&vs, &mut rng(5)).unwrap();
    assert_ne!(before, tch::no_grad(|| translator.decoder.seq(&input).0));
    let _ = &translator.encoder;
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
    let _ = rules.init(&vs, &mut rng(6)).unwrap();
    let image = Tensor::ones([2, 4, 28, 28], (Kind::Float, Device::Cpu));
    let (value, policy) = tch::no_grad(|| net(&image));
    assert_eq!((value.size(), policy.size()), (vec![2, 1], vec![2, 6]));
}
