//! Names in values that mean nothing where they stand.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Expr;
use syn::ext::IdentExt;

use crate::errors::{Errors, Reported};
use crate::model::{Call, Declared, Field, Spec, Value, What};
use crate::receiver;

/// `mode = fan_out`: a name of the table without its quotes. In a variant a field may be called so.
pub(super) fn unquoted(fields: &mut [Field], in_variant: bool, errors: &mut Errors) {
    let names: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
    let is_field = |name: &String| in_variant && names.contains(name);
    for field in fields {
        let mut wrong = None;
        each_call(field, &mut |call| {
            for argument in &call.arguments {
                let Value::Expr(Expr::Path(path)) = &argument.value else {
                    continue;
                };
                let choices = argument.parameter.takes.choices();
                if let Some(name) = path.path.get_ident().map(ToString::to_string)
                    && choices.is_some_and(|choices| choices.find(&name).is_ok())
                    && !is_field(&name)
                {
                    let message = format!("write `{} = \"{name}\"`, in quotes", argument.ident);
                    wrong = Some(errors.over(path, message));
                }
            }
        });
        leave_out(field, wrong);
    }
}

/// `self.x` in a variant: an enum has no fields. Those of the variant can be named without `self`.
pub(super) fn of_variant(fields: &mut [Field], errors: &mut Errors) {
    let names: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
    for field in fields {
        let mut wrong = None;
        if let Declared::Spec(spec) = &field.declared {
            receiver::each_value(spec, &mut |value| {
                each_field_of_self(value.to_token_stream(), &mut |name, place| {
                    if !names.iter().any(|known| known == name) {
                        return;
                    }
                    let instead = match name.parse::<u32>() {
                        Ok(_) => {
                            "give the variant's fields names, and write the name alone".to_owned()
                        }
                        Err(_) => format!("write `{name}`, the variant's field"),
                    };
                    let message = format!("an enum has no fields of its own; {instead}");
                    wrong = Some(errors.at(place, message));
                });
            });
        }
        leave_out(field, wrong);
    }
}

fn leave_out(field: &mut Field, wrong: Option<Reported>) {
    if let Some(reported) = wrong {
        field.declared = Declared::Wrong(reported);
    }
}

fn each_call(field: &Field, see: &mut impl FnMut(&Call)) {
    fn inside(spec: &Spec, see: &mut impl FnMut(&Call)) {
        for step in spec.steps() {
            if let What::Scheme(call) = &step.what {
                see(call);
            }
        }
        for (_, part) in spec.parts() {
            inside(part, see);
        }
    }
    if let Declared::Spec(spec) = &field.declared {
        inside(spec, see);
    }
}

/// Every `self.name` that is no method call.
fn each_field_of_self(tokens: TokenStream, see: &mut impl FnMut(&str, Span)) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (i, token) in tokens.iter().enumerate() {
        if let TokenTree::Group(group) = token {
            each_field_of_self(group.stream(), see);
        }
        let is_self = matches!(token, TokenTree::Ident(ident) if ident == "self");
        let is_dot =
            matches!(tokens.get(i + 1), Some(TokenTree::Punct(dot)) if dot.as_char() == '.');
        let calls = match tokens.get(i + 3) {
            Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Parenthesis,
            // Generic arguments.
            Some(TokenTree::Punct(punct)) => punct.as_char() == ':',
            _ => false,
        };
        if is_self && is_dot && !calls {
            match tokens.get(i + 2) {
                Some(TokenTree::Ident(name)) => see(&name.unraw().to_string(), name.span()),
                Some(TokenTree::Literal(index)) => see(&index.to_string(), index.span()),
                _ => {}
            }
        }
    }
}
