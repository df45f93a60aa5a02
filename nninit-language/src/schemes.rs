//! The one table of schemes.

use crate::values::{Parameter, Takes};
use crate::words;

/// Hands the rows of the table to a macro.
///
/// A row is `NAME | ALIAS: (required: KIND) { optional: KIND = default, flag: Flag } [traits] values, source;`; a
/// default is left out where absence means something of its own. The kinds are those of [`Takes`], the traits those of
/// [`Trait`]; values and source are columns of the documentation. A builder in `nninit::schemes` has the scheme's name
/// and takes the required parameters; its methods are the optional ones.
#[macro_export]
macro_rules! for_each_scheme {
    ($($callback:tt)+) => {
        $($callback)+! {
            uniform: () { a: Number = 0, b: Number = 1 } [Drawn, Interval] "U(a, b)", "`torch.nn.init`";
            normal: () { mean: Number = 0, std: Spread = 1 } [Drawn] "N(mean, std²)", "`torch.nn.init`";
            trunc_normal: ()
                { mean: Number = 0, std: Spread = 1, a: Number = -2, b: Number = 2, cut: Positive, keep_std: Flag }
                [Drawn, Interval, Cut]
                r"N(mean, std²) on \[a, b\], bounds absolute; with `cut`, on mean ± cut · std", "`torch.nn.init`";
            constant: (val: Number) {} [] "val", "`torch.nn.init`";
            ones: () {} [] "1", "`torch.nn.init`";
            zeros: () {} [] "0", "`torch.nn.init`";
            eye: () {} [Ranked] "identity matrix", "`torch.nn.init`";
            identity: () { gain: Number = 1 } [Ranked] "gain · identity matrix", "Keras' name and factor";
            dirac: () { groups: Count = 1 } [Ranked] "identity of a convolution", "`torch.nn.init`";
            xavier_uniform | glorot_uniform: () { gain: Number = 1 } [Drawn, Fans]
                "U(±gain·√(6 / (fan_in + fan_out)))", "Glorot & Bengio 2010";
            xavier_normal | glorot_normal: () { gain: Number = 1 } [Drawn, Fans]
                "N(0, gain²·2 / (fan_in + fan_out))", "Glorot & Bengio 2010";
            kaiming_uniform | he_uniform: ()
                { a: Number = 0, mode: Mode = "fan_in", nonlinearity: Nonlinearity = "leaky_relu", gain: Spread }
                [Drawn, Fans, Slope, Gain]
                "U(±gain·√(3 / fan))", "He et al. 2015";
            kaiming_normal | he_normal: ()
                { a: Number = 0, mode: Mode = "fan_in", nonlinearity: Nonlinearity = "leaky_relu", gain: Spread }
                [Drawn, Fans, Slope, Gain]
                "N(0, gain² / fan)", "He et al. 2015";
            lecun_uniform: () {} [Drawn, Fans] "U(±√(3 / fan_in))", "LeCun et al. 1998";
            lecun_normal: () {} [Drawn, Fans] "N(0, 1 / fan_in)", "LeCun et al. 1998";
            variance_scaling: ()
                { scale: Positive = 1, mode: Mode = "fan_in", distribution: Distribution = "truncated_normal" }
                [Drawn, Fans] "the distribution of mean 0 and variance scale / fan", "Keras and JAX";
            small_init: () { dim: Count } [Drawn, Fans, Width]
                "N(0, 2 / (5 · dim)); without `dim`, of fan_in", "Nguyen & Salazar 2019";
            spectral: () { gain: Spread = 1 } [Drawn, Fans]
                "N(0, gain² · min(1, fan_out / fan_in) / fan_in)", "Yang et al. 2023";
            siren: () { omega: Positive = 30 } [Drawn, Fans] "U(±√(6 / fan_in) / omega)", "Sitzmann et al. 2020";
            siren_first: () {} [Drawn, Fans] "U(±1 / fan_in)", "Sitzmann et al. 2020";
            bias_prob: (p: Probability) {} [] "−ln((1 − p) / p)", "Lin et al. 2017";
            orthogonal: () { gain: Number = 1 } [Matrix, Ranked] "gain · semi-orthogonal matrix", "Saxe et al. 2013";
            delta_orthogonal: () { gain: Number = 1 } [Ranked] "orthogonal at a convolution's centre", "Xiao et al. 2018";
            sparse: (sparsity: Share) { std: Spread = 0.01 } [Ranked]
                "N(0, std²), ⌈sparsity · rows⌉ zeros a column", "Martens 2010";
            log_uniform: (low: Positive, high: Positive) {} [Drawn, Interval] "exp(U(ln low, ln high))", "Bergstra & Bengio 2012";
            a_log: () { low: Positive = 1, high: Positive = 16 } [Drawn, Interval] "ln U(low, high)", "Mamba-2, Dao & Gu 2024";
            dt_bias: () { dt_min: Positive = 0.001, dt_max: Positive = 0.1, floor: Positive = 0.0001 } [Drawn, Interval]
                "softplus⁻¹(max(exp(U(ln dt_min, ln dt_max)), floor))", "Mamba, Gu & Dao 2023";
            chrono: (max: Count) { gates: Count = 4 } []
                "ln U(1, max − 1) for the forget gate, its negative for the input gate, 0 for the others", "Tallec & Ollivier 2018";
            a_log_range: () {} [] "ln(n + 1), n the last index", "Mamba, Gu & Dao 2023";
            s4d_lin: () {} [] "π · n, n the last index", "Gu et al. 2022";
            s4d_inv: () {} [] "N / π · (N / (2n + 1) − 1), n the last index, below N / 2", "Gu et al. 2022";
            s4d_real: () {} [] "−(n + 1), n the last index", "Gu et al. 2022";
            hippo_legs: () {} [] "state matrix of HiPPO-LegS", "Gu et al. 2020";
            hippo_legs_b: () {} [] "√(2n + 1)", "Gu et al. 2020";
            sincos_positions: () { prefix: Natural = 0, base: Positive = 10000, width: Count, interleaved: Flag } []
                "sin(p · ω) and cos(p · ω) of positions, in a grid with `width`", "Vaswani et al. 2017";
            alibi_slopes: () {} [] "2^(−8 · (i + 1) / heads)", "Press et al. 2021";
            bilinear: () {} [] "linear interpolation by a transposed convolution", "Long et al. 2015";
        }
    };
}

/// What the language knows of a scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scheme {
    /// Its name: `PyTorch`'s without the underscore.
    pub name: &'static str,
    /// The scheme that it is another name of.
    pub alias_of: Option<&'static str>,
    /// Its parameters, the required ones first.
    pub parameters: &'static [Parameter],
    /// What holds of it beyond its parameters.
    pub traits: &'static [Trait],
    /// What it draws, in the documentation.
    pub values: &'static str,
    /// Where it comes from, in the documentation.
    pub source: &'static str,
}

/// What holds of some schemes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trait {
    /// It draws each element by itself, from one distribution, so that `map` has something to work on.
    Drawn,
    /// It divides by a fan, so the modifiers that correct fans mean something.
    Fans,
    /// It makes a matrix or a kernel, of two dimensions or more.
    Ranked,
    /// `dim` stands in the fan's place.
    Width,
    /// It fills a matrix whose outputs `transposed` may put last.
    Matrix,
    /// It draws between two of its parameters, so the one is not above the other: [`Scheme::bounds`].
    Interval,
    /// `a` is the slope of the nonlinearity `leaky_relu` and means nothing beside another.
    Slope,
    /// `gain` is the factor that `a` and `nonlinearity` choose, and stands in their place.
    Gain,
    /// `cut` says in standard deviations what `a` and `b` say absolutely, and stands in their place; `keep_std` goes
    /// with it alone.
    Cut,
}

impl Trait {
    const fn replacements(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Gain => &[("gain", "a"), ("gain", "nonlinearity")],
            Self::Cut => &[("cut", "a"), ("cut", "b")],
            _ => &[],
        }
    }

    const fn dependents(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Cut => &[("keep_std", "cut")],
            _ => &[],
        }
    }
}

macro_rules! table {
    ($($name:ident $(| $alias:ident)*: $required:tt $optional:tt $traits:tt $values:literal, $source:literal;)*) => {
        /// Every scheme, under each of its names.
        pub const SCHEMES: &[Scheme] = &[$(
            table!(@scheme $name None $required $optional $traits $values $source),
            $(table!(@scheme $alias (Some(stringify!($name))) $required $optional $traits $values $source),)*
        )*];
    };
    (
        @scheme $name:ident $alias_of:tt ($($required:ident: $needs:ident),*)
        { $($optional:ident: $takes:ident $(= $default:literal)?),* } [$($trait:ident),*]
        $values:literal $source:literal
    ) => {
        Scheme {
            name: stringify!($name),
            alias_of: $alias_of,
            parameters: &[
                $(Parameter {
                    name: stringify!($required),
                    takes: Takes::$needs,
                    required: true,
                    default: None,
                },)*
                $(Parameter {
                    name: stringify!($optional),
                    takes: Takes::$takes,
                    required: false,
                    default: table!(@default $($default)?),
                },)*
            ],
            traits: &[$(Trait::$trait),*],
            values: $values,
            source: $source,
        }
    };
    (@default) => { None };
    (@default $default:literal) => { Some(concat!($default)) };
}

for_each_scheme!(table);

/// The scheme of that name; `PyTorch`'s trailing underscore may stay.
#[must_use]
pub fn find(name: &str) -> Option<&'static Scheme> {
    let name = name.strip_suffix('_').unwrap_or(name);
    SCHEMES.iter().find(|scheme| scheme.name == name)
}

/// Whether the word can begin a step.
#[must_use]
pub fn begins_step(name: &str) -> bool {
    find(name).is_some() || words::step_word(name).is_some()
}

/// Whether some scheme has a parameter of that name, or any takes it.
#[must_use]
pub fn is_parameter(name: &str) -> bool {
    words::goes_with_any_scheme(name)
        || SCHEMES
            .iter()
            .any(|scheme| scheme.parameter(name).is_some())
}

/// Whether the name is one without a value: no step begins with it.
#[must_use]
pub fn is_flag(name: &str) -> bool {
    let is = |known: &str, takes| takes == Takes::Flag && known == name;
    let modifiers = words::MODIFIERS;
    let mut parameters = SCHEMES.iter().flat_map(|scheme| scheme.parameters);
    modifiers.iter().any(|known| is(known.name, known.takes))
        || parameters.any(|known| is(known.name, known.takes))
}

impl Scheme {
    /// The parameters in two lists that can each stand together: with those that have a default, and with those that
    /// have none and stand in another's place.
    pub fn together(&self) -> [impl Iterator<Item = &'static Parameter>; 2] {
        [true, false].map(|with_default| {
            self.parameters
                .iter()
                .filter(move |one| one.required || one.default.is_some() == with_default)
        })
    }

    /// The parameter of that name.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters
            .iter()
            .find(|parameter| parameter.name == name)
    }

    /// The names of the bounds that it draws between.
    #[must_use]
    pub fn bounds(&self) -> Option<(&'static str, &'static str)> {
        const BOUNDS: [(&str, &str); 3] = [("a", "b"), ("low", "high"), ("dt_min", "dt_max")];
        let has =
            |(low, high): &(&str, &str)| self.parameter(low).and(self.parameter(high)).is_some();
        self.has(Trait::Interval)
            .then(|| BOUNDS.into_iter().find(has))?
    }

    /// Whether that holds of it.
    #[must_use]
    pub fn has(&self, wanted: Trait) -> bool {
        self.traits.contains(&wanted)
    }

    /// Parameters that exclude each other: the first stands in the second's place.
    pub fn replacements(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.traits
            .iter()
            .flat_map(|one| one.replacements())
            .copied()
    }

    /// Parameters of which the first means nothing without the second.
    pub fn dependents(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.traits.iter().flat_map(|one| one.dependents()).copied()
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        for (i, scheme) in SCHEMES.iter().enumerate() {
            let first = SCHEMES.iter().position(|other| other.name == scheme.name);
            assert_eq!(first, Some(i));
            assert_eq!(find(&format!("{}_", scheme.name)), Some(scheme));
            assert!(words::step_word(scheme.name).is_none());
        }
        assert!(find("zeros__").is_none());
        assert_eq!(find("he_normal").unwrap().alias_of, Some("kaiming_normal"));
    }

    #[test]
    fn defaults_are_values_of_their_parameter() {
        for parameter in SCHEMES.iter().flat_map(|scheme| scheme.parameters) {
            let Some(default) = parameter.default else {
                continue;
            };
            if let Some(choices) = parameter.takes.choices() {
                assert!(choices.find(default).is_ok(), "{default}");
            } else {
                let number: f64 = default.parse().unwrap();
                assert_eq!(parameter.takes.out_of_range(number), None, "{default}");
            }
        }
    }

    #[test]
    fn traits_name_parameters_that_are_there() {
        for scheme in SCHEMES {
            let has = |name: &str| scheme.parameter(name).is_some();
            assert_eq!(scheme.has(Trait::Interval), scheme.bounds().is_some());
            assert!(!scheme.has(Trait::Slope) || has("a") && has("nonlinearity"));
            let pairs = scheme.replacements().chain(scheme.dependents());
            pairs.for_each(|(one, other)| assert!(has(one) && has(other), "{one} {other}"));
        }
    }
}
