//! Whatever a user types, the answer is an error at a token: no panic, and the impls are there.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::derive;

const ATTRIBUTES: &[&str] = &[
    "weight(kaiming_normal, mode = \"fan_out\", a = -0.1), bias(zeros)",
    "normal(std = 0.02 / (2.0 * self.n as f64).sqrt(), at = (.., 0..2)), stream = \"old\"",
    "with = |w, s| { f(w, s)?; Ok(()) }, at = ..3, scale = 2",
    "sample = Gamma::new(2.0, 0.5)?, chunks = 4",
    "fc(0(skip), r#type(ones)), transposed",
    "sparse, sparsity = 1_000, groups = 0, fan_of = self.w",
    "recipe = x, crate = a::b, bound = \"T: Copy\"",
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
        (_, TokenTree::Ident(_)) => {
            let other: TokenStream = ["self", "crate", "at", "=", ","][dice.roll(5)]
                .parse()
                .unwrap();
            tokens.splice(i..=i, other);
        }
        _ => {}
    }
    tokens.into_iter().collect()
}

#[test]
fn nothing_that_can_be_typed_panics() {
    let mut dice = Dice(42);
    for round in 0..4000 {
        let mut attribute: TokenStream = ATTRIBUTES[round % ATTRIBUTES.len()].parse().unwrap();
        for _ in 0..=dice.roll(3) {
            attribute = mangle(attribute, &mut dice);
        }
        let place = [
            "struct S { #[init(ATTRIBUTE)] w: T }",
            "#[init(ATTRIBUTE)] struct S<T>(T);",
            "enum E<T> { A { #[init(ATTRIBUTE)] #[init(ATTRIBUTE)] w: T, n: i64 } }",
        ][dice.roll(3)];
        let source = place.replace("ATTRIBUTE", &attribute.to_string());
        // What does not even lex stays with rustc.
        if let Ok(tokens) = source.parse::<TokenStream>() {
            let expansion = derive(tokens).to_string();
            assert!(
                expansion.contains("Initialize for") || expansion.contains("compile_error"),
                "{source}"
            );
        }
    }
}
