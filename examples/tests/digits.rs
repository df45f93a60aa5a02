//! What the main example shows, at its own seed and length.

use nninit_examples::digits::{Digits, EPOCHS, Run, SEED, Start, train};

fn runs(epochs: u32) -> Vec<Run> {
    tch::set_num_threads(1);
    let data = Digits::load(SEED).unwrap();
    Start::ALL
        .into_iter()
        .map(|start| train(start, &data, SEED, epochs, |_| ()).unwrap())
        .collect()
}

#[test]
fn the_initialisation_decides_what_is_learned_and_the_seed_every_number() {
    let first = runs(EPOCHS);
    let accuracies: Vec<_> = first.iter().map(|run| run.last().accuracy).collect();
    let [he, xavier, std_one, constant] = accuracies[..] else {
        panic!("{accuracies:?}")
    };
    assert!(he > 0.95, "{he}");
    assert!(xavier > 0.95, "{xavier}");
    assert!(std_one < he - 0.05, "{std_one} beside {he}");
    assert!(constant < 0.5, "{constant}");

    for (run, again) in first.iter().zip(runs(EPOCHS)) {
        assert_eq!(run.evaluations.len(), EPOCHS as usize + 1);
        assert_eq!(run.evaluations, again.evaluations, "{}", run.name);
    }
}

#[test]
fn each_start_has_the_law_that_it_declares() {
    let laws: Vec<_> = runs(0)
        .iter()
        .map(|run| run.law_of("hidden.weight"))
        .collect();
    let expected = ["N(0, 0.125²)", "N(0, 0.1021²)", "N(0, 1²)", "constant 0.1"];
    assert_eq!(laws, expected);
}

#[test]
fn a_fifth_is_held_out_and_the_seed_says_which() {
    let [data, same, other] = [1, 1, 2].map(|seed| Digits::load(seed).unwrap());
    assert_eq!(data.training.pixels.size(), [1438, 1, 8, 8]);
    assert_eq!(data.held_out.pixels.size(), [359, 1, 8, 8]);
    assert_eq!(data.held_out.digits.size(), [359]);
    assert_eq!(data.held_out.pixels, same.held_out.pixels);
    assert_ne!(data.held_out.pixels, other.held_out.pixels);
}
