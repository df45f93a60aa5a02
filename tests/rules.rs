//! Rules on the models that no derive can reach, and what is said of rules that are wrong.

use nninit::{Error, Plan, Rule, Rules, Step, rules, schemes};
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
        "w_hh_*" => orthogonal(chunks = 4),
        "b_hh_*" => [zeros, ones(at = hidden..2 * hidden)],
        "{w_ih_*,weight}" => xavier_uniform,
        "b*" => zeros,
    };
    let plan = rules.plan(&vs).unwrap();
    assert_eq!(
        lines(&plan),
        [
            "b_hh_0 [16] zeros: constant 0",
            "b_hh_0 [16] ones at 4..8: constant 1",
            "b_ih_0 [16] zeros: constant 0",
            "bias [3] zeros: constant 0",
            "w_hh_0 [16, 4] orthogonal: orthogonal(gain 1)",
            "w_ih_0 [16, 3] xavier_uniform: U(-0.5620, 0.5620)",
            "weight [3, 4] xavier_uniform: U(-0.9258, 0.9258)",
        ]
    );
    let input = Tensor::ones([1, 2, 3], (Kind::Float, Device::Cpu));
    let before = tch::no_grad(|| lstm.seq(&input).0);
    plan.execute(&mut rng(1)).unwrap();
    let after = tch::no_grad(|| lstm.seq(&input).0);
    let again = tch::no_grad(|| lstm.seq(&input).0);
    assert_ne!(before, after);
    assert_eq!(after, again);
    let block = vs.variables()["w_hh_0"].detach().narrow(0, 4, 4);
    let gram = block.matmul(&block.tr()) - Tensor::eye(4, (Kind::Float, Device::Cpu));
    assert!(gram.abs().max().double_value(&[]) < 1e-6);
    assert_eq!(values(&vs, "b_hh_0")[3..9], [0.0, 1.0, 1.0, 1.0, 1.0, 0.0]);
}
