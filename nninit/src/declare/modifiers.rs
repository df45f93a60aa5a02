//! What a step says beside its scheme.

use crate::numeric::blocks::Blocks;
use crate::numeric::extent::Extent;
use crate::numeric::law::Number;
use crate::schemes::fan::Connectivity;
use crate::{Cause, Region};

/// The modifiers of a step, with their values.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Modifiers {
    pub(crate) at: Option<Region>,
    pub(crate) batch: Option<i64>,
    pub(crate) chunks: Option<i64>,
    pub(crate) repeat: Option<i64>,
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

    /// Those that say what is a weight by itself, as a plan shows them.
    pub(crate) fn of_place(&self) -> impl Iterator<Item = String> {
        [
            ("batch", self.batch),
            ("chunks", self.chunks),
            ("repeat", self.repeat),
        ]
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| format!("{name} = {value}")))
    }

    /// What each box of `region` that is a weight by itself is.
    pub(crate) fn blocks(&self, region: Extent) -> Result<Blocks, Cause> {
        let mut blocks = Blocks::one(region);
        if let Some(batch) = self.batch {
            blocks = blocks.batch(batch)?;
        }
        if let Some(chunks) = self.chunks {
            blocks = blocks.chunks(chunks, self.transposed)?;
        }
        match self.repeat {
            Some(repeat) => blocks.repeat(repeat),
            None => Ok(blocks),
        }
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
            .or(self.batch.map(|_| "batch"))
            .or(self.chunks.map(|_| "chunks"))
            .or(self.repeat.map(|_| "repeat"))
    }
}
