//! The words that are no schemes: what begins a step, modifies it, or says a fact about its place.

use crate::values::Takes;

/// A word that begins a step, beside the schemes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepWord {
    /// The word.
    pub name: &'static str,
    /// Whether a Rust expression follows it, which a text cannot hold.
    pub takes_expression: bool,
}

/// A word that goes with a step of any scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Modifier {
    /// The word.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// Whether it corrects the fans that a scheme divides by, so that it means nothing beside one without fans.
    pub corrects_fans: bool,
    /// Whether it means something beside a scheme that draws each element by itself, and beside no other step.
    pub needs_draws: bool,
}

impl Modifier {
    /// Whether it has nothing to correct beside a step without fans. `transposed` also says where a matrix has its
    /// outputs, to `chunks` and to schemes with [`Trait::Matrix`](crate::schemes::Trait::Matrix).
    #[must_use]
    pub fn needs_fans(&self, lays_out: bool) -> bool {
        self.corrects_fans && !(lays_out && self.name == "transposed")
    }
}

/// A word that says a fact about a place, once for all its steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// The word.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
}

/// What begins a step, beside the schemes.
pub const STEPS: &[StepWord] = &[
    step("skip", false),
    step("with", true),
    step("sample", true),
    step("copy", true),
    step("by_index", true),
];

/// What goes with any scheme.
pub const MODIFIERS: &[Modifier] = &[
    modifier("at", Takes::Index),
    modifier("batch", Takes::Natural),
    modifier("chunks", Takes::Count),
    modifier("repeat", Takes::Count),
    of_fans("groups", Takes::Count),
    of_fans("transposed", Takes::Flag),
    of_fans("fan_of", Takes::Fans),
    modifier("scale", Takes::Spread),
    Modifier {
        needs_draws: true,
        ..modifier("map", Takes::Function)
    },
];

/// What is said of a place.
pub const SETTINGS: &[Setting] = &[setting("stream", Takes::Text)];

/// What stands on a struct.
pub const STRUCT_SETTINGS: &[&str] = &["recipe", "crate", "bound"];

/// The parts of tch's layers.
pub const PARTS: &[&str] = &["weight", "bias", "running_mean", "running_var"];

/// The step word of that name.
#[must_use]
pub fn step_word(name: &str) -> Option<&'static StepWord> {
    STEPS.iter().find(|word| word.name == name)
}

/// The modifier of that name.
#[must_use]
pub fn find_modifier(name: &str) -> Option<&'static Modifier> {
    MODIFIERS.iter().find(|modifier| modifier.name == name)
}

/// The setting of that name.
#[must_use]
pub fn find_setting(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

/// Whether the word takes a value of Rust's, so that it stands in no text.
#[must_use]
pub fn takes_rust(name: &str) -> bool {
    step_word(name).is_some_and(|word| word.takes_expression)
        || find_modifier(name).is_some_and(|modifier| modifier.takes.is_of_rust())
        || find_setting(name).is_some_and(|setting| setting.takes.is_of_rust())
}

/// Whether a step of any scheme takes that word: a modifier, or a setting beside it.
#[must_use]
pub fn goes_with_any_scheme(name: &str) -> bool {
    accompanying().any(|known| known == name)
}

/// The modifiers and settings, by name.
pub fn accompanying() -> impl Iterator<Item = &'static str> {
    let modifiers = MODIFIERS.iter().map(|modifier| modifier.name);
    modifiers.chain(SETTINGS.iter().map(|setting| setting.name))
}

const fn step(name: &'static str, takes_expression: bool) -> StepWord {
    StepWord {
        name,
        takes_expression,
    }
}

const fn modifier(name: &'static str, takes: Takes) -> Modifier {
    Modifier {
        name,
        takes,
        corrects_fans: false,
        needs_draws: false,
    }
}

const fn of_fans(name: &'static str, takes: Takes) -> Modifier {
    Modifier {
        corrects_fans: true,
        ..modifier(name, takes)
    }
}

const fn setting(name: &'static str, takes: Takes) -> Setting {
    Setting { name, takes }
}
