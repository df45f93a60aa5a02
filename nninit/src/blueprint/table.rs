//! Blueprints, plans and reports as aligned tables.

use std::{fmt, iter};

use unicode_width::UnicodeWidthStr;

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
        let mut table = Columns::default();
        let header = ["parameter", "shape", "kind", "scheme", "law"].map(str::to_owned);
        table.add(columns("device".to_owned(), header));
        for (entry, device) in entries {
            for (position, step) in entry.steps().iter().enumerate() {
                let once = |text: String| if position > 0 { String::new() } else { text };
                table.add(columns(
                    once(device.clone().unwrap_or_default()),
                    [
                        once(entry.path().to_owned()),
                        once(format!("{:?}", entry.shape())),
                        once(entry.dtype().to_string()),
                        scheme(step, entry.base.as_deref().filter(|_| position == 0)),
                        law(entry, step),
                    ],
                ));
            }
        }
        for Left { path, .. } in *left {
            let row = [path, "", "", "skip", "left as it is"].map(str::to_owned);
            table.add(columns(String::new(), row));
        }
        writeln!(f, "{table}")?;
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

/// Cells in aligned columns, two spaces between them; each row is a line.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    rows: Vec<Vec<String>>,
}

impl Columns {
    /// A cell that is wider does not widen its column: one long path would cost every row as much.
    const WIDEST: usize = 200;

    pub(crate) fn add(&mut self, row: impl IntoIterator<Item = String>) {
        let one_line = |cell: String| cell.replace(['\n', '\r'], " ");
        self.rows.push(row.into_iter().map(one_line).collect());
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths = Vec::new();
        for row in &self.rows {
            widths.resize(widths.len().max(row.len()), 0);
            for (width, cell) in widths.iter_mut().zip(row) {
                let wide = cell.width();
                if wide <= Self::WIDEST {
                    *width = wide.max(*width);
                }
            }
        }
        widths
    }
}

impl fmt::Display for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        let mut line = String::new();
        for (number, row) in self.rows.iter().enumerate() {
            line.clear();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                let gap = width.saturating_sub(cell.width()) + 2;
                line.extend(iter::repeat_n(' ', gap));
            }
            let end = if number + 1 < self.rows.len() {
                "\n"
            } else {
                ""
            };
            write!(f, "{}{end}", line.trim_end())?;
        }
        Ok(())
    }
}

fn scheme(step: &PlannedStep, base: Option<&[i64]>) -> String {
    let words: Vec<_> = iter::once(step.scheme().to_owned())
        .chain(step.modifiers())
        .chain(step.of_place())
        .chain(base.map(|base| format!("base = {base:?}")))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(rows: &[&[&str]]) -> Vec<String> {
        let mut table = Columns::default();
        for row in rows {
            table.add(row.iter().map(ToString::to_string));
        }
        table.to_string().lines().map(str::to_owned).collect()
    }

    #[test]
    fn columns_are_as_wide_as_what_is_in_them() {
        let table = shown(&[&["a", "bc", "d"], &["層", "", "²"], &["two\nlines", "x"]]);
        assert_eq!(
            table,
            ["a          bc  d", "層             ²", "two lines  x"]
        );
    }

    /// Or the table would be as long as that cell for every row.
    #[test]
    fn one_long_cell_leaves_the_others_alone() {
        let long = "p".repeat(1 << 20);
        let table = shown(&[&["a", "1"], &[&long, "2"], &["abc", "3"]]);
        assert_eq!(table[0], "a    1");
        assert_eq!(table[1], format!("{long}  2"));
        assert_eq!(table[2], "abc  3");
    }
}
