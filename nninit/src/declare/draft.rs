//! What has been declared of a model so far.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use super::Step;
use crate::Problem;

/// What a front end has found: parameters, each with its tensor or its shape; what is left alone; what is wrong.
#[derive(Debug)]
pub(crate) struct Draft<T> {
    pub(crate) parameters: Vec<(Declared, T)>,
    pub(crate) left: Vec<Left>,
    pub(crate) problems: Vec<Problem>,
    /// The types whose kinds of layers have been looked for inside.
    pub(crate) checked: HashSet<&'static str>,
    pub(crate) named: Vec<Named>,
}

/// What a recipe that goes by names has to find.
#[derive(Debug)]
pub(crate) struct Named {
    /// Of the struct that it stands on.
    pub(crate) path: String,
    pub(crate) patterns: Vec<String>,
    /// The paths of the layers inside.
    pub(crate) layers: Vec<String>,
}

impl<T> Default for Draft<T> {
    fn default() -> Self {
        Self {
            parameters: Vec::new(),
            left: Vec::new(),
            problems: Vec::new(),
            checked: HashSet::new(),
            named: Vec::new(),
        }
    }
}

/// A parameter and its steps, before its shape has been looked at.
#[derive(Debug)]
pub(crate) struct Declared {
    pub(crate) path: String,
    /// What its stream is named by, where `stream = "…"` makes that another name than the path.
    pub(crate) key: Option<String>,
    pub(crate) steps: Vec<Arc<Step>>,
}

/// A parameter, or a field that could not be looked into, which is left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Left {
    pub(crate) path: String,
    pub(crate) type_name: Cow<'static, str>,
}
