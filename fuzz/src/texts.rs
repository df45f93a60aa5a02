//! Rules, steps, patterns and regions as texts: what is read is written and read as the same again.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use nninit::declare::{Spec, Step};
use nninit::{Blueprint, Dtype, Error, Rule, Rules};

/// Rules, and what they do to a model.
pub(crate) fn rules(text: &str) {
    if let Some(rules) = read_again::<Rules>(text) {
        let names: Vec<&str> = text.split([' ', '\n', '=', '"', '{', ',']).collect();
        let again: Rules = rules.to_string().parse().expect("it was read before");
        assert_eq!(planned(&rules, &names).ok(), planned(&again, &names).ok());
    }
}

/// One step, on tensors of several shapes.
pub(crate) fn step(text: &str) {
    if let Some(step) = read_again::<Step>(text) {
        let rules = Rules::new().rule(Rule::new("**", step));
        let _ = planned(&rules, &["name"]);
    }
}

/// A pattern in the first line, names in the others.
pub(crate) fn pattern(text: &str) {
    let mut lines = text.lines();
    let pattern = lines.next().unwrap_or_default();
    let names: Vec<&str> = lines.collect();
    let rule = Rule::new(pattern, Step::skip());
    let written = rule.to_string();
    let rules = Rules::new().rule(rule);
    let matched = planned(&rules, &names);
    if let Ok(again) = written.parse::<Rule>() {
        let again = planned(&Rules::new().rule(again), &names);
        assert_eq!(again.ok(), matched.ok());
    }
    // Every name has a pattern of its own; one with nothing beside a dot has none.
    let whole = |name: &&str| name.split('.').all(|part| !part.is_empty());
    for name in names.into_iter().filter(whole) {
        let own: String = name.chars().flat_map(|c| ['\\', c]).collect();
        let rules = Rules::new().rule(Rule::new(own, Step::skip()));
        assert!(
            rules.blueprint([(name, [1], Dtype::F32)]).is_ok(),
            "{name:?}"
        );
    }
}

/// A region, in tensors of several shapes.
pub(crate) fn region(text: &str) {
    let step = format!("ones(at = {text})");
    if read_again::<Step>(&step).is_none() {
        return;
    }
    for shape in SHAPES {
        let region = covered(&step, shape);
        if let Some(written) = &region {
            assert_eq!(covered(&format!("ones(at = {written})"), shape), region);
        }
    }
}

/// The region that a step covers in a tensor, as it is shown.
fn covered(step: &str, shape: &[i64]) -> Option<String> {
    let step: Step = step.parse().expect("it was read before");
    let rule = Rule::new("w", Spec::new().step(Step::skip()).step(step));
    let blueprint = Rules::new()
        .rule(rule)
        .blueprint([("w", shape, Dtype::F32)]);
    let blueprint = blueprint.ok()?;
    blueprint.entries()[0].steps()[1]
        .region()
        .map(ToString::to_string)
}

const SHAPES: [&[i64]; 7] = [
    &[],
    &[0, 3],
    &[7],
    &[12, 5],
    &[4, 3, 2, 1],
    &[1 << 40, 3],
    &[1 << 31, 1 << 31],
];

/// What rules do to variables of these names and several shapes, as texts of what there is and of what is wrong.
fn planned(rules: &Rules, names: &[&str]) -> Result<Blueprint, String> {
    let variables = names.iter().enumerate();
    let variables = variables.map(|(i, name)| (*name, SHAPES[i % SHAPES.len()], Dtype::F32));
    let planned = rules.blueprint(variables).map_err(|error| told(&error));
    if let Ok(blueprint) = &planned {
        let _ = (blueprint.to_string(), blueprint.elements());
    }
    planned
}

/// A text that is read: what was written of it has to be read as the same.
fn read_again<T: FromStr<Err = Error> + Display + Debug>(text: &str) -> Option<T> {
    match text.parse::<T>() {
        Ok(read) => {
            let written = read.to_string();
            match written.parse::<T>() {
                Ok(again) => assert_eq!(again.to_string(), written, "{text:?}"),
                Err(error) => panic!("{text:?} is written as {written:?}: {error}"),
            }
            Some(read)
        }
        Err(error) => {
            let _ = told(&error);
            None
        }
    }
}

fn told(error: &Error) -> String {
    let text = error.to_string();
    assert!(!text.is_empty());
    text
}
