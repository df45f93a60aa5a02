//! What a step says beside its scheme.

use crate::Region;
use crate::numeric::law::Number;
use crate::schemes::fan::Connectivity;

/// The modifiers of a step, with their values.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Modifiers {
    pub(crate) at: Option<Region>,
    pub(crate) chunks: Option<i64>,
    pub(crate) groups: Option<i64>,
    pub(crate) transposed: bool,
    pub(crate) fan_of: Option<Vec<i64>>,
    pub(crate) scale: Option<f64>,
}

impl Modifiers {
    /// Those that change the law, as a plan shows them.
    pub(crate) fn of_law(&self) -> impl Iterator<Item = String> {
        let groups = self.groups.map(|groups| format!("groups = {groups}"));
        let transposed = self.transposed.then(|| "transposed".to_owned());
        let fan_of = self.fan_of.as_ref();
        let fan_of = fan_of.map(|shape| format!("fan_of = {shape:?}"));
        let scale = self.scale.map(|scale| format!("scale = {}", Number(scale)));
        [groups, transposed, fan_of, scale].into_iter().flatten()
    }

    /// How a convolution connects, as far as fans go.
    pub(crate) fn connectivity(&self) -> Connectivity {
        Connectivity {
            groups: self.groups.unwrap_or(1),
            transposed: self.transposed,
        }
    }

    /// The first that says which fans to use.
    pub(crate) fn fan_modifier(&self) -> Option<&'static str> {
        [
            (self.groups.is_some(), "groups"),
            (self.transposed, "transposed"),
            (self.fan_of.is_some(), "fan_of"),
        ]
        .into_iter()
        .find_map(|(given, name)| given.then_some(name))
    }

    /// The first that modifies a scheme, which `skip` has not.
    pub(crate) fn scheme_modifier(&self) -> Option<&'static str> {
        self.fan_modifier()
            .or(self.scale.map(|_| "scale"))
            .or(self.chunks.map(|_| "chunks"))
    }
}
