//! From what was written to what it means; everything that is wrong is collected on the way.

mod combinations;
pub(crate) mod kinds;
mod names;
pub(crate) mod spec;
pub(crate) mod step;
pub(crate) mod value;

use nninit_language::schemes;
use nninit_language::sentences::{given_twice, needs_a_value};
use nninit_language::spelling::{alternatives, did_you_mean};
use nninit_language::words::{PARTS, STRUCT_SETTINGS};
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Expr, Fields, Index, Member, Token, WherePredicate};

pub(crate) use self::value::is_closure;
use crate::depth;
use crate::errors::Errors;
use crate::invisible;
use crate::model::{Body, Declared, Field, Input, Said, Settings, Spec, Variant};
use crate::parse::{self, Item};

/// The input, less what is wrong with it.
pub(crate) fn input(input: DeriveInput, errors: &mut Errors) -> Input {
    let lints = lints(&input);
    let settings = settings(&input.attrs, errors);
    let body = match input.data {
        Data::Struct(data) => {
            let mut fields = fields(data.fields, errors);
            names::unquoted(&mut fields, false, errors);
            Body::Struct(fields)
        }
        Data::Enum(data) => {
            let variants = data.variants.into_iter().map(|variant| {
                for attribute in inits(&variant.attrs) {
                    errors.over(
                        attribute,
                        "`#[init(…)]` belongs on a field, not on a variant",
                    );
                }
                let mut fields = fields(variant.fields, errors);
                names::unquoted(&mut fields, true, errors);
                names::of_variant(&mut fields, errors);
                Variant {
                    ident: variant.ident,
                    fields,
                }
            });
            Body::Enum(variants.collect())
        }
        Data::Union(data) => {
            let message = "a union does not know which of its fields is live; derive `Initialize` on a struct or an enum";
            errors.at(data.union_token.span(), message);
            Body::Nothing
        }
    };
    Input {
        ident: input.ident,
        generics: input.generics,
        lints,
        settings,
        body,
    }
}

/// What the user allows, the generated code may do too.
fn lints(input: &DeriveInput) -> Vec<TokenStream> {
    let of_fields = |fields: &Fields| -> Vec<Attribute> {
        let attributes = fields.iter().flat_map(|field| field.attrs.clone());
        attributes.collect()
    };
    let inside: Vec<Attribute> = match &input.data {
        Data::Struct(data) => of_fields(&data.fields),
        Data::Enum(data) => {
            let variants = data.variants.iter();
            variants
                .flat_map(|variant| [variant.attrs.clone(), of_fields(&variant.fields)].concat())
                .collect()
        }
        Data::Union(_) => Vec::new(),
    };
    let attributes = input.attrs.iter().chain(&inside);
    attributes
        .filter(|attribute| {
            ["allow", "expect"]
                .iter()
                .any(|name| attribute.path().is_ident(name))
        })
        .filter_map(|attribute| Some(attribute.meta.require_list().ok()?.tokens.clone()))
        .collect()
}

fn inits(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("init"))
}

fn fields(fields: Fields, errors: &mut Errors) -> Vec<Field> {
    let checked = fields.into_iter().enumerate().map(|(i, field)| {
        let declared = declared(&field.attrs, errors);
        let (member, name) = match field.ident {
            Some(ident) => (Member::Named(ident.clone()), ident.unraw().to_string()),
            None => (
                Member::Unnamed(Index {
                    index: i as u32,
                    span: field.ty.span(),
                }),
                i.to_string(),
            ),
        };
        Field {
            member,
            name,
            ty: invisible::ty(field.ty),
            declared,
        }
    });
    checked.collect()
}

fn declared(attributes: &[Attribute], errors: &mut Errors) -> Declared {
    let attributes: Vec<&Attribute> = inits(attributes).collect();
    if attributes.is_empty() {
        return Declared::Nothing;
    }
    let lists = attributes
        .into_iter()
        .map(|attribute| parse::attribute(attribute, errors))
        .collect();
    let mut spec = spec::spec(lists, errors);
    if let Some((stream, _)) = &spec.stream
        && let [Said::Step(step)] = &spec.said[..]
        && step.is_skip()
    {
        let message = "a field that is skipped draws nothing, so its stream means nothing";
        spec.wrong = Some(errors.at(stream.span, message));
    }
    match (&spec.said[..], spec.wrong) {
        ([], Some(reported)) => Declared::Wrong(reported),
        ([Said::Step(step)], _) if step.is_skip() && spec.stream.is_none() => Declared::Skip,
        _ => Declared::Spec(Box::new(spec)),
    }
}

/// `#[init(recipe = EXPR, crate = PATH, bound = "…")]` on the struct.
fn settings(attributes: &[Attribute], errors: &mut Errors) -> Settings {
    let mut settings = Settings::default();
    let mut seen: Vec<String> = Vec::new();
    for attribute in inits(attributes) {
        let items = parse::attribute(attribute, errors)
            .map(|list| list.items)
            .unwrap_or_default();
        let (of_kinds, items): (Vec<Item>, Vec<Item>) = items.into_iter().partition(kinds::is_one);
        kinds::attribute(of_kinds, false, &mut settings.kinds, errors);
        for Item { name, body } in items {
            if seen.contains(&name.text) {
                errors.at(name.span, given_twice(&name.text));
                continue;
            }
            seen.push(name.text.clone());
            match (name.text.as_str(), body) {
                (_, parse::Body::Wrong(_)) => {}
                // recipe = EXPR
                ("recipe", parse::Body::Value(expr)) => settings.recipe = Some(*expr),
                // crate = PATH
                ("crate", parse::Body::Value(expr)) => settings.krate = path(&expr, errors),
                // bound = "T: Trait, …"
                ("bound", parse::Body::Value(expr)) => settings.bound = bound(&expr, errors),
                (known, _) if STRUCT_SETTINGS.contains(&known) => {
                    errors.at(name.span, needs_a_value(known));
                }
                (other, _) if PARTS.contains(&other) => {
                    let message = format!(
                        "`{other}` belongs on a field, or in a kind of layer, as in `Linear({other}(SCHEME))`"
                    );
                    errors.at(name.span, message);
                }
                (other, _) if schemes::begins_step(other) => {
                    errors.at(
                        name.span,
                        format!(
                            "`{other}` belongs on a field, or in a kind of layer, as in `Linear({other})`; a struct takes {} beside kinds",
                            alternatives(STRUCT_SETTINGS, "and")
                        ),
                    );
                }
                (other, _) => {
                    let hint = match did_you_mean(other, STRUCT_SETTINGS) {
                        none if none.is_empty() => {
                            format!("; a struct takes {}", alternatives(STRUCT_SETTINGS, "and"))
                        }
                        suggestion => suggestion,
                    };
                    errors.at(name.span, format!("unknown setting `{other}`{hint}"));
                }
            }
        }
    }
    kinds::together(&settings.kinds, settings.recipe.is_some(), errors);
    settings
}

fn path(expr: &Expr, errors: &mut Errors) -> Option<syn::Path> {
    match expr {
        Expr::Path(path) if path.qself.is_none() => Some(path.path.clone()),
        Expr::Group(group) => path(&group.expr, errors),
        _ => {
            let message = match value::string(expr) {
                Some(text) => format!("write the path without quotes: `crate = {}`", text.value()),
                None => "`crate` takes the path of nninit, as in `crate = my_framework::nninit`"
                    .to_owned(),
            };
            errors.over(expr, message);
            None
        }
    }
}

fn bound(expr: &Expr, errors: &mut Errors) -> Option<Vec<WherePredicate>> {
    let Some(text) = value::string(expr) else {
        errors.over(
            expr,
            "`bound` takes a string of where-clauses, as in `bound = \"T: Initialize\"`",
        );
        return None;
    };
    let deep = |tokens: &TokenStream| depth::too_deep(tokens, depth::Kind::Item);
    if let Some(error) = text.parse().ok().as_ref().and_then(deep) {
        errors.push(error);
        return None;
    }
    match text.parse_with(Punctuated::<WherePredicate, Token![,]>::parse_terminated) {
        Ok(predicates) => Some(predicates.into_iter().collect()),
        Err(error) => {
            errors.over(
                text.to_token_stream(),
                format!("`bound` takes where-clauses: {error}"),
            );
            None
        }
    }
}

impl Spec {
    /// A stream and nothing else: the type says the rest.
    pub(crate) fn is_stream_only(&self) -> bool {
        self.said.is_empty() && self.wrong.is_none()
    }
}
