//! Prints the words of the language as a dictionary for libFuzzer, or the names of the targets:
//! `nninit-fuzz-words targets`.

use nninit_fuzz::TARGETS;
use nninit_language::{choices, schemes, words};

/// What stands between words, and what is hard to find by chance.
const SIGNS: &[&str] = &[
    " => ",
    "**",
    "..",
    "(.., 0)",
    "[1, 2]",
    "[skip, ones(at = 0)]",
    "if ndim >= 2",
    "#[init(",
    "self.",
    "move |w, s| ",
    "r#type",
    "{a,b}",
    "[!a-z]",
    "\\",
    "9223372036854775807",
    "-9223372036854775808",
    "1e308",
    "NaN",
    "inf",
    "0x1p-3",
    "\"parameters\":[",
    "\"left\":[]",
    "\"path\":\"w\"",
    "\"shape\":[2,3]",
    "\"kind\":\"f32\"",
    "\"steps\":[",
    "\"modifiers\":[]",
    "\"law\":null",
    "\"tied_to\":null",
    "\"stream\":null",
    "\"chunks\":",
    "\"at\":\"(.., 0)\"",
    "1099511627776",
];

fn main() {
    if std::env::args().any(|argument| argument == "targets") {
        for target in TARGETS {
            println!("{}", target.name);
        }
        return;
    }
    let schemes = schemes::SCHEMES.iter().flat_map(|scheme| {
        let parameters = scheme.parameters.iter().map(|parameter| parameter.name);
        std::iter::once(scheme.name).chain(parameters)
    });
    let modifiers = words::MODIFIERS.iter().map(|modifier| modifier.name);
    let settings = words::SETTINGS.iter().map(|setting| setting.name);
    let steps = words::STEPS.iter().map(|word| word.name);
    let choices = [choices::MODES, choices::NONLINEARITIES];
    let names = choices.iter().flat_map(choices::Choices::names);
    let mut all: Vec<&str> = schemes
        .chain(modifiers)
        .chain(settings)
        .chain(steps)
        .chain(names)
        .collect();
    all.extend(
        words::PARTS
            .iter()
            .chain(words::STRUCT_SETTINGS)
            .chain(SIGNS),
    );
    all.sort_unstable();
    all.dedup();
    for word in all {
        println!("\"{}\"", word.escape_default());
    }
}
