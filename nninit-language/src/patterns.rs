//! Patterns of variables' names, as far as they are read letter by letter: what is wrong with one, while constants are
//! evaluated too.

/// How deep alternatives may stand in alternatives.
const DEEPEST: usize = 16;

/// What is wrong with a pattern, if anything.
#[must_use]
pub const fn complaint(pattern: &str) -> Option<&'static str> {
    const ALONE: &str = "`**` stands for whole names and dots: write it alone, as in `**.weight`, or `*` within a name";
    let bytes = pattern.as_bytes();
    if bytes.is_empty() {
        return Some("it is empty; write a variable's name, or `**` for all of them");
    }
    if bytes[0] == b'!' {
        return Some(
            "there is no negation; the first rule that matches wins, so put exceptions first",
        );
    }
    // Whether a name starts here, and whether `**` has just ended; and how both stand for each open brace.
    let (mut name_starts, mut all_ended) = (true, false);
    let mut starts = [true; DEEPEST];
    let mut all_ends = [false; DEEPEST];
    let (mut depth, mut at) = (0, 0);
    loop {
        let (token, end) = match token(bytes, at, depth) {
            Ok(read) => read,
            Err(what) => return Some(what),
        };
        if all_ended
            && !matches!(
                token,
                Token::Letter('.') | Token::Comma | Token::Close | Token::End
            )
        {
            return Some(ALONE);
        }
        match token {
            Token::End if depth > 0 => return Some("`{` is never closed"),
            Token::End if bytes[at - 1] == b'.' => {
                return Some("it ends with a dot; write the name after it");
            }
            Token::End => return None,
            Token::Letter('.') if name_starts && bytes[at] == b'.' => {
                return Some("a name between two dots, or before or after one, is missing");
            }
            Token::AnyNames if !name_starts => return Some(ALONE),
            Token::Open if end < bytes.len() && bytes[end] == b'}' => {
                return Some(
                    "`{}` holds no alternatives; a value is put in by `(format!(…))`, in parentheses",
                );
            }
            Token::Open if depth == DEEPEST => {
                return Some("alternatives are nested more than 16 deep");
            }
            Token::Open => {
                starts[depth] = name_starts;
                all_ends[depth] = false;
                depth += 1;
            }
            Token::Comma | Token::Close => all_ends[depth - 1] |= all_ended,
            _ => {}
        }
        match token {
            Token::Open => {}
            Token::Comma => (name_starts, all_ended) = (starts[depth - 1], false),
            Token::Close => {
                depth -= 1;
                (name_starts, all_ended) = (false, all_ends[depth]);
            }
            token => {
                name_starts = matches!(token, Token::Letter('.'));
                all_ended = matches!(token, Token::AnyNames);
            }
        }
        at = end;
    }
}

/// What a pattern is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// A letter that stands for itself.
    Letter(char),
    /// `?`
    AnyLetter,
    /// `[…]`
    Class,
    /// `*`
    AnyName,
    /// `**`
    AnyNames,
    /// `{`
    Open,
    /// `,` between braces
    Comma,
    /// `}`
    Close,
    /// No more letters.
    End,
}

/// The token that begins at `at`, and where the next one does. A comma separates within braces alone.
///
/// # Errors
///
/// What is wrong with it.
pub const fn token(bytes: &[u8], at: usize, depth: usize) -> Result<(Token, usize), &'static str> {
    if at == bytes.len() {
        return Ok((Token::End, at));
    }
    Ok(match bytes[at] {
        b'?' => (Token::AnyLetter, at + 1),
        b'*' if at + 1 < bytes.len() && bytes[at + 1] == b'*' => (Token::AnyNames, at + 2),
        b'*' => (Token::AnyName, at + 1),
        b'[' => match class_end(bytes, at + 1) {
            Ok(end) => (Token::Class, end),
            Err(what) => return Err(what),
        },
        b'{' => (Token::Open, at + 1),
        b',' if depth > 0 => (Token::Comma, at + 1),
        b'}' if depth > 0 => (Token::Close, at + 1),
        b'}' | b']' => return Err("a bracket is closed that was never opened"),
        b'\\' if at + 1 == bytes.len() => {
            return Err(
                "it ends with a backslash, which goes before a letter to be taken as it is",
            );
        }
        _ => {
            let (letter, end) = letter(bytes, at);
            (Token::Letter(letter), end)
        }
    })
}

/// Past the `]` of a class whose letters begin at `at`.
const fn class_end(bytes: &[u8], mut at: usize) -> Result<usize, &'static str> {
    const OPEN: &str = "`[` is never closed";
    if at < bytes.len() && (bytes[at] == b'!' || bytes[at] == b'^') {
        at += 1;
    }
    let first = at;
    while at < bytes.len() && bytes[at] != b']' {
        if bytes[at] == b'\\' && at + 1 == bytes.len() {
            return Err(OPEN);
        }
        let (from, to, end) = range(bytes, at);
        if from > to {
            return Err("a range in brackets runs backwards; write `[a-z]`");
        }
        at = end;
    }
    if at >= bytes.len() {
        Err(OPEN)
    } else if at == first {
        Err("the brackets hold no letter; a bracket itself is `\\[` or `\\]`")
    } else {
        Ok(at + 1)
    }
}

/// `a` or `a-z` of a class, and where what follows begins.
#[must_use]
pub const fn range(bytes: &[u8], at: usize) -> (char, char, usize) {
    let (from, end) = letter(bytes, at);
    let spans = end + 1 < bytes.len() && bytes[end] == b'-' && bytes[end + 1] != b']';
    if !spans || (bytes[end + 1] == b'\\' && end + 2 == bytes.len()) {
        return (from, from, end);
    }
    let (to, end) = letter(bytes, end + 1);
    (from, to, end)
}

/// The letter at `at`, or the one that a backslash there stands before.
const fn letter(bytes: &[u8], mut at: usize) -> (char, usize) {
    if bytes[at] == b'\\' {
        at += 1;
    }
    let (length, mask) = match bytes[at] {
        ..0x80 => (1, 0x7f),
        0x80..0xe0 => (2, 0x1f),
        0xe0..0xf0 => (3, 0x0f),
        _ => (4, 0x07),
    };
    let mut code = (bytes[at] & mask) as u32;
    let mut i = 1;
    while i < length {
        code = code << 6 | (bytes[at + i] & 0x3f) as u32;
        i += 1;
    }
    match char::from_u32(code) {
        Some(letter) => (letter, at + length),
        None => (char::REPLACEMENT_CHARACTER, at + length),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        for pattern in ["x{**.b,a}", "{a,**}b", "{a,{**,b}}?"] {
            assert!(
                said(pattern).starts_with("`**` stands for whole names"),
                "{pattern}"
            );
        }
        assert!(said("a.{}.b").starts_with("`{}` holds no alternatives"));
        assert!(said("a[]").starts_with("the brackets hold no letter"));
        assert!(said("a[!]").starts_with("the brackets hold no letter"));
        assert!(said("a[z-a]").starts_with("a range in brackets runs backwards"));
        assert!(said("a[b\\").starts_with("`[` is never closed"));
        assert!(said("a[b-\\").starts_with("`[` is never closed"));
        assert!(said(&"{".repeat(17)).starts_with("alternatives are nested"));
        for pattern in [
            "**",
            "**.w",
            "a.**.b",
            "{a,**.b}",
            "a[.*]b",
            r"a\.b",
            "a?",
            "fc{.a,.b}",
            "{a,{b,**}}.c",
            "é[à-ü]",
        ] {
            assert_eq!(complaint(pattern), None, "{pattern}");
        }
    }
}
