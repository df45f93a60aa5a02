//! What the derive writes, compared with files that a person can read.
//!
//! `snapshots/NAME.rs` is declared, `snapshots/NAME.expanded.rs` is what comes of it. `OVERWRITE=1` writes the
//! expansions anew; read the diff.

use std::env;
use std::fs;
use std::path::Path;

use nninit_language::schemes::SCHEMES;
use nninit_language::values::Takes;
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Item;

use crate::derive;

/// Every item with a derive, expanded, less the derives.
fn expanded(source: &str) -> String {
    let file: syn::File = syn::parse_str(source).unwrap();
    let items: TokenStream = file
        .items
        .iter()
        .filter(|item| !matches!(item, Item::Use(_)))
        .map(|item| derive(item.to_token_stream()))
        .collect();
    prettyplease::unparse(&syn::parse2(items).unwrap())
}

fn compare(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots");
    let source = fs::read_to_string(folder.join(name).with_extension("rs")).unwrap();
    let expected = folder.join(name).with_extension("expanded.rs");
    let now = expanded(&source);
    if env::var_os("OVERWRITE").is_some() {
        fs::write(&expected, &now).unwrap();
    }
    let expected = fs::read_to_string(expected).unwrap();
    assert!(now == expected, "{name} expands to\n{now}");
}

#[test]
fn layers() {
    compare("layers");
}

#[test]
fn steps() {
    compare("steps");
}

#[test]
fn generics() {
    compare("generics");
}

#[test]
fn variants() {
    compare("variants");
}

#[test]
fn broken() {
    compare("broken");
}

#[test]
fn every_scheme_expands_with_every_parameter() {
    for (scheme, parameters) in SCHEMES.iter().flat_map(|scheme| {
        let [with, without] = scheme.together().map(Vec::from_iter);
        [(scheme, with), (scheme, without)]
    }) {
        let parameters: Vec<String> = parameters
            .iter()
            .map(|parameter| match parameter.takes {
                Takes::Flag => format!(", {}", parameter.name),
                takes if takes.choices().is_some() => {
                    format!(", {} = {:?}", parameter.name, takes.sample())
                }
                takes => format!(", {} = {}", parameter.name, takes.sample()),
            })
            .collect();
        let source = format!(
            "struct S {{ #[init({}{})] w: Tensor }}",
            scheme.name,
            parameters.concat()
        );
        let expansion = derive(source.parse().unwrap()).to_string();
        assert!(
            !expansion.contains("compile_error"),
            "{source}: {expansion}"
        );
        assert!(
            expansion.contains(&format!("schemes :: {}", scheme.name)),
            "{expansion}"
        );
    }
}

#[test]
fn nothing_counts_on_the_usual_name_of_the_runtime() {
    let source =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/steps.rs"))
            .unwrap();
    let renamed = source.replace("#[derive(Initialize)]", "#[init(crate = other)]");
    let words = expanded(&renamed);
    let words = words.split(|c: char| !c.is_alphanumeric() && c != '_');
    assert!(words.clone().any(|word| word == "other"));
    assert!(!words.clone().any(|word| word == "nninit"));
}
