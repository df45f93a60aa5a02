//! What was aimed at, and whether it was reached.

use std::fmt;

/// A number to reach, and the one below which the work is not done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Aim {
    /// At least `aim`; a result under `bar` misses it.
    AtLeast { aim: f64, bar: f64 },
    /// At most `aim`; a result over `bar` misses it.
    AtMost { aim: f64, bar: f64 },
}

/// How a result stands to its aim.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Verdict {
    Met,
    /// Short of the aim by that share, and not of the bar.
    WithinBar(f64),
    /// Short of the bar too; the share is that of the aim.
    Missed(f64),
}

impl Aim {
    /// A bar 15 % under the aim.
    pub(crate) const fn at_least(aim: f64) -> Self {
        Self::AtLeast {
            aim,
            bar: 0.85 * aim,
        }
    }

    /// No room beyond the aim.
    pub(crate) const fn at_most(aim: f64) -> Self {
        Self::AtMost { aim, bar: aim }
    }

    pub(crate) fn verdict(self, result: f64) -> Verdict {
        let (short, missed) = match self {
            Self::AtLeast { aim, bar } => (1.0 - result / aim, result < bar),
            Self::AtMost { aim, bar } => (result / aim - 1.0, result > bar),
        };
        match (short > 0.0, missed) {
            (false, _) => Verdict::Met,
            (true, false) => Verdict::WithinBar(short),
            (true, true) => Verdict::Missed(short),
        }
    }

    /// The number to reach.
    pub(crate) fn value(self) -> f64 {
        let (Self::AtLeast { aim, .. } | Self::AtMost { aim, .. }) = self;
        aim
    }
}

impl fmt::Display for Aim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::AtLeast { aim, .. } => write!(f, "≥ {aim}"),
            Self::AtMost { aim, bar } if aim == bar => write!(f, "≤ {aim}"),
            Self::AtMost { aim, bar } => write!(f, "≤ {aim} (bar {bar})"),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Met => f.write_str("met"),
            Self::WithinBar(short) => write!(f, "{:.0} % short, within the bar", 100.0 * short),
            Self::Missed(short) => write!(f, "**missed by {:.0} %**", 100.0 * short),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_lies_fifteen_percent_under_its_aim() {
        let aim = Aim::at_least(4.0);
        assert_eq!(aim.verdict(4.0), Verdict::Met);
        assert_eq!(aim.verdict(3.5), Verdict::WithinBar(0.125));
        assert_eq!(aim.verdict(3.0), Verdict::Missed(0.25));
    }

    #[test]
    fn less_is_better_where_an_aim_says_at_most() {
        let aim = Aim::AtMost { aim: 2.0, bar: 4.0 };
        assert_eq!(aim.verdict(1.0), Verdict::Met);
        assert_eq!(aim.verdict(3.0), Verdict::WithinBar(0.5));
        assert_eq!(aim.verdict(5.0), Verdict::Missed(1.5));
        assert_eq!(Aim::at_most(2.0).verdict(2.5), Verdict::Missed(0.25));
    }
}
