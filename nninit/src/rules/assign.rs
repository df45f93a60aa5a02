//! Which variable gets which rule. A variable or a rule that is left over is a mistake.

use std::collections::HashMap;

use aho_corasick::AhoCorasick;

use super::by_kind::ByKind;
use super::rule::Rule;
use super::variable::Variable;
use crate::blueprint::names::{self, HINTED, instead, list, nearest};
use crate::blueprint::pattern::Pattern;
use crate::declare::draft::{Declared, Draft};
use crate::{Cause, Problem};

/// Declares each variable by the first rule that matches it; each comes with what is to be kept for it.
pub(super) fn assign<T>(
    rules: &[Rule],
    by_kind: &ByKind,
    variables: Vec<(Variable, T)>,
) -> Draft<T> {
    let (variables, held): (Vec<Variable>, Vec<T>) = variables.into_iter().unzip();
    let (variables, mut draft) = (&variables[..], Draft::default());
    let mut by_kind = by_kind.declare(variables, &mut draft.problems).into_iter();
    let candidates = Candidates::new(rules, variables);
    let mut taken = vec![0; rules.len()];
    let mut used: Vec<Vec<bool>> = rules.iter().map(unused_alternatives).collect();
    for (variable, held) in variables.iter().zip(held) {
        let mut first = None;
        let of_kind = by_kind.next().flatten();
        for index in candidates.of(&variable.name) {
            let (rule, used) = (&rules[index], &mut used[index]);
            let tells_more = used.contains(&false);
            if (first.is_some() && !tells_more) || !rule.matches(&variable.name) {
                continue;
            }
            if first.is_none() && rule.accepts(variable.ndim()) {
                first = Some(index);
            }
            if let Ok(pattern) = &rule.parsed
                && tells_more
            {
                pattern.mark_used(&variable.name, used);
            }
        }
        if let Some(index) = first {
            taken[index] += 1;
            let declared = declared(&rules[index], &variable.name);
            draft.parameters.push((declared, held));
        } else if let Some(Ok(declared)) = of_kind {
            draft.parameters.push((declared, held));
        } else if let Some(Err(reason)) = of_kind {
            draft.problems.push(Problem {
                path: variable.name.clone(),
                shape: Some(variable.shape.clone()),
                scheme: None,
                reason: reason.into(),
            });
        } else {
            let hinted = draft.problems.len() < HINTED;
            draft.problems.push(Problem {
                path: variable.name.clone(),
                shape: Some(variable.shape.clone()),
                scheme: None,
                reason: unmatched(rules, variable, hinted).into(),
            });
        }
    }
    let mut hints = HINTED;
    for (index, rule) in rules.iter().enumerate() {
        let reason = match &rule.parsed {
            Err(reason) => Some(reason.clone()),
            Ok(_) if taken[index] == 0 => {
                hints = hints.saturating_sub(1);
                Some(unused(&rules[..index], rule, variables, hints > 0))
            }
            Ok(pattern)
                if taken[index] > 1 && pattern.is_wild() && rule.spec.stream_name().is_some() =>
            {
                Some(Cause::Misplaced(format!(
                    "`stream` names the bits of one parameter, and the pattern matches {}; write the variable's whole name",
                    taken[index]
                )))
            }
            Ok(_) => None,
        };
        let idle = unused_alternative(rule, &used[index], variables);
        let reasons = match (reason, idle) {
            (None, Some(idle)) => Some(idle),
            (reason, _) => reason,
        };
        draft.problems.extend(reasons.map(|reason| Problem {
            path: rule.head().to_string(),
            shape: None,
            scheme: None,
            reason: reason.into(),
        }));
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

fn unused_alternatives(rule: &Rule) -> Vec<bool> {
    let count = rule.parsed.as_ref().map(|p| p.alternatives().len());
    vec![false; count.unwrap_or(0)]
}

/// The rules that can match a name, found by letters that every match of theirs holds: of a thousand rules only a few
/// are tried.
struct Candidates {
    pieces: Option<AhoCorasick>,
    by_piece: Vec<Vec<usize>>,
    /// Those that require nothing.
    always: Vec<usize>,
}

impl Candidates {
    fn new(rules: &[Rule], variables: &[Variable]) -> Self {
        let all = Self {
            pieces: None,
            by_piece: Vec::new(),
            always: (0..rules.len()).collect(),
        };
        let mut ids: HashMap<String, usize> = HashMap::new();
        let mut required = Vec::with_capacity(rules.len());
        for rule in rules {
            let pieces = rule.parsed.as_ref().map(Pattern::required);
            let mut own = Vec::new();
            for piece in pieces.unwrap_or_default() {
                let next = ids.len();
                own.push(*ids.entry(piece).or_insert(next));
            }
            required.push(own);
        }
        let mut texts = vec![String::new(); ids.len()];
        for (text, id) in ids {
            texts[id] = text;
        }
        let Ok(pieces) = AhoCorasick::new(&texts) else {
            return all;
        };
        // A piece that few names hold tells more than one that many do, such as `weight`.
        let mut frequency = vec![0; texts.len()];
        for variable in variables {
            for id in found(&pieces, &variable.name) {
                frequency[id] += 1;
            }
        }
        let mut candidates = Self {
            pieces: Some(pieces),
            by_piece: vec![Vec::new(); texts.len()],
            always: Vec::new(),
        };
        for (index, own) in required.into_iter().enumerate() {
            match own.into_iter().min_by_key(|&id| frequency[id]) {
                Some(rarest) => candidates.by_piece[rarest].push(index),
                None => candidates.always.push(index),
            }
        }
        candidates
    }

    /// In order.
    fn of(&self, name: &str) -> Vec<usize> {
        let mut candidates = self.always.clone();
        if let Some(pieces) = &self.pieces {
            let found = found(pieces, name);
            candidates.extend(found.into_iter().flat_map(|id| &self.by_piece[id]));
        }
        candidates.sort_unstable();
        candidates
    }
}

/// The pieces that stand in a name, each once.
fn found(pieces: &AhoCorasick, name: &str) -> Vec<usize> {
    let found = pieces.find_overlapping_iter(name);
    let mut found: Vec<usize> = found.map(|found| found.pattern().as_usize()).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn unmatched(rules: &[Rule], variable: &Variable, hinted: bool) -> Cause {
    let (name, ndim) = (variable.name.as_str(), variable.ndim());
    let by_condition = || {
        let rule = rules.iter().find(|rule| rule.matches(name))?;
        Some(format!("`{}` would, but this has {ndim}", rule.head()))
    };
    let renamed = || {
        let (before, number) = name.rsplit_once("__")?;
        number.parse::<usize>().ok()?;
        Some(format!(
            "tch adds `__{number}` where `{before}` is taken, and `{before}*` matches both"
        ))
    };
    let too_narrow = || {
        rules.iter().find_map(|rule| {
            let mut wider = rule.parsed.as_ref().ok()?.wider();
            let (wider, why) = wider.find(|(wider, _)| wider.matches(name))?;
            Some(format!(
                "`{}` does not: {why}; `{}` would",
                rule.head(),
                wider.written()
            ))
        })
    };
    let near = || {
        let edits = |rule: &Rule| {
            Some((
                rule.parsed.as_ref().ok()?.edits(name)?,
                rule.head().to_string(),
            ))
        };
        let near = nearest(rules.iter().filter_map(edits), 1).pop()?;
        Some(format!("the nearest is `{near}`"))
    };
    let hint = hinted.then(|| {
        by_condition()
            .or_else(renamed)
            .or_else(too_narrow)
            .or_else(near)
            .unwrap_or_else(|| "none is near".to_owned())
    });
    Cause::Unmatched {
        name: name.to_owned(),
        hint: hint.unwrap_or_else(|| format!("what is near is said of the first {HINTED} alone")),
    }
}

fn unused(before: &[Rule], rule: &Rule, variables: &[Variable], hinted: bool) -> Cause {
    let because = |why: String| Cause::UnusedRule { why };
    if variables.is_empty() {
        return because(
            "the VarStore holds no variables; build the model before its plan".to_owned(),
        );
    }
    if !hinted {
        return because(format!(
            "it gets no variable; why is said of the first {HINTED} such rules alone"
        ));
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
    because(match (&matched[..], &accepted[..]) {
        ([], _) => {
            let names = variables.iter().map(|variable| variable.name.as_str());
            let pattern = rule.parsed.as_ref().ok();
            match pattern.and_then(|pattern| instead(pattern, names.clone())) {
                None => format!(
                    "it matches no variable, and none is near; there are {}; correct the pattern or remove the rule",
                    list(names)
                ),
                Some(instead) => format!(
                    "it matches no variable; {instead}; correct the pattern or remove the rule",
                ),
            }
        }
        (_, []) => format!(
            "the condition holds for none of what the pattern matches: {}",
            list(matched.iter().map(|variable| variable.name.as_str()))
        ),
        (_, accepted) => {
            let takers: Vec<_> = before
                .iter()
                .filter(|earlier| accepted.iter().any(|name| earlier.matches(name)))
                .map(Rule::head)
                .collect();
            format!(
                "rules before it take all that it matches ({}): {}; put it above them",
                list(accepted.iter()),
                list(takers.iter())
            )
        }
    })
}

fn unused_alternative(rule: &Rule, used: &[bool], variables: &[Variable]) -> Option<Cause> {
    let pattern = rule.parsed.as_ref().ok()?;
    let names = variables.iter().map(|variable| variable.name.as_str());
    let why = names::idle_alternative(pattern, used, "variable", names)?;
    Some(Cause::UnusedRule { why })
}
