//! What the elements of a tensor can hold.

use std::fmt;

/// The kind of a tensor's elements, as far as initialisation has to know it.
///
/// It mirrors `tch::Kind` without depending on libtorch, so that schemes and laws can be resolved without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dtype {
    /// IEEE double precision.
    F64,
    /// IEEE single precision.
    F32,
    /// IEEE half precision, largest number 65504.
    F16,
    /// The upper half of an `f32`.
    BF16,
    /// Unsigned 8-bit integer.
    U8,
    /// Signed 8-bit integer.
    I8,
    /// Signed 16-bit integer.
    I16,
    /// Signed 32-bit integer.
    I32,
    /// Signed 64-bit integer.
    I64,
    /// Truth value; 0 and 1 are its numbers.
    Bool,
    /// Complex, quantised and 8-bit float kinds, by name: constants only.
    Other(&'static str),
}

impl Dtype {
    /// Whether random and structured schemes can be written to it.
    #[must_use]
    pub const fn is_real(self) -> bool {
        matches!(self, Self::F64 | Self::F32 | Self::F16 | Self::BF16)
    }

    /// Whether it holds whole numbers (or truth values) only.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        matches!(
            self,
            Self::U8 | Self::I8 | Self::I16 | Self::I32 | Self::I64 | Self::Bool
        )
    }

    /// The largest finite number it holds.
    #[must_use]
    pub const fn max(self) -> f64 {
        match self {
            Self::F64 | Self::Other(_) => f64::MAX,
            Self::F32 => f32::MAX as f64,
            Self::F16 => 65504.0,
            Self::BF16 => 3.389_531_389_251_535_5e38,
            Self::U8 => u8::MAX as f64,
            Self::I8 => i8::MAX as f64,
            Self::I16 => i16::MAX as f64,
            Self::I32 => i32::MAX as f64,
            Self::I64 => i64::MAX as f64,
            Self::Bool => 1.0,
        }
    }

    /// The smallest (most negative) finite number it holds.
    #[must_use]
    pub const fn min(self) -> f64 {
        match self {
            Self::U8 | Self::Bool => 0.0,
            Self::I8 => i8::MIN as f64,
            Self::I16 => i16::MIN as f64,
            Self::I32 => i32::MIN as f64,
            Self::I64 => i64::MIN as f64,
            _ => -self.max(),
        }
    }

    /// Whether `value`, rounded to this kind, is still a finite number of it.
    #[must_use]
    pub fn holds(self, value: f64) -> bool {
        // Half a unit in the last place beyond the largest number still rounds down to it.
        let reach = match self {
            Self::F32 => f64::from(f32::MAX) + 2.0_f64.powi(127 - 24),
            Self::F16 => 65520.0,
            Self::BF16 => self.max() + 2.0_f64.powi(127 - 8),
            _ => return self.min() <= value && value <= self.max(),
        };
        value.abs() < reach
    }
}

impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::F64 => "f64",
            Self::F32 => "f32",
            Self::F16 => "f16",
            Self::BF16 => "bf16",
            Self::U8 => "u8",
            Self::I8 => "i8",
            Self::I16 => "i16",
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::Bool => "bool",
            Self::Other(name) => name,
        })
    }
}

#[cfg(feature = "tch")]
impl From<tch::Kind> for Dtype {
    fn from(kind: tch::Kind) -> Self {
        use tch::Kind;
        match kind {
            Kind::Double => Self::F64,
            Kind::Float => Self::F32,
            Kind::Half => Self::F16,
            Kind::BFloat16 => Self::BF16,
            Kind::Uint8 => Self::U8,
            Kind::Int8 => Self::I8,
            Kind::Int16 => Self::I16,
            Kind::Int => Self::I32,
            Kind::Int64 => Self::I64,
            Kind::Bool => Self::Bool,
            Kind::ComplexHalf => Self::Other("complex32"),
            Kind::ComplexFloat => Self::Other("complex64"),
            Kind::ComplexDouble => Self::Other("complex128"),
            Kind::QInt8 | Kind::QUInt8 | Kind::QInt32 => Self::Other("quantised"),
            _ => Self::Other("float8"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holding_agrees_with_rounding() {
        for value in [65504.0, 65519.99, 65520.0, 1e5] {
            assert_eq!(
                Dtype::F16.holds(value),
                half::f16::from_f64(value).is_finite(),
                "{value}"
            );
        }
        let below = f64::from(f32::MAX) * (1.0 + 2e-8);
        for value in [f64::from(f32::MAX), below, 3.5e38, -1e39] {
            assert_eq!(
                Dtype::F32.holds(value),
                (value as f32).is_finite(),
                "{value}"
            );
            assert_eq!(
                Dtype::BF16.holds(value),
                half::bf16::from_f64(value).is_finite(),
                "{value}"
            );
        }
    }
}
