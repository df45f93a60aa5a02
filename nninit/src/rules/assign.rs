//! Which variable gets which rule; what is left over, on either side, is a mistake.

use super::rule::Rule;
use crate::blueprint::names::{LISTED, list, nearest};
use crate::declare::draft::{Declared, Draft};
use crate::{Problem, Reason};

/// What rules are put on.
#[derive(Debug)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) shape: Vec<i64>,
}

impl Variable {
    fn ndim(&self) -> usize {
        self.shape.len()
    }
}

/// Declares each variable by the first rule that matches it; each comes with what is to be kept for it.
pub(crate) fn assign<T>(rules: &[Rule], variables: Vec<(Variable, T)>) -> Draft<T> {
    let (variables, held): (Vec<Variable>, Vec<T>) = variables.into_iter().unzip();
    let mut draft = Draft::default();
    let mut taken = vec![0; rules.len()];
    for (variable, held) in variables.iter().zip(held) {
        let Variable { name, shape } = variable;
        let ndim = variable.ndim();
        let first = rules
            .iter()
            .position(|rule| rule.matches(name) && rule.accepts(ndim));
        match first {
            Some(index) => {
                taken[index] += 1;
                draft.parameters.push((declared(&rules[index], name), held));
            }
            None => draft.problems.push(Problem {
                path: name.clone(),
                shape: Some(shape.clone()),
                scheme: None,
                reason: unmatched(rules, name, ndim),
            }),
        }
    }
    for (index, rule) in rules.iter().enumerate() {
        let reason = match (&rule.parsed, taken[index]) {
            (Err(reason), _) => reason.clone(),
            (Ok(pattern), 2..) if pattern.is_wild() && rule.spec.stream_name().is_some() => {
                Reason::Misplaced(format!(
                    "`stream` names the bits of one parameter, and the pattern matches {}; write the variable's whole name",
                    taken[index]
                ))
            }
            (Ok(_), 0) => unused(&rules[..index], rule, &variables),
            (Ok(_), _) => continue,
        };
        draft.problems.push(Problem {
            path: rule.to_string(),
            shape: None,
            scheme: None,
            reason,
        });
    }
    draft
}

fn declared(rule: &Rule, name: &str) -> Declared {
    Declared {
        path: name.to_owned(),
        key: rule.spec.stream_name().map(str::to_owned),
        steps: rule.spec.steps().cloned().collect(),
    }
}

fn unmatched(rules: &[Rule], name: &str, ndim: usize) -> Reason {
    let by_condition = rules
        .iter()
        .find(|rule| rule.matches(name) && !rule.accepts(ndim));
    let renamed = name
        .rsplit_once("__")
        .filter(|(_, number)| number.parse::<usize>().is_ok());
    let hint = if let Some(rule) = by_condition {
        format!("`{rule}` would, but this has {ndim}")
    } else if let Some((before, number)) = renamed {
        format!("tch adds `__{number}` where `{before}` is taken, and `{before}*` matches both")
    } else {
        let edits = |rule: &Rule| Some((rule.parsed.as_ref().ok()?.edits(name)?, rule.to_string()));
        match &nearest(rules.iter().filter_map(edits), 1)[..] {
            [rule, ..] => format!("the nearest is `{rule}`"),
            [] => "none is near".to_owned(),
        }
    };
    Reason::Unmatched {
        name: name.to_owned(),
        hint,
    }
}

fn unused(before: &[Rule], rule: &Rule, variables: &[Variable]) -> Reason {
    if variables.is_empty() {
        return Reason::UnusedRule {
            why: "the VarStore holds no variables; build the model before its plan".to_owned(),
        };
    }
    let matched: Vec<&Variable> = variables
        .iter()
        .filter(|variable| rule.matches(&variable.name))
        .collect();
    let accepted: Vec<&str> = matched
        .iter()
        .filter(|variable| rule.accepts(variable.ndim()))
        .map(|variable| variable.name.as_str())
        .collect();
    let why = match (&matched[..], &accepted[..]) {
        ([], _) => match &near(rule, variables)[..] {
            [] => format!(
                "it matches no variable, and none is near; there are {}; correct the pattern or remove the rule",
                list(variables.iter().map(|variable| variable.name.as_str()))
            ),
            near => format!(
                "it matches no variable; the nearest are {}; correct the pattern or remove the rule",
                list(near.iter().map(String::as_str))
            ),
        },
        (_, []) => format!(
            "the condition holds for none of what the pattern matches: {}",
            list(matched.iter().map(|variable| variable.name.as_str()))
        ),
        (_, accepted) => {
            let takers: Vec<String> = before
                .iter()
                .filter(|earlier| accepted.iter().any(|name| earlier.matches(name)))
                .map(ToString::to_string)
                .collect();
            format!(
                "rules before it take all that it matches ({}): {}; put it above them",
                list(accepted.iter().copied()),
                list(takers.iter().map(String::as_str))
            )
        }
    };
    Reason::UnusedRule { why }
}

fn near(rule: &Rule, variables: &[Variable]) -> Vec<String> {
    let Ok(pattern) = &rule.parsed else {
        return Vec::new();
    };
    let edits = |Variable { name, .. }: &Variable| Some((pattern.edits(name)?, name.clone()));
    nearest(variables.iter().filter_map(edits), LISTED)
}
