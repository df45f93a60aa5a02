//! The known name that was probably meant.

/// `; did you mean …?`, or an empty string where nothing is near.
///
/// Spelling habits do not count as mistakes: `KaimingNormal` is `kaiming_normal`. A name that begins several known
/// ones at an underscore (`xavier`) suggests them all.
pub(crate) fn did_you_mean(written: &str, known: &[&str]) -> String {
    let plain = plain(written);
    let begun: Vec<&str> = known
        .iter()
        .copied()
        .filter(|name| begins(&plain, name))
        .collect();
    let near = if begun.is_empty() {
        nearest(&plain, known).into_iter().collect()
    } else {
        begun
    };
    match near[..] {
        [] => String::new(),
        _ => format!("; did you mean {}?", alternatives(&near, "or")),
    }
}

/// `` `a`, `b` or `c` ``.
pub(crate) fn alternatives(names: &[&str], word: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match &quoted[..] {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

fn nearest<'a>(written: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|&name| (distance(written, &plain(name)), name))
        .filter(|&(edits, name)| edits <= tolerance(written.len().max(name.len())))
        .min_by_key(|&(edits, _)| edits)
        .map(|(_, name)| name)
}

/// How many edits still make it a slip of the fingers: one in a short word, a third of a long one.
fn tolerance(length: usize) -> usize {
    (length / 3).max(1)
}

fn begins(written: &str, name: &str) -> bool {
    name.split_once('_')
        .is_some_and(|(first, _)| first == written)
}

fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len() + 2);
    for c in name.trim_end_matches('_').chars() {
        if c.is_uppercase() && !plain.is_empty() && !plain.ends_with('_') {
            plain.push('_');
        }
        plain.extend(c.to_lowercase());
    }
    plain
}

/// Edits from one word to the other; a swap of neighbours is one (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 6] = [
        "kaiming_normal",
        "xavier_uniform",
        "xavier_normal",
        "normal",
        "zeros",
        "std",
    ];

    #[test]
    fn edits() {
        assert_eq!(distance("std", "std"), 0);
        assert_eq!(distance("sdt", "std"), 1);
        assert_eq!(distance("", "std"), 3);
        assert_eq!(distance("kaiming_nromal", "kaiming_normal"), 1);
        assert_eq!(distance("ab", "ba"), 1);
        assert_eq!(distance("zeroes", "zeros"), 1);
    }

    #[test]
    fn the_nearest_name() {
        let said = |written| did_you_mean(written, &KNOWN);
        assert_eq!(said("kaiming_nromal"), "; did you mean `kaiming_normal`?");
        assert_eq!(said("KaimingNormal"), "; did you mean `kaiming_normal`?");
        assert_eq!(said("sdt"), "; did you mean `std`?");
        assert_eq!(said("zeroes"), "; did you mean `zeros`?");
        assert_eq!(
            said("xavier"),
            "; did you mean `xavier_uniform` or `xavier_normal`?"
        );
        assert_eq!(said("frobnicate"), "");
        assert_eq!(said(""), "");
    }

    #[test]
    fn lists() {
        assert_eq!(alternatives(&[], "or"), "");
        assert_eq!(alternatives(&["a"], "or"), "`a`");
        assert_eq!(alternatives(&["a", "b", "c"], "and"), "`a`, `b` and `c`");
    }
}
