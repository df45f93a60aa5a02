//! Values that are names: fan modes, nonlinearities and distributions.

use alloc::string::String;
use alloc::vec::Vec;

use crate::sentences;

/// The names that a parameter takes.
#[derive(Debug)]
pub struct Choices {
    /// What the names are, in messages.
    pub what: &'static str,
    /// The runtime's enum.
    pub of: &'static str,
    /// Whether capitals may stand for small letters.
    pub any_case: bool,
    /// One row a variant, in the order of the enum.
    pub rows: &'static [Choice],
}

/// One name, and the variant that it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The name that attributes and `PyTorch` use.
    pub name: &'static str,
    /// Another name of the same.
    pub alias: Option<&'static str>,
    /// The variant of the runtime's enum.
    pub variant: &'static str,
}

/// The fans that a scheme may divide by; upper or lower case, as in `PyTorch`.
pub const MODES: Choices = Choices {
    what: "mode",
    of: "FanMode",
    any_case: true,
    rows: &[
        choice("fan_in", "FanIn"),
        choice("fan_out", "FanOut"),
        choice("fan_avg", "FanAvg"),
        choice("fan_geo_avg", "FanGeoAvg"),
    ],
};

/// What variance scaling draws from, by Keras' names; upper or lower case, as there. Neither has `normal`: in Keras it
/// is cut, in JAX it is not.
pub const DISTRIBUTIONS: Choices = Choices {
    what: "distribution",
    of: "ScalingDistribution",
    any_case: true,
    rows: &[
        choice("truncated_normal", "TruncatedNormal"),
        choice("untruncated_normal", "UntruncatedNormal"),
        choice("uniform", "Uniform"),
    ],
};

/// The activations with a known gain; lower case alone, as in `PyTorch`.
pub const NONLINEARITIES: Choices = Choices {
    what: "nonlinearity",
    of: "Nonlinearity",
    any_case: false,
    rows: &[
        choice("linear", "Linear"),
        choice("identity", "Identity"),
        choice("conv1d", "Conv1d"),
        choice("conv2d", "Conv2d"),
        choice("conv3d", "Conv3d"),
        choice("conv_transpose1d", "ConvTranspose1d"),
        choice("conv_transpose2d", "ConvTranspose2d"),
        choice("conv_transpose3d", "ConvTranspose3d"),
        choice("sigmoid", "Sigmoid"),
        choice("tanh", "Tanh"),
        choice("relu", "Relu"),
        choice("leaky_relu", "LeakyRelu"),
        choice("selu", "Selu"),
        choice("gelu", "Gelu"),
        Choice {
            alias: Some("swish"),
            ..choice("silu", "Silu")
        },
        choice("mish", "Mish"),
        Choice {
            alias: Some("celu"),
            ..choice("elu", "Elu")
        },
        choice("softplus", "Softplus"),
        choice("gelu_tanh", "GeluTanh"),
        choice("quick_gelu", "QuickGelu"),
        choice("relu2", "Relu2"),
        choice("relu6", "Relu6"),
        choice("hardswish", "Hardswish"),
        choice("hardsigmoid", "Hardsigmoid"),
        choice("hardtanh", "Hardtanh"),
        choice("softsign", "Softsign"),
        choice("logsigmoid", "LogSigmoid"),
        choice("tanhshrink", "Tanhshrink"),
        choice("softshrink", "Softshrink"),
        choice("sin", "Sin"),
        choice("snake", "Snake"),
        choice("glu", "Glu"),
        choice("swiglu", "Swiglu"),
        choice("geglu", "Geglu"),
        choice("reglu", "Reglu"),
    ],
};

const fn choice(name: &'static str, variant: &'static str) -> Choice {
    Choice {
        name,
        alias: None,
        variant,
    }
}

impl Choices {
    /// The row of that name: its place in the enum.
    ///
    /// # Errors
    ///
    /// What is said of a name that is none of them.
    pub fn find(&self, written: &str) -> Result<usize, String> {
        let is =
            |name: &str| name == written || self.any_case && name.eq_ignore_ascii_case(written);
        self.rows
            .iter()
            .position(|row| is(row.name) || row.alias.is_some_and(is))
            .ok_or_else(|| sentences::unknown_choice(self, written))
    }

    /// Every name, aliases too.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.rows
            .iter()
            .flat_map(|row| [Some(row.name), row.alias])
            .flatten()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_the_case_that_pytorch_takes() {
        assert_eq!(MODES.find("FAN_Out"), Ok(1));
        assert_eq!(NONLINEARITIES.find("swish"), NONLINEARITIES.find("silu"));
        assert_eq!(
            NONLINEARITIES.find("Relu"),
            Err("unknown nonlinearity `Relu`; did you mean `relu`?".into())
        );
        assert_eq!(
            MODES.find("fan"),
            Err(
                "unknown mode `fan`; did you mean `fan_in`, `fan_out`, `fan_avg` or `fan_geo_avg`?"
                    .into()
            )
        );
        assert_eq!(
            MODES.find("up"),
            Err("unknown mode `up`; expected one of `fan_in`, `fan_out`, `fan_avg` or `fan_geo_avg`".into())
        );
    }
}
