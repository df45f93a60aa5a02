//! The grammar of `#[init(…)]`: names, values and lists; what they mean is for `check`.
//!
//! A mistake costs the item it stands in: parsing goes on after the next comma.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{
    Attribute, Expr, Index, LitInt, LitStr, MacroDelimiter, Member, Meta, Path, Token,
    parenthesized, token,
};

use nninit_language::{kinds, schemes};

use crate::depth::{self, Kind};
use crate::errors::{Errors, Reported};
use crate::invisible;

/// `name`, `name = value` or `name(items)`.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) name: Name,
    pub(crate) body: Body,
}

#[derive(Debug)]
pub(crate) enum Body {
    Bare,
    Value(Box<Expr>),
    List(List),
    /// `name = ` and something that is no value.
    Wrong(Reported),
}

/// The items of an attribute, or of the parentheses after a name.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) items: Vec<Item>,
    /// Some item could not even be read.
    pub(crate) wrong: Option<Reported>,
}

impl Item {
    /// A mistake in it that was told.
    fn wrong(&self) -> Option<Reported> {
        match &self.body {
            Body::Bare | Body::Value(_) => None,
            Body::List(list) => list
                .wrong
                .or_else(|| list.items.iter().find_map(Self::wrong)),
            Body::Wrong(reported) => Some(*reported),
        }
    }
}

/// What stands before `=` or parentheses: an identifier, or the index of a tuple's field.
#[derive(Debug, Clone)]
pub(crate) struct Name {
    /// Without `r#`.
    pub(crate) text: String,
    pub(crate) span: Span,
}

impl Name {
    /// As a field's name; `None` if no field can be called so.
    pub(crate) fn member(&self) -> Option<Member> {
        if let Ok(index) = self.text.parse::<u32>() {
            return (index.to_string() == self.text).then_some(Member::Unnamed(Index {
                index,
                span: self.span,
            }));
        }
        let raw = || syn::parse_str::<Ident>(&format!("r#{}", self.text));
        let mut ident = syn::parse_str::<Ident>(&self.text)
            .or_else(|_| raw())
            .ok()?;
        ident.set_span(self.span);
        Some(Member::Named(ident))
    }

    pub(crate) fn is(&self, text: &str) -> bool {
        self.text == text
    }
}

/// The items of one `#[init(…)]`.
pub(crate) fn attribute(attribute: &Attribute, errors: &mut Errors) -> Result<List, Reported> {
    let written = match &attribute.meta {
        // #[init(…)]
        Meta::List(list) if matches!(list.delimiter, MacroDelimiter::Paren(_)) => list,
        // #[init[…]], #[init{…}]
        Meta::List(list) => {
            let message = "`init` takes parentheses: `#[init(SCHEME)]`";
            return Err(errors.over(list, message));
        }
        // #[init]
        Meta::Path(path) => {
            let message = "say how: `#[init(SCHEME)]`, or `#[init(skip)]` to leave it as it is";
            return Err(errors.over(path, message));
        }
        // #[init = …]
        Meta::NameValue(pair) => {
            return Err(errors.over(pair, "write `#[init(SCHEME)]`, with parentheses"));
        }
    };
    if written.tokens.is_empty() {
        let message = "`#[init()]` is empty; say how: `#[init(SCHEME)]`, or `#[init(skip)]` to leave it as it is";
        return Err(errors.over(attribute, message));
    }
    Ok(list(written.tokens.clone(), errors))
}

/// A comma-separated list of items.
pub(crate) fn list(tokens: TokenStream, errors: &mut Errors) -> List {
    whole(tokens, errors, items).unwrap_or_else(|reported| List {
        items: Vec::new(),
        wrong: Some(reported),
    })
}

/// What a parser that never fails makes of tokens that are all there is; an error where they are too deep for it.
pub(crate) fn whole<T>(
    tokens: TokenStream,
    errors: &mut Errors,
    parse: fn(ParseStream<'_>, &mut Errors) -> T,
) -> Result<T, Reported> {
    if let Some(error) = depth::too_deep(&tokens, Kind::Values) {
        return Err(errors.push(error));
    }
    let parser = |input: ParseStream<'_>| {
        let content;
        parenthesized!(content in input);
        Ok(parse(&content, errors))
    };
    let parsed = parser.parse2(closed(tokens));
    parsed.map_err(|error| errors.push(error))
}

/// The tokens in parentheses with the span of the last one: the parser reports there what is missing at the end.
fn closed(tokens: TokenStream) -> TokenStream {
    let last = tokens.clone().into_iter().last().map(|token| token.span());
    let mut group = Group::new(Delimiter::Parenthesis, tokens);
    if let Some(last) = last {
        group.set_span(last);
    }
    TokenTree::Group(group).into()
}

pub(crate) fn items(input: ParseStream<'_>, errors: &mut Errors) -> List {
    let mut list = List {
        items: Vec::new(),
        wrong: None,
    };
    while !input.is_empty() {
        match item(input, errors) {
            Ok(mut item) => {
                if let Err(error) = comma(input, &item) {
                    // One mistake is enough for an item.
                    let reported = item.wrong().unwrap_or_else(|| errors.push(error));
                    item.body = Body::Wrong(reported);
                }
                list.items.push(item);
            }
            Err(error) => list.wrong = Some(errors.push(error)),
        }
        skip_to_comma(input);
        let _ = input.parse::<Option<Token![,]>>();
    }
    list
}

pub(crate) fn item(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Item> {
    if input.peek(Token![::]) || input.peek2(Token![::]) {
        return Err(path(&input.call(Path::parse_mod_style)?));
    }
    let name = name(input)?;
    let body = if input.peek(Token![=]) && !input.peek(Token![==]) && !input.peek(Token![=>]) {
        // name = value
        let equals: Token![=] = input.parse()?;
        value(input, equals.span(), errors)
    } else if input.peek(token::Paren) {
        // name(items)
        let content;
        parenthesized!(content in input);
        Body::List(items(&content, errors))
    } else {
        // name
        Body::Bare
    };
    Ok(Item { name, body })
}

/// A scheme is a word of the language, and no item to import.
fn path(path: &Path) -> syn::Error {
    let last = path.segments.last().map(|last| last.ident.to_string());
    let last = last.unwrap_or_default();
    let message = if kinds::find(&last).is_some() {
        format!("write `{last}`, without its path")
    } else if schemes::begins_step(&last) {
        format!("write `{}`, without a path", last.trim_end_matches('_'))
    } else {
        let written = crate::text::expression(path);
        format!(
            "a scheme is one word; for a function or a type of your own write `with = {written}`"
        )
    };
    syn::Error::new_spanned(path, message)
}

fn name(input: ParseStream<'_>) -> syn::Result<Name> {
    if input.peek(LitInt) && input.peek2(token::Paren) {
        // 0(items)
        let index: LitInt = input.parse()?;
        return Ok(Name {
            text: index.to_string(),
            span: index.span(),
        });
    }
    match input.call(Ident::parse_any) {
        Ok(ident) => Ok(Name {
            text: ident.unraw().to_string(),
            span: ident.span(),
        }),
        Err(_) if input.peek(LitStr) => {
            let text: LitStr = input.parse()?;
            let message = format!("write `{}`, without quotes", text.value());
            Err(syn::Error::new(text.span(), message))
        }
        Err(error) if input.peek(Token![|]) || input.peek(Token![||]) => {
            // Its arguments are no items of the list.
            let _ = input.parse::<Expr>();
            let message = "a closure stands after `with`: `with = |w, s| …`";
            Err(syn::Error::new(error.span(), message))
        }
        Err(error) => {
            let message =
                "expected a name; values are written `name = value`, as in `normal(std = 0.02)`";
            Err(syn::Error::new(error.span(), message))
        }
    }
}

fn value(input: ParseStream<'_>, equals: Span, errors: &mut Errors) -> Body {
    if input.is_empty() || input.peek(Token![,]) {
        return Body::Wrong(errors.at(equals, "a value is missing after `=`"));
    }
    let written = input.fork();
    match input.parse::<Expr>() {
        Ok(value) => Body::Value(Box::new(invisible::value(value))),
        // What is missing at the end is reported at the last token, and not at the derive.
        Err(error) if input.is_empty() && error.to_string().starts_with(AT_THE_END) => {
            let what = error.to_string();
            let what = what.trim_start_matches(AT_THE_END).trim_start_matches(", ");
            let separator = if what.is_empty() { "" } else { ": " };
            let written = written.parse().unwrap_or_default();
            let place = last(written).unwrap_or(equals);
            let message = format!("the value is not finished{separator}{what}");
            Body::Wrong(errors.at(place, message))
        }
        Err(error) => Body::Wrong(errors.push(error)),
    }
}

/// How syn begins to say so.
const AT_THE_END: &str = "unexpected end of input";

/// The last token, however deep.
fn last(tokens: TokenStream) -> Option<Span> {
    match tokens.into_iter().last()? {
        TokenTree::Group(group) => last(group.stream()).or(Some(group.span_close())),
        token => Some(token.span()),
    }
}

fn comma(input: ParseStream<'_>, item: &Item) -> syn::Result<()> {
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(());
    }
    let rest = input.fork();
    let next: TokenTree = rest.parse()?;
    let bare = matches!(item.body, Body::Bare);
    let message = match &next {
        // weight: zeros, weight => zeros
        TokenTree::Punct(punct) if bare && matches!(punct.as_char(), ':' | '=') => {
            let _ = rest.parse::<Option<Token![>]>>();
            match rest.parse::<Ident>() {
                Ok(scheme) if schemes::begins_step(&scheme.to_string()) => {
                    inside_parentheses(&item.name.text, &scheme.to_string())
                }
                _ => "write `name = value`, with `=`".to_owned(),
            }
        }
        TokenTree::Punct(punct) if punct.as_char() == '.' && bare && item.name.is("self") => {
            "an expression stands after a name; a scheme or a function of your own is `with = self.…`"
                .to_owned()
        }
        next => not_a_comma(next),
    };
    Err(syn::Error::new(next.span(), message))
}

/// What is said where a part has its scheme behind it, and not in parentheses.
pub(crate) fn inside_parentheses(part: &str, scheme: &str) -> String {
    format!("write `{part}({scheme})`: what is said of a part stands in parentheses")
}

fn not_a_comma(next: &TokenTree) -> String {
    match next {
        TokenTree::Punct(punct) if punct.as_char() == ':' => {
            "write `name = value`, with `=`".to_owned()
        }
        TokenTree::Literal(_) => format!("expected `=` or `,` before `{next}`"),
        TokenTree::Group(_) => "parameters and parts stand in parentheses".to_owned(),
        _ => format!("expected `,` before `{}`", next.to_token_stream()),
    }
}

pub(crate) fn skip_to_comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        let _ = input.parse::<TokenTree>();
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn parsed(tokens: &TokenStream) -> (String, Vec<String>) {
        let mut errors = Errors::default();
        let written = syn::parse_quote!(#[init(#tokens)]);
        let list = attribute(&written, &mut errors).unwrap();
        (shown(&list), errors.messages())
    }

    fn shown(list: &List) -> String {
        let item = |item: &Item| match &item.body {
            Body::Bare => item.name.text.clone(),
            Body::Value(value) => format!("{} = {}", item.name.text, value.to_token_stream()),
            Body::List(list) => format!("{}({})", item.name.text, shown(list)),
            Body::Wrong(_) => format!("{} = ?", item.name.text),
        };
        list.items.iter().map(item).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn names_values_and_lists() {
        let (items, errors) = parsed(&quote!(
            a,
            b = 1 + 2,
            c(d, e(f = g::<A, B>(1, 2), h)),
            0(i),
            r#type(crate = x),
        ));
        assert_eq!(
            items,
            "a, b = 1 + 2, c(d, e(f = g :: < A , B > (1 , 2), h)), 0(i), type(crate = x)"
        );
        assert!(errors.is_empty());
    }

    #[test]
    fn ranges_and_closures_end_at_the_comma() {
        let (items, errors) = parsed(&quote!(at = .., b = ..3, c = 1.., with = |t, s| f(t, s), d));
        assert_eq!(
            items,
            "at = .., b = .. 3, c = 1 .., with = | t , s | f (t , s), d"
        );
        assert!(errors.is_empty());
    }

    #[test]
    fn what_is_not_finished_is_an_error() {
        for unfinished in [
            quote!(a = 0.5 *),
            quote!(a = self.),
            quote!(a = |t, s|),
            quote!(a = -),
        ] {
            let (items, errors) = parsed(&unfinished);
            assert_eq!(items, "a = ?");
            assert_eq!(errors.len(), 1, "{errors:?}");
            assert!(
                errors[0].starts_with("the value is not finished"),
                "{errors:?}"
            );
        }
    }

    #[test]
    fn paths_and_strings_are_no_names() {
        let said = |tokens: &TokenStream| parsed(tokens).1;
        assert_eq!(said(&quote!("zeros")), ["write `zeros`, without quotes"]);
        assert_eq!(
            said(&quote!(nn_init::xavier_uniform)),
            ["write `xavier_uniform`, without a path"]
        );
        assert_eq!(
            said(&quote!(::nninit::init::normal_)),
            ["write `normal`, without a path"]
        );
        assert_eq!(
            said(&quote!(my::scheme)),
            [
                "a scheme is one word; for a function or a type of your own write `with = my::scheme`"
            ]
        );
    }

    #[test]
    fn a_mistake_costs_one_item() {
        let (items, errors) =
            parsed(&quote!(z, 3.5, a = , b = 1 2, c: 4, d 5, e = self., f[1], g(1, h), i));
        assert_eq!(
            items,
            "z, a = ?, b = ?, c = ?, d = ?, e = ?, f = ?, g(h), i"
        );
        assert_eq!(errors.len(), 8, "{errors:#?}");
    }
}
