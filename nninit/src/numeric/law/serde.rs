//! Laws in files, numbers exact. What is read passes the checks that need no shape.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Custom, Elementwise, Law, Sample, Structured};
use crate::Reason;
use crate::numeric::exact;

/// A law as files have it: one flat list of names.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Data {
    Constant {
        #[serde(with = "exact")]
        value: f64,
    },
    Uniform {
        #[serde(with = "exact")]
        low: f64,
        #[serde(with = "exact")]
        high: f64,
    },
    Normal {
        #[serde(with = "exact")]
        mean: f64,
        #[serde(with = "exact")]
        std: f64,
    },
    TruncNormal {
        #[serde(with = "exact")]
        mean: f64,
        #[serde(with = "exact")]
        std: f64,
        #[serde(with = "exact")]
        low: f64,
        #[serde(with = "exact")]
        high: f64,
    },
    Orthogonal {
        #[serde(with = "exact")]
        gain: f64,
    },
    DeltaOrthogonal {
        #[serde(with = "exact")]
        gain: f64,
    },
    Eye {
        #[serde(with = "exact")]
        gain: f64,
    },
    Dirac {
        groups: i64,
        #[serde(with = "exact")]
        gain: f64,
    },
    Sparse {
        zeros: i64,
        #[serde(with = "exact")]
        std: f64,
    },
    Sample {
        name: String,
        #[serde(with = "exact")]
        scale: f64,
    },
    Custom {
        name: String,
        #[serde(with = "exact")]
        scale: f64,
    },
}

impl Serialize for Law {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Data::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Law {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(Data::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl From<&Law> for Data {
    fn from(law: &Law) -> Self {
        match law {
            Law::Constant { value } => Self::Constant { value: *value },
            Law::Elementwise(law) => match *law {
                Elementwise::Uniform { low, high } => Self::Uniform { low, high },
                Elementwise::Normal { mean, std } => Self::Normal { mean, std },
                Elementwise::TruncNormal {
                    mean,
                    std,
                    low,
                    high,
                } => Self::TruncNormal {
                    mean,
                    std,
                    low,
                    high,
                },
            },
            Law::Structured(law) => match *law {
                Structured::Orthogonal { gain } => Self::Orthogonal { gain },
                Structured::DeltaOrthogonal { gain } => Self::DeltaOrthogonal { gain },
                Structured::Eye { gain } => Self::Eye { gain },
                Structured::Dirac { groups, gain } => Self::Dirac { groups, gain },
                Structured::Sparse { zeros, std } => Self::Sparse { zeros, std },
            },
            Law::Sample(sample) => Self::Sample {
                name: sample.name().to_owned(),
                scale: sample.scale(),
            },
            Law::Custom(custom) => Self::Custom {
                name: custom.name().to_owned(),
                scale: custom.scale(),
            },
        }
    }
}

impl TryFrom<Data> for Law {
    type Error = Reason;

    fn try_from(data: Data) -> Result<Self, Reason> {
        let law = match data {
            Data::Constant { value } => Self::constant(value),
            Data::Uniform { low, high } => Self::uniform(low, high),
            Data::Normal { mean, std } => Self::normal(mean, std),
            Data::TruncNormal {
                mean,
                std,
                low,
                high,
            } => Self::trunc_normal(mean, std, low, high),
            Data::Orthogonal { gain } => Self::orthogonal(gain),
            Data::DeltaOrthogonal { gain } => Self::delta_orthogonal(gain),
            Data::Eye { gain } => Self::eye(gain),
            Data::Dirac { groups, gain } => Self::dirac(groups, gain),
            Data::Sparse { zeros, std } => Self::sparse(zeros, std),
            Data::Sample { name, scale } => Self::Sample(Sample::named(&name, scale)),
            Data::Custom { name, scale } => Self::Custom(Custom::named(&name, scale)),
        };
        law.check_numbers()?;
        Ok(law)
    }
}
