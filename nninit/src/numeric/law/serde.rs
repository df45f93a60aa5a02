//! Laws in files, numbers exact. What is read passes the checks that need no shape.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{ByIndex, Custom, Elementwise, Formula, Given, Law, Map, Sample, Structured, Table};
use crate::Cause;
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
    LogUniform {
        #[serde(with = "exact")]
        low: f64,
        #[serde(with = "exact")]
        high: f64,
    },
    LnUniform {
        #[serde(with = "exact")]
        low: f64,
        #[serde(with = "exact")]
        high: f64,
        #[serde(with = "exact")]
        factor: f64,
    },
    SoftplusInverse {
        #[serde(with = "exact")]
        low: f64,
        #[serde(with = "exact")]
        high: f64,
        #[serde(with = "exact")]
        floor: f64,
        #[serde(with = "exact")]
        factor: f64,
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
    Chrono {
        max: i64,
        gates: i64,
        #[serde(with = "exact")]
        factor: f64,
    },
    Table {
        formula: Formula,
        #[serde(with = "exact")]
        factor: f64,
    },
    Given {
        shape: Vec<i64>,
        #[serde(with = "exact")]
        scale: f64,
    },
    ByIndex {
        name: String,
        #[serde(with = "exact")]
        scale: f64,
    },
    Mapped {
        name: String,
        of: Box<Law>,
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
                Elementwise::LogUniform { low, high } => Self::LogUniform { low, high },
                Elementwise::LnUniform { low, high, factor } => {
                    Self::LnUniform { low, high, factor }
                }
                Elementwise::SoftplusInverse {
                    low,
                    high,
                    floor,
                    factor,
                } => Self::SoftplusInverse {
                    low,
                    high,
                    floor,
                    factor,
                },
            },
            Law::Structured(law) => match *law {
                Structured::Orthogonal { gain } => Self::Orthogonal { gain },
                Structured::DeltaOrthogonal { gain } => Self::DeltaOrthogonal { gain },
                Structured::Eye { gain } => Self::Eye { gain },
                Structured::Dirac { groups, gain } => Self::Dirac { groups, gain },
                Structured::Sparse { zeros, std } => Self::Sparse { zeros, std },
                Structured::Chrono { max, gates, factor } => Self::Chrono { max, gates, factor },
            },
            Law::Table(table) => Self::Table {
                formula: table.formula(),
                factor: table.factor(),
            },
            Law::Given(given) => Self::Given {
                shape: given.shape().to_vec(),
                scale: given.scale(),
            },
            Law::ByIndex(of) => Self::ByIndex {
                name: of.name().to_owned(),
                scale: of.scale(),
            },
            Law::Mapped(mapped) => Self::Mapped {
                name: mapped.name().to_owned(),
                of: Box::new(Law::Elementwise(mapped.of())),
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
    type Error = Cause;

    fn try_from(data: Data) -> Result<Self, Cause> {
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
            Data::LogUniform { low, high } => Self::log_uniform(low, high),
            Data::LnUniform { low, high, factor } => {
                Self::Elementwise(Elementwise::LnUniform { low, high, factor })
            }
            Data::SoftplusInverse {
                low,
                high,
                floor,
                factor,
            } => Self::Elementwise(Elementwise::SoftplusInverse {
                low,
                high,
                floor,
                factor,
            }),
            Data::Orthogonal { gain } => Self::orthogonal(gain),
            Data::DeltaOrthogonal { gain } => Self::delta_orthogonal(gain),
            Data::Eye { gain } => Self::eye(gain),
            Data::Dirac { groups, gain } => Self::dirac(groups, gain),
            Data::Sparse { zeros, std } => Self::sparse(zeros, std),
            Data::Chrono { max, gates, factor } => {
                Self::Structured(Structured::Chrono { max, gates, factor })
            }
            Data::Table { formula, factor } => Self::Table(Table::with_factor(formula, factor)),
            Data::Given { shape, scale } => Self::Given(Given::elsewhere(&shape, scale)),
            Data::ByIndex { name, scale } => Self::ByIndex(ByIndex::named(&name, scale)),
            Data::Mapped { name, of } => of.through(Map::named(&name))?,
            Data::Sample { name, scale } => Self::Sample(Sample::named(&name, scale)),
            Data::Custom { name, scale } => Self::Custom(Custom::named(&name, scale)),
        };
        law.check_numbers()?;
        Ok(law)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through_json(law: &Law) -> Law {
        serde_json::from_str(&serde_json::to_string(law).unwrap()).unwrap()
    }

    #[test]
    fn every_law_reads_back() {
        for law in [
            Law::constant(f64::NEG_INFINITY),
            Law::constant(-0.0),
            Law::uniform(-0.1, 1e308),
            Law::normal(5e-324, f64::MAX),
            Law::trunc_normal(0.0, 1.0, 0.0, f64::INFINITY),
            Law::log_uniform(1e-3, 0.1),
            Law::ln_uniform(1.0, 16.0),
            Law::softplus_inverse(1e-3, 0.1, 1e-2),
            Law::orthogonal(2.0_f64.sqrt()),
            Law::delta_orthogonal(1.0 / 3.0),
            Law::eye(1.0),
            Law::dirac(i64::MAX, 1.0),
            Law::sparse(3, 0.01),
            Law::chrono(784, 4),
            Law::table(Formula::AlibiSlopes),
            Law::table(Formula::SincosPositions {
                prefix: 1,
                base: 1e4 / 3.0,
                width: Some(14),
                interleaved: true,
            }),
        ] {
            let again = through_json(&law);
            assert_eq!(again, law);
            assert_eq!(again.to_string(), law.to_string());
        }
    }

    /// serde_json's own numbers lose a fifth of these.
    #[test]
    fn no_bit_is_lost() {
        for layers in 1..20_000 {
            let std = 0.02 / f64::from(2 * layers).sqrt();
            assert_eq!(through_json(&Law::normal(0.0, std)), Law::normal(0.0, std));
        }
    }

    #[test]
    fn the_text_is_pinned() {
        let text = |law: &Law| serde_json::to_string(law).unwrap();
        assert_eq!(
            text(&Law::trunc_normal(0.0, 0.02, 0.0, f64::INFINITY)),
            r#"{"trunc_normal":{"mean":"0.0","std":"0.02","low":"0.0","high":"inf"}}"#
        );
        assert_eq!(
            text(&Law::sparse(3, 1e-300)),
            r#"{"sparse":{"zeros":3,"std":"1e-300"}}"#
        );
        assert_eq!(
            text(&Law::table(Formula::HippoLegs)),
            r#"{"table":{"formula":"hippo_legs","factor":"1.0"}}"#
        );
        let positions = Law::table(Formula::SincosPositions {
            prefix: 0,
            base: 1e4,
            width: None,
            interleaved: false,
        });
        assert_eq!(
            text(&positions),
            r#"{"table":{"formula":{"sincos_positions":{"prefix":0,"base":"10000.0","width":null,"interleaved":false}},"factor":"1.0"}}"#
        );
    }

    #[test]
    fn of_a_distribution_the_name_is_kept_and_nothing_is_drawn() {
        let law = Law::sample(rand_distr::StandardNormal);
        let again = through_json(&law);
        assert!(again.same_data(&law));
        assert_ne!(again, law);
        assert_eq!(through_json(&again), again);
        let refused = again.drawable().unwrap_err().to_string();
        assert!(
            refused.starts_with("`StandardNormal` is code of the program"),
            "{refused}"
        );
        assert!(law.drawable().is_ok());
    }

    #[test]
    fn what_is_read_is_checked() {
        let refused = |text: &str| serde_json::from_str::<Law>(text).unwrap_err().to_string();
        let negative = refused(r#"{"normal":{"mean":"0","std":"-1"}}"#);
        assert!(
            negative.starts_with("`std` is -1; it must be 0 or more"),
            "{negative}"
        );
        let word = refused(r#"{"normal":{"mean":"zero","std":"1"}}"#);
        assert!(word.contains("a number, best as text"), "{word}");
        assert!(refused(r#"{"constant":{"value":"NaN"}}"#).starts_with("`val` is NaN"));
        assert!(
            refused(r#"{"normal":{"mean":"0","std":"1","low":"0"}}"#).contains("unknown field")
        );
        let base = refused(
            r#"{"table":{"formula":{"sincos_positions":{"prefix":0,"base":0,"width":null,"interleaved":false}},"factor":1}}"#,
        );
        assert!(base.starts_with("`base` is 0; it must be"), "{base}");
        assert!(refused(r#"{"gamma":{"shape":"1"}}"#).contains("unknown variant"));
    }

    #[test]
    fn numbers_that_people_write_are_read() {
        let law: Law = serde_json::from_str(r#"{"uniform":{"low":-1,"high":0.5}}"#).unwrap();
        assert_eq!(law, Law::uniform(-1.0, 0.5));
    }
}
