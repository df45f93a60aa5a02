//! Blueprints, plans and reports as aligned tables.

use std::{fmt, iter};

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use super::{Blueprint, Parameter, PlannedStep, Totals};
use crate::declare::draft::Left;

impl fmt::Display for Blueprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        blueprint(self, "to initialise").fmt(f)
    }
}

/// The table of a blueprint, and a line with its totals.
pub(crate) fn blueprint<'a>(
    blueprint: &'a Blueprint,
    verb: &'static str,
) -> impl fmt::Display + 'a {
    Lines {
        entries: blueprint
            .entries()
            .iter()
            .map(|entry| (entry, None))
            .collect(),
        left: blueprint.left(),
        verb,
    }
}

/// A table of parameters, one line a step, and a line with its totals.
pub(crate) struct Lines<'a> {
    /// Each with the device that it lies on, where it lies on one.
    pub(crate) entries: Vec<(&'a Parameter, Option<String>)>,
    pub(crate) left: &'a [Left],
    /// What is or will be done to them.
    pub(crate) verb: &'static str,
}

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            entries,
            left,
            verb,
        } = self;
        let bound = entries.iter().any(|(_, device)| device.is_some());
        let columns = |device: String, rest: [String; 5]| {
            let [path, shape, kind, scheme, law] = rest;
            let device = bound.then_some(device);
            [path, shape, kind]
                .into_iter()
                .chain(device)
                .chain([scheme, law])
        };
        let mut table = new();
        let header = ["parameter", "shape", "kind", "scheme", "law"].map(str::to_owned);
        table.set_header(columns("device".to_owned(), header));
        for (entry, device) in entries {
            for (position, step) in entry.steps().iter().enumerate() {
                let once = |text: String| if position > 0 { String::new() } else { text };
                table.add_row(columns(
                    once(device.clone().unwrap_or_default()),
                    [
                        once(entry.path().to_owned()),
                        once(format!("{:?}", entry.shape())),
                        once(entry.dtype().to_string()),
                        scheme(step),
                        law(entry, step),
                    ],
                ));
            }
        }
        for Left { path, .. } in *left {
            let row = [path, "", "", "skip", "left as it is"].map(str::to_owned);
            table.add_row(columns(String::new(), row));
        }
        align(&mut table);
        writeln!(f, "{}", table.trim_fmt())?;
        let totals = Totals::of(entries.iter().map(|(entry, _)| *entry));
        write!(
            f,
            "{} of {} parameters {verb}; {} elements, {} in all",
            totals.initialised,
            entries.len() + left.len(),
            totals.elements,
            bytes(totals.bytes),
        )
    }
}

/// A table without lines, as wide as its content.
pub(crate) fn new() -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled);
    table
}

/// Two spaces between columns.
pub(crate) fn align(table: &mut Table) {
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
        column.set_cell_alignment(CellAlignment::Left);
    }
}

fn scheme(step: &PlannedStep) -> String {
    let words: Vec<_> = iter::once(step.scheme().to_owned())
        .chain(step.modifiers())
        .chain(step.of_place())
        .collect();
    words.join(", ")
}

fn law(entry: &Parameter, step: &PlannedStep) -> String {
    match (entry.tied_to(), step.law()) {
        (Some(path), _) => format!("tied to {path}"),
        (None, Some(law)) => law.to_string(),
        (None, None) if entry.shape().contains(&0) => "no elements".to_owned(),
        (None, None) => "left as it is".to_owned(),
    }
}

fn bytes(bytes: u64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let power = (bytes.max(1).ilog2() / 10).min(4);
    let value = bytes as f64 / (1_u64 << (10 * power)) as f64;
    if power == 0 {
        format!("{bytes} B")
    } else {
        format!("{value:.1} {}", units[power as usize])
    }
}
