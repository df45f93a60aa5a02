//! Names in messages: the nearest ones, and lists that stay short.

/// How many names a message lists.
pub(crate) const LISTED: usize = 4;

/// The nearest, those with the fewest edits alone.
pub(crate) fn nearest(
    candidates: impl Iterator<Item = (usize, String)>,
    count: usize,
) -> Vec<String> {
    let mut candidates: Vec<_> = candidates.collect();
    candidates.sort();
    let fewest = candidates.first().map(|(edits, _)| *edits);
    candidates
        .into_iter()
        .take_while(|(edits, _)| Some(*edits) == fewest)
        .take(count)
        .map(|(_, name)| name)
        .collect()
}

/// `` `a`, `b` and 3 more ``.
pub(crate) fn list<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = names.len().saturating_sub(LISTED);
    let mut listed: Vec<String> = names.take(LISTED).map(|name| format!("`{name}`")).collect();
    if more > 0 {
        listed.push(format!("{more} more"));
    }
    match &listed[..] {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => listed.concat(),
    }
}
