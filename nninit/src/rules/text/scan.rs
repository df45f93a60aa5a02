//! Texts as far as quotes, brackets and comments go.
//!
//! A quote opens where a word begins, and closes at the next of its kind; within it, and outside, a backslash takes the
//! next letter as it is.

/// The letters outside of quotes, with their places.
pub(super) fn open(text: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    let mut quote = None;
    let mut escaped = false;
    let mut word_begins = true;
    text.char_indices().filter(move |&(_, c)| {
        if std::mem::take(&mut escaped) {
            word_begins = false;
            return false;
        }
        escaped = c == '\\';
        if let Some(open) = quote {
            // Rules end with their lines, so what is never closed does not swallow the others.
            quote = quote.filter(|_| c != open && c != '\n');
            return c == '\n';
        }
        if word_begins && (c == '"' || c == '\'') {
            quote = Some(c);
            return false;
        }
        word_begins = c.is_whitespace() || matches!(c, '=' | '>' | '(' | '[' | '{' | ',' | ';');
        !escaped
    })
}

/// The first place outside of quotes whose rest `is` so.
pub(super) fn find(text: &str, is: impl Fn(&str) -> bool) -> Option<usize> {
    open(text).map(|(at, _)| at).find(|&at| is(&text[at..]))
}

/// What stands before and after a word between spaces.
pub(super) fn word<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let after = |rest: &'a str| {
        let rest = rest.strip_prefix(char::is_whitespace)?.strip_prefix(word)?;
        rest.starts_with(char::is_whitespace).then_some(rest)
    };
    let at = find(text, |rest| {
        let space = rest.chars().next().map_or(0, char::len_utf8);
        rest.starts_with(char::is_whitespace)
            && rest[space..]
                .strip_prefix(word)
                .is_some_and(|rest| rest.starts_with(char::is_whitespace))
    })?;
    Some((&text[..at], after(&text[at..])?))
}

/// The inside of quotes, with its backslashes, and what follows; nothing where no quote opens.
pub(super) fn quoted(text: &str) -> Result<Option<(&str, &str)>, String> {
    let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
        return Ok(None);
    };
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if std::mem::take(&mut escaped) {
            continue;
        }
        escaped = c == '\\';
        if c == quote {
            return Ok(Some((&text[1..at], &text[at + 1..])));
        }
    }
    Err(format!("`{quote}` is never closed"))
}

/// Each letter behind a backslash as it is.
pub(super) fn without_escapes(text: &str) -> String {
    let mut letters = text.chars();
    let mut plain = String::with_capacity(text.len());
    while let Some(c) = letters.next() {
        plain.extend(if c == '\\' { letters.next() } else { Some(c) });
    }
    plain
}

/// The pieces between separators that stand outside of brackets and quotes.
pub(super) fn pieces<'a>(text: &'a str, separators: &[char]) -> Vec<&'a str> {
    let mut pieces = Vec::new();
    let (mut depth, mut start) = (0_i32, 0);
    for (at, c) in open(text) {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            c if separators.contains(&c) && depth <= 0 => {
                pieces.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    pieces.push(&text[start..]);
    pieces
}

/// The items between commas; one comma may follow the last.
pub(super) fn items(text: &str) -> Result<Vec<&str>, String> {
    let mut items: Vec<&str> = pieces(text, &[',']).into_iter().map(str::trim).collect();
    if items.last().is_some_and(|last| last.is_empty()) {
        items.pop();
    }
    if items.iter().any(|item| item.is_empty()) {
        return Err("nothing stands between two commas, or before the first".to_owned());
    }
    Ok(items)
}

/// What stands before the `)` that ends the text.
pub(super) fn closed(text: &str) -> Result<&str, String> {
    let mut depth = 1;
    for (at, c) in open(text) {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return match text[at + 1..].trim() {
                "" => Ok(&text[..at]),
                rest => Err(format!("`{rest}` stands after the step")),
            };
        }
    }
    Err(match text.matches(['"', '\'']).count() % 2 {
        0 => "`(` is never closed".to_owned(),
        _ => "`(` is never closed, or a quote is not".to_owned(),
    })
}

/// The text without what `#` begins, up to the end of its line: a `#` within a word or quotes begins nothing.
pub(super) fn without_comments(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for line in text.lines() {
        let comment = open(line).map(|(at, _)| at).find(|&at| {
            line[at..].starts_with('#')
                && line[..at]
                    .chars()
                    .next_back()
                    .is_none_or(char::is_whitespace)
        });
        plain.push_str(comment.map_or(line, |at| &line[..at]));
        plain.push('\n');
    }
    plain
}
