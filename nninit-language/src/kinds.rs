//! The kinds of layers that a struct's attribute and `recipe!` give schemes to.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::spelling::{alternatives, did_you_mean, nearest};
use crate::words::PARTS;

/// A kind of layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// The word.
    pub name: &'static str,
    /// The layer in `nninit::Layer`; nothing for `others`.
    pub layer: Option<&'static str>,
    /// How many dimensions a convolution goes over, where the word says so.
    pub rank: Option<usize>,
    /// What can be named inside.
    pub parts: &'static [&'static str],
}

/// What is left over by the kinds beside it.
pub const OTHERS: &str = "others";

const WEIGHT: &[&str] = &["weight"];
const WEIGHT_AND_BIAS: &[&str] = &["weight", "bias"];

/// Every kind.
pub const KINDS: &[Kind] = &[
    kind("Linear", "Linear", None, WEIGHT_AND_BIAS),
    kind("Conv", "Conv", None, WEIGHT_AND_BIAS),
    kind("Conv1D", "Conv", Some(1), WEIGHT_AND_BIAS),
    kind("Conv2D", "Conv", Some(2), WEIGHT_AND_BIAS),
    kind("Conv3D", "Conv", Some(3), WEIGHT_AND_BIAS),
    kind("ConvTranspose", "ConvTranspose", None, WEIGHT_AND_BIAS),
    kind("ConvTranspose1D", "ConvTranspose", Some(1), WEIGHT_AND_BIAS),
    kind("ConvTranspose2D", "ConvTranspose", Some(2), WEIGHT_AND_BIAS),
    kind("ConvTranspose3D", "ConvTranspose", Some(3), WEIGHT_AND_BIAS),
    kind("BatchNorm", "BatchNorm", None, PARTS),
    kind("LayerNorm", "LayerNorm", None, WEIGHT_AND_BIAS),
    kind("GroupNorm", "GroupNorm", None, WEIGHT_AND_BIAS),
    kind("Embedding", "Embedding", None, WEIGHT),
    Kind {
        name: OTHERS,
        layer: None,
        rank: None,
        parts: PARTS,
    },
];

/// Types of tch that keep their weights to themselves.
const HIDING: &[&str] = &[
    "LSTM",
    "GRU",
    "Sequential",
    "SequentialT",
    "Func",
    "FuncT",
    "CModule",
    "TrainableCModule",
];

/// What is said where a kind stands on a field.
#[must_use]
pub fn on_a_field(kind: &str) -> String {
    format!(
        "`{kind}` is a kind of layer, and kinds stand on the struct: `#[init({kind}(…))]` above it is for every such layer \
         inside; on a field name the parts: `weight(…)`"
    )
}

/// What is said of a name before parentheses that is no kind.
#[must_use]
pub fn unknown(name: &str) -> String {
    if HIDING.contains(&name) {
        return format!(
            "`{name}` hides its weights; initialise them by name with `rules!` on the VarStore"
        );
    }
    let known: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    let is_type = name.starts_with(|first: char| first.is_ascii_uppercase());
    match did_you_mean(name, &known) {
        none if none.is_empty() && is_type => format!(
            "`{name}` is no layer of tch; what a type of your own gets is declared on its fields, and kinds are {}",
            alternatives(&known, "and")
        ),
        none if none.is_empty() => format!(
            "`{name}` is no kind of layer; kinds are {}",
            alternatives(&known, "and")
        ),
        suggestion => format!("`{name}` is no kind of layer{suggestion}"),
    }
}

/// Whether a name before parentheses was meant for a kind, right or not.
#[must_use]
pub fn is_like(name: &str) -> bool {
    let known: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    HIDING.contains(&name) || nearest(name, &known).is_some()
}

/// What is said of a kind that stands twice where one attribute, or `recipe!` up to its next `;`, holds it once.
#[must_use]
pub fn given_twice(kind: &str, in_recipe: bool) -> String {
    let apart = if in_recipe {
        format!("stand on either side of a `;`: `{kind}(…); {kind}(…)`")
    } else {
        format!("are two attributes: `#[init({kind}(…))] #[init({kind}(…))]`")
    };
    format!("`{kind}` is given twice; two steps {apart}")
}

/// ``a `Linear` ``, ``an `Embedding` ``.
#[must_use]
pub fn one(kind: &str) -> String {
    let article = if kind.starts_with(['A', 'E', 'I', 'O', 'U']) {
        "an"
    } else {
        "a"
    };
    format!("{article} `{kind}`")
}

/// The kind of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

impl Kind {
    /// Whether that part of such a layer has one dimension, and so neither fans nor rows.
    #[must_use]
    pub fn is_vector(&self, part: &str) -> bool {
        match self.layer {
            Some("BatchNorm" | "GroupNorm") => true,
            // A LayerNorm is over any number of dimensions.
            Some("LayerNorm") | None => false,
            Some(_) => part == "bias",
        }
    }

    /// What is said of a name that is none of its parts.
    #[must_use]
    pub fn unknown_part(&self, name: &str) -> String {
        let kind = self.name;
        match did_you_mean(name, self.parts) {
            none if none.is_empty() => format!(
                "`{kind}` has no `{name}`; it has {}",
                alternatives(self.parts, "and")
            ),
            suggestion => format!("`{kind}` has no `{name}`{suggestion}"),
        }
    }
}

const fn kind(
    name: &'static str,
    layer: &'static str,
    rank: Option<usize>,
    parts: &'static [&'static str],
) -> Kind {
    Kind {
        name,
        layer: Some(layer),
        rank,
        parts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_is_suggested() {
        let near = [
            ("linear", "Linear"),
            ("Conv2d", "Conv2D"),
            ("conv2d", "Conv2D"),
            ("ConvTranspose2d", "ConvTranspose2D"),
            ("BatchNorm2d", "BatchNorm"),
            ("batch_norm", "BatchNorm"),
            ("Embeding", "Embedding"),
            ("other", "others"),
        ];
        for (written, due) in near {
            let said = unknown(written);
            assert_eq!(
                said,
                format!("`{written}` is no kind of layer; did you mean `{due}`?")
            );
        }
    }

    #[test]
    fn articles() {
        assert_eq!(one("Embedding"), "an `Embedding`");
        assert_eq!(one("LayerNorm"), "a `LayerNorm`");
    }

    #[test]
    fn what_is_far_is_told_apart() {
        assert!(unknown("LSTM").contains("hides its weights"));
        assert!(unknown("Block").contains("a type of your own"));
        assert!(
            unknown("fc1").starts_with("`fc1` is no kind of layer; kinds are `Linear`, `Conv`")
        );
        let linear = find("Linear").unwrap();
        assert_eq!(
            linear.unknown_part("gamma"),
            "`Linear` has no `gamma`; it has `weight` and `bias`"
        );
        assert_eq!(
            linear.unknown_part("wieght"),
            "`Linear` has no `wieght`; did you mean `weight`?"
        );
    }
}
