//! Parts of a plan: what they reach, and that they give what the whole gives.

use nninit::{Initialize, Plan};
use nninit_tests::bits::differing;
use nninit_tests::plans::problems;
use nninit_tests::sources::rng;
use nninit_tests::stores::store;
use tch::{IndexOp, Kind, Tensor, nn};

#[derive(Initialize)]
struct Classifier {
    body: nn::Linear,
    neck: nn::Linear,
    #[init(weight(normal, std = 0.01), bias(zeros))]
    head: nn::Linear,
}

fn classifier(vs: &nn::VarStore, classes: i64) -> Classifier {
    let linear =
        |name: &str, outputs| nn::linear(vs.root() / name, 6, outputs, nn::LinearConfig::default());
    Classifier {
        body: linear("body", 6),
        neck: linear("neck", 6),
        head: linear("head", classes),
    }
}

fn paths(plan: &Plan) -> Vec<&str> {
    plan.entries().iter().map(nninit::Entry::path).collect()
}

#[test]
fn several_patterns_choose_and_each_has_to_match() {
    let vs = store();
    let plan = classifier(&vs, 3).plan().unwrap();
    let chosen = plan.only(["head.**", "neck.bias"]).unwrap();
    assert_eq!(paths(&chosen), ["neck.bias", "head.weight", "head.bias"]);
    let spared = plan
        .without(vec!["body.**".to_owned(), "*.bias".to_owned()])
        .unwrap();
    assert_eq!(paths(&spared), ["neck.weight", "head.weight"]);
    assert_eq!(
        paths(&plan.only("head.*".to_owned()).unwrap()),
        ["head.weight", "head.bias"]
    );
    let error = plan
        .only(["hed.**", "neck.**", "head.{wieght,bias}", "[a"])
        .unwrap_err();
    let told = problems(&error);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(
        told[0].starts_with("`hed.**`: it matches no parameter of the plan; the nearest"),
        "{told:?}"
    );
    assert!(told[1].contains("its alternative `wieght`"), "{told:?}");
    assert!(told[2].starts_with("`[a`"), "{told:?}");
    assert_eq!(problems(&plan.without(["nothing"]).unwrap_err()).len(), 1);
}

#[test]
fn what_is_retained_gets_the_values_of_the_whole() {
    let (whole, part) = (store(), store());
    let (model, other) = (classifier(&whole, 3), classifier(&part, 3));
    model.plan().unwrap().execute(&mut rng(9)).unwrap();
    let before = other.body.ws.detach().copy();
    let matrices = other
        .plan()
        .unwrap()
        .retain(|entry| entry.shape().len() == 2 && entry.path() != "body.weight");
    assert_eq!(paths(&matrices), ["neck.weight", "head.weight"]);
    matrices.execute(&mut rng(9)).unwrap();
    assert_eq!(differing(&other.neck.ws, &model.neck.ws), 0);
    assert_eq!(differing(&other.head.ws, &model.head.ws), 0);
    assert_eq!(differing(&other.body.ws, &before), 0);
    assert!(other.plan().unwrap().retain(|_| false).entries().is_empty());
}

/// A head of other shape is what `load_partial` leaves.
#[test]
fn the_variables_that_a_file_does_not_have_are_started_and_no_others() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join("parts.safetensors");
    let saved = store();
    let mut trained = classifier(&saved, 3);
    trained.init(&mut rng(1));
    let tensors: Vec<(String, Tensor)> = saved
        .variables()
        .into_iter()
        .filter(|(name, _)| !name.starts_with("head"))
        .collect();
    Tensor::write_safetensors(&tensors, &file).unwrap();

    let mut vs = store();
    let model = classifier(&vs, 5);
    let missing = vs.load_partial(&file).unwrap();
    let plan = model.plan().unwrap().only_variables(&vs, &missing).unwrap();
    assert_eq!(paths(&plan), ["head.weight", "head.bias"]);
    plan.execute(&mut rng(2)).unwrap().verify().unwrap();
    assert_eq!(differing(&model.body.ws, &trained.body.ws), 0);
    assert_eq!(differing(&model.neck.ws, &trained.neck.ws), 0);

    let all_again = store();
    let mut again = classifier(&all_again, 5);
    again.init(&mut rng(2));
    assert_eq!(differing(&model.head.ws, &again.head.ws), 0);
}

#[derive(Initialize)]
struct Fused {
    #[init(normal)]
    q: Tensor,
    #[init(normal)]
    kv: Tensor,
    #[init(normal)]
    both: Tensor,
}

#[test]
fn variables_are_found_by_their_memory_whatever_they_are_called() {
    let vs = store();
    let qkv = vs.root().zeros("qkv", &[6, 2]);
    let pair = Tensor::zeros([2, 4], (Kind::Float, tch::Device::Cpu));
    let _ = vs.root().add("first", pair.i(0), true);
    let _ = vs.root().add("second", pair.i(1), true);
    let model = Fused {
        q: qkv.i(..2),
        kv: qkv.i(2..),
        both: pair,
    };
    let plan = model.plan().unwrap();
    let part = plan.only_variables(&vs, ["qkv"]).unwrap();
    assert_eq!(paths(&part), ["q", "kv"]);
    assert_eq!(
        paths(&plan.only_variables(&vs, ["first", "second"]).unwrap()),
        ["both"]
    );
    // The one parameter would write the other variable, too.
    let error = plan
        .only_variables(&vs, ["first", "qkv", "third"])
        .unwrap_err();
    let told = problems(&error);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].starts_with("`third`: the store has no variable of this name"),
        "{told:?}"
    );
    assert!(told[1].starts_with("`first` [4]"), "{told:?}");
    assert!(
        plan.only_variables(&vs, [""; 0])
            .unwrap()
            .entries()
            .is_empty()
    );
}
