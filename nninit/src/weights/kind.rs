//! Kinds of elements by the names that files have for them.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::Dtype;

/// A kind of elements as a file names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StoredKind {
    /// One that tensors can be of.
    Known(Dtype),
    /// One that no tensor of libtorch's has, and how many bits an element takes, where that is known.
    Other(Box<str>, Option<u8>),
}

/// As safetensors names them.
const KNOWN: [(&str, Dtype); 13] = [
    ("F64", Dtype::F64),
    ("F32", Dtype::F32),
    ("F16", Dtype::F16),
    ("BF16", Dtype::BF16),
    ("I64", Dtype::I64),
    ("I32", Dtype::I32),
    ("I16", Dtype::I16),
    ("I8", Dtype::I8),
    ("U8", Dtype::U8),
    ("BOOL", Dtype::Bool),
    ("C64", Dtype::Complex64),
    ("F8_E5M2", Dtype::Float8E5M2),
    ("F8_E4M3", Dtype::Float8E4M3FN),
];

const OTHERS: [(&str, u8); 9] = [
    ("U64", 64),
    ("U32", 32),
    ("U16", 16),
    ("F8_E8M0", 8),
    ("F8_E4M3FNUZ", 8),
    ("F8_E5M2FNUZ", 8),
    ("F6_E2M3", 6),
    ("F6_E3M2", 6),
    ("F4", 4),
];

impl StoredKind {
    pub(super) fn of(name: &str) -> Self {
        if let Some((_, dtype)) = KNOWN.iter().find(|(known, _)| *known == name) {
            return Self::Known(*dtype);
        }
        let other = OTHERS.iter().find(|(other, _)| *other == name);
        Self::Other(name.into(), other.map(|(_, bits)| *bits))
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::Known(dtype) => dtype.name(),
            Self::Other(name, _) => name,
        }
    }

    pub(super) fn dtype(&self) -> Option<Dtype> {
        match self {
            Self::Known(dtype) => Some(*dtype),
            Self::Other(..) => None,
        }
    }

    /// How many bits an element takes, where that is known.
    pub(super) fn bits(&self) -> Option<u32> {
        match self {
            Self::Known(dtype) => Some(8 * dtype.size() as u32),
            Self::Other(_, bits) => bits.map(u32::from),
        }
    }
}

impl<'de> Deserialize<'de> for StoredKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;

        impl Visitor<'_> for Name {
            type Value = StoredKind;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a kind of elements")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<StoredKind, E> {
                Ok(StoredKind::of(name))
            }
        }

        deserializer.deserialize_str(Name)
    }
}
