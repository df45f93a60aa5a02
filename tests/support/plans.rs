//! Plans as lines of text.

use nninit::{Entry, Error, Initialize, Plan, PlannedStep};

/// One line a step, as `path [shape] scheme[, modifiers]: law`; further steps of a parameter are indented.
#[must_use]
pub fn lines(plan: &Plan) -> Vec<String> {
    plan.entries().iter().flat_map(entry).collect()
}

/// What an error tells of, a line each.
#[must_use]
pub fn problems(error: &Error) -> Vec<String> {
    error.problems().iter().map(ToString::to_string).collect()
}

/// Panics unless the model's plan has exactly these lines, apart from the blanks around each.
///
/// # Panics
///
/// Also where the model has no plan.
#[track_caller]
pub fn assert_plan(model: &impl Initialize, expected: &str) {
    let plan = model.plan().unwrap_or_else(|error| panic!("{error}"));
    let found = lines(&plan);
    let expected = expected
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let expected: Vec<_> = expected.collect();
    let differing = found
        .iter()
        .zip(&expected)
        .find(|(found, expected)| found.trim() != **expected);
    if let Some((found, expected)) = differing {
        panic!("found\n  {found}\nwhere this was expected\n  {expected}");
    }
    assert_eq!(
        found.len(),
        expected.len(),
        "lines of\n{}",
        found.join("\n")
    );
}

fn entry(entry: &Entry) -> Vec<String> {
    let line = |(position, step): (usize, &PlannedStep)| {
        let name = format!("{} {:?}", entry.path(), entry.shape());
        let name = if position == 0 {
            name
        } else {
            "then".to_owned()
        };
        format!("{name} {}: {}", written(step), outcome(entry, step))
    };
    entry.steps().iter().enumerate().map(line).collect()
}

fn written(step: &PlannedStep) -> String {
    let chunks = step
        .chunks()
        .map_or(String::new(), |n| format!(", chunks = {n}"));
    let region = step
        .region()
        .map_or(String::new(), |at| format!(", at = {at}"));
    format!("{}{chunks}{region}", step.scheme())
}

fn outcome(entry: &Entry, step: &PlannedStep) -> String {
    match (entry.tied_to(), step.law()) {
        (Some(path), _) => format!("tied to {path}"),
        (None, Some(law)) => law.to_string(),
        (None, None) => "left as it is".to_owned(),
    }
}
