//! Plans that take values from a file.

use std::fs;

use nninit::{Blueprint, Dtype, Error, Initialize, ReasonKind, Rules, Weights, blank, rules};
use nninit_tests::bits;
use nninit_tests::sources::Seed;
use nninit_tests::stores::store;
use tch::{Device, Kind, Tensor, nn};

use crate::files::Folder;

const FLOAT: (Kind, Device) = (Kind::Float, Device::Cpu);

#[derive(Initialize)]
struct Classifier {
    body: Vec<nn::Linear>,
    #[init(skip)]
    mean: Tensor,
    #[init(weight(normal, std = 0.01), bias(zeros))]
    head: nn::Linear,
}

fn classifier(kind: Kind, classes: i64) -> Classifier {
    let linear = |inputs, outputs| {
        let vs = store();
        let mut linear = nn::linear(vs.root(), inputs, outputs, blank::linear());
        linear.ws = linear.ws.detach().to_kind(kind);
        linear.bs = linear.bs.map(|bias| bias.detach().to_kind(kind));
        linear
    };
    Classifier {
        body: vec![linear(5, 7), linear(7, 7)],
        mean: Tensor::zeros([5], (kind, Device::Cpu)),
        head: linear(7, classes),
    }
}

/// Its parameters by their paths.
fn parameters(model: &Classifier) -> Vec<(String, Tensor)> {
    let plan = model.plan().unwrap();
    let entries = plan.entries().iter();
    entries
        .map(|entry| (entry.path().to_owned(), entry.tensor().copy()))
        .collect()
}

/// A file of a model that has been trained: other values than any seed gives.
fn trained(folder: &Folder, prefix: &str) -> (std::path::PathBuf, Vec<(String, Tensor)>) {
    let mut model = classifier(Kind::Float, 9);
    model.init(&mut Seed(999));
    let _ = model.mean.fill_(0.25);
    let tensors: Vec<(String, Tensor)> = parameters(&model)
        .into_iter()
        .map(|(path, tensor)| (format!("{prefix}{path}"), tensor + 1.5))
        .collect();
    let named: Vec<(&str, &Tensor)> = tensors.iter().map(|(name, of)| (&name[..], of)).collect();
    (folder.saved("trained.safetensors", &named), tensors)
}

fn find<'a>(tensors: &'a [(String, Tensor)], path: &str) -> &'a Tensor {
    &tensors.iter().find(|(name, _)| name == path).unwrap().1
}

#[test]
fn what_the_file_has_is_taken_and_the_rest_is_the_whole_plan_s() {
    let folder = Folder::new();
    let (path, stored) = trained(&folder, "");
    let weights = Weights::open(path).unwrap().without("head.*").unwrap();
    let model = classifier(Kind::Float, 10);
    let plan = model.plan().unwrap().take(&weights).unwrap();
    assert_eq!(weights.missing(&plan), ["head.weight", "head.bias"]);
    assert!(weights.unused(&plan).is_empty());
    let table = plan.to_string();
    assert!(table.contains("from body.0.weight"), "{table}");
    assert!(
        table.contains("normal(std=0.01)") || table.contains("normal"),
        "{table}"
    );
    let before: Vec<usize> = plan
        .entries()
        .iter()
        .map(|entry| entry.tensor().data_ptr().addr())
        .collect();
    let report = plan.execute(&mut Seed(1)).unwrap();
    report.verify().unwrap();
    report.verify_bits().unwrap();
    let ours = parameters(&model);
    let mut whole = classifier(Kind::Float, 10);
    whole.init(&mut Seed(1));
    let whole = parameters(&whole);
    for (path, tensor) in &ours {
        let due = if path.starts_with("head") {
            &whole
        } else {
            &stored
        };
        bits::assert_same(tensor, find(due, path));
    }
    let after: Vec<usize> = plan
        .entries()
        .iter()
        .map(|entry| entry.tensor().data_ptr().addr())
        .collect();
    assert_eq!(before, after, "storage stays");
}

#[test]
fn names_are_what_is_said_of_them() {
    let folder = Folder::new();
    let (path, stored) = trained(&folder, "model.");
    let model = classifier(Kind::Float, 9);
    let plan = model.plan().unwrap();
    let weights = Weights::open(&path).unwrap();
    let error = plan.take(&weights).unwrap_err().to_string();
    assert!(
        error.contains(
            "has no `body.0.weight`; nor any other parameter; write `.prefix(\"model.\")`"
        ),
        "{error}"
    );
    plan.take_all(&weights.clone().prefix("model."))
        .unwrap()
        .execute(&mut Seed(1))
        .unwrap();
    bits::assert_same(&model.body[1].ws, find(&stored, "model.body.1.weight"));

    // One after the other.
    let renamed = weights
        .clone()
        .rename(|path| {
            path.replace("body.0", "body.1")
                .replace("head.bias", "body.0.bias")
        })
        .prefix("model.");
    let plan = model.plan().unwrap().only("body.0.weight").unwrap();
    assert!(plan.take(&renamed).is_err(), "[7, 7] is not [7, 5]");
    let plan = model.plan().unwrap().only("body.0.bias").unwrap();
    plan.take(&renamed).unwrap().execute(&mut Seed(1)).unwrap();
    let bias = model.body[0].bs.as_ref().unwrap();
    bits::assert_same(bias, find(&stored, "model.body.1.bias"));

    // One prefix too many.
    let deeper = weights.prefix("whole.model.");
    let error = model.plan().unwrap().take(&deeper).unwrap_err().to_string();
    assert!(error.contains("trim_start_matches(\"whole.\")"), "{error}");
}

#[test]
fn all_shapes_that_differ_are_told_and_nothing_is_written() {
    let folder = Folder::new();
    let (path, _) = trained(&folder, "");
    let weights = Weights::open(path).unwrap();
    let model = classifier(Kind::Float, 10);
    let error = model.plan().unwrap().take(&weights).unwrap_err();
    assert_eq!(
        error.to_string(),
        "2 problems in a model of 7 parameters, nothing was written:\n  \
         `head.weight` [10, 7]: from head.weight: in the file it is [9, 7]; where the parameter is to start anew, take \
         the weights without it: `weights.without(\"head.weight\")?`\n  \
         `head.bias` [10]: from head.bias: in the file it is [9]; where the parameter is to start anew, take the \
         weights without it: `weights.without(\"head.bias\")?`"
    );
    assert!(
        error
            .problems()
            .iter()
            .all(|problem| problem.reason.kind() == ReasonKind::Shape)
    );
    // Nothing is broadcast.
    let one = folder.saved("one.safetensors", &[("mean", &Tensor::ones([1], FLOAT))]);
    assert!(
        model
            .plan()
            .unwrap()
            .take(&Weights::open(one).unwrap())
            .is_err()
    );
}

#[test]
fn the_strict_form_leaves_nothing_over() {
    let folder = Folder::new();
    let (path, _) = trained(&folder, "");
    let weights = Weights::open(path).unwrap();
    let model = classifier(Kind::Float, 9);
    assert!(model.plan().unwrap().take_all(&weights).is_ok());
    let misspelt = weights.rename(|path| path.replace("mean", "means"));
    let plan = model.plan().unwrap();
    assert_eq!(misspelt.missing(&plan), ["mean"]);
    let unused = misspelt.unused(&plan);
    assert_eq!(format!("{unused:?}"), "[mean [5] f32]");
    let error = plan.take_all(&misspelt).unwrap_err();
    let text = error.to_string();
    assert_eq!(error.problems().len(), 2, "{text}");
    assert!(text.contains("has no `means`; near is `mean`"), "{text}");
    assert!(
        text.contains("and no parameter takes it; near is `means`"),
        "{text}"
    );
    let error = misspelt.without("boddy.**").unwrap_err().to_string();
    assert!(
        error.contains("it matches no tensor of the file; "),
        "{error}"
    );
}

/// A vector of zeros with what the weights have for it.
fn take_one(weights: &Weights, name: &str, length: i64, kind: Kind) -> Result<Tensor, Error> {
    let rules: Rules = "* => zeros".parse().unwrap();
    let ours = Tensor::zeros([length], (kind, Device::Cpu));
    let blueprint = rules
        .blueprint([(name, [length], Dtype::from(kind))])
        .unwrap();
    let plan = blueprint.bind([(name, ours.shallow_clone())]).unwrap();
    plan.take(weights)?.execute(&mut Seed(1))?;
    Ok(ours)
}

#[test]
fn kinds_that_differ_are_rounded_once() {
    let folder = Folder::new();
    let doubles = Tensor::from_slice(&[
        0.1_f64,
        1.0 + 2.0_f64.powi(-24) + 2.0_f64.powi(-50),
        65519.9,
        -3.0,
    ]);
    let path = folder.saved("doubles.safetensors", &[("w", &doubles)]);
    let weights = Weights::open(path).unwrap();
    let taken = |kind: Kind| take_one(&weights, "w", 4, kind);
    let values = |kind| Vec::<f64>::try_from(taken(kind).unwrap().to_kind(Kind::Double)).unwrap();
    assert_eq!(values(Kind::Double)[0].to_bits(), 0.1_f64.to_bits());
    // A little more than the middle between two numbers of f32, which f64 to f32 by way of anything shorter loses.
    assert_eq!(values(Kind::Float)[1], f64::from(1.0_f32.next_up()));
    assert_eq!(values(Kind::Half)[2], 65504.0);
    assert_eq!(values(Kind::BFloat16)[0], 0.100_097_656_25);
    let error = taken(Kind::Int64).unwrap_err();
    assert!(
        matches!(error, Error::Plan { .. }),
        "nothing is written: {error:?}"
    );
    assert!(
        error
            .to_string()
            .contains("from w: 0.1 at [0] cannot be held by i64"),
        "{error}"
    );
}

#[test]
fn parameters_that_are_tied_take_what_either_is_called() {
    #[derive(Initialize)]
    struct Tied {
        #[init(normal)]
        wte: Tensor,
        #[init(normal)]
        lm_head: Tensor,
    }

    let folder = Folder::new();
    let table = Tensor::arange(12, FLOAT).view([4, 3]);
    for name in ["wte", "lm_head"] {
        let path = folder.saved(&format!("{name}.safetensors"), &[(name, &table)]);
        let weights = Weights::open(path).unwrap();
        let wte = Tensor::zeros([4, 3], FLOAT);
        let model = Tied {
            lm_head: wte.shallow_clone(),
            wte,
        };
        let plan = model.plan().unwrap().take_all(&weights).unwrap();
        plan.execute(&mut Seed(1)).unwrap();
        bits::assert_same(&model.wte, &table);
        // A part of the plan is what the plan says.
        let _ = model.wte.shallow_clone().zero_();
        plan.only("wte").unwrap().execute(&mut Seed(1)).unwrap();
        bits::assert_same(&model.wte, &table);
    }
}

#[test]
fn a_file_that_has_changed_is_an_error_and_nothing_is_written() {
    let folder = Folder::new();
    let (path, _) = trained(&folder, "");
    let weights = Weights::open(&path).unwrap();
    let model = classifier(Kind::Float, 9);
    let plan = model.plan().unwrap().take(&weights).unwrap();
    let whole = fs::read(&path).unwrap();
    let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(whole.len() as u64 - 40).unwrap();
    let error = plan.execute(&mut Seed(1)).unwrap_err();
    let is_told = |problem: &nninit::Problem| problem.reason.kind() == ReasonKind::Changed;
    assert!(matches!(error, Error::Plan { .. }), "{error}");
    assert!(error.problems().iter().all(is_told), "{error}");
    let untouched = |(path, tensor): (String, Tensor)| {
        assert_eq!(tensor.abs().max().double_value(&[]), 0.0, "{path}");
    };
    parameters(&model).into_iter().for_each(untouched);
    // One that is replaced is still there for whoever has it open.
    let (path, stored) = trained(&folder, "");
    let weights = Weights::open(&path).unwrap();
    let plan = model.plan().unwrap().take(&weights).unwrap();
    fs::remove_file(&path).unwrap();
    plan.execute(&mut Seed(1)).unwrap();
    bits::assert_same(&model.mean, find(&stored, "mean"));
}

#[test]
fn copy_takes_a_tensor_of_a_file() {
    #[derive(Initialize)]
    struct Longer {
        #[init(normal, std = 0.02)]
        #[init(copy = self.weights.get("wpe"), at = 0..3)]
        wpe: Tensor,
        #[init(skip)]
        weights: Weights,
    }

    let folder = Folder::new();
    let table = Tensor::arange(12, FLOAT).view([3, 4]);
    let path = folder.saved("model.safetensors", &[("wpe", &table)]);
    let model = Longer {
        wpe: Tensor::zeros([5, 4], FLOAT),
        weights: Weights::open(path).unwrap(),
    };
    let report = model.plan().unwrap().execute(&mut Seed(1)).unwrap();
    report.verify().unwrap();
    bits::assert_same(&model.wpe.narrow(0, 0, 3), &table);
    let absent = Longer {
        wpe: Tensor::zeros([5, 4], FLOAT),
        weights: model.weights.without("wpe").unwrap(),
    };
    let error = absent.plan().unwrap_err().to_string();
    assert!(error.contains("the tensor to copy is `None`"), "{error}");
    // A blueprint in a file knows the shape alone.
    let blueprint = model.plan().unwrap().blueprint();
    let read: Blueprint =
        serde_json::from_str(&serde_json::to_string(&blueprint).unwrap()).unwrap();
    assert_eq!(read, blueprint);
    let error = read
        .bind([("wpe", model.wpe.shallow_clone())])
        .unwrap()
        .execute(&mut Seed(1))
        .unwrap_err();
    assert!(
        error.to_string().contains("knows their shape alone"),
        "{error}"
    );
}

/// Kinds that libtorch has and nothing is drawn in, complex numbers, and what is longer than one buffer.
#[test]
fn any_kind_is_copied_bit_for_bit() {
    let folder = Folder::new();
    let large = Tensor::arange(5_000_001, (Kind::Int64, Device::Cpu)).to_kind(Kind::Float);
    let small = Tensor::arange(6, (Kind::Int64, Device::Cpu)).view([2, 3]);
    for kind in [
        Kind::Double,
        Kind::Half,
        Kind::BFloat16,
        Kind::Int64,
        Kind::Int,
        Kind::Int16,
        Kind::Int8,
        Kind::Uint8,
        Kind::Bool,
    ] {
        let (small, large) = (small.to_kind(kind), large.to_kind(Kind::Float));
        let path = folder.saved("model.safetensors", &[("small", &small), ("large", &large)]);
        let weights = Weights::open(path).unwrap();
        let ours = [
            small
                .zeros_like()
                .transpose(0, 1)
                .contiguous()
                .transpose(0, 1),
            large.zeros_like(),
        ];
        let rules = rules! { "**" => skip };
        let variables = ["small", "large"].into_iter().zip(&ours);
        let blueprint = rules
            .blueprint(
                variables
                    .clone()
                    .map(|(name, of)| (name, of.size(), Dtype::from(of.kind()))),
            )
            .unwrap();
        let plan = blueprint
            .bind(variables.map(|(name, of)| (name, of.shallow_clone())))
            .unwrap();
        plan.take_all(&weights)
            .unwrap()
            .execute(&mut Seed(1))
            .unwrap();
        assert!(ours[0].equal(&small), "{kind:?}");
        bits::assert_same(&ours[1], &large);
    }
}

/// 8-bit floats and complex numbers are taken as any other; a kind that no tensor has is an error of the plan that
/// takes it, and of no other.
#[test]
fn rare_kinds_are_an_error_where_they_are_taken() {
    let folder = Folder::new();
    let header = r#"{"eight":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]},
        "complex":{"dtype":"C64","shape":[1],"data_offsets":[4,12]},
        "sixteen":{"dtype":"U16","shape":[2],"data_offsets":[12,16]}}"#;
    let weights = Weights::open(folder.written("rare.safetensors", header, 16)).unwrap();
    let take = |name, length, kind| take_one(&weights, name, length, kind);
    // 0, 1, 2 and 3 times the smallest number of four bits of exponent and three of significand.
    let eight = take("eight", 4, Kind::Float).unwrap();
    let smallest = 2.0_f32.powi(-9);
    let due = [0.0, smallest, 2.0 * smallest, 3.0 * smallest];
    bits::assert_same(&eight, &Tensor::from_slice(&due));
    let complex = take("complex", 1, Kind::ComplexFloat).unwrap();
    let parts = [[4, 5, 6, 7], [8, 9, 10, 11]].map(f32::from_le_bytes);
    bits::assert_same(
        &complex.view_as_real().flatten(0, -1),
        &Tensor::from_slice(&parts),
    );
    let error = take("complex", 1, Kind::Float).unwrap_err().to_string();
    assert!(error.contains("f32 holds no complex numbers"), "{error}");
    let error = take("sixteen", 2, Kind::Float).unwrap_err().to_string();
    assert!(
        error.contains("`sixteen` is of kind U16, which no tensor can be of"),
        "{error}"
    );
}

#[test]
fn a_model_of_closures_takes_them_by_the_names_of_its_store() {
    let folder = Folder::new();
    let build = || {
        let vs = store();
        let net = nn::seq()
            .add(nn::linear(vs.root() / "0", 4, 6, blank::linear()))
            .add_fn(Tensor::relu)
            .add(nn::linear(vs.root() / "2", 6, 2, blank::linear()));
        (vs, net)
    };
    let rules = rules! { "**.weight" => kaiming_normal, "**.bias" => zeros };
    let (saved, _) = build();
    rules.try_init(&saved, &mut Seed(7)).unwrap();
    let path = folder.path("store.safetensors");
    saved.save(&path).unwrap();
    let (vs, _net) = build();
    let plan = rules
        .plan(&vs)
        .unwrap()
        .take_all(&Weights::open(&path).unwrap())
        .unwrap();
    plan.execute(&mut Seed(1)).unwrap();
    for (name, tensor) in vs.variables() {
        bits::assert_same(&tensor, &saved.variables()[&name]);
    }
}

#[test]
fn weights_go_to_other_threads() {
    fn is_shared<T: Send + Sync + Clone>() {}
    is_shared::<Weights>();
    is_shared::<nninit::StoredTensor>();
}
