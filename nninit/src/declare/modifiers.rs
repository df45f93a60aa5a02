//! What a step says beside its scheme.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::numeric::blocks::Blocks;
use crate::numeric::extent::Extent;
use crate::numeric::law::{Map, Number};
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
    pub(crate) map: Option<Mapping>,
}

/// The function that draws go through, and how it was written.
#[derive(Debug, Clone)]
pub(crate) struct Mapping {
    pub(crate) written: Cow<'static, str>,
    pub(crate) map: Map,
}

impl PartialEq for Mapping {
    /// As data: the law knows which function it is.
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

/// One of them with its value, as texts and files hold it.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub(crate) enum Modifier {
    At(String),
    Batch(i64),
    Chunks(i64),
    Repeat(i64),
    Groups(i64),
    Transposed,
    FanOf(Vec<i64>),
    Scale(#[cfg_attr(feature = "serde", serde(with = "crate::numeric::exact"))] f64),
    /// How the function was written.
    Map(String),
}

impl fmt::Display for Modifier {
    /// As it is read from a text, exactly.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(region) => write!(f, "at = {region}"),
            Self::Batch(batch) => write!(f, "batch = {batch}"),
            Self::Chunks(chunks) => write!(f, "chunks = {chunks}"),
            Self::Repeat(repeat) => write!(f, "repeat = {repeat}"),
            Self::Groups(groups) => write!(f, "groups = {groups}"),
            Self::Transposed => f.write_str("transposed"),
            Self::FanOf(shape) => write!(f, "fan_of = {shape:?}"),
            Self::Scale(scale) => write!(f, "scale = {scale:?}"),
            Self::Map(written) => write!(f, "map = {written}"),
        }
    }
}

impl Modifiers {
    /// Those of a step that may have none.
    pub(crate) fn of(step: Option<&Arc<Self>>) -> &Self {
        static NONE: Modifiers = Modifiers {
            at: None,
            batch: None,
            chunks: None,
            repeat: None,
            groups: None,
            transposed: false,
            fan_of: None,
            scale: None,
            map: None,
        };
        step.map_or(&NONE, |own| own)
    }

    /// Those that are given.
    pub(crate) fn given(&self) -> impl Iterator<Item = Modifier> {
        let Self {
            at,
            batch,
            chunks,
            repeat,
            groups,
            transposed,
            fan_of,
            scale,
            map,
        } = self;
        let given = [
            at.as_ref().map(|at| Modifier::At(at.to_string())),
            batch.map(Modifier::Batch),
            chunks.map(Modifier::Chunks),
            repeat.map(Modifier::Repeat),
            groups.map(Modifier::Groups),
            transposed.then_some(Modifier::Transposed),
            fan_of.clone().map(Modifier::FanOf),
            scale.map(Modifier::Scale),
            map.as_ref()
                .map(|map| Modifier::Map(map.written.to_string())),
        ];
        given.into_iter().flatten()
    }

    /// Those that change the law, as a plan shows them.
    pub(crate) fn of_law(&self) -> impl Iterator<Item = String> {
        let groups = self.groups.map(|groups| format!("groups = {groups}"));
        let transposed = self.transposed.then(|| "transposed".to_owned());
        let fan_of = self.fan_of.as_ref();
        let fan_of = fan_of.map(|shape| format!("fan_of = {shape:?}"));
        let scale = self.scale.map(|scale| format!("scale = {}", Number(scale)));
        let map = self.map.as_ref();
        let map = map.map(|mapping| format!("map = {}", mapping.written));
        let all = [groups, transposed, fan_of, scale, map];
        all.into_iter().flatten()
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
            .or(self.map.as_ref().map(|_| "map"))
            .or(self.batch.map(|_| "batch"))
            .or(self.chunks.map(|_| "chunks"))
            .or(self.repeat.map(|_| "repeat"))
    }
}
