//! How deep tokens nest, before syn parses them: it goes down the stack with them, and rustc would end with it.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

/// What is to be parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Of attributes and `rules!`.
    Values,
    /// A struct or an enum, whose attributes are not looked into yet; or its where-clauses.
    Item,
}

/// The parser goes a step down at most for each token of a statement or an item, and for each group around it; rustc
/// would end with its stack. What is this deep, nobody writes.
pub(crate) fn too_deep(tokens: &TokenStream, kind: Kind) -> Option<syn::Error> {
    too_deep_from(tokens.clone(), 0, kind).map(|span| {
        let instead = match kind {
            Kind::Values => "compute it in a function, and call that here",
            Kind::Item => "give a part of the type a name of its own: `type Inner = …;`",
        };
        let message = format!("nested too deep, or too long, to be read; {instead}");
        syn::Error::new(span, message)
    })
}

/// How deep the parser may have to go; a group costs as much as eight other tokens, and so does what nests types.
const DEEPEST: usize = 1024;
const GROUP: usize = 8;
/// What a range costs: where one begins an operand, `0 - ..0 - ..0`, syn looks at all that follows twice when it prints
/// the expression, so each doubles the time.
const RANGE: usize = DEEPEST / 16;

fn too_deep_from(tokens: TokenStream, outer: usize, kind: Kind) -> Option<Span> {
    let (mut depth, mut signs) = (outer, Signs::default());
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if kind == Kind::Item && is_sign(&token, '#') && tokens.next_if(is_attribute).is_some() {
            continue;
        }
        depth += match (kind, signs.see(&token, kind)) {
            (Kind::Item, '&' | '*' | ARROW) => 1 + GROUP,
            (_, DOTS) => RANGE,
            _ => 1,
        };
        let here = depth + GROUP * signs.open;
        if here > DEEPEST {
            return Some(token.span());
        }
        match token {
            TokenTree::Punct(punct) if matches!(punct.as_char(), ',' | ';') => depth = outer,
            TokenTree::Group(group) => {
                let inside = too_deep_from(group.stream(), here + GROUP, kind);
                if inside.is_some() {
                    return inside;
                }
            }
            _ => {}
        }
    }
    None
}

/// `->` or `=>`.
const ARROW: char = '→';
/// `..`, and the like.
const DOTS: char = '…';

/// What the tokens so far say of the next sign, and how many `<` stand open, which a comma does not close: those after
/// a type's name or `::`, for others compare.
#[derive(Default)]
struct Signs {
    open: usize,
    after_name: bool,
    after_arrow: bool,
    after_dot: bool,
}

impl Signs {
    /// What sign the token is, or ends.
    fn see(&mut self, token: &TokenTree, kind: Kind) -> char {
        let sign = match token {
            TokenTree::Punct(punct) if punct.as_char() == '>' && self.after_arrow => ARROW,
            TokenTree::Punct(punct) if punct.as_char() == '.' && self.after_dot => DOTS,
            TokenTree::Punct(punct) => punct.as_char(),
            _ => ' ',
        };
        match sign {
            '<' if self.after_name => self.open += 1,
            '>' => self.open = self.open.saturating_sub(1),
            ';' => self.open = 0,
            _ => {}
        }
        self.after_name = match token {
            TokenTree::Ident(name) => kind == Kind::Item || is_type(&name.to_string()),
            _ => sign == ':',
        };
        self.after_arrow = matches!(sign, '-' | '=');
        self.after_dot = sign == '.';
        sign
    }
}

/// By the case of its letters: a constant's name has capitals alone.
fn is_type(name: &str) -> bool {
    name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase)
}

fn is_sign(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

fn is_attribute(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::errors::Errors;
    use crate::parse::attribute;

    #[test]
    fn what_would_end_the_stack_is_an_error() {
        let nested = |open: &str, close: &str, times: usize| -> TokenStream {
            let text = format!("val = {}{{1}}{}", open.repeat(times), close.repeat(times));
            text.parse().unwrap()
        };
        let errors_of = |tokens: TokenStream| {
            let mut errors = Errors::default();
            let _ = attribute(&syn::parse_quote!(#[init(#tokens)]), &mut errors);
            errors.messages()
        };
        for (open, close) in [
            ("(", ")"),
            ("!", ""),
            ("a = ", ""),
            ("f(", ")"),
            ("if a {} else ", ""),
            ("|a| ", ""),
            ("Map::<u8, ", ">"),
        ] {
            assert!(errors_of(nested(open, close, 20)).is_empty(), "{open}");
            let errors = errors_of(nested(open, close, 1500));
            assert!(errors[0].contains("nested too deep"), "{open}: {errors:?}");
        }
        // Ranges between commas are few, and chains of methods are none.
        let ranges = |of: &str| errors_of(nested(of, "", 30));
        assert!(errors_of(nested("0 - .. ", "", 10)).is_empty());
        assert!(ranges("0 - .. ")[0].contains("nested too deep"));
        assert!(ranges("-..")[0].contains("nested too deep"));
        let at_most_others =
            |errors: Vec<String>| errors.iter().all(|error| !error.contains("deep"));
        assert!(at_most_others(ranges("(.., 1..2, ..=3),")));
        assert!(at_most_others(errors_of(nested("a.b().c.", "d", 50))));
        // A field's type is parsed with its struct, whose attributes are not.
        let of_type = |open: &str, close: &str, times: usize| {
            let text = format!(
                "struct S {{ {} a: {}T{}, b: u8 }}",
                "#[doc = \"a\"]".repeat(2000),
                open.repeat(times),
                close.repeat(times)
            );
            too_deep(&text.parse().unwrap(), Kind::Item).map(|error| error.to_string())
        };
        for (open, close) in [
            ("Vec<", ">"),
            ("V<", ">"),
            ("Map<u8, ", ">"),
            ("fn(u8) -> Result<u8, ", ">"),
            ("(", ",)"),
            ("&", ""),
            ("*const ", ""),
            ("fn() -> ", ""),
            ("[", "; 1]"),
        ] {
            assert_eq!(of_type(open, close, 20), None, "{open}");
            let error = of_type(open, close, 1000);
            assert!(error.unwrap().contains("`type Inner = …;`"), "{open}");
        }
        // Nor are comparisons, and statements and items one after the other.
        let comparisons = "a = [".to_owned() + &"n < 2, N < M, ".repeat(500) + "]";
        assert!(errors_of(comparisons.parse().unwrap()).is_empty());
        let (items, errors) = (nested("", ", a", 2000), nested("{ ", "; a; }", 50));
        assert!(errors_of(items).is_empty());
        assert!(errors_of(errors).is_empty());
    }
}
