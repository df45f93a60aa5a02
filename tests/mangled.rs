//! Attributes and rules in which words of the language's tables stand in each other's places: what `.ci/fuzz` promises
//! of anything that can be typed holds of them. It goes on from there, led by coverage.

use nninit_fuzz::Target;
use nninit_language::{choices, schemes, words};
use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};

const ATTRIBUTES: &[&str] = &[
    "weight(kaiming_normal, mode = \"fan_out\", a = -0.1), bias(zeros)",
    "normal(std = 0.02 / (2.0 * self.n as f64).sqrt(), at = (.., 0..2)), stream = \"old\"",
    "with = |w, s| { f(w, s)?; Ok(()) }, at = ..3, scale = 2",
    "sample = Gamma::new(2.0, 0.5)?, chunks = 4",
    "fc(0(skip), r#type(ones)), transposed",
    "sparse, sparsity = 1_000, groups = 0, fan_of = self.w",
    "recipe = x, crate = a::b, bound = \"T: Copy\"",
];

const RULES: &[&str] = &[
    "\"**.weight\" => kaiming_normal(mode = \"fan_out\"), \"**.bias\" => zeros",
    "\"a\" if ndim >= 2 => [zeros, ones(at = 4..8)], \"**\" => skip",
    "concat!(\"a\", \"b\") => with = f, (x) => sample = Gamma::new(2.0, 0.5)?",
];

/// A small generator: the cases are the same on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides.max(1)
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.roll(of.len())]
    }

    /// A word of the language, or one that is special to Rust.
    fn word(&mut self) -> TokenTree {
        let scheme = &schemes::SCHEMES[self.roll(schemes::SCHEMES.len())];
        let names: Vec<&str> = match self.roll(6) {
            0 => scheme.parameters.iter().map(|it| it.name).collect(),
            1 => words::MODIFIERS.iter().map(|it| it.name).collect(),
            2 => words::STEPS.iter().map(|it| it.name).collect(),
            3 => [words::PARTS, words::STRUCT_SETTINGS, &["stream"]].concat(),
            4 => vec!["self", "crate", "Self", "if", "move", "async", "_", "super"],
            _ => Vec::new(),
        };
        let name = if names.is_empty() {
            scheme.name
        } else {
            self.pick(&names)
        };
        Ident::new(name, Span::call_site()).into()
    }

    /// A value that something takes, or nothing does.
    fn value(&mut self) -> TokenTree {
        match self.roll(4) {
            0 => Literal::string(self.pick(&choices::MODES.names())).into(),
            1 => Literal::string(self.pick(&choices::NONLINEARITIES.names())).into(),
            2 => Literal::i128_unsuffixed(1 << self.roll(127)).into(),
            _ => Literal::f64_unsuffixed(10_f64.powi(self.roll(600) as i32 - 300)).into(),
        }
    }
}

/// Loses, doubles, swaps or empties tokens, here or deeper.
fn mangle(tokens: TokenStream, dice: &mut Dice) -> TokenStream {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    if tokens.is_empty() {
        return "zeros".parse().unwrap();
    }
    let (i, j) = (dice.roll(tokens.len()), dice.roll(tokens.len()));
    match (dice.roll(6), tokens[i].clone()) {
        (0, _) => drop(tokens.remove(i)),
        (1, token) => tokens.insert(j, token),
        (2, _) => tokens.swap(i, j),
        (3, _) => tokens.truncate(i),
        (_, TokenTree::Group(group)) => {
            let delimiter =
                [group.delimiter(), Delimiter::Bracket, Delimiter::None][dice.roll(9).min(2) % 3];
            tokens[i] = Group::new(delimiter, mangle(group.stream(), dice)).into();
        }
        (_, TokenTree::Ident(_)) => tokens[i] = dice.word(),
        (_, TokenTree::Literal(_)) => tokens[i] = dice.value(),
        _ => {}
    }
    tokens.into_iter().collect()
}

/// One test: what is allocated is counted for the whole process.
#[test]
fn nothing_that_can_be_typed_breaks_a_promise() {
    let mut dice = Dice(42);
    for (target, seeds) in [("derive", ATTRIBUTES), ("rules_macro", RULES)] {
        let target = Target::find(target).unwrap();
        for round in 0..4000 {
            let mut tokens: TokenStream = seeds[round % seeds.len()].parse().unwrap();
            for _ in 0..=dice.roll(3) {
                tokens = mangle(tokens, &mut dice);
            }
            let text = tokens.to_string();
            println!("{text}");
            target.run(text.as_bytes());
        }
    }
}
