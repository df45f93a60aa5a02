//! The known name that was probably meant, also while constants are evaluated.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Longer words are nobody's slip.
const LONGEST: usize = 64;

/// `; did you mean …?`, or an empty string where nothing is near.
///
/// A name that begins several known ones at an underscore (`xavier`) suggests them all.
#[must_use]
pub fn did_you_mean(written: &str, known: &[&'static str]) -> String {
    let begins = |name: &&str| {
        let first = name.split_once('_').map(|(first, _)| Word::of(first));
        first.is_some_and(|first| distance(&Word::of(written), &first) == 0)
    };
    let begun: Vec<&str> = known.iter().copied().filter(begins).collect();
    let near = if begun.is_empty() {
        nearest(written, known).into_iter().collect()
    } else {
        begun
    };
    match near[..] {
        [] => String::new(),
        _ => format!("; did you mean {}?", alternatives(&near, "or")),
    }
}

/// `` `a`, `b` or `c` ``.
#[must_use]
pub fn alternatives(names: &[&str], word: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match &quoted[..] {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

/// The name that was probably meant, if one is near: one edit away in a short word, a third of a long one.
///
/// Spelling habits do not count as mistakes: `KaimingNormal` is `kaiming_normal`. Nor is `fc3` a slip for `fc1`:
/// whoever counts means the number.
#[must_use]
pub const fn nearest(written: &str, known: &[&'static str]) -> Option<&'static str> {
    let written = Word::of(written);
    let mut best = None;
    let mut best_edits = usize::MAX;
    let mut i = 0;
    while i < known.len() {
        let name = Word::of(known[i]);
        let edits = distance(&written, &name);
        if edits <= tolerance(&written, &name)
            && edits < best_edits
            && (edits == 0 || !differ_by_number(&written, &name))
        {
            best = Some(known[i]);
            best_edits = edits;
        }
        i += 1;
    }
    best
}

const fn tolerance(a: &Word, b: &Word) -> usize {
    let longer = if a.len > b.len { a.len } else { b.len };
    if longer < 3 { 1 } else { longer / 3 }
}

const fn differ_by_number(a: &Word, b: &Word) -> bool {
    distance(&a.without_number(), &b.without_number()) == 0
}

/// A word in small letters, with an underscore before what was a capital, without those at its end.
struct Word {
    bytes: [u8; LONGEST],
    len: usize,
    /// It did not fit: near to nothing.
    too_long: bool,
}

impl Word {
    const fn of(name: &str) -> Self {
        let name = name.as_bytes();
        let mut word = Self {
            bytes: [0; LONGEST],
            len: 0,
            too_long: false,
        };
        let mut i = 0;
        while i < name.len() {
            if name[i].is_ascii_uppercase() && word.len > 0 && word.bytes[word.len - 1] != b'_' {
                word.push(b'_');
            }
            word.push(name[i].to_ascii_lowercase());
            i += 1;
        }
        while word.len > 0 && word.bytes[word.len - 1] == b'_' {
            word.len -= 1;
        }
        word
    }

    const fn push(&mut self, byte: u8) {
        if self.len == LONGEST {
            self.too_long = true;
        } else {
            self.bytes[self.len] = byte;
            self.len += 1;
        }
    }

    const fn without_number(&self) -> Self {
        let mut len = self.len;
        while len > 0 && self.bytes[len - 1].is_ascii_digit() {
            len -= 1;
        }
        Self { len, ..*self }
    }
}

/// Edits from one word to the other; a swap of neighbours is one (optimal string alignment).
const fn distance(a: &Word, b: &Word) -> usize {
    if a.too_long || b.too_long {
        return usize::MAX;
    }
    let (a_len, a) = (a.len, &a.bytes);
    let (b_len, b) = (b.len, &b.bytes);
    let mut before = [0; LONGEST + 1];
    let mut last = [0; LONGEST + 1];
    let mut j = 0;
    while j <= b_len {
        last[j] = j;
        j += 1;
    }
    let mut i = 1;
    while i <= a_len {
        let mut row = [0; LONGEST + 1];
        row[0] = i;
        let mut j = 1;
        while j <= b_len {
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
    last[b_len]
}

const fn min(a: usize, b: usize) -> usize {
    if a < b { a } else { b }
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
        let edits = |a, b| distance(&Word::of(a), &Word::of(b));
        assert_eq!(edits("std", "std"), 0);
        assert_eq!(edits("sdt", "std"), 1);
        assert_eq!(edits("", "std"), 3);
        assert_eq!(edits("kaiming_nromal", "kaiming_normal"), 1);
        assert_eq!(edits("ab", "ba"), 1);
        assert_eq!(edits("zeroes", "zeros"), 1);
        assert_eq!(edits("KaimingNormal", "kaiming_normal_"), 0);
        assert_eq!(edits(&"x".repeat(100), "x"), usize::MAX);
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
    fn the_nearest_part() {
        let parts = ["weight", "bias", "running_mean", "running_var"];
        assert_eq!(nearest("wieght", &parts), Some("weight"));
        assert_eq!(nearest("runing_var", &parts), Some("running_var"));
        assert_eq!(nearest("bais", &parts), Some("bias"));
        assert_eq!(nearest("gamma", &parts), None);
        assert_eq!(nearest("fc3", &["fc1", "fc2"]), None);
        assert_eq!(nearest("2", &["0", "1"]), None);
        assert_eq!(nearest("Fc1", &["fc1"]), Some("fc1"));
        assert_eq!(nearest("fx1", &["fc1"]), Some("fc1"));
        assert_eq!(nearest(&"x".repeat(100), &parts), None);
        const { assert!(nearest("wieght", &["weight"]).is_some()) }
    }

    #[test]
    fn lists() {
        assert_eq!(alternatives(&[], "or"), "");
        assert_eq!(alternatives(&["a"], "or"), "`a`");
        assert_eq!(alternatives(&["a", "b", "c"], "and"), "`a`, `b` and `c`");
    }
}
