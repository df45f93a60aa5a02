//! What has been measured, as Markdown.

use std::fmt::Write as _;
use std::time::Duration;

use comfy_table::{CellAlignment, Table, presets};

use crate::aim::{Aim, Verdict};
use crate::timing::Pairs;

/// Everything that one run measures.
#[derive(Debug, Default)]
pub(crate) struct Results {
    rows: Vec<Row>,
    findings: Vec<Finding>,
    shown: Vec<Shown>,
    notes: Vec<String>,
    growth: String,
}

/// One task, done by us and by libtorch.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) task: Task,
    /// Why not, where it could not be measured.
    pub(crate) measured: Result<Measured, String>,
}

/// What is done.
#[derive(Debug, Clone)]
pub(crate) struct Task {
    pub(crate) what: String,
    pub(crate) kind: &'static str,
    pub(crate) size: String,
    pub(crate) threads: usize,
    /// Where times are given for each of so many elements.
    pub(crate) elements: Option<u64>,
    /// For libtorch's time over ours.
    pub(crate) aim: Option<Aim>,
}

/// Libtorch's time and ours, and the ratios to others that did the same.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) libtorch: Pairs,
    pub(crate) others: Others,
}

/// Others' times over ours.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Others {
    pub(crate) init_set: Option<f64>,
    pub(crate) rand_distr: Option<f64>,
    pub(crate) zero: Option<f64>,
    pub(crate) mkl: Option<f64>,
    pub(crate) pytorch: Option<f64>,
}

/// One result that something was aimed at for.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) what: String,
    pub(crate) result: f64,
    pub(crate) unit: &'static str,
    pub(crate) aim: Aim,
}

/// Two things of a model's, timed in turns: they stand on the page's first table, beside the laws and the models.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) what: String,
    pub(crate) other: &'static str,
    /// Its time over the first one's is what something is wanted of.
    pub(crate) pairs: Pairs,
}

/// How many results were aimed at something, and how many of them got how far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    pub(crate) all: usize,
    pub(crate) met: usize,
    pub(crate) within_bar: usize,
    pub(crate) missed: usize,
}

impl Results {
    /// Takes a row, and says on the terminal that there is one.
    pub(crate) fn row(&mut self, task: Task, measured: anyhow::Result<Measured>) {
        let measured = measured.map_err(|error| format!("{error:#}"));
        let name = task.name();
        match &measured {
            Ok(measured) => eprintln!("{name}: {:.2}×", measured.libtorch.ratio),
            Err(reason) => eprintln!("{name}: not measured: {reason}"),
        }
        match (&measured, task.aim) {
            (Ok(measured), Some(aim)) => self.findings.push(Finding {
                what: format!("{name}, libtorch ÷ nninit"),
                result: measured.libtorch.ratio,
                unit: "×",
                aim,
            }),
            (Err(reason), Some(aim)) => {
                self.note(format!(
                    "{name} ({aim} was wanted) was not measured: {reason}."
                ));
            }
            (_, None) => {}
        }
        self.rows.push(Row { task, measured });
    }

    /// Takes a result that is not a row of the table.
    pub(crate) fn finding(&mut self, finding: Finding) {
        eprintln!("{}: {}", finding.what, finding.result());
        self.findings.push(finding);
    }

    /// Takes a result with the times that it comes from.
    pub(crate) fn shown(&mut self, shown: Shown, aim: Aim) {
        self.finding(Finding {
            what: format!("{} ÷ {}", shown.other, shown.what),
            result: shown.pairs.ratio,
            unit: "×",
            aim,
        });
        self.shown.push(shown);
    }

    /// Takes a sentence that belongs beside the tables.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        eprintln!("{note}");
        self.notes.push(note);
    }

    /// Takes the table of what grows with a model.
    pub(crate) fn take_growth(&mut self, table: String) {
        self.growth = table;
    }

    /// What grows with a model, as a table.
    pub(crate) fn growth(&self) -> &str {
        &self.growth
    }

    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// What a user waits for, on the most threads: the laws, schemes and models that something was wanted of.
    pub(crate) fn summary(&self) -> String {
        let mut table = table(&["", "nninit", "", "takes", "times as long"], 1..2);
        for column in [3, 4] {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        let most = self.rows.iter().map(|row| row.task.threads).max();
        for Row { task, measured } in &self.rows {
            let (Ok(measured), Some(_), true) = (measured, task.aim, most == Some(task.threads))
            else {
                continue;
            };
            let time = |seconds| task.time(seconds);
            table.add_row(in_turns(task.name(), "libtorch", measured.libtorch, time));
        }
        for Shown { what, other, pairs } in &self.shown {
            table.add_row(in_turns(what.clone(), other, *pairs, duration));
        }
        table.to_string()
    }

    /// What was wanted, and results.
    pub(crate) fn wanted(&self) -> String {
        let mut table = table(&["", "result", "wanted", ""], 1..3);
        for finding in &self.findings {
            table.add_row([
                finding.what.clone(),
                finding.result(),
                finding.aim.to_string(),
                finding.aim.verdict(finding.result).to_string(),
            ]);
        }
        table.to_string()
    }

    /// How the results stand to what was wanted.
    pub(crate) fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for finding in &self.findings {
            counts.all += 1;
            match finding.aim.verdict(finding.result) {
                Verdict::Met => counts.met += 1,
                Verdict::WithinBar(_) => counts.within_bar += 1,
                Verdict::Missed(_) => counts.missed += 1,
            }
        }
        counts
    }

    /// Every row.
    pub(crate) fn comparison(&self) -> String {
        let columns = [
            "",
            "kind",
            "size",
            "threads",
            "nninit",
            "libtorch",
            "libtorch ÷ nninit",
            "`Init::set` ÷ nninit",
            "rand_distr ÷ nninit",
            "nninit ÷ `zero_`",
            "nninit ÷ MKL",
            "PyTorch's function ÷ nninit",
        ];
        let mut table = table(&columns, 3..columns.len());
        for row in &self.rows {
            table.add_row(row.cells());
        }
        table.to_string()
    }

    pub(crate) fn notes(&self) -> String {
        self.notes.iter().fold(String::new(), |mut text, note| {
            _ = writeln!(text, "- {note}");
            text
        })
    }
}

impl Task {
    /// `normal f32, 16 Mi, 2 threads`.
    pub(crate) fn name(&self) -> String {
        let plural = if self.threads == 1 { "" } else { "s" };
        format!(
            "{} {}, {}, {} thread{plural}",
            self.what, self.kind, self.size, self.threads
        )
    }
}

impl Row {
    fn cells(&self) -> Vec<String> {
        let task = &self.task;
        let mut cells = vec![
            task.what.clone(),
            task.kind.to_owned(),
            task.size.clone(),
            task.threads.to_string(),
        ];
        match &self.measured {
            Err(_) => cells.extend(["not measured", "", ""].map(str::to_owned)),
            Ok(measured) => cells.extend([
                task.time(measured.libtorch.ours),
                task.time(measured.libtorch.theirs),
                format!("{:.2}", measured.libtorch.ratio),
            ]),
        }
        let others = match &self.measured {
            Err(_) => Others::default(),
            Ok(measured) => measured.others,
        };
        let ratio = |ratio: Option<f64>| ratio.map(|r| format!("{r:.2}")).unwrap_or_default();
        let over = |ratio: Option<f64>| ratio.map(f64::recip);
        cells.extend([
            ratio(others.init_set),
            ratio(others.rand_distr),
            ratio(over(others.zero)),
            ratio(over(others.mkl)),
            ratio(others.pytorch),
        ]);
        cells
    }
}

impl Task {
    fn time(&self, seconds: f64) -> String {
        match self.elements {
            Some(elements) => format!("{:.2} ns/el", seconds * 1e9 / elements as f64),
            None => duration(seconds),
        }
    }
}

/// A row of the first table.
fn in_turns(what: String, other: &str, pairs: Pairs, time: impl Fn(f64) -> String) -> [String; 5] {
    [
        what,
        time(pairs.ours),
        other.to_owned(),
        time(pairs.theirs),
        format!("{:.1}", pairs.ratio),
    ]
}

fn duration(seconds: f64) -> String {
    format!("{:.2?}", Duration::from_secs_f64(seconds))
}

impl Finding {
    fn result(&self) -> String {
        format!("{:.2} {}", self.result, self.unit)
    }
}

fn table(columns: &[&str], right: std::ops::Range<usize>) -> Table {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header(columns.iter().copied());
    for index in right {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}
