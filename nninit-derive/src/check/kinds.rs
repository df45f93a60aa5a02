//! Schemes by kind of layer: what `#[init(Linear(…))]` on a struct and `recipe!` hold.

use nninit_language::kinds::{self, Kind, OTHERS};
use nninit_language::sentences::one_dimension;
use nninit_language::{schemes, words};

use super::spec;
use crate::errors::{Errors, Reported};
use crate::model::{self, Spec};
use crate::parse::{Body, Item, List, Name};

/// Whether an item on a struct is one of a kind, or was meant to be.
pub(super) fn is_one(item: &Item) -> bool {
    let name = &*item.name.text;
    let known = words::STRUCT_SETTINGS.contains(&name)
        || words::PARTS.contains(&name)
        || schemes::begins_step(name);
    !known && (matches!(item.body, Body::List(_)) || kinds::is_like(name))
}

/// The kinds of one attribute, or of `recipe!` up to a `;`.
pub(crate) fn attribute(
    items: Vec<Item>,
    in_recipe: bool,
    kinds: &mut Vec<model::OfKind>,
    errors: &mut Errors,
) {
    let mut seen: Vec<String> = Vec::new();
    for Item { name, body } in items {
        let Some(kind) = kinds::find(&name.text) else {
            errors.at(name.span, kinds::unknown(&name.text));
            continue;
        };
        let list = match body {
            Body::List(list) if !list.items.is_empty() || list.wrong.is_some() => list,
            Body::Wrong(_) => continue,
            Body::Bare | Body::Value(_) | Body::List(_) => {
                let kind = kind.name;
                errors.at(
                    name.span,
                    format!(
                        "say how: `{kind}(SCHEME)`, or `{kind}(skip)` to leave them as they are"
                    ),
                );
                continue;
            }
        };
        if seen.contains(&name.text) {
            errors.at(name.span, kinds::given_twice(kind.name, in_recipe));
        }
        seen.push(name.text.clone());
        let spec = of_kind(kind, list, errors);
        kinds.push(model::OfKind {
            name,
            of: kind,
            spec,
        });
    }
}

/// What holds between the attributes of a struct.
pub(crate) fn together(kinds: &[model::OfKind], has_recipe: bool, errors: &mut Errors) {
    for kind in kinds::KINDS {
        let specs = kinds.iter().filter(|known| known.of == kind);
        let specs: Vec<&Spec> = specs.map(|known| &known.spec).collect();
        // Each of the specs can be expanded: what is wrong is that there are several.
        let _ = spec::skips(&specs, errors);
    }
    let others = kinds.iter().find(|known| known.name.is(OTHERS));
    if let Some(others) = others.filter(|_| has_recipe) {
        errors.at(
            others.name.span,
            "`others` leaves nothing to a `recipe` beside it; remove one of them",
        );
    }
}

fn of_kind(kind: &'static Kind, mut list: List, errors: &mut Errors) -> Spec {
    let mut wrong = remove_settings(kind, &mut list, errors).err();
    let mut spec = spec::content(list, errors);
    wrong = check_rank(kind, "weight", &spec, errors).err().or(wrong);
    for (name, inside) in spec.parts() {
        let checked = check_part(kind, name, inside, errors)
            .and(check_rank(kind, &name.text, inside, errors));
        wrong = checked.err().or(wrong);
    }
    spec.wrong = spec.wrong.or(wrong);
    spec
}

fn check_part(
    kind: &Kind,
    name: &Name,
    inside: &Spec,
    errors: &mut Errors,
) -> Result<(), Reported> {
    if !kind.parts.contains(&&*name.text) {
        return Err(errors.at(name.span, kind.unknown_part(&name.text)));
    }
    if let Some((inner, _)) = inside.parts().next() {
        let (part, inner_name) = (&name.text, &inner.text);
        let message =
            format!("`{part}` is one tensor and has no `{inner_name}`; write `{part}(SCHEME)`");
        return Err(errors.at(inner.span, message));
    }
    Ok(())
}

fn check_rank(kind: &Kind, part: &str, spec: &Spec, errors: &mut Errors) -> Result<(), Reported> {
    let mut checked = Ok(());
    for step in spec.steps().filter(|_| kind.is_vector(part)) {
        if let Some(scheme) = step.needs_two_dimensions() {
            checked = Err(errors.at(step.span, one_dimension(part, scheme)));
        }
    }
    checked
}

/// Removes settings, which say a fact about one place, from what is said of all layers of a kind.
fn remove_settings(kind: &Kind, list: &mut List, errors: &mut Errors) -> Result<(), Reported> {
    let mut removed = Ok(());
    list.items.retain_mut(|item| {
        if let Body::List(inside) = &mut item.body {
            removed = removed.and(remove_settings(kind, inside, errors));
        }
        let is_setting = words::find_setting(&item.name.text).is_some();
        if is_setting {
            let (setting, kind) = (&item.name.text, kind.name);
            let message = format!(
                "`{setting}` is said of one place, and `{kind}` is many; write it on the field"
            );
            removed = Err(errors.at(item.name.span, message));
        }
        !is_setting
    });
    removed
}
