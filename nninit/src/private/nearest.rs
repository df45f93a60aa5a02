//! The nearest known name, and messages, while constants are evaluated.
//!
//! nninit-derive has the same search over the names it knows; the names of parts are known to types alone.

const LONGEST: usize = 64;

/// The name that was probably meant, if one is near.
pub(crate) const fn nearest(written: &str, known: &[&'static str]) -> Option<&'static str> {
    let mut best = None;
    let mut best_edits = usize::MAX;
    let mut i = 0;
    while i < known.len() {
        let edits = distance(written.as_bytes(), known[i].as_bytes());
        let longer = if written.len() > known[i].len() {
            written.len()
        } else {
            known[i].len()
        };
        let tolerance = if longer < 3 { 1 } else { longer / 3 };
        if edits <= tolerance && edits < best_edits && !differ_by_number(written, known[i]) {
            best = Some(known[i]);
            best_edits = edits;
        }
        i += 1;
    }
    best
}

/// `fc3` is no slip for `fc1`: whoever counts means the number.
const fn differ_by_number(a: &str, b: &str) -> bool {
    let (a, b) = (stem(a.as_bytes()), stem(b.as_bytes()));
    distance(a, b) == 0
}

const fn stem(mut name: &[u8]) -> &[u8] {
    while let [rest @ .., last] = name
        && last.is_ascii_digit()
    {
        name = rest;
    }
    name
}

/// Edits from one word to the other; a swap of neighbours is one.
const fn distance(a: &[u8], b: &[u8]) -> usize {
    if a.len() > LONGEST || b.len() > LONGEST {
        return usize::MAX;
    }
    let mut before = [0; LONGEST + 1];
    let mut last = [0; LONGEST + 1];
    let mut j = 0;
    while j <= b.len() {
        last[j] = j;
        j += 1;
    }
    let mut i = 1;
    while i <= a.len() {
        let mut row = [0; LONGEST + 1];
        row[0] = i;
        let mut j = 1;
        while j <= b.len() {
            let mut edits = last[j - 1] + (a[i - 1] != b[j - 1]) as usize;
            edits = min(edits, min(last[j] + 1, row[j - 1] + 1));
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                edits = min(edits, before[j - 2] + 1);
            }
            row[j] = edits;
            j += 1;
        }
        before = last;
        last = row;
        i += 1;
    }
    last[b.len()]
}

const fn min(a: usize, b: usize) -> usize {
    if a < b { a } else { b }
}

/// Text put together while constants are evaluated.
pub(super) struct Message {
    bytes: [u8; 1024],
    len: usize,
}

impl Message {
    pub(super) const fn new() -> Self {
        Self {
            bytes: [0; 1024],
            len: 0,
        }
    }

    /// Appends; a piece that does not fit is left out, as a whole.
    pub(super) const fn push(mut self, piece: &str) -> Self {
        let piece = piece.as_bytes();
        if self.len + piece.len() <= self.bytes.len() {
            let mut i = 0;
            while i < piece.len() {
                self.bytes[self.len] = piece[i];
                self.len += 1;
                i += 1;
            }
        }
        self
    }

    /// `` `a`, `b` and `c` ``, each name followed by `after`.
    pub(super) const fn list(mut self, names: &[&str], after: &str) -> Self {
        let mut i = 0;
        while i < names.len() {
            if i > 0 {
                self = self.push(if i + 1 == names.len() { " and " } else { ", " });
            }
            self = self.push("`").push(names[i]).push(after).push("`");
            i += 1;
        }
        self
    }

    pub(super) const fn text(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_part() {
        let parts = ["weight", "bias", "running_mean", "running_var"];
        assert_eq!(nearest("wieght", &parts), Some("weight"));
        assert_eq!(nearest("runing_var", &parts), Some("running_var"));
        assert_eq!(nearest("baised", &parts), Some("bias"));
        assert_eq!(nearest("gamma", &parts), None);
        assert_eq!(nearest("fc3", &["fc1", "fc2"]), None);
        assert_eq!(nearest("2", &["0", "1"]), None);
        assert_eq!(nearest("fx1", &["fc1"]), Some("fc1"));
        assert_eq!(nearest(&"x".repeat(100), &parts), None);
    }

    #[test]
    fn messages() {
        assert_eq!(
            Message::new()
                .push("has ")
                .list(&["a", "b", "c"], "(…)")
                .text(),
            "has `a(…)`, `b(…)` and `c(…)`"
        );
        assert_eq!(Message::new().push("é").push(&"x".repeat(2000)).text(), "é");
    }
}
