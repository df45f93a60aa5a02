//! Blueprints in files. What is read passes every check that a plan makes; boxes are made anew.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::parameter::check_shape;
use super::{Blueprint, Parameter, PlannedStep, find_equal_streams};
use crate::declare::draft::Left;
use crate::declare::modifiers::{Mapping, Modifier, Modifiers};
use crate::numeric::law::Map;
use crate::{Cause, Dtype, Error, Law, Problem, Region};

/// A blueprint as files have it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    parameters: Vec<ParameterData>,
    left: Vec<Left>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ParameterData {
    path: String,
    /// Where it is not the path.
    stream: Option<String>,
    shape: Vec<i64>,
    kind: Dtype,
    tied_to: Option<String>,
    /// Its shape in the base model.
    base: Option<Vec<i64>>,
    steps: Vec<StepData>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StepData {
    scheme: String,
    /// A list, and not a struct with holes: formats without names have no way to leave a field out.
    modifiers: Vec<Modifier>,
    law: Option<Law>,
}

impl From<Blueprint> for File {
    fn from(blueprint: Blueprint) -> Self {
        Self {
            parameters: blueprint.entries.iter().map(ParameterData::from).collect(),
            left: blueprint.left.to_vec(),
        }
    }
}

impl From<&Parameter> for ParameterData {
    fn from(parameter: &Parameter) -> Self {
        Self {
            path: parameter.path.clone(),
            stream: parameter.stream.clone(),
            shape: parameter.shape.clone(),
            kind: parameter.dtype,
            tied_to: parameter.tied_to.clone(),
            base: parameter.base.clone(),
            steps: parameter.steps.iter().map(StepData::from).collect(),
        }
    }
}

impl From<&PlannedStep> for StepData {
    fn from(step: &PlannedStep) -> Self {
        Self {
            scheme: step.scheme.to_string(),
            modifiers: step.said().given().collect(),
            law: step.law.clone(),
        }
    }
}

impl TryFrom<File> for Blueprint {
    type Error = Error;

    fn try_from(file: File) -> Result<Self, Error> {
        let count = file.parameters.len();
        let mut problems = Vec::new();
        let entries: Vec<Parameter> = file
            .parameters
            .into_iter()
            .filter_map(|data| data.check(&mut problems))
            .collect();
        find_equal_streams(entries.iter(), &mut problems);
        find_loose_ties(&entries, &mut problems);
        if problems.is_empty() {
            Ok(Self::new(entries, &file.left))
        } else {
            Err(Error::Plan {
                problems,
                parameters: count,
            })
        }
    }
}

impl ParameterData {
    fn check(self, problems: &mut Vec<Problem>) -> Option<Parameter> {
        let Self {
            path,
            stream,
            shape,
            kind: dtype,
            tied_to,
            base,
            steps,
        } = self;
        let before = problems.len();
        let mut report = |scheme: Option<String>, cause: Cause| {
            problems.push(Problem {
                path: path.clone(),
                shape: Some(shape.clone()),
                scheme,
                reason: cause.into(),
            });
        };
        if let Err(cause) = check_shape(&shape, dtype) {
            report(None, cause);
            return None;
        }
        if steps.is_empty() {
            report(None, Cause::Undeclared);
        }
        if base
            .as_ref()
            .is_some_and(|base| !is_of_rank(base, shape.len()))
        {
            let why = "the shape in the base model has as many dimensions, of lengths that are no less than 0";
            report(None, Cause::Misplaced(why.to_owned()));
        }
        let mut checked = Vec::with_capacity(steps.len());
        for (position, step) in steps.into_iter().enumerate() {
            let scheme = step.scheme.clone();
            match step.check(position, &shape, dtype) {
                Ok(step) => checked.push(step),
                Err(reason) => report(Some(scheme), reason),
            }
        }
        (problems.len() == before).then_some(Parameter {
            path,
            stream,
            shape,
            dtype,
            steps: checked,
            tied_to,
            base,
        })
    }
}

fn is_of_rank(base: &[i64], rank: usize) -> bool {
    base.len() == rank && base.iter().all(|&length| length >= 0)
}

impl StepData {
    fn check(self, position: usize, shape: &[i64], dtype: Dtype) -> Result<PlannedStep, Cause> {
        let modifiers = modifiers(self.modifiers)?;
        PlannedStep::of_law(self.scheme, modifiers, self.law, position, shape, dtype)
    }
}

fn modifiers(list: Vec<Modifier>) -> Result<Modifiers, Cause> {
    let mut modifiers = Modifiers::default();
    for modifier in list {
        let repeated = match modifier {
            Modifier::At(text) => {
                let region = Region::parse(&text).ok_or_else(|| {
                    Cause::Misplaced(format!(
                        "`at = {text}` is no index; write `3`, `4..8` or `(.., 0)`"
                    ))
                })?;
                modifiers.at.replace(region).is_some()
            }
            Modifier::Batch(batch) => modifiers.batch.replace(batch).is_some(),
            Modifier::Repeat(repeat) => modifiers.repeat.replace(repeat).is_some(),
            Modifier::Chunks(chunks) => modifiers.chunks.replace(chunks).is_some(),
            Modifier::Groups(groups) => modifiers.groups.replace(groups).is_some(),
            Modifier::Transposed => std::mem::replace(&mut modifiers.transposed, true),
            Modifier::FanOf(shape) => modifiers.fan_of.replace(shape).is_some(),
            Modifier::Scale(scale) => modifiers.scale.replace(scale).is_some(),
            Modifier::Map(written) => {
                let map = Map::named(&written);
                let written = written.into();
                modifiers.map.replace(Mapping { written, map }).is_some()
            }
        };
        if repeated {
            return Err(Cause::Misplaced("a modifier stands twice".to_owned()));
        }
    }
    Ok(modifiers)
}

/// Ties that lead nowhere, or to a parameter that is not the same.
fn find_loose_ties(entries: &[Parameter], problems: &mut Vec<Problem>) {
    let by_path: HashMap<&str, &Parameter> =
        entries.iter().map(|entry| (entry.path(), entry)).collect();
    for entry in entries {
        let Some(path) = entry.tied_to() else {
            continue;
        };
        let fits = by_path.get(path).is_some_and(|other| {
            other.tied_to().is_none()
                && (other.shape(), other.dtype()) == (entry.shape(), entry.dtype())
        });
        if !fits {
            problems.push(entry.problem(Cause::Misplaced(format!(
                "is tied to `{path}`, and there is no parameter of that path, shape and kind with values of its own"
            ))));
        }
    }
}
