//! Patterns of variables' names: globs whose separator is the dot.

use crate::Reason;

/// A pattern that is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    written: String,
    /// As the glob crate reads it, whose separator is the slash.
    glob: String,
}

impl Pattern {
    pub(crate) fn new(written: &str) -> Result<Self, Reason> {
        let malformed = |what: String| Reason::MalformedPattern { what };
        if let Some(what) = complaint(written) {
            return Err(malformed(what.to_owned()));
        }
        let glob = slashes_for_dots(written);
        fast_glob::validate(&glob).map_err(|error| malformed(error.to_string()))?;
        Ok(Self {
            written: written.to_owned(),
            glob,
        })
    }

    pub(crate) fn matches(&self, name: &str) -> bool {
        fast_glob::glob_match(&self.glob, slashes_for_dots(name))
    }

    /// Whether it can match more than one name.
    pub(crate) fn is_wild(&self) -> bool {
        self.written.contains(['*', '?', '[', '{'])
    }

    /// How many letters would have to change for the name to match; `None` if too many for a slip.
    pub(crate) fn edits(&self, name: &str) -> Option<usize> {
        let tokens = tokens(&self.written);
        let letters = tokens
            .iter()
            .filter(|token| matches!(token, Token::Letter(_)))
            .count();
        let edits = edits(&tokens, &name.chars().collect::<Vec<_>>());
        (edits <= (letters / 3).max(1)).then_some(edits)
    }
}

/// Exchanges the two: within a name a slash is a letter like any other.
fn slashes_for_dots(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '.' => '/',
            '/' => '.',
            other => other,
        })
        .collect()
}

/// What is wrong with a pattern, if anything. `rules!` asks while compiling.
pub(crate) const fn complaint(pattern: &str) -> Option<&'static str> {
    let bytes = pattern.as_bytes();
    if bytes.is_empty() {
        return Some("it is empty; write a variable's name, or `**` for all of them");
    }
    if bytes[0] == b'!' {
        return Some(
            "there is no negation; the first rule that matches wins, so put exceptions first",
        );
    }
    let (mut name_starts, mut brace, mut bracket) = (true, false, false);
    let mut i = 0;
    while i < bytes.len() {
        match bytes[i] {
            b'\\' if i + 1 == bytes.len() => {
                return Some(
                    "it ends with a backslash, which goes before a letter to be taken as it is",
                );
            }
            b'\\' => i += 1,
            b']' if bracket => bracket = false,
            _ if bracket => {}
            b'[' => bracket = true,
            b'{' => brace = true,
            b'}' if brace => brace = false,
            b'}' | b']' => return Some("a bracket is closed that was never opened"),
            b'.' if name_starts => {
                return Some("a name between two dots, or before or after one, is missing");
            }
            b'*' if i + 1 < bytes.len() && bytes[i + 1] == b'*' => {
                let ends = i + 2 == bytes.len() || is_one_of(bytes[i + 2], *b".,}");
                if !name_starts || !ends {
                    return Some(
                        "`**` stands for whole names and dots: write it alone, as in `**.weight`, or `*` within a name",
                    );
                }
                i += 1;
            }
            _ => {}
        }
        name_starts = is_one_of(bytes[i], *b".{,") && !bracket;
        i += 1;
    }
    match (bracket, brace) {
        (true, _) => Some("`[` is never closed"),
        (_, true) => Some("`{` is never closed"),
        _ if bytes[bytes.len() - 1] == b'.' => Some("it ends with a dot; write the name after it"),
        _ => None,
    }
}

const fn is_one_of(byte: u8, [a, b, c]: [u8; 3]) -> bool {
    byte == a || byte == b || byte == c
}

/// A pattern as far as nearness goes: of a class or of alternatives nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Letter(char),
    AnyLetter,
    AnyName,
    Anything,
}

fn tokens(pattern: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        tokens.push(match c {
            '*' if chars.next_if_eq(&'*').is_some() => {
                // `**.` also stands for no name at all.
                let _ = chars.next_if_eq(&'.');
                Token::Anything
            }
            '*' => Token::AnyName,
            '?' => Token::AnyLetter,
            '[' => {
                chars.by_ref().find(|&c| c == ']');
                Token::AnyLetter
            }
            '{' => {
                chars.by_ref().find(|&c| c == '}');
                Token::AnyName
            }
            '\\' => Token::Letter(chars.next().unwrap_or('\\')),
            letter => Token::Letter(letter),
        });
    }
    tokens
}

/// Edits between a name and what the pattern allows; a swap of neighbours is one.
fn edits(tokens: &[Token], name: &[char]) -> usize {
    let mut rows: Vec<Vec<usize>> = vec![(0..=name.len()).collect()];
    for (i, &token) in tokens.iter().enumerate() {
        let before = &rows[i];
        let costs = usize::from(matches!(token, Token::Letter(_) | Token::AnyLetter));
        let mut row = vec![before[0] + costs];
        for (j, &c) in name.iter().enumerate() {
            let free = match token {
                Token::Anything => true,
                Token::AnyName => c != '.',
                Token::Letter(_) | Token::AnyLetter => false,
            };
            let replaced = match token {
                Token::Letter(letter) => before[j] + usize::from(letter != c),
                _ => before[j],
            };
            let mut least = replaced
                .min(before[j + 1] + costs)
                .min(row[j] + usize::from(!free));
            let swapped = i > 0
                && j > 0
                && token == Token::Letter(name[j - 1])
                && tokens[i - 1] == Token::Letter(c);
            if swapped {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[tokens.len()][name.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, name: &str) -> bool {
        Pattern::new(pattern).unwrap().matches(name)
    }

    #[test]
    fn a_star_stays_within_a_name_and_two_cross_dots() {
        assert!(matches("*", "weight") && !matches("*", "conv.weight"));
        assert!(matches("**", "weight") && matches("**", "a.b.c"));
        assert!(matches("**.weight", "weight") && matches("**.weight", "a.b.weight"));
        assert!(!matches("**.weight", "a.bweight"));
        assert!(matches("a.**", "a.b") && matches("a.**", "a.b.c") && !matches("a.**", "ab.c"));
        assert!(matches("a.**.c", "a.c") && matches("a.**.c", "a.b.b.c"));
        assert!(matches("**.weight_hh_l*", "lstm.weight_hh_l0"));
        assert!(matches("*.bias", "fc.bias") && !matches("*.bias", "a.fc.bias"));
        assert!(matches("**.bias__*", "fc.bias__3"));
    }

    #[test]
    fn alternatives_classes_and_escapes() {
        assert!(
            matches("{fc,conv}.weight", "conv.weight") && !matches("{fc,conv}.weight", "bn.weight")
        );
        assert!(
            matches("conv[1-3].?ias", "conv2.bias") && !matches("conv[1-3].bias", "conv4.bias")
        );
        assert!(matches("{**.bias,a}", "x.bias"));
        assert!(matches(r"a\*", "a*") && !matches(r"a\*", "ab"));
        // A slash is a letter: only the dot separates.
        assert!(matches("*.w", "a/b.w") && !matches("a/*", "a.b"));
    }

    #[test]
    fn malformed_patterns_say_what_is_wrong() {
        let said = |pattern| complaint(pattern).unwrap();
        assert!(said("").starts_with("it is empty"));
        assert!(said("!a").starts_with("there is no negation"));
        assert!(said("a..b").starts_with("a name between two dots"));
        assert!(said(".a").starts_with("a name between two dots"));
        assert!(said("a.").starts_with("it ends with a dot"));
        for pattern in ["**weight", "a**", "a.**b", "***"] {
            assert!(
                said(pattern).starts_with("`**` stands for whole names"),
                "{pattern}"
            );
        }
        assert!(said("[ab").starts_with("`[` is never closed"));
        assert!(said("{a,b").starts_with("`{` is never closed"));
        assert!(said("a}").starts_with("a bracket is closed"));
        assert!(said("a\\").starts_with("it ends with a backslash"));
        for pattern in ["**", "**.w", "a.**.b", "{a,**.b}", "a[.*]b", r"a\.b", "a?"] {
            assert_eq!(complaint(pattern), None, "{pattern}");
            assert!(Pattern::new(pattern).is_ok(), "{pattern}");
        }
    }

    #[test]
    fn nearness_counts_letters_and_not_what_stars_stand_for() {
        let edits = |pattern, name| Pattern::new(pattern).unwrap().edits(name);
        assert_eq!(edits("**.weight", "blocks.0.conv.weight"), Some(0));
        assert_eq!(edits("**.wieght", "blocks.0.conv.weight"), Some(1));
        assert_eq!(edits("conv.*", "convv.bias"), Some(1));
        assert_eq!(edits("layers.*.bias", "layer.0.bias"), Some(1));
        assert_eq!(edits("decoder.weight", "emb.bias"), None);
    }
}
