//! Blueprints: what a plan says as data, in files, for names and shapes alone, and on other threads.

use std::collections::HashMap;
use std::sync::LazyLock;
use std::thread;

use nninit::declare::{Spec, Step};
use nninit::recipes::ResNet;
use nninit::{
    Blueprint, Dtype, Error, Initialize, Mistake, Parameter, Plan, PlannedStep, Problem, Reason,
    Report, Rule, Rules, rules,
};
use nninit_tests::bits;
use nninit_tests::sources::Seed;
use rand_distr::Gamma;
use serde_json::{Value, json};
use tch::{Device, Kind, Tensor, nn};

const LAYERS: usize = 12;

/// GPT-2 (Radford et al. 2019), narrow: depth scaling, fused gates, a region, and a tied head.
#[derive(Initialize)]
struct Gpt2 {
    #[init(normal, std = 0.02)]
    wte: nn::Embedding,
    #[init(normal, std = 0.01, stream = "positions")]
    wpe: nn::Embedding,
    h: Vec<Block>,
    ln_f: nn::LayerNorm,
    #[init(normal, std = 0.02)]
    lm_head: Option<nn::Linear>,
}

#[derive(Initialize)]
struct Block {
    ln_1: nn::LayerNorm,
    #[init(weight(orthogonal, chunks = 3), bias(zeros))]
    #[init(bias(ones, at = 1..3))]
    c_attn: nn::Linear,
    #[init(weight(normal, std = 0.02, scale = 1.0 / (2.0 * LAYERS as f64).sqrt()), bias(zeros))]
    c_proj: nn::Linear,
}

impl Gpt2 {
    fn new(vs: &nn::VarStore, tied: bool) -> Self {
        let root = vs.root();
        let block = |layer: usize| {
            let path = &root / "h" / layer;
            Block {
                ln_1: nn::layer_norm(&path / "ln_1", vec![8], nn::LayerNormConfig::default()),
                c_attn: nn::linear(&path / "c_attn", 8, 24, nn::LinearConfig::default()),
                c_proj: nn::linear(&path / "c_proj", 8, 8, nn::LinearConfig::default()),
            }
        };
        let wte = nn::embedding(&root / "wte", 50, 8, nn::EmbeddingConfig::default());
        let lm_head = tied.then(|| nn::Linear {
            ws: wte.ws.shallow_clone(),
            bs: None,
        });
        Self {
            wpe: nn::embedding(&root / "wpe", 16, 8, nn::EmbeddingConfig::default()),
            h: (0..LAYERS).map(block).collect(),
            ln_f: nn::layer_norm(&root / "ln_f", vec![8], nn::LayerNormConfig::default()),
            wte,
            lm_head,
        }
    }
}

fn gpt2() -> Gpt2 {
    Gpt2::new(&nn::VarStore::new(Device::Cpu), true)
}

fn without_head() -> Gpt2 {
    Gpt2::new(&nn::VarStore::new(Device::Cpu), false)
}

/// The same model by names, shapes and kinds, in another order and in other words.
fn by_names() -> Blueprint {
    let rules = rules! {
        "wpe.weight" => normal(std = 0.01, stream = "positions.weight"),
        "**.c_attn.weight" => orthogonal(chunks = 3),
        "**.c_attn.bias" => [zeros, ones(at = 1..3)],
        "**.c_proj.weight" => normal(std = 0.02, scale = (2.0 * LAYERS as f64).sqrt().recip()),
        "**.bias" => constant(val = 0),
        "wte.weight" => normal(std = 0.02),
        "**.weight" => ones,
    };
    let plan = without_head().plan().unwrap();
    let entries = plan.entries().iter().rev();
    let list = entries.map(|entry| (entry.path(), entry.shape(), Dtype::F32));
    rules.blueprint(list).unwrap()
}

fn tensors(plan: &Plan) -> HashMap<String, Tensor> {
    let named = plan.entries().iter();
    named
        .map(|entry| (entry.path().to_owned(), entry.tensor()))
        .collect()
}

#[test]
fn gpt2_through_json_and_back_is_equal_and_gives_the_same_bits() {
    let plan = gpt2().plan().unwrap();
    let blueprint = plan.blueprint();
    let text = serde_json::to_string(&blueprint).unwrap();
    let read: Blueprint = serde_json::from_str(&text).unwrap();
    assert_eq!(read, blueprint);
    assert!(read.same_values(&blueprint));
    assert_eq!(read.to_string(), blueprint.to_string());

    let other = gpt2().plan().unwrap();
    let bound = read.bind(tensors(&other)).unwrap();
    let _ = plan.execute(&mut Seed(42)).unwrap();
    let _ = bound.execute(&mut Seed(42)).unwrap();
    let found = tensors(&other);
    for (path, tensor) in tensors(&plan) {
        bits::assert_same(&found[&path], &tensor);
    }
}

#[test]
fn numbers_come_back_to_the_last_bit() {
    // `0.02 / √(2n)`: of twenty thousand of these serde_json's own numbers lose thousands.
    let rules: Rules = (1..200)
        .map(|n| {
            let std = 0.02 / f64::from(2 * n).sqrt();
            let scheme = nninit::schemes::normal().std(std);
            Rule::new(format!("w{n}"), Step::of(scheme))
        })
        .chain([Rule::new(
            "mask",
            Step::of(nninit::schemes::constant(f64::NEG_INFINITY)),
        )])
        .collect();
    let names = (1..200).map(|n| format!("w{n}")).chain(["mask".to_owned()]);
    let blueprint = rules
        .blueprint(names.map(|name| (name, vec![2, 2], Dtype::F64)))
        .unwrap();
    let text = serde_json::to_string(&blueprint).unwrap();
    assert_eq!(serde_json::from_str::<Blueprint>(&text).unwrap(), blueprint);
}

#[test]
fn names_and_shapes_give_the_values_of_the_derive() {
    let plan = without_head().plan().unwrap();
    assert!(by_names().same_values(&plan.blueprint()));
    assert_ne!(by_names(), plan.blueprint());

    let other = without_head().plan().unwrap();
    let bound = by_names().bind(tensors(&other)).unwrap();
    let _ = plan.execute(&mut Seed(7)).unwrap();
    let _ = bound.execute(&mut Seed(7)).unwrap();
    let found = tensors(&other);
    for (path, tensor) in tensors(&plan) {
        bits::assert_same(&found[&path], &tensor);
    }
}

#[test]
fn other_values_are_told_from_the_same() {
    let of = |rule: &str, shape: &[i64], dtype| {
        let rules: Rules = rule.parse().unwrap();
        rules.blueprint([("w", shape, dtype)]).unwrap()
    };
    let due = of("w => normal", &[4, 4], Dtype::F32);
    assert!(due.same_values(&of("** => normal(std=1)", &[4, 4], Dtype::F32)));
    for other in [
        of("w => normal(std=2)", &[4, 4], Dtype::F32),
        of("w => normal(stream=\"v\")", &[4, 4], Dtype::F32),
        of("w => normal", &[4, 5], Dtype::F32),
        of("w => normal", &[4, 4], Dtype::BF16),
        of("w => [normal, normal(at=1..2)]", &[4, 4], Dtype::F32),
    ] {
        assert!(!due.same_values(&other), "{other}");
    }
}

#[test]
fn users_functions_stay_beside_the_data() {
    let vs = nn::VarStore::new(Device::Cpu);
    let _ = vs.root().zeros("gamma", &[4]);
    let _ = vs.root().zeros("own", &[4]);
    let rules = || {
        rules! {
            "gamma" => sample = Gamma::new(2.0, 0.5)?,
            "own" => with = |tensor, _| { let _ = tensor.fill_(3.0); Ok(()) },
        }
    };
    let plan = rules().plan(&vs).unwrap();
    let blueprint = plan.blueprint();
    // Other objects with the same words: the data is equal, and whether the values are is not known.
    let again = rules().plan(&vs).unwrap().blueprint();
    assert_eq!(blueprint, again);

    let text = serde_json::to_string(&blueprint).unwrap();
    let read: Blueprint = serde_json::from_str(&text).unwrap();
    assert_eq!(read, blueprint);
    assert!(!read.same_values(&blueprint));
    let bound = read.bind(vs.variables()).unwrap();
    let error = bound.execute(&mut Seed(1)).unwrap_err().to_string();
    assert!(
        error.contains("gamma") && error.contains("Gamma::new"),
        "{error}"
    );
    assert_eq!(
        f64::try_from(vs.variables()["own"].sum(Kind::Float)).unwrap(),
        0.0
    );
}

/// What stands in a file instead of a parameter that is right, and what is said of it.
fn refused(change: impl FnOnce(&mut Value)) -> String {
    let mut file = json!({
        "parameters": [{
            "path": "w", "stream": null, "shape": [4, 6], "kind": "f32", "tied_to": null,
            "steps": [
                { "scheme": "zeros", "modifiers": [], "law": { "constant": { "value": "0" } } },
                { "scheme": "normal", "modifiers": [{ "at": "0..2" }],
                  "law": { "normal": { "mean": 0, "std": "0.5" } } },
            ],
        }],
        "left": [],
    });
    assert!(serde_json::from_value::<Blueprint>(file.clone()).is_ok());
    change(&mut file);
    match serde_json::from_value::<Blueprint>(file) {
        Ok(blueprint) => panic!("taken:\n{blueprint}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn what_is_read_passes_the_checks_of_a_plan() {
    let step = |change: fn(&mut Value)| refused(|file| change(&mut file["parameters"][0]["steps"]));
    let parameter = |change: fn(&mut Value)| refused(|file| change(&mut file["parameters"][0]));
    for (error, due) in [
        (
            step(|steps| steps[1]["modifiers"][0]["at"] = json!("0..9")),
            "out of range",
        ),
        (
            step(|steps| steps[1]["modifiers"][0]["at"] = json!("rows")),
            "is no index",
        ),
        (
            step(|steps| steps[0] = steps[1].clone()),
            "first step has `at`",
        ),
        (
            step(|steps| steps[0]["modifiers"] = json!([{ "chunks": 3 }])),
            "does not divide",
        ),
        (
            step(|steps| steps[0]["modifiers"] = json!([{ "chunks": 2 }, { "chunks": 2 }])),
            "twice",
        ),
        (
            step(|steps| steps[1]["law"] = json!({ "normal": { "mean": 0, "std": -1 } })),
            "0 or more",
        ),
        (
            step(|steps| steps[0]["law"] = json!({ "dirac": { "groups": 1, "gain": 1 } })),
            "dimensions",
        ),
        (
            step(|steps| steps[0]["law"] = json!({ "gauss": {} })),
            "unknown variant",
        ),
        (step(|steps| *steps = json!([])), "nothing says how"),
        (
            parameter(|it| it["kind"] = json!("i64")),
            "draws real numbers",
        ),
        (parameter(|it| it["kind"] = json!("f33")), "f33"),
        (
            parameter(|it| it["shape"] = json!([-4, 6])),
            "no tensor has this shape",
        ),
        (
            parameter(|it| it["shape"] = json!([1_i64 << 40, 1_i64 << 40])),
            "no tensor has this shape",
        ),
        (parameter(|it| it["tied_to"] = json!("v")), "is tied to `v`"),
        (parameter(|it| it["tied_to"] = json!("w")), "is tied to `w`"),
        (parameter(|it| it["shap"] = json!([])), "unknown field"),
        (
            refused(|file| {
                let again = file["parameters"][0].clone();
                file["parameters"].as_array_mut().unwrap().push(again);
            }),
            "same stream",
        ),
    ] {
        assert!(error.contains(due), "{error}\ndoes not say {due}");
    }
}

#[test]
fn binding_names_every_tensor_that_is_not_what_the_blueprint_says() {
    let rules: Rules = "a => normal; b => normal; c => normal".parse().unwrap();
    let list = ["a", "b", "c"].map(|name| (name, [4, 4], Dtype::F32));
    let blueprint = rules.blueprint(list).unwrap();
    let options = (Kind::Float, Device::Cpu);
    let error = blueprint
        .bind([
            ("a", Tensor::zeros([4, 5], options)),
            ("b", Tensor::zeros([4, 4], (Kind::Half, Device::Cpu))),
        ])
        .unwrap_err();
    let lines = error.to_string();
    assert_eq!(error.problems().len(), 3, "{lines}");
    for due in [
        "`a` [4, 4]: normal: the tensor is of shape [4, 5]",
        "kind f16",
        "no tensor of this path",
    ] {
        assert!(lines.contains(due), "{lines}");
    }
    // Two parameters of a blueprint in one memory draw from two streams.
    let shared = Tensor::zeros([4, 4], options);
    let apart = || Tensor::zeros([4, 4], options);
    let tied = blueprint
        .bind([("a", shared.shallow_clone()), ("b", shared), ("c", apart())])
        .unwrap();
    assert_eq!(tied.entries()[1].tied_to(), Some("a"));
    let torn = tied
        .blueprint()
        .bind([("a", apart()), ("b", apart()), ("c", apart())])
        .unwrap_err();
    assert!(
        torn.to_string()
            .contains("does not share that one's memory"),
        "{torn}"
    );
}

#[test]
fn plans_and_what_they_are_made_of_cross_threads() {
    static RULES: LazyLock<Rules> =
        LazyLock::new(|| "**.weight => orthogonal; ** => zeros".parse().unwrap());

    fn crosses<T: Send + Sync>() {}
    crosses::<(Plan, Blueprint, Report, Parameter, PlannedStep)>();
    crosses::<(Rules, Rule, Step, Spec)>();
    crosses::<(Error, Problem, Reason, Mistake)>();
    crosses::<(
        ResNet,
        Box<dyn nninit::Recipe>,
        Box<dyn nninit::Initializer>,
    )>();

    let vs = nn::VarStore::new(Device::Cpu);
    let mut model = Gpt2::new(&vs, false);
    let report = thread::spawn(move || model.try_init(&mut Seed(3)))
        .join()
        .unwrap();
    assert_eq!(report.unwrap().entries().len(), vs.len());
    let fresh = nn::VarStore::new(Device::Cpu);
    let _ = nn::linear(fresh.root() / "fc", 4, 4, nn::LinearConfig::default());
    let plan = RULES.plan(&fresh).unwrap();
    let report = thread::scope(|scope| scope.spawn(|| plan.execute(&mut Seed(3))).join().unwrap());
    report.unwrap().verify_bits().unwrap();
}
