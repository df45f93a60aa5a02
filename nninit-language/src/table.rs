//! The table of schemes as documentation shows it.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::schemes::{SCHEMES, Scheme};
use crate::values::Parameter;

/// One row a scheme with its aliases; `name` writes a name.
#[must_use]
pub fn markdown(name: impl Fn(&str) -> String) -> String {
    let mut lines = Vec::from([
        "| scheme | parameters and defaults | values | source |".to_string(),
        "|---|---|---|---|".to_string(),
    ]);
    for scheme in SCHEMES.iter().filter(|scheme| scheme.alias_of.is_none()) {
        let is_it =
            |other: &&Scheme| other.name == scheme.name || other.alias_of == Some(scheme.name);
        let names: Vec<String> = SCHEMES
            .iter()
            .filter(is_it)
            .map(|scheme| name(scheme.name))
            .collect();
        let quoted = |parameter: &Parameter| format!("`{}`", parameter.shown());
        let parameters: Vec<String> = scheme.parameters.iter().map(quoted).collect();
        let (names, parameters) = (names.join(", "), parameters.join(", "));
        let space = if parameters.is_empty() { "" } else { " " };
        lines.push(format!(
            "| {names} |{space}{parameters} | {} | {} |",
            scheme.values, scheme.source
        ));
    }
    lines.join("\n")
}
