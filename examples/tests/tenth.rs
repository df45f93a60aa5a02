//! What the example on a tenth digit shows, in short.

use std::fs;
use std::path::Path;

use nninit_examples::digits::{Digits, SEED};
use nninit_examples::tenth::{from_scratch, from_weights, learn_nine};

#[test]
fn what_was_learned_of_nine_digits_is_kept() {
    tch::set_num_threads(1);
    let data = Digits::load(SEED).unwrap();
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("nine.safetensors");
    let nine = learn_nine(&data, SEED, 10, &file).unwrap();
    assert!(nine.accuracy > 0.9, "{}", nine.accuracy);
    let (grown, plan) = from_weights(&data, SEED, 2, &file).unwrap();
    let scratch = from_scratch(&data, SEED, 2).unwrap();
    fs::remove_file(&file).unwrap();
    let scheme = |path: &str| {
        let mut entries = plan.entries().iter();
        let entry = entries.find(|entry| entry.path() == path).unwrap();
        entry
            .steps()
            .iter()
            .map(|step| step.scheme().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(scheme("net.convs.1.bias"), ["from conv2.bias"]);
    assert_eq!(
        scheme("net.output.bias"),
        ["zeros", r#"self.nine.get("output.bias")"#]
    );
    // Before it has seen a tenth digit it knows the nine, and after two epochs all of them better.
    assert!(grown[0].accuracy > 0.7, "{}", grown[0].accuracy);
    assert!(scratch[0].accuracy < 0.3, "{}", scratch[0].accuracy);
    assert!(
        grown[2].accuracy > scratch[2].accuracy,
        "{grown:?} beside {scratch:?}"
    );
}
