//! What recipes are made of: rows that say what layers of some names get, and then what all others do.

use std::fmt;
use std::sync::Arc;

use crate::declare::{Kinds, Part, Recipe, Step};
use crate::{BoxError, Cause, Initializer, Law, Target, recipe};

/// Recipes that are rows and nothing else.
macro_rules! by_rows {
    ($($recipe:ty),* $(,)?) => {$(
        impl crate::declare::Recipe for $recipe {
            fn steps(&self, part: &crate::declare::Part<'_>) -> Vec<crate::declare::Step> {
                self.0.steps(part)
            }

            fn must_match(&self) -> Vec<String> {
                self.0.patterns()
            }
        }
    )*};
}

pub(super) use by_rows;

/// The role of layers that write into the residual stream.
pub(super) const RESIDUAL: &str = "residual";
/// The role of the layer that gives the logits.
pub(super) const OUTPUT: &str = "output";

/// Rows, in order: the first that speaks of a part has it.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    rows: Vec<Row>,
    /// The field in which a model's blocks are.
    blocks: String,
}

#[derive(Debug, Clone)]
struct Row {
    /// What the row is for, in the recipe's own words: the method by which a user names its layers.
    role: &'static str,
    /// The ends of the layers' paths; nothing for a row about all layers.
    names: Option<Vec<String>>,
    /// Only inside a field of this name.
    inside: Option<&'static str>,
    gets: Gets,
}

/// What the layers of a row get.
#[derive(Clone)]
pub(super) enum Gets {
    Kinds(Kinds),
    OfPart(Arc<dyn Fn(&Part<'_>) -> Kinds + Send + Sync>),
    /// By the index of the layer's block.
    OfBlock(Arc<dyn Fn(u32) -> Kinds + Send + Sync>),
    /// An error: layers are named by this method, and the recipe knows nothing of them.
    Nothing(&'static str),
}

impl From<Kinds> for Gets {
    fn from(kinds: Kinds) -> Self {
        Self::Kinds(kinds)
    }
}

/// What depends on the part: on the shape of its layer's weight.
pub(super) fn of_part(kinds: impl Fn(&Part<'_>) -> Kinds + Send + Sync + 'static) -> Gets {
    Gets::OfPart(Arc::new(kinds))
}

/// What depends on the index of the layer's block.
pub(super) fn of_block(kinds: impl Fn(u32) -> Kinds + Send + Sync + 'static) -> Gets {
    Gets::OfBlock(Arc::new(kinds))
}

impl Rows {
    pub(super) fn new() -> Self {
        Self {
            rows: Vec::new(),
            blocks: "layers".to_owned(),
        }
    }

    /// What all layers get that no row before it speaks of.
    pub(super) fn rest(mut self, gets: impl Into<Gets>) -> Self {
        self.rows.push(Row::of_all(gets));
        self
    }

    /// What all layers get, before every other row.
    pub(super) fn first(mut self, gets: impl Into<Gets>) -> Self {
        self.rows.insert(0, Row::of_all(gets));
        self
    }

    /// What layers get whose paths end in one of these names. Each name has to be there.
    pub(super) fn named(
        mut self,
        role: &'static str,
        names: &[&str],
        gets: impl Into<Gets>,
    ) -> Self {
        self.rows.push(Row::of_names(role, names, gets));
        self
    }

    /// As [`named`](Self::named), before every other row.
    pub(super) fn first_named(
        mut self,
        role: &'static str,
        names: &[&str],
        gets: impl Into<Gets>,
    ) -> Self {
        self.rows.insert(0, Row::of_names(role, names, gets));
        self
    }

    /// Holds the last row to what is inside a field of this name.
    pub(super) fn inside(mut self, field: &'static str) -> Self {
        if let Some(row) = self.rows.last_mut() {
            row.inside = Some(field);
        }
        self
    }

    /// Other names for the rows of a role; where it has none, layers of these names are an error.
    pub(super) fn rename<N: Into<String>>(
        mut self,
        role: &'static str,
        names: impl IntoIterator<Item = N>,
    ) -> Self {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        if self.rows.iter().all(|row| row.role != role) {
            self = self.first_named(role, &[], Gets::Nothing(role));
        }
        for row in self.rows.iter_mut().filter(|row| row.role == role) {
            row.names = Some(names.clone());
        }
        self
    }

    /// No row of this role.
    pub(super) fn without(mut self, role: &'static str) -> Self {
        self.rows.retain(|row| row.role != role);
        self
    }

    /// The field in which the blocks are, `layers` if not said.
    pub(super) fn in_blocks(mut self, field: impl Into<String>) -> Self {
        self.blocks = field.into();
        self
    }

    /// What `part` gets; nothing leaves it to the recipe further out.
    pub(super) fn steps(&self, part: &Part<'_>) -> Vec<Step> {
        let about = self.rows.iter().filter(|row| row.speaks_of(part.path));
        let mut steps = about.map(|row| row.gets.steps(part, &self.blocks));
        let steps = steps.find(|steps| !steps.is_empty()).unwrap_or_default();
        // The words in which a row is written here, variables and all, say nothing to a user.
        steps.into_iter().map(Step::by_its_label).collect()
    }

    /// The patterns of all names.
    pub(super) fn patterns(&self) -> Vec<String> {
        let of_row = |row: &Row| {
            let within = row
                .inside
                .map_or(String::new(), |field| format!("{field}.**."));
            let names = row.names.clone().unwrap_or_default();
            names
                .into_iter()
                .map(move |name| match name.strip_prefix('/') {
                    Some(whole) => whole.to_owned(),
                    None => format!("**.{within}{name}"),
                })
        };
        self.rows.iter().flat_map(of_row).collect()
    }
}

impl Row {
    fn of_all(gets: impl Into<Gets>) -> Self {
        Self {
            role: "",
            names: None,
            inside: None,
            gets: gets.into(),
        }
    }

    fn of_names(role: &'static str, names: &[&str], gets: impl Into<Gets>) -> Self {
        Self {
            role,
            names: Some(names.iter().map(ToString::to_string).collect()),
            ..Self::of_all(gets)
        }
    }

    fn speaks_of(&self, path: &str) -> bool {
        let is_inside = self
            .inside
            .is_none_or(|field| path.split('.').any(|segment| segment == field));
        let mut names = self.names.iter().flatten();
        is_inside && (self.names.is_none() || names.any(|name| ends_in(path, name)))
    }
}

/// Whether the last segments of `path` are those of `name`, or all of them, where `name` begins with a slash.
fn ends_in(path: &str, name: &str) -> bool {
    if let Some(whole) = name.strip_prefix('/') {
        return path == whole;
    }
    let before = path.strip_suffix(name);
    before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

impl Gets {
    fn steps(&self, part: &Part<'_>, blocks: &str) -> Vec<Step> {
        match self {
            Self::Kinds(kinds) => kinds.steps(part),
            Self::OfPart(kinds) => kinds(part).steps(part),
            Self::OfBlock(kinds) => {
                let index = part.index_in(blocks);
                let steps = kinds(index.unwrap_or(0)).steps(part);
                // Only weights go by it.
                if index.is_some() || part.name != "weight" || steps.is_empty() {
                    return steps;
                }
                vec![Step::of(Unknown(format!(
                    "the recipe goes by the index of the layer's block, and no number follows `{blocks}` in its path; say in \
                     which field the blocks are: `.blocks(\"…\")`"
                )))]
            }
            Self::Nothing(method) => vec![Step::of(Unknown(format!(
                "`.{method}(…)` names this layer, and the recipe has nothing to say of such layers; leave the call out, or use \
                 another recipe"
            )))],
        }
    }
}

impl fmt::Debug for Gets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kinds(kinds) => kinds.fmt(f),
            Self::OfPart(_) => f.write_str("by the weight's shape"),
            Self::OfBlock(_) => f.write_str("by the index of the block"),
            Self::Nothing(_) => f.write_str("an error"),
        }
    }
}

/// Every Linear and Embedding N(0, std²), every bias 0.
pub(super) fn normal_everywhere(std: f64) -> Kinds {
    recipe! {
        Linear(weight(normal, std = std), bias(zeros)),
        Embedding(normal, std = std),
    }
}

/// N(0, std²), truncated at three of its own standard deviations, and a bias of 0.
pub(super) fn truncated_linear(std: f64) -> Kinds {
    recipe! { Linear(weight(trunc_normal, std = std, cut = 3.0), bias(zeros)) }
}

/// A Linear N(0, std²) with a bias of 0.
pub(super) fn normal_linear(std: f64) -> Kinds {
    recipe! { Linear(weight(normal, std = std), bias(zeros)) }
}

/// How many inputs the layer's weight has, of shape `[outputs, inputs]`, or for an embedding the width of its rows.
pub(super) fn inputs(part: &Part<'_>) -> f64 {
    part.weight.get(1).map_or(1.0, |&inputs| inputs as f64)
}

/// What the recipe cannot know: an error of the plan.
struct Unknown(String);

impl Initializer for Unknown {
    fn label(&self) -> String {
        "the recipe".to_owned()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        Err(Cause::Misplaced(self.0.clone()).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_whole_segments_at_the_end_of_a_path() {
        for (path, name, is) in [
            ("c_proj", "c_proj", true),
            ("h.0.attn.c_proj", "c_proj", true),
            ("h.0.attn.c_proj", "attn.c_proj", true),
            ("h.0.mlp.c_proj", "attn.c_proj", false),
            ("conv1", "/conv1", true),
            ("layer1.0.conv1", "/conv1", false),
            ("h.0.attn.qc_proj", "c_proj", false),
            ("h.0.attn.c_proj.lora_a", "c_proj", false),
        ] {
            assert_eq!(ends_in(path, name), is, "{path} {name}");
        }
    }
}
