//! Plans and reports as aligned tables.

use std::{fmt, iter};

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use crate::plan::PlannedStep;
use crate::{Entry, Measurement, Plan};

/// The table of a plan, and a line with its totals.
pub(crate) fn plan(plan: &Plan) -> impl fmt::Display + '_ {
    Lines { plan, done: false }
}

/// The table of a report.
pub(crate) fn report(plan: &Plan) -> impl fmt::Display + '_ {
    Lines { plan, done: true }
}

/// The table of measurements.
pub(crate) fn measurements(parameters: &[Measurement]) -> impl fmt::Display {
    let mut table = new_table();
    table.set_header([
        "parameter",
        "shape",
        "mean",
        "std",
        "min",
        "max",
        "zeros",
        "",
    ]);
    for one in parameters {
        let number = |value: f64| format!("{value:.4e}");
        let not_finite = match one.not_finite {
            0 => String::new(),
            count => format!("{count} not finite"),
        };
        table.add_row([
            one.path.clone(),
            format!("{:?}", one.shape),
            number(one.mean),
            number(one.std),
            number(one.min),
            number(one.max),
            format!("{:.1} %", 100.0 * one.zeros),
            not_finite,
        ]);
    }
    align(&mut table);
    table.trim_fmt()
}

fn new_table() -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled);
    table
}

fn align(table: &mut Table) {
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
        column.set_cell_alignment(CellAlignment::Left);
    }
}

struct Lines<'a> {
    plan: &'a Plan,
    done: bool,
}

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { plan, done } = *self;
        let mut table = new_table();
        table.set_header(["parameter", "shape", "kind", "device", "scheme", "law"]);
        for entry in plan.entries() {
            let (kind, device) = (entry.layout().dtype().to_string(), device(entry.device()));
            for (position, step) in entry.steps().iter().enumerate() {
                let again = position > 0;
                let once = |text: String| if again { String::new() } else { text };
                table.add_row([
                    once(entry.path().to_owned()),
                    once(format!("{:?}", entry.shape())),
                    once(kind.clone()),
                    once(device.clone()),
                    scheme(step),
                    law(entry, step),
                ]);
            }
        }
        for left in plan.left() {
            table.add_row([left.path.as_str(), "", "", "", "skip", "left as it is"]);
        }
        align(&mut table);
        writeln!(f, "{}", table.trim_fmt())?;
        let verb = if done { "initialised" } else { "to initialise" };
        let written = plan
            .entries()
            .iter()
            .filter(|entry| !entry.is_skipped() && entry.tied_to().is_none())
            .count();
        write!(
            f,
            "{written} of {} parameters {verb}; {} elements, {} in all",
            plan.entries().len() + plan.left().len(),
            plan.elements(),
            bytes(plan.bytes()),
        )
    }
}

fn scheme(step: &PlannedStep) -> String {
    let scheme = iter::once(step.scheme().to_owned());
    let modifiers = step.modifiers().iter().cloned();
    let chunks = step.chunks().map(|chunks| format!("chunks = {chunks}"));
    let region = step.region().map(|region| format!("at = {region}"));
    let parts: Vec<_> = scheme
        .chain(modifiers)
        .chain(chunks)
        .chain(region)
        .collect();
    parts.join(", ")
}

fn law(entry: &Entry, step: &PlannedStep) -> String {
    match (entry.tied_to(), step.law()) {
        (Some(path), _) => format!("tied to {path}"),
        (None, Some(law)) => law.to_string(),
        (None, None) if entry.shape().contains(&0) => "no elements".to_owned(),
        (None, None) => "left as it is".to_owned(),
    }
}

pub(crate) fn device(device: tch::Device) -> String {
    match device {
        tch::Device::Cpu => "cpu".to_owned(),
        tch::Device::Cuda(index) => format!("cuda:{index}"),
        other => format!("{other:?}").to_lowercase(),
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
    use tch::{Device, Kind, Tensor};

    use crate::{Describe, Initialize, Spec, Step, schemes};

    struct Fused(Tensor);

    impl Initialize for Fused {
        fn describe(&self, at: &mut Describe<'_>) {
            let step = Step::of(schemes::kaiming_normal())
                .scale(|| Ok(0.5))
                .groups(|| Ok(2))
                .transposed()
                .chunks(|| Ok(3));
            let region = Step::of(schemes::zeros()).at(|| Ok((.., 0)));
            at.field("qkv", &self.0, Spec::new().step(step).step(region));
        }
    }

    #[test]
    fn modifiers_stand_beside_the_scheme() {
        let fused = Fused(Tensor::zeros([12, 4], (Kind::Float, Device::Cpu)));
        let plan = fused.plan().unwrap().to_string();
        let lines: Vec<_> = plan.lines().skip(1).map(str::trim_end).collect();
        let table = "\
qkv        [12, 4]  f32   cpu     kaiming_normal, groups = 2, transposed, scale = 0.5, chunks = 3  N(0, 0.5²)
                                  zeros, at = (.., 0)                                              constant 0
1 of 1 parameters to initialise; 48 elements, 192 B in all";
        assert_eq!(lines.join("\n"), table);
    }
}
