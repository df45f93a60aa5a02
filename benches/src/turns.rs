//! Work that another process does when it is told that it is its turn.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result};

/// A process that reads how often to do its work, and answers with the seconds each time took.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    greeting: String,
}

impl Process {
    /// Starts it. Its first line is its greeting.
    pub(crate) fn start(mut command: Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let orders = child.stdin.take();
        let mut answers = BufReader::new(child.stdout.take().context("no pipe")?);
        let mut greeting = String::new();
        answers.read_line(&mut greeting)?;
        Ok(Self {
            child,
            orders,
            answers,
            greeting: greeting.trim().to_owned(),
        })
    }

    /// What it said of itself.
    pub(crate) fn greeting(&self) -> &str {
        &self.greeting
    }

    /// Has the work done so many times; how many seconds each took.
    pub(crate) fn seconds(&mut self, calls: u32) -> Result<f64> {
        let orders = self.orders.as_mut().context("the process was ended")?;
        writeln!(orders, "{calls}").context("the process has ended")?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        answer.trim().parse().context("the process has ended")
    }
}

impl Drop for Process {
    /// At the end of its orders the process ends.
    fn drop(&mut self) {
        self.orders = None;
        _ = self.child.wait();
    }
}
