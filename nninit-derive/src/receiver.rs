//! `self` in users' values.
//!
//! Inside a `macro_rules!` every `self` carries the hygiene of the place it was written at, and the generated method's
//! own `self` is not theirs. So the method's receiver takes the hygiene of the first `self` that the user wrote, and
//! every other `self` is resolved there too.

use proc_macro2::{Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Expr;
use syn::ext::IdentExt;

use crate::model::{Declared, Input, Said, Spec, Value, What};

#[derive(Debug)]
pub(crate) struct Receiver {
    site: Span,
}

impl Receiver {
    pub(crate) fn of(input: &Input) -> Self {
        let mut first = None;
        let mut see = |expr: &Expr| {
            if first.is_none() {
                first = find(expr.to_token_stream(), "self");
            }
        };
        input.settings.recipe.iter().for_each(&mut see);
        for kind in &input.settings.kinds {
            each_value(&kind.spec, &mut see);
        }
        for field in input.body.fields() {
            if let Declared::Spec(spec) = &field.declared {
                each_value(spec, &mut see);
            }
        }
        Self {
            site: first.unwrap_or_else(Span::mixed_site),
        }
    }

    /// For values that stand in the user's own function: `self` is theirs.
    pub(crate) fn found_in(tokens: TokenStream) -> Self {
        Self {
            site: find(tokens, "self").unwrap_or_else(Span::mixed_site),
        }
    }

    /// The receiver, where generated code needs it.
    pub(crate) fn ident(&self) -> Ident {
        Ident::new("self", Span::mixed_site().resolved_at(self.site))
    }

    /// A user's value with every `self` meaning the receiver.
    pub(crate) fn resolve(&self, value: &impl ToTokens) -> TokenStream {
        self.resolve_tokens(value.to_token_stream())
    }

    fn resolve_tokens(&self, tokens: TokenStream) -> TokenStream {
        let resolved = tokens.into_iter().map(|token| match token {
            TokenTree::Ident(ident) if ident == "self" => {
                TokenTree::Ident(Ident::new("self", ident.span().resolved_at(self.site)))
            }
            // A captured `self` is found where its string is.
            TokenTree::Literal(mut literal) if captures(&literal, "self") => {
                literal.set_span(literal.span().resolved_at(self.site));
                TokenTree::Literal(literal)
            }
            TokenTree::Group(group) => {
                let mut inside = Group::new(group.delimiter(), self.resolve_tokens(group.stream()));
                inside.set_span(group.span());
                TokenTree::Group(inside)
            }
            other => other,
        });
        resolved.collect()
    }
}

/// Every expression in a spec, in the order written.
pub(crate) fn each_value(spec: &Spec, see: &mut impl FnMut(&Expr)) {
    for said in &spec.said {
        match said {
            Said::Part(_, inside) => each_value(inside, see),
            Said::Step(step) => {
                match &step.what {
                    What::Scheme(call) => {
                        for argument in &call.arguments {
                            if let Value::Expr(expr) = &argument.value {
                                see(expr);
                            }
                        }
                    }
                    What::With(expr)
                    | What::Sample(expr)
                    | What::Copy(expr)
                    | What::ByIndex(expr) => see(expr),
                    What::Skip => {}
                }
                step.modifiers
                    .iter()
                    .filter_map(|modifier| modifier.value.as_ref())
                    .for_each(&mut *see);
            }
        }
    }
    if let Some((_, key)) = &spec.stream {
        see(key);
    }
}

/// The first identifier of that name, in macros too, and in what may be their format strings.
pub(crate) fn find(tokens: TokenStream, name: &str) -> Option<Span> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) => (ident.unraw() == name).then(|| ident.span()),
        TokenTree::Literal(literal) => captures(&literal, name).then(|| literal.span()),
        TokenTree::Group(group) => find(group.stream(), name),
        TokenTree::Punct(_) => None,
    })
}

/// Whether the literal, as a format string, takes `name` from its surroundings: `{name:?}`, `{:name$}`, `{:.name$}`.
fn captures(literal: &Literal, name: &str) -> bool {
    let text = literal.to_string();
    let is_part_of_name = |c: char| c.is_alphanumeric() || c == '_';
    text.contains('"')
        && text.match_indices(name).any(|(start, _)| {
            let (before, after) = (&text[..start], &text[start + name.len()..]);
            let (before, after) = (before.chars().next_back(), after.chars().next());
            !before.is_some_and(is_part_of_name) && !after.is_some_and(is_part_of_name)
        })
        && text.contains('{')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captures_n(literal: &str) -> bool {
        captures(&literal.parse().unwrap(), "n")
    }

    #[test]
    fn format_strings_name_what_they_capture() {
        for literal in [
            r#""{n}""#,
            r#""a {n:?} b""#,
            r#""{x:n$}""#,
            r#""{x:.n$}""#,
            r##"r#"{n}"#"##,
        ] {
            assert!(captures_n(literal), "{literal}");
        }
        for literal in [r#""n""#, r#""{nn} {name}""#, "'n'", "1.5", r#""{}""#] {
            assert!(!captures_n(literal), "{literal}");
        }
    }
}
