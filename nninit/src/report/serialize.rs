//! Reports in files: all that was done, and no tensor.

use serde::{Deserialize, Serialize};

use super::{Measurements, Of, Report};
use crate::Blueprint;
use crate::numeric::source::Bits;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// Of the crate that wrote the values.
    version: String,
    source: SourceData,
    blueprint: Blueprint,
    measurements: Option<Measurements>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum SourceData {
    /// As text: readers of JSON take numbers for `f64`, which has not all of these.
    Seed(#[serde(with = "text")] u64),
    Torch {
        seed: Option<i64>,
        after_construction: bool,
    },
}

impl From<Report> for File {
    fn from(report: Report) -> Self {
        Self {
            version: report.version.to_string(),
            source: match report.bits {
                Bits::Seed(seed) => SourceData::Seed(seed),
                Bits::Torch { seed, constructors } => SourceData::Torch {
                    seed,
                    after_construction: constructors,
                },
            },
            blueprint: report.blueprint(),
            measurements: report.measurements,
        }
    }
}

impl From<File> for Report {
    fn from(file: File) -> Self {
        Self {
            of: Of::Blueprint(file.blueprint),
            bits: match file.source {
                SourceData::Seed(seed) => Bits::Seed(seed),
                SourceData::Torch {
                    seed,
                    after_construction,
                } => Bits::Torch {
                    seed,
                    constructors: after_construction,
                },
            },
            version: file.version.into(),
            measurements: file.measurements,
        }
    }
}

mod text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[allow(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands the field over by reference"
    )]
    pub(super) fn serialize<S: Serializer>(seed: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(seed)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| {
            D::Error::custom(format!(
                "the seed is `{text}`; it is a whole number below 2⁶⁴"
            ))
        })
    }
}
