//! Large and deep models, done as they are: what grows with their square would not end here.

use nninit::{Error, Initialize, Plan, Rules, rules};
use nninit_tests::stores::store;
use rand::SeedableRng;
use rand::rngs::StdRng;
use tch::nn::VarStore;
use tch::{Device, Kind, Tensor};

fn rng() -> StdRng {
    StdRng::seed_from_u64(1)
}

fn zeros(shape: &[i64]) -> Tensor {
    Tensor::zeros(shape, (Kind::Float, Device::Cpu))
}

/// A store of these tensors, named by their places.
fn store_of(tensors: impl IntoIterator<Item = Tensor>) -> VarStore {
    let vs = store();
    for (index, tensor) in tensors.into_iter().enumerate() {
        let _ = vs.root().add(&format!("{index:06}"), tensor, false);
    }
    vs
}

#[test]
fn columns_of_one_buffer() {
    let buffer = zeros(&[4096, 4096]);
    let vs = store_of((0..32).map(|i| buffer.narrow(1, 128 * i, 128)));
    let plan = rules! { "*" => xavier_uniform }.plan(&vs).unwrap();
    assert_eq!(plan.elements(), 4096 * 4096);
    // The buffer is reached where all of its columns are.
    let whole = store_of([buffer.shallow_clone()]);
    assert!(plan.uncovered(&whole).is_empty());
    assert_eq!(
        plan.without("000003").unwrap().uncovered(&whole),
        ["000000"]
    );
    let vs = store_of((0..4096).map(|i| buffer.narrow(1, i, 1)));
    assert_eq!(
        rules! { "*" => zeros }.plan(&vs).unwrap().entries().len(),
        4096
    );
}

#[test]
fn ten_thousand_ties() {
    let one = zeros(&[4, 4]);
    let vs = store_of((0..10_000).map(|_| one.shallow_clone()));
    let plan = rules! { "*" => xavier_uniform }.plan(&vs).unwrap();
    assert_eq!(plan.elements(), 16);
    assert_eq!(plan.entries()[9_999].tied_to(), Some("000000"));
    // One that was tied draws in its stead.
    let part = plan.only("00{1,2}*").unwrap();
    assert_eq!(part.entries()[0].tied_to(), None);
    assert_eq!(part.entries()[1].tied_to(), Some("001000"));
    let values = |plan: &Plan| {
        let _ = plan.execute(&mut rng()).unwrap();
        Vec::<f32>::try_from(one.view(-1)).unwrap()
    };
    assert_eq!(values(&part), values(&plan));
}

#[test]
fn overlapping_views_are_told_so_that_a_person_can_read_it() {
    let buffer = zeros(&[4096]);
    let vs = store_of((0..800).map(|i| buffer.narrow(0, i, 1000)));
    let error = rules! { "*" => uniform }.plan(&vs).unwrap_err();
    assert_eq!(error.problems().len(), 799);
    let text = error.to_string();
    assert_eq!(text.lines().count(), 52, "{text}");
    assert!(text.ends_with("and 749 more"), "{text}");
}

#[test]
fn every_layer_of_thousands_is_reached() {
    let vs = store_of((0..8_000).map(|_| zeros(&[2, 2])));
    let plan = rules! { "*" => normal }.plan(&vs).unwrap();
    assert!(plan.require_all(&vs).is_ok());
    let part = plan.without("007999").unwrap();
    assert_eq!(part.uncovered(&vs), ["007999"]);
}

#[test]
fn a_thousand_rules_over_ten_thousand_variables() {
    let vs = store();
    for block in 0..1000 {
        for part in 0..10 {
            let name = format!("blocks_{block}-conv_{part}-weight");
            let _ = vs.root().add(&name, zeros(&[2]), false);
        }
    }
    let lines: Vec<String> = (0..1000)
        .map(|block| format!("*_{block}-*-weight => constant(val={block})"))
        .collect();
    let text = lines.join("\n");
    let rules: Rules = text.parse().unwrap();
    let plan = rules.plan(&vs).unwrap();
    let law = |path: &str| {
        let entry = plan
            .entries()
            .iter()
            .find(|entry| entry.path() == path)
            .unwrap();
        entry.steps()[0].law().unwrap().to_string()
    };
    assert_eq!(law("blocks_7-conv_3-weight"), "constant 7");
    assert_eq!(law("blocks_999-conv_9-weight"), "constant 999");
    assert_eq!(rules.to_string().lines().count(), 1000);
    // As many that match nothing: a few are told what is near.
    let wrong: Rules = text
        .replace("conv", "cnov")
        .replace("-weight", "-wieght")
        .parse()
        .unwrap();
    let error = wrong.plan(&vs).unwrap_err();
    assert_eq!(error.problems().len(), 11_000);
    assert_eq!(error.to_string().lines().count(), 52);
}

#[derive(Initialize)]
struct Link {
    #[init(zeros)]
    w: Tensor,
    next: Option<Box<Link>>,
}

/// A chain, and its links to be dropped one by one: what a user's own drop does is not at stake.
fn chain(length: usize) -> Option<Box<Link>> {
    (0..length).fold(None, |next, _| {
        let w = zeros(&[1]);
        Some(Box::new(Link { w, next }))
    })
}

fn unlink(mut chain: Option<Box<Link>>) {
    while let Some(mut link) = chain {
        chain = link.next.take();
    }
}

#[test]
fn nesting_is_as_deep_as_it_is_said_to_be() {
    let deep = chain(10_000);
    let plan = deep.plan().unwrap();
    assert_eq!(plan.entries().len(), 10_000);
    unlink(deep);
    let deeper = chain(30_000);
    let error = deeper.plan().unwrap_err();
    assert!(
        matches!(&error, Error::Plan { problems, .. } if problems.len() == 2),
        "{error}"
    );
    let text = error.to_string();
    assert!(
        text.contains("more than 10000 levels deep") && text.len() < 1000,
        "{text}"
    );
    unlink(deeper);
}

#[test]
fn a_path_of_a_megabyte() {
    let vs = store();
    let name = "a".repeat(1 << 20);
    let _ = vs.root().add(&name, zeros(&[3]), false);
    let plan = rules! { "*" => ones }.plan(&vs).unwrap();
    assert_eq!(plan.only(&name).unwrap().entries().len(), 1);
    assert_eq!(plan.only("a*a*a").unwrap().entries().len(), 1);
    assert!(plan.only("ab".repeat(1 << 19)).is_err());
    let _ = plan.execute(&mut rng()).unwrap();
}

/// Cells as wide as the widest would make ten gigabytes of it.
#[test]
fn a_table_with_one_path_of_a_megabyte() {
    let vs = store_of((0..10_000).map(|_| zeros(&[1])));
    let _ = vs.root().add(&"a".repeat(1 << 20), zeros(&[1]), false);
    let report = rules! { "*" => ones }.try_init(&vs, &mut rng()).unwrap();
    for table in [report.to_string(), report.measure().unwrap().to_string()] {
        assert!(table.lines().count() > 10_000);
        assert!(table.len() < 4 << 20, "{}", table.len());
    }
}
