//! Plans and reports as plain data: what their tables show.

use serde::{Serialize, Serializer};

use super::layout;
use crate::blueprint::PlannedStep;
use crate::{Entry, Plan, Report};

/// A plan as it is serialised.
#[derive(Serialize)]
struct Described<'a> {
    parameters: Vec<Parameter<'a>>,
    /// Skipped fields that could not be looked into.
    left: Vec<&'a str>,
    elements: u64,
    bytes: u64,
}

#[derive(Serialize)]
struct Parameter<'a> {
    path: &'a str,
    shape: &'a [i64],
    kind: String,
    device: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    tied_to: Option<&'a str>,
    steps: Vec<Step<'a>>,
}

#[derive(Serialize)]
struct Step<'a> {
    scheme: &'a str,
    /// As written, those that change the law.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    modifiers: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chunks: Option<i64>,
    /// Missing where nothing is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    law: Option<String>,
}

impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let left = self.left().iter().map(|left| left.path.as_str());
        Described {
            parameters: self.entries().iter().map(parameter).collect(),
            left: left.collect(),
            elements: self.elements(),
            bytes: self.bytes(),
        }
        .serialize(serializer)
    }
}

impl Serialize for Report {
    /// The plan that was executed.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.plan().serialize(serializer)
    }
}

fn parameter(entry: &Entry) -> Parameter<'_> {
    Parameter {
        path: entry.path(),
        shape: entry.shape(),
        kind: entry.layout().dtype().to_string(),
        device: layout::device_name(entry.device()),
        tied_to: entry.tied_to(),
        steps: entry.steps().iter().map(step).collect(),
    }
}

fn step(step: &PlannedStep) -> Step<'_> {
    Step {
        scheme: step.scheme(),
        modifiers: step.modifiers(),
        at: step.region().map(ToString::to_string),
        chunks: step.chunks(),
        law: step.law().map(ToString::to_string),
    }
}
