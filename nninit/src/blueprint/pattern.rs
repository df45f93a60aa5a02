//! Patterns of variables' names: globs whose separator is the dot.
//!
//! A pattern is read into a small automaton, so that matching takes at most its length times the name's, whatever is
//! written: alternatives that start alike are followed side by side.

use std::ops::Range;

use nninit_language::patterns::{Token, complaint, range, token};

use crate::Cause;

/// A pattern that is right.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    written: String,
    tree: Vec<Node>,
    /// Ordered so that a state that reads no letter leads to earlier ones only.
    states: Vec<State>,
    alternatives: Vec<Alternative>,
}

#[derive(Debug, Clone)]
enum Node {
    Letter(char),
    AnyLetter,
    /// The ranges, and whether it is for letters outside of them.
    Class(Vec<(char, char)>, bool),
    AnyName,
    AnyNames,
    /// Each with its place in `alternatives`.
    Group(Vec<(usize, Vec<Node>)>),
}

#[derive(Debug, Clone)]
enum State {
    Matched,
    Letter(char, usize),
    AnyLetter(usize),
    Class(Vec<(char, char)>, bool, usize),
    /// Letters within a name, as many as there are.
    AnyName(usize),
    Anything(usize),
    Either(Vec<usize>),
    Alternative(usize, usize),
}

/// One of those between braces.
#[derive(Debug, Clone)]
struct Alternative {
    written: Range<usize>,
    braces: Range<usize>,
}

impl Pattern {
    pub(crate) fn new(written: &str) -> Result<Self, Cause> {
        if let Some(what) = complaint(written) {
            let what = what.to_owned();
            return Err(Cause::MalformedPattern { what });
        }
        let mut reader = Reader {
            written,
            at: 0,
            alternatives: Vec::new(),
        };
        let tree = reader.branch(0);
        let mut states = vec![State::Matched];
        let _ = compile(&tree, 0, &mut states);
        Ok(Self {
            written: written.to_owned(),
            tree,
            states,
            alternatives: reader.alternatives,
        })
    }

    pub(crate) fn matches(&self, name: &str) -> bool {
        let (mut now, mut then) = (self.nowhere(), self.nowhere());
        now.enter(self.states.len() - 1, &self.states);
        for c in name.chars() {
            then.clear();
            for &state in &now.states {
                if let Some(next) = self.states[state].after(state, c) {
                    then.enter(next, &self.states);
                }
            }
            std::mem::swap(&mut now, &mut then);
            if now.states.is_empty() {
                return false;
            }
        }
        now.holds(0)
    }

    /// Whether it can match more than one name.
    pub(crate) fn is_wild(&self) -> bool {
        !self.tree.iter().all(|node| matches!(node, Node::Letter(_)))
    }

    /// Letters that stand in every name that it matches, as the pieces between what is open.
    pub(crate) fn required(&self) -> Vec<String> {
        let mut pieces = vec![String::new()];
        let mut nodes = self.tree.iter().peekable();
        while let Some(node) = nodes.next() {
            match node {
                Node::Letter(letter) => pieces.last_mut().expect("there is one").push(*letter),
                node => {
                    // `**.` also stands for no name at all.
                    if matches!(node, Node::AnyNames | Node::Group(_)) {
                        let _ = nodes.next_if(|next| matches!(next, Node::Letter('.')));
                    }
                    pieces.push(String::new());
                }
            }
        }
        pieces.retain(|piece| !piece.is_empty());
        pieces
    }

    /// What stands between braces, one after the other.
    pub(crate) fn alternatives(&self) -> impl ExactSizeIterator<Item = &str> {
        self.alternatives
            .iter()
            .map(|alternative| &self.written[alternative.written.clone()])
    }

    /// The pattern with one alternative instead of its braces.
    pub(crate) fn with_alternative(&self, index: usize) -> Option<Self> {
        let Alternative { written, braces } = self.alternatives[index].clone();
        let text = &self.written;
        let chosen = [&text[..braces.start], &text[written], &text[braces.end..]].concat();
        Self::new(&chosen).ok()
    }

    /// Marks the alternatives by which `name` is matched.
    pub(crate) fn mark_used(&self, name: &str, used: &mut [bool]) {
        let letters: Vec<char> = name.chars().collect();
        let mut reached = Vec::with_capacity(letters.len() + 1);
        let mut now = self.nowhere();
        now.enter(self.states.len() - 1, &self.states);
        for &c in &letters {
            let mut then = self.nowhere();
            for &state in &now.states {
                if let Some(next) = self.states[state].after(state, c) {
                    then.enter(next, &self.states);
                }
            }
            reached.push(std::mem::replace(&mut now, then).states);
        }
        reached.push(now.states);
        // Backwards: which of the states that were reached lead to the end.
        let mut leads_later = vec![false; self.states.len()];
        for (at, mut states) in reached.into_iter().enumerate().rev() {
            let mut leads = vec![false; self.states.len()];
            states.sort_unstable();
            for state in states {
                let kind = &self.states[state];
                let by_letter = letters.get(at).and_then(|&c| kind.after(state, c));
                leads[state] = by_letter.is_some_and(|next| leads_later[next])
                    || kind.without_letter().iter().any(|&next| leads[next])
                    || (state == 0 && at == letters.len());
                if let State::Alternative(index, _) = *kind
                    && leads[state]
                {
                    used[index] = true;
                }
            }
            leads_later = leads;
        }
    }

    /// What may have been meant by a pattern that matches nothing: the pattern, and why.
    pub(crate) fn wider(&self) -> impl Iterator<Item = (Self, &'static str)> {
        let names_for_stars = stars_as_names(&self.written)
            .map(|text| (text, "`*` stops at dots, and `**` does not"));
        let inside = (
            format!("{}.**", self.written),
            "it names no tensor, and `**` stands for those inside",
        );
        names_for_stars
            .into_iter()
            .chain([inside])
            .filter_map(|(text, why)| Some((Self::new(&text).ok()?, why)))
    }

    pub(crate) fn written(&self) -> &str {
        &self.written
    }

    /// How many letters would have to change for the name to match; `None` if too many for a slip.
    pub(crate) fn edits(&self, name: &str) -> Option<usize> {
        let is_letter = |node: &&Node| matches!(node, Node::Letter(_));
        let letters = self.tree.iter().filter(is_letter).count();
        if self.tree.len() > LONGEST || name.len() > LONGEST {
            return None;
        }
        let tolerance = (letters / 3).max(1);
        let edits = edits(&self.tree, &name.chars().collect::<Vec<_>>());
        (edits <= tolerance).then_some(edits)
    }

    fn nowhere(&self) -> Active {
        Active {
            states: Vec::new(),
            entered: vec![false; self.states.len()],
        }
    }
}

/// No slip is looked for in longer names.
const LONGEST: usize = 256;

/// Where the automaton is: states, each once.
struct Active {
    states: Vec<usize>,
    entered: Vec<bool>,
}

impl Active {
    fn enter(&mut self, state: usize, all: &[State]) {
        let before = self.states.len();
        self.add(state);
        let mut looked_at = before;
        while let Some(&state) = self.states.get(looked_at) {
            looked_at += 1;
            for &next in all[state].without_letter() {
                self.add(next);
            }
        }
    }

    fn add(&mut self, state: usize) {
        if !std::mem::replace(&mut self.entered[state], true) {
            self.states.push(state);
        }
    }

    fn holds(&self, state: usize) -> bool {
        self.entered[state]
    }

    fn clear(&mut self) {
        for state in self.states.drain(..) {
            self.entered[state] = false;
        }
    }
}

impl State {
    /// Where it leads by the letter `c`, being state `own`.
    fn after(&self, own: usize, c: char) -> Option<usize> {
        match *self {
            Self::Letter(letter, next) => (letter == c).then_some(next),
            Self::AnyLetter(next) => (c != '.').then_some(next),
            Self::Class(ref ranges, outside, next) => {
                let within = ranges.iter().any(|&(from, to)| from <= c && c <= to);
                let stands = if outside { !within && c != '.' } else { within };
                stands.then_some(next)
            }
            Self::AnyName(_) => (c != '.').then_some(own),
            Self::Anything(_) => Some(own),
            Self::Matched | Self::Either(_) | Self::Alternative(..) => None,
        }
    }

    /// Where it leads as it is.
    fn without_letter(&self) -> &[usize] {
        match self {
            Self::AnyName(next) | Self::Anything(next) | Self::Alternative(_, next) => {
                std::slice::from_ref(next)
            }
            Self::Either(next) => next,
            Self::Matched | Self::Letter(..) | Self::AnyLetter(_) | Self::Class(..) => &[],
        }
    }
}

/// The state at which `nodes` begin, before `next`.
fn compile(nodes: &[Node], mut next: usize, states: &mut Vec<State>) -> usize {
    for node in nodes.iter().rev() {
        let state = match node {
            Node::Letter(letter) => State::Letter(*letter, next),
            Node::AnyLetter => State::AnyLetter(next),
            Node::Class(ranges, outside) => State::Class(ranges.clone(), *outside, next),
            Node::AnyName => State::AnyName(next),
            Node::AnyNames => match states[next] {
                // `**.` also stands for no name at all.
                State::Letter('.', after) => {
                    states.push(State::Anything(next));
                    State::Either(vec![after, states.len() - 1])
                }
                _ => State::Anything(next),
            },
            Node::Group(branches) => {
                let mut begins = Vec::with_capacity(branches.len());
                for (index, branch) in branches {
                    let begin = compile(branch, next, states);
                    states.push(State::Alternative(*index, begin));
                    begins.push(states.len() - 1);
                }
                State::Either(begins)
            }
        };
        states.push(state);
        next = states.len() - 1;
    }
    next
}

/// Reads a pattern that has nothing wrong.
struct Reader<'a> {
    written: &'a str,
    at: usize,
    alternatives: Vec<Alternative>,
}

impl Reader<'_> {
    fn branch(&mut self, depth: usize) -> Vec<Node> {
        let mut nodes = Vec::new();
        loop {
            let start = self.at;
            let Ok((token, end)) = token(self.written.as_bytes(), start, depth) else {
                return nodes;
            };
            if matches!(token, Token::End | Token::Comma | Token::Close) {
                return nodes;
            }
            self.at = end;
            nodes.push(match token {
                Token::Letter(letter) => Node::Letter(letter),
                Token::AnyLetter => Node::AnyLetter,
                Token::AnyName => Node::AnyName,
                Token::AnyNames => Node::AnyNames,
                Token::Class => self.class(start + 1, end - 1),
                Token::Open => self.group(start, depth + 1),
                Token::End | Token::Comma | Token::Close => unreachable!("returned above"),
            });
        }
    }

    fn group(&mut self, open: usize, depth: usize) -> Node {
        let mut branches = Vec::new();
        let mut indices = Vec::new();
        loop {
            let start = self.at;
            let index = self.alternatives.len();
            self.alternatives.push(Alternative {
                written: start..start,
                braces: open..open,
            });
            indices.push(index);
            branches.push((index, self.branch(depth)));
            self.alternatives[index].written.end = self.at;
            let closes = self.written.as_bytes()[self.at] == b'}';
            self.at += 1;
            if closes {
                break;
            }
        }
        for index in indices {
            self.alternatives[index].braces.end = self.at;
        }
        Node::Group(branches)
    }

    fn class(&self, mut at: usize, end: usize) -> Node {
        let bytes = self.written.as_bytes();
        let outside = matches!(bytes[at], b'!' | b'^');
        at += usize::from(outside);
        let mut ranges = Vec::new();
        while at < end {
            let (from, to, next) = range(bytes, at);
            ranges.push((from, to));
            at = next;
        }
        Node::Class(ranges, outside)
    }
}

/// The pattern with `**` for each `*` that stands for a whole name, if there is one.
fn stars_as_names(pattern: &str) -> Option<String> {
    let bytes = pattern.as_bytes();
    let mut names = String::with_capacity(pattern.len());
    let (mut name_starts, mut at) = (true, 0);
    loop {
        // At any depth: a name ends in the same way within braces and without.
        let (token, end) = token(bytes, at, 1).ok()?;
        names.push_str(&pattern[at..end]);
        match token {
            Token::End => return (names.len() > pattern.len()).then_some(names),
            Token::AnyName
                if name_starts && matches!(bytes.get(end), None | Some(b'.' | b',' | b'}')) =>
            {
                names.push('*');
            }
            _ => {}
        }
        name_starts = matches!(token, Token::Letter('.') | Token::Open | Token::Comma);
        at = end;
    }
}

/// Edits between a name and what the pattern allows; a swap of neighbours is one. Of classes and alternatives nothing
/// is known.
fn edits(nodes: &[Node], name: &[char]) -> usize {
    // A swap looks two rows back, and nothing looks further.
    let mut two_before = Vec::new();
    let mut before: Vec<usize> = (0..=name.len()).collect();
    let mut row = Vec::with_capacity(before.len());
    let mut before_it: Option<char> = None;
    let mut skip_dot = false;
    for node in nodes {
        // `**.` also stands for no name at all.
        if std::mem::replace(&mut skip_dot, matches!(node, Node::AnyNames))
            && matches!(node, Node::Letter('.'))
        {
            continue;
        }
        let letter = match node {
            Node::Letter(letter) => Some(*letter),
            _ => None,
        };
        let costs = usize::from(matches!(
            node,
            Node::Letter(_) | Node::AnyLetter | Node::Class(..)
        ));
        row.clear();
        row.push(before[0] + costs);
        for (j, &c) in name.iter().enumerate() {
            let free = match node {
                Node::AnyNames => true,
                Node::AnyName | Node::Group(_) => c != '.',
                Node::Letter(_) | Node::AnyLetter | Node::Class(..) => false,
            };
            let replaced = before[j] + usize::from(letter.is_some_and(|letter| letter != c));
            let mut least = replaced
                .min(before[j + 1] + costs)
                .min(row[j] + usize::from(!free));
            if j > 0 && letter == Some(name[j - 1]) && before_it == Some(c) {
                least = least.min(two_before[j - 1] + 1);
            }
            row.push(least);
        }
        before_it = letter;
        std::mem::swap(&mut two_before, &mut before);
        std::mem::swap(&mut before, &mut row);
    }
    before[name.len()]
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

    /// All patterns of up to four of the letters that mean something.
    #[test]
    fn what_nothing_is_wrong_with_can_be_read() {
        let mut patterns = vec![String::new()];
        let mut last = patterns.clone();
        for _ in 0..4 {
            let longer = |pattern: &String| {
                r"*?.{,}[]!-\a"
                    .chars()
                    .map(|c| format!("{pattern}{c}"))
                    .collect::<Vec<_>>()
            };
            last = last.iter().flat_map(longer).collect();
            patterns.extend_from_slice(&last);
        }
        for pattern in patterns {
            let is_right = complaint(&pattern).is_none();
            assert_eq!(Pattern::new(&pattern).is_ok(), is_right, "{pattern}");
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

    #[test]
    fn alternatives_nest_and_may_be_empty() {
        assert!(matches("a{b{c,d},e}", "abd") && matches("a{b{c,d},e}", "ae"));
        assert!(!matches("a{b{c,d},e}", "ab") && !matches("a{b{c,d},e}", "abe"));
        assert!(matches("fc{,1}.w", "fc.w") && matches("fc{,1}.w", "fc1.w"));
        assert!(
            matches("{**,a}.b", "b") && matches("{**,a}.b", "x.y.b") && !matches("{**,a}.b", "xb")
        );
        assert!(matches("[!a-c]x", "dx") && !matches("[!a-c]x", "bx") && !matches("[!a]x", ".x"));
        assert!(matches(r"[\]a]", "]") && matches("[a-]", "-") && matches("[à-ü]é", "èé"));
    }

    #[test]
    fn what_backtracks_elsewhere_is_matched_at_once() {
        // 6¹⁰ ways to be wrong, were they tried one by one.
        let pattern = "{*a,*a,*a,*a,*a,*a}".repeat(10) + "x";
        assert!(!matches(&pattern, &"a".repeat(41)));
        assert!(matches(&pattern, &("a".repeat(41) + "x")));
        assert!(!matches(&("*a".repeat(100) + "b"), &"a".repeat(1000)));
        assert!(!matches(&("**.".repeat(100) + "b"), &"a.".repeat(1000)));
        let long = "a.".repeat(500_000) + "w";
        assert!(matches(&long, &long) && matches("**.w", &long) && !matches("**.v", &long));
    }

    #[test]
    fn each_alternative_tells_whether_it_was_used() {
        let used = |pattern: &str, names: &[&str]| -> Vec<String> {
            let pattern = Pattern::new(pattern).unwrap();
            let mut used = vec![false; pattern.alternatives().len()];
            for name in names {
                pattern.mark_used(name, &mut used);
            }
            let chosen = pattern.alternatives().zip(used).filter(|(_, used)| *used);
            chosen.map(|(written, _)| written.to_owned()).collect()
        };
        assert_eq!(used("{a,b}.{x,y}", &["a.y", "c.x"]), ["a", "y"]);
        assert_eq!(used("{a*,*b}", &["ab"]), ["a*", "*b"]);
        assert_eq!(used("{a,{b,c}d}", &["cd"]), ["{b,c}d", "c"]);
        assert_eq!(used("fc{,1}.w", &["fc.w"]), [""]);
        assert_eq!(used("{a,b}.w", &["a.v"]), [""; 0]);
        let pattern = Pattern::new("x.{a,b}.{c,d}").unwrap();
        assert_eq!(pattern.with_alternative(1).unwrap().written(), "x.b.{c,d}");
    }

    #[test]
    fn a_pattern_that_is_too_narrow_has_a_wider_one() {
        let wider = |pattern| -> Vec<String> {
            let pattern = Pattern::new(pattern).unwrap();
            pattern
                .wider()
                .map(|(wider, _)| wider.written().to_owned())
                .collect()
        };
        assert_eq!(wider("head"), ["head.**"]);
        assert_eq!(wider("*"), ["**", "*.**"]);
        assert_eq!(wider("{*.bias,a*}"), ["{**.bias,a*}", "{*.bias,a*}.**"]);
    }

    #[test]
    fn what_every_match_holds() {
        let required = |pattern| Pattern::new(pattern).unwrap().required();
        assert_eq!(required("**.blocks.3.*.weight"), ["blocks.3.", ".weight"]);
        assert_eq!(required("a.{b,c}.d[xy]e"), ["a.", "d", "e"]);
        assert_eq!(required("{a,b}"), [""; 0]);
    }
}
