//! What is fuzzed: functions of bytes that panic where a promise is broken.
//!
//! `.ci/fuzz` drives them by libFuzzer; `tests/corpora.rs` replays what lies in `corpus/`.

mod blueprints;
mod macros;
mod texts;
mod weights;
mod work;

/// A name, and what is tried with bytes.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The name of the folder of its corpus too.
    pub name: &'static str,
    run: fn(&str),
    /// How many bytes a call may allocate, over all, for each byte of the input.
    bytes_per_byte: usize,
    /// How many it may allocate for any input.
    floor: usize,
}

/// Bytes that any call may allocate: tables that are made once, and texts of messages.
const FLOOR: usize = 1 << 20;

/// What the reader of pickles allows before it takes them for bombs: a million values that are copies of others, each
/// of some hundred bytes.
const COPIES: usize = 1 << 30;

/// All of them.
pub const TARGETS: &[Target] = &[
    target("derive", macros::attribute, 1 << 16),
    target("item", macros::item, 1 << 16),
    target("rules_macro", macros::rules, 1 << 16),
    target("recipe", macros::recipe, 1 << 16),
    target("rules", texts::rules, 1 << 14),
    target("step", texts::step, 1 << 14),
    target("pattern", texts::pattern, 1 << 14),
    target("region", texts::region, 1 << 14),
    target("blueprint", blueprints::blueprint, 1 << 14),
    target("weights", weights::file, 1 << 5),
    Target {
        floor: COPIES,
        ..target("pickle", weights::pickle, 1 << 14)
    },
];

const fn target(name: &'static str, run: fn(&str), bytes_per_byte: usize) -> Target {
    Target {
        name,
        run,
        bytes_per_byte,
        floor: FLOOR,
    }
}

impl Target {
    /// The target of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        TARGETS.iter().find(|target| target.name == name).copied()
    }

    /// Tries an input; what is no text is not read by anyone.
    ///
    /// # Panics
    ///
    /// Where a promise is broken: that is what is looked for.
    pub fn run(self, input: &[u8]) {
        let Ok(text) = str::from_utf8(input) else {
            return;
        };
        let allocated = work::allocated_by(|| (self.run)(text));
        let allowed = self.floor + self.bytes_per_byte * text.len();
        assert!(
            allocated <= allowed,
            "{allocated} bytes were allocated for {} bytes of input",
            text.len()
        );
    }
}
