//! The page of all recipes, written from the recipes themselves.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use nninit::{Blueprint, Parameter};

use super::samples::{self, Sample};

const PAGE: &str = "../nninit/src/recipes/recipes.md";

/// `OVERWRITE=1 cargo torch test -p nninit-tests --test recipes` writes it anew.
#[test]
fn the_page_says_what_the_recipes_do() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let page = page(&samples::all());
    if env::var_os("OVERWRITE").is_some() {
        fs::write(&file, &page).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap();
    assert!(
        written == page,
        "{PAGE} is not what the recipes do now: write it anew with OVERWRITE=1"
    );
}

fn page(samples: &[Sample]) -> String {
    let mut page = String::from(
        "
# All recipes

How is Llama initialised, or GPT-2, or T5? Each recipe is held against the code or the paper that it comes from, in the
tests; *held* says how: bit for bit under [`TorchRng`](crate::TorchRng), law for law, or by literal numbers where the
source's code cannot be run here.

| recipe | source | held |
|---|---|---|
",
    );
    for sample in samples {
        // Up to the constructor's arguments.
        let name = sample.recipe.split('(').next().unwrap();
        writeln!(page, "| [`{name}`] | {} | {} |", sample.source, sample.held).unwrap();
    }
    page += "
Hand one to [`init_with`](crate::Initialize::init_with), put it on a struct by `#[init(recipe = …)]`, or give it to
[`Rules::of`](crate::Rules::of) for the names of a `VarStore` or of a checkpoint. What a recipe says nothing of goes to
the one further out, and at last to [`TorchDefault`]. What a field declares comes before every recipe.

Some recipes go by names: which layer writes into the residual stream, which is the last. A name is the end of a layer's
path, whole segments of it: `c_proj`, `mlp.c_proj`; with a slash before it, it is the whole path: `/conv1`. A name that
no layer has is an error that lists the nearest ones.

# What each does

On layers of these names and shapes:
";
    for sample in samples {
        let blueprint = sample.blueprint();
        let blueprint = blueprint.unwrap_or_else(|error| panic!("{}: {error}", sample.recipe));
        writeln!(page, "\n`{}`\n", sample.recipe).unwrap();
        page += &table(sample, &blueprint);
    }
    page
}

fn table(sample: &Sample, blueprint: &Blueprint) -> String {
    let mut parts: BTreeMap<(&str, &str), &Parameter> = BTreeMap::new();
    for entry in blueprint.entries() {
        let (path, part) = entry.path().rsplit_once('.').unwrap();
        parts.insert((path, part), entry);
    }
    let mut table = String::from("| layer | kind | `weight` | | `bias` |\n|---|---|---|---|---|\n");
    for (path, layer, shape) in &sample.layers {
        let said = |part| {
            parts
                .get(&(*path, part))
                .map_or(String::new(), |entry| laws(entry))
        };
        let schemes = parts[&(*path, "weight")].steps().iter();
        let schemes: Vec<String> = schemes
            .map(|step| {
                let region = step.region().map(|region| format!(", at = {region}"));
                let modifiers = step
                    .modifiers()
                    .into_iter()
                    .map(|modifier| format!(", {modifier}"));
                let rest = modifiers.chain(region).collect::<String>();
                format!("`{}{rest}`", step.scheme())
            })
            .collect();
        writeln!(
            table,
            "| `{path}` | {layer:?} {shape:?} | {} | {} | {} |",
            schemes.join("; "),
            said("weight"),
            said("bias"),
        )
        .unwrap();
    }
    table.replace('[', "\\[").replace(']', "\\]")
}

fn laws(entry: &Parameter) -> String {
    let laws = entry.steps().iter().filter_map(|step| step.law());
    laws.map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
