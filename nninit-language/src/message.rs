//! Text put together while constants are evaluated.

/// A message that grows; see [`Message::text`].
#[derive(Debug, Clone, Copy)]
pub struct Message {
    bytes: [u8; 1024],
    len: usize,
}

impl Message {
    /// An empty one.
    #[must_use]
    #[allow(
        clippy::new_without_default,
        reason = "a default is no constant function"
    )]
    pub const fn new() -> Self {
        Self {
            bytes: [0; 1024],
            len: 0,
        }
    }

    /// Appends; a piece that does not fit is left out, as a whole.
    #[must_use]
    pub const fn push(mut self, piece: &str) -> Self {
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
    #[must_use]
    pub const fn list(mut self, names: &[&str], after: &str) -> Self {
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

    /// What it says.
    #[must_use]
    pub const fn text(&self) -> &str {
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
