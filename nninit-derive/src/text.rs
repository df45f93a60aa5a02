//! Tokens as a person would write them, for plans and messages.
//!
//! `TokenStream`'s own `Display` puts spaces where the compiler's version likes them; plans are compared line by line.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

/// An expression on one line.
pub(crate) fn expression(tokens: impl ToTokens) -> String {
    text(tokens.to_token_stream(), false)
}

/// A type on one line.
pub(crate) fn ty(tokens: impl ToTokens) -> String {
    text(tokens.to_token_stream(), true)
}

fn text(tokens: TokenStream, is_type: bool) -> String {
    let mut writer = Writer {
        out: String::new(),
        before: Before::Nothing,
        angles: 0,
        is_type,
        closure: false,
    };
    writer.stream(tokens);
    writer.out
}

struct Writer {
    out: String,
    before: Before,
    /// Open `<` of generic arguments.
    angles: usize,
    is_type: bool,
    /// Between the bars of a closure.
    closure: bool,
}

/// What was written last, as far as the next token cares.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    /// Nothing, an opening delimiter or a prefix operator: what follows stands close.
    Nothing,
    /// A value or a closing delimiter.
    Operand,
    /// `::`
    Path,
    /// The first half of an operator.
    Joint(char),
    /// An infix operator, a comma, a closing bar, or a keyword that a value follows.
    Spaced,
}

impl Writer {
    fn stream(&mut self, tokens: TokenStream) {
        for token in tokens {
            self.token(token);
        }
    }

    fn token(&mut self, token: TokenTree) {
        match token {
            TokenTree::Group(group) => self.group(group.delimiter(), group.stream()),
            TokenTree::Punct(punct) => {
                self.punct(punct.as_char(), punct.spacing() == Spacing::Joint);
            }
            TokenTree::Ident(_) | TokenTree::Literal(_) => {
                if matches!(self.before, Before::Operand | Before::Spaced) {
                    self.out.push(' ');
                }
                let word = token.to_string();
                self.out.push_str(&word);
                let value_follows = ["as", "else", "if", "in", "match", "move", "mut", "return"]
                    .contains(&word.as_str());
                self.before = if value_follows {
                    Before::Spaced
                } else {
                    Before::Operand
                };
            }
        }
    }

    fn group(&mut self, delimiter: Delimiter, stream: TokenStream) {
        let (open, close) = match delimiter {
            Delimiter::None => return self.stream(stream),
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::Brace if stream.is_empty() => ("{", "}"),
            Delimiter::Brace => ("{ ", " }"),
        };
        if self.before == Before::Spaced
            || self.before == Before::Operand && delimiter == Delimiter::Brace
        {
            self.out.push(' ');
        }
        self.out.push_str(open);
        self.before = Before::Nothing;
        self.stream(stream);
        self.out.push_str(close);
        self.before = Before::Operand;
    }

    fn punct(&mut self, punct: char, joint: bool) {
        let prefix = matches!(self.before, Before::Nothing | Before::Spaced | Before::Path);
        let (space, after) = match (punct, self.before) {
            ('\'', before) => (
                before == Before::Operand || before == Before::Spaced,
                Before::Nothing,
            ),
            (':', Before::Joint(':')) => (false, Before::Path),
            ('>', Before::Joint('-' | '=')) => (false, Before::Spaced),
            // Generic arguments.
            ('<', before) if self.is_type || before == Before::Path => {
                self.angles += 1;
                (before == Before::Spaced, Before::Nothing)
            }
            ('>', _) if self.angles > 0 => {
                self.angles -= 1;
                (false, Before::Operand)
            }
            // `.` and `..` stand close to both sides.
            ('.', before) => (before == Before::Spaced, Before::Nothing),
            (_, Before::Joint(first))
                if first != '-' && first != '&' || punct == '=' || punct == '&' =>
            {
                (
                    false,
                    if joint {
                        Before::Joint(punct)
                    } else {
                        Before::Spaced
                    },
                )
            }
            (',' | ';', _) => (false, Before::Spaced),
            ('?' | '!', Before::Operand) => (false, Before::Operand),
            (':', _) => (
                false,
                if joint {
                    Before::Joint(':')
                } else {
                    Before::Spaced
                },
            ),
            ('|', _) if self.closure => {
                self.closure = false;
                (false, Before::Spaced)
            }
            ('|', _) if prefix && !joint => {
                self.closure = true;
                (self.before == Before::Spaced, Before::Nothing)
            }
            _ if prefix => (self.before == Before::Spaced, Before::Nothing),
            _ if joint => (true, Before::Joint(punct)),
            _ => (true, Before::Spaced),
        };
        if space {
            self.out.push(' ');
        }
        self.out.push(punct);
        self.before = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        for written in [
            "0.02 / (2.0 * self.layers as f64).sqrt()",
            "-1.0",
            "self.hidden..2 * self.hidden",
            "(.., 0)",
            "a == -b && !c || d >= 1",
            "f::<A, B>(1, &x)?",
            "|t, s| g(t, s)",
            "move |t: &mut Tensor| t.x[0]",
            "std::f64::consts::PI * vec![1, 2][0]",
            "if a { 1 } else { 2 }",
            "Foo { a: 1, ..b }",
            "x << 2",
            "*self.a - *b",
        ] {
            let tokens: TokenStream = written.parse().unwrap();
            assert_eq!(expression(tokens), written);
        }
    }

    #[test]
    fn types() {
        for written in [
            "Option<Vec<nn::Linear>>",
            "Box<dyn Fn(&Tensor) -> Tensor + Send>",
            "[f32; 4]",
            "&'static str",
            "(i64, Tensor)",
            "HashMap<String, Vec<Tensor>>",
        ] {
            let tokens: TokenStream = written.parse().unwrap();
            assert_eq!(ty(tokens), written);
        }
    }
}
