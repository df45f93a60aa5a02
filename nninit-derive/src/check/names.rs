//! Names in values that mean nothing where they stand.

use nninit_language::schemes;
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Expr;
use syn::ext::IdentExt;

use crate::errors::Errors;
use crate::model::{Argument, Call, Declared, Field, Spec, Value, What};
use crate::receiver;

/// `mode = fan_out`: a name of the table without its quotes. In a variant a field may be called so.
pub(super) fn unquoted(fields: &mut [Field], in_variant: bool, errors: &mut Errors) {
    let names: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
    let is_field = |name: &String| in_variant && names.contains(name);
    for field in fields {
        let before = errors.count();
        each_call(field, &mut |call| {
            for Argument { ident, value, .. } in &call.arguments {
                let Value::Expr(Expr::Path(path)) = value else {
                    continue;
                };
                let parameter = schemes::find(&call.ident.to_string())
                    .and_then(|scheme| scheme.parameter(&ident.to_string()));
                let choices = parameter.and_then(|parameter| parameter.takes.choices());
                if let Some(name) = path.path.get_ident().map(ToString::to_string)
                    && choices.is_some_and(|choices| choices.find(&name).is_ok())
                    && !is_field(&name)
                {
                    errors.over(path, format!("write `{ident} = \"{name}\"`, in quotes"));
                }
            }
        });
        poison(field, errors.count() > before);
    }
}

/// `self.x` in a variant: an enum has no fields, and the variant's stand there by name.
pub(super) fn of_variant(fields: &mut [Field], errors: &mut Errors) {
    let names: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
    for field in fields {
        let before = errors.count();
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
                    errors.at(
                        place,
                        format!("an enum has no fields of its own; {instead}"),
                    );
                });
            });
        }
        poison(field, errors.count() > before);
    }
}

fn poison(field: &mut Field, is_wrong: bool) {
    if is_wrong {
        field.declared = Declared::Poisoned;
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
