//! Names in messages: the nearest ones, and lists that stay short.

use super::pattern::Pattern;
use crate::Cause;

/// How many names a message lists.
pub(crate) const LISTED: usize = 4;

/// In how many problems of a kind what is near is looked for: each costs a look at every name.
pub(crate) const HINTED: usize = 16;

/// Among how many names what is near is looked for.
const SEARCHED: usize = 10_000;

/// What to write instead of a pattern that matches none of the names, if anything is near.
pub(crate) fn instead<'a>(
    pattern: &Pattern,
    names: impl Iterator<Item = &'a str> + Clone,
) -> Option<String> {
    let matches_any = |wider: &Pattern| names.clone().any(|name| wider.matches(name));
    if let Some((wider, why)) = pattern.wider().find(|(wider, _)| matches_any(wider)) {
        return Some(format!("{why}: write `{}`", wider.written()));
    }
    let edits = |name: &str| Some((pattern.edits(name)?, name.to_owned()));
    let near = nearest(names.take(SEARCHED).filter_map(edits), LISTED);
    match &near[..] {
        [] => None,
        [one] => Some(format!("the nearest is `{one}`")),
        near => Some(format!("the nearest are {}", list(near.iter()))),
    }
}

/// A pattern of which each alternative matches one of the names.
pub(crate) fn matching<'a>(
    written: &str,
    what: &str,
    names: impl Iterator<Item = &'a str> + Clone,
) -> Result<Pattern, Cause> {
    let pattern = Pattern::new(written)?;
    let mut used = vec![false; pattern.alternatives().len()];
    let mut matched = false;
    for name in names.clone() {
        if pattern.matches(name) {
            matched = true;
            if used.contains(&false) {
                pattern.mark_used(name, &mut used);
            }
        }
    }
    let why = if matched {
        idle_alternative(&pattern, &used, what, names)
    } else {
        let instead = instead(&pattern, names);
        let instead = instead.as_deref().unwrap_or("and none is near");
        Some(format!("it matches no {what}; {instead}"))
    };
    match why {
        None => Ok(pattern),
        Some(why) => Err(Cause::UnusedRule { why }),
    }
}

/// Why the patterns that a recipe goes by and that match no layer are wrong, if there are layers.
pub(crate) fn missed<P: AsRef<str>>(patterns: &[P], layers: &[String]) -> Vec<Cause> {
    let names = || layers.iter().map(String::as_str);
    let matches_none = |pattern: &Pattern| !names().any(|layer| pattern.matches(layer));
    let missed = patterns.iter().filter_map(|written| {
        let written = written.as_ref();
        match Pattern::new(written) {
            Err(malformed) => Some(malformed),
            Ok(pattern) if !layers.is_empty() && matches_none(&pattern) => {
                let near = instead(&pattern, names());
                let near = near.unwrap_or_else(|| format!("there are {}", list(names())));
                Some(Cause::Misplaced(format!(
                    "the recipe goes by names, and no layer here matches `{written}`; {near}; rename the field, or \
                     declare what it would get and use another recipe"
                )))
            }
            Ok(_) => None,
        }
    });
    missed.collect()
}

/// What is wrong with a pattern of which `used` tells that an alternative matches nothing.
pub(crate) fn idle_alternative<'a>(
    pattern: &Pattern,
    used: &[bool],
    what: &str,
    names: impl Iterator<Item = &'a str> + Clone,
) -> Option<String> {
    let index = used.iter().position(|used| !used)?;
    let more = used[index + 1..].iter().filter(|used| !**used).count();
    let alternative = match pattern.alternatives().nth(index)? {
        "" => "its empty alternative".to_owned(),
        written => format!("its alternative `{written}`"),
    };
    let more = match more {
        0 => String::new(),
        more => format!(", nor do {more} others"),
    };
    let alone = pattern.with_alternative(index);
    let instead = alone.and_then(|alone| instead(&alone, names));
    Some(format!(
        "{alternative} matches no {what}{more}; {}; correct it or leave it out",
        instead.as_deref().unwrap_or("none is near")
    ))
}

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

/// Which names are near one that is not there: `near is …`.
pub(crate) fn near<'a>(name: &str, among: impl Iterator<Item = &'a str>) -> String {
    let pattern = Pattern::new(name).ok();
    let edits = |other: &str| Some((pattern.as_ref()?.edits(other)?, other.to_owned()));
    let near = nearest(among.filter_map(edits), LISTED);
    match &near[..] {
        [] => "none is near".to_owned(),
        near => format!("near is {}", list(near.iter())),
    }
}

/// `` `a`, `b` and 3 more ``.
pub(crate) fn list<N: std::fmt::Display>(names: impl ExactSizeIterator<Item = N>) -> String {
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
