//! The table of schemes: one row each, and what their parameters may be.

use crate::suggest::{alternatives, did_you_mean};

/// What the attribute language knows of a scheme.
#[derive(Debug)]
pub(crate) struct Scheme {
    pub(crate) name: &'static str,
    pub(crate) parameters: &'static [Parameter],
    /// It divides by a fan, so the modifiers that correct fans mean something.
    pub(crate) fans: bool,
    /// It draws between `a` and `b`.
    pub(crate) interval: bool,
}

#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

/// What a parameter takes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// Any number, with its default.
    Number(f64),
    /// Zero or more.
    Spread,
    /// Any number; there is no default.
    RequiredNumber,
    /// From zero to one; there is no default.
    RequiredShare,
    /// One or more.
    Count,
    Mode,
    Nonlinearity,
}

impl Kind {
    pub(crate) fn is_required(self) -> bool {
        matches!(self, Self::RequiredNumber | Self::RequiredShare)
    }
}

const fn number(name: &'static str, default: f64) -> Parameter {
    Parameter {
        name,
        kind: Kind::Number(default),
    }
}

const STD: Parameter = Parameter {
    name: "std",
    kind: Kind::Spread,
};
const VAL: Parameter = Parameter {
    name: "val",
    kind: Kind::RequiredNumber,
};
const SPARSITY: Parameter = Parameter {
    name: "sparsity",
    kind: Kind::RequiredShare,
};
const GROUPS: Parameter = Parameter {
    name: "groups",
    kind: Kind::Count,
};
const MODE: Parameter = Parameter {
    name: "mode",
    kind: Kind::Mode,
};
const NONLINEARITY: Parameter = Parameter {
    name: "nonlinearity",
    kind: Kind::Nonlinearity,
};
const GAIN: Parameter = number("gain", 1.0);

const fn plain(name: &'static str, parameters: &'static [Parameter]) -> Scheme {
    Scheme {
        name,
        parameters,
        fans: false,
        interval: false,
    }
}

const fn with_fans(name: &'static str, parameters: &'static [Parameter]) -> Scheme {
    Scheme {
        name,
        parameters,
        fans: true,
        interval: false,
    }
}

const fn interval(name: &'static str, parameters: &'static [Parameter]) -> Scheme {
    Scheme {
        name,
        parameters,
        fans: false,
        interval: true,
    }
}

const KAIMING: &[Parameter] = &[number("a", 0.0), MODE, NONLINEARITY];

pub(crate) const SCHEMES: &[Scheme] = &[
    interval("uniform", &[number("a", 0.0), number("b", 1.0)]),
    plain("normal", &[number("mean", 0.0), STD]),
    interval(
        "trunc_normal",
        &[
            number("mean", 0.0),
            STD,
            number("a", -2.0),
            number("b", 2.0),
        ],
    ),
    plain("constant", &[VAL]),
    plain("ones", &[]),
    plain("zeros", &[]),
    plain("eye", &[]),
    plain("identity", &[GAIN]),
    plain("dirac", &[GROUPS]),
    with_fans("xavier_uniform", &[GAIN]),
    with_fans("xavier_normal", &[GAIN]),
    with_fans("glorot_uniform", &[GAIN]),
    with_fans("glorot_normal", &[GAIN]),
    with_fans("kaiming_uniform", KAIMING),
    with_fans("kaiming_normal", KAIMING),
    with_fans("he_uniform", KAIMING),
    with_fans("he_normal", KAIMING),
    with_fans("lecun_uniform", &[]),
    with_fans("lecun_normal", &[]),
    plain("orthogonal", &[GAIN]),
    plain("delta_orthogonal", &[GAIN]),
    plain("sparse", &[SPARSITY, STD]),
];

/// What goes with any scheme.
pub(crate) const MODIFIERS: &[&str] = &[
    "at",
    "chunks",
    "groups",
    "transposed",
    "fan_of",
    "scale",
    "stream",
];

/// Words that stand where a scheme can stand.
const STEPS: &[&str] = &["skip", "with", "sample"];

/// The strings of `mode`, and the variants of `FanMode`; upper or lower case, as in `PyTorch`.
pub(crate) const MODES: &[(&str, &str)] = &[
    ("fan_in", "FanIn"),
    ("fan_out", "FanOut"),
    ("fan_avg", "FanAvg"),
    ("fan_geo_avg", "FanGeoAvg"),
];

/// The strings of `nonlinearity`, and the variants of `Nonlinearity`.
pub(crate) const NONLINEARITIES: &[(&str, &str)] = &[
    ("linear", "Linear"),
    ("identity", "Identity"),
    ("conv1d", "Conv1d"),
    ("conv2d", "Conv2d"),
    ("conv3d", "Conv3d"),
    ("conv_transpose1d", "ConvTranspose1d"),
    ("conv_transpose2d", "ConvTranspose2d"),
    ("conv_transpose3d", "ConvTranspose3d"),
    ("sigmoid", "Sigmoid"),
    ("tanh", "Tanh"),
    ("relu", "Relu"),
    ("leaky_relu", "LeakyRelu"),
    ("selu", "Selu"),
    ("gelu", "Gelu"),
    ("silu", "Silu"),
    ("swish", "Silu"),
    ("mish", "Mish"),
    ("elu", "Elu"),
    ("softplus", "Softplus"),
];

/// The scheme of that name; `PyTorch`'s trailing underscore may stay.
pub(crate) fn find(name: &str) -> Option<&'static Scheme> {
    let name = name.strip_suffix('_').unwrap_or(name);
    SCHEMES.iter().find(|scheme| scheme.name == name)
}

/// Whether the word, alone, can begin a step.
pub(crate) fn begins_step(name: &str) -> bool {
    find(name).is_some() || STEPS.contains(&name)
}

/// Whether some scheme has a parameter or modifier of that name.
pub(crate) fn is_parameter(name: &str) -> bool {
    MODIFIERS.contains(&name)
        || SCHEMES
            .iter()
            .any(|scheme| scheme.parameter(name).is_some())
}

/// What is said of a name that no scheme has.
pub(crate) fn unknown(name: &str) -> String {
    let known: Vec<&str> = SCHEMES
        .iter()
        .map(|scheme| scheme.name)
        .chain(STEPS.iter().copied())
        .collect();
    match did_you_mean(name, &known) {
        none if none.is_empty() => {
            format!(
                "unknown scheme `{name}`; expected one of {}",
                alternatives(&known, "or")
            )
        }
        suggestion => format!("unknown scheme `{name}`{suggestion}"),
    }
}

impl Scheme {
    pub(crate) fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters
            .iter()
            .find(|parameter| parameter.name == name)
    }

    /// What is said of a name that is neither a parameter of the scheme nor a modifier.
    pub(crate) fn unknown_parameter(&self, name: &str) -> String {
        let own: Vec<&str> = self
            .parameters
            .iter()
            .map(|parameter| parameter.name)
            .collect();
        let known: Vec<&str> = own.iter().chain(MODIFIERS).copied().collect();
        let scheme = self.name;
        let suggestion = did_you_mean(name, &known);
        match own[..] {
            _ if !suggestion.is_empty() => {
                format!("`{scheme}` has no parameter `{name}`{suggestion}")
            }
            [] => format!("`{scheme}` takes no parameters, so no `{name}`"),
            _ => format!(
                "`{scheme}` has no parameter `{name}`; it takes {}",
                alternatives(&own, "and")
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        for (i, scheme) in SCHEMES.iter().enumerate() {
            assert_eq!(
                SCHEMES.iter().position(|other| other.name == scheme.name),
                Some(i)
            );
            assert!(
                find(&format!("{}_", scheme.name)).is_some_and(|found| found.name == scheme.name)
            );
        }
        assert!(find("zeros__").is_none());
    }

    #[test]
    fn the_nearest_is_named() {
        assert_eq!(
            unknown("kaiming_nromal"),
            "unknown scheme `kaiming_nromal`; did you mean `kaiming_normal`?"
        );
        let normal = find("normal").unwrap();
        assert_eq!(
            normal.unknown_parameter("sdt"),
            "`normal` has no parameter `sdt`; did you mean `std`?"
        );
        assert_eq!(
            normal.unknown_parameter("val"),
            "`normal` has no parameter `val`; it takes `mean` and `std`"
        );
        let zeros = find("zeros").unwrap();
        assert_eq!(
            zeros.unknown_parameter("std"),
            "`zeros` takes no parameters, so no `std`"
        );
    }
}
