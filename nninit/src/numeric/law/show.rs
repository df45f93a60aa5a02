//! Laws as plans show them.

use std::fmt;

use super::{Elementwise, Formula, Law, Structured, Table};

impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scaled = |f: &mut fmt::Formatter<'_>, name: &str, scale: f64| {
            if scale == 1.0 {
                f.write_str(name)
            } else {
                write!(f, "{name} × {}", Number(scale))
            }
        };
        match self {
            Self::Constant { value } => write!(f, "constant {}", Number(*value)),
            Self::Elementwise(law) => law.fmt(f),
            Self::Structured(law) => law.fmt(f),
            Self::Table(table) => table.fmt(f),
            Self::Given(given) => scaled(f, "copy", given.scale()),
            Self::ByIndex(of) => scaled(f, "by index", of.scale()),
            Self::Mapped(mapped) => match mapped.name() {
                "closure" => write!(f, "function of {}", mapped.of()),
                name => write!(f, "{name} of {}", mapped.of()),
            },
            Self::Sample(sample) => scaled(f, "sample", sample.scale()),
            Self::Custom(custom) => scaled(f, "custom", custom.scale()),
        }
    }
}

impl fmt::Display for Elementwise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = Number;
        match *self {
            Self::Uniform { low, high } => write!(f, "U({}, {})", n(low), n(high)),
            Self::Normal { mean, std } => write!(f, "N({}, {}²)", n(mean), n(std)),
            Self::TruncNormal {
                mean,
                std,
                low,
                high,
            } => {
                let (mean, std, low, high) = (n(mean), n(std), n(low), n(high));
                write!(f, "N({mean}, {std}²) on [{low}, {high}]")
            }
            Self::LogUniform { low, high } => write!(f, "log-uniform({}, {})", n(low), n(high)),
            Self::LnUniform { low, high, factor } => {
                multiplied(f, factor)?;
                write!(f, "ln U({}, {})", n(low), n(high))
            }
            Self::SoftplusInverse {
                low,
                high,
                floor,
                factor,
            } => {
                multiplied(f, factor)?;
                let of = Self::LogUniform { low, high };
                if floor > low {
                    write!(f, "softplus⁻¹(max({of}, {}))", n(floor))
                } else {
                    write!(f, "softplus⁻¹({of})")
                }
            }
        }
    }
}

/// `factor · `, where it is not 1.
fn multiplied(f: &mut fmt::Formatter<'_>, factor: f64) -> fmt::Result {
    if factor == 1.0 {
        return Ok(());
    }
    write!(f, "{} · ", Number(factor))
}

impl fmt::Display for Structured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = Number;
        match *self {
            Self::Orthogonal { gain } => write!(f, "orthogonal(gain {})", n(gain)),
            Self::DeltaOrthogonal { gain } => write!(f, "delta orthogonal(gain {})", n(gain)),
            Self::Eye { gain: 1.0 } => f.write_str("eye"),
            Self::Eye { gain } => write!(f, "eye(gain {})", n(gain)),
            Self::Dirac {
                groups: 1,
                gain: 1.0,
            } => f.write_str("dirac"),
            Self::Dirac { groups, gain: 1.0 } => write!(f, "dirac(groups {groups})"),
            Self::Dirac { groups, gain } => write!(f, "dirac(groups {groups}, gain {})", n(gain)),
            Self::Sparse { zeros, std } => write!(f, "N(0, {}²), {zeros} zeros a column", n(std)),
            Self::Chrono { max, gates, factor } => {
                f.write_str("chrono: ")?;
                if gates == 4 {
                    f.write_str("±")?;
                }
                multiplied(f, factor)?;
                write!(f, "ln U(1, {}), {gates} gates", max - 1)
            }
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        multiplied(f, self.factor())?;
        let name = match self.formula() {
            Formula::SincosPositions {
                prefix,
                base,
                width,
                interleaved,
            } => {
                write!(f, "sin-cos positions(base {}", Number(base))?;
                if prefix > 0 {
                    write!(f, ", prefix {prefix}")?;
                }
                if let Some(width) = width {
                    write!(f, ", width {width}")?;
                }
                if interleaved {
                    f.write_str(", interleaved")?;
                }
                ")"
            }
            Formula::AlibiSlopes => "ALiBi slopes",
            Formula::Bilinear => "bilinear",
            Formula::HippoLegs => "HiPPO-LegS",
            Formula::HippoLegsB => "HiPPO-LegS, B",
            Formula::S4dLin => "S4D-Lin",
            Formula::S4dInv => "S4D-Inv",
            Formula::S4dReal => "S4D-Real",
            Formula::LnRange => "ln(1, 2, …)",
        };
        f.write_str(name)
    }
}

/// A number to four significant digits, without trailing zeros.
pub(crate) struct Number(pub(crate) f64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(value) = *self;
        let magnitude = value.abs();
        if value == 0.0 || !value.is_finite() {
            return write!(f, "{}", value + 0.0);
        }
        let short: f64 = format!("{value:.3e}").parse().map_err(|_| fmt::Error)?;
        if (1e-4..1e6).contains(&magnitude) {
            write!(f, "{short}")
        } else {
            write!(f, "{short:e}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn laws_print_their_numbers_to_four_digits() {
        let shown = |law: Law| law.to_string();
        assert_eq!(shown(Law::normal(0.0, 1.0 / 3.0)), "N(0, 0.3333²)");
        assert_eq!(shown(Law::normal(-0.0, 1e-7)), "N(0, 1e-7²)");
        assert_eq!(shown(Law::uniform(-123.456, 1.5e9)), "U(-123.5, 1.5e9)");
        assert_eq!(
            shown(Law::trunc_normal(0.0, 0.02, -2.0, 2.0)),
            "N(0, 0.02²) on [-2, 2]"
        );
        assert_eq!(shown(Law::dirac(2, 1.0)), "dirac(groups 2)");
        assert_eq!(shown(Law::constant(f64::NEG_INFINITY)), "constant -inf");
        assert_eq!(shown(Law::sparse(3, 0.01)), "N(0, 0.01²), 3 zeros a column");
    }
}
