//! What the derive has rustc check while it evaluates constants: a mistake that only a field's type can tell.

use nninit_language::message::Message;
use nninit_language::spelling::nearest;

use super::Parts;

/// What is known of a field's type.
#[derive(Debug)]
pub struct About {
    /// As written.
    pub ty: &'static str,
    /// What makes a type walk that does not.
    pub advice: &'static str,
    /// It implements `Initialize`.
    pub walks: bool,
    /// What an attribute can say of it, if one can stand there.
    pub parts: Option<Parts>,
    /// Why it is refused, if there is a special reason.
    pub refused: Option<&'static str>,
    /// It needs drop, so it may own a tensor.
    pub drops: bool,
    /// It is `Sync`, so it refers to none.
    pub shared: bool,
}

/// A field without an attribute: its type walks, or owns nothing.
#[track_caller]
pub const fn unannotated(about: &About) {
    let holds_no_tensor = !about.drops && about.shared && about.refused.is_none();
    if about.walks || holds_no_tensor {
        return;
    }
    let message = Message::new().push("`").push(about.ty).push("` ");
    let message = match (about.refused, about.parts.is_some()) {
        (Some(why), _) => message.push(why),
        (None, true) => message.push(
            "does not say how it is initialised; write `#[init(SCHEME)]`, or `#[init(skip)]` to leave it as it is",
        ),
        (None, false) if contains(about.ty, "dyn ") => message.push(
            "hides what is inside; hold a `dyn Initialize`, or write `#[init(skip)]` to leave it as it is",
        ),
        (None, false) => message
            .push("may hold parameters that nninit cannot see; ")
            .push(about.advice)
            .push(", or write `#[init(skip)]` to leave it as it is"),
    };
    panic!("{}", message.text());
}

/// A field with an attribute: there is something to put it on.
#[track_caller]
pub const fn annotated(about: &About) {
    if about.parts.is_some() {
        return;
    }
    let message = Message::new().push("`").push(about.ty).push("` ");
    let message = match (about.refused, about.walks) {
        (Some(why), _) => message.push(why),
        (None, true) => message.push("holds no parameter; remove the attribute"),
        (None, false) => message.push(
            "is not a tensor, a tch layer or a type that derives `Initialize`, so `#[init(…)]` can only `skip` it",
        ),
    };
    panic!("{}", message.text());
}

/// A name that the attribute uses: the type has such a part or field.
#[track_caller]
pub const fn part(about: &About, name: &str) {
    let Some(parts) = about.parts else { return };
    let mut i = 0;
    while i < parts.names.len() {
        if equal(parts.names[i], name) {
            return;
        }
        i += 1;
    }
    let message = Message::new()
        .push(parts.kind)
        .push(" has no `")
        .push(name)
        .push("`");
    let message = match (nearest(name, parts.names), parts.names) {
        (_, []) if parts.scheme => message.push(", nor any other part; write `#[init(SCHEME)]`"),
        (_, []) => message.push(", nor any other parameter"),
        (Some(near), _) => message.push("; did you mean `").push(near).push("`?"),
        (None, names) => message.push("; it has ").list(names, ""),
    };
    panic!("{}", message.text());
}

/// A scheme without a part's name: the type is one parameter, or a layer with a weight.
#[track_caller]
pub const fn scheme(about: &About) {
    let Some(parts) = about.parts else { return };
    if parts.scheme {
        return;
    }
    let message = Message::new().push(parts.kind);
    let message = match parts.names {
        [] => message.push(" holds no parameter; remove the attribute"),
        names => message
            .push(" has no weight of its own; name what the scheme is for: ")
            .list(names, "(…)"),
    };
    panic!("{}", message.text());
}

/// A first step with `at`: something else says what the rest holds.
#[track_caller]
pub const fn region(about: &About) {
    if let Some(Parts {
        scheme: true,
        names: [],
        ..
    }) = about.parts
    {
        panic!(
            "the first step writes a region, and nothing says what the rest holds; put a step before it: \
             `#[init(zeros)]`, or `#[init(skip)]` to leave the rest as it is"
        );
    }
}

/// A pattern of `rules!`.
#[track_caller]
pub const fn pattern(pattern: &str) {
    if let Some(complaint) = crate::blueprint::pattern::complaint(pattern) {
        let message = Message::new()
            .push("the pattern is malformed: ")
            .push(complaint);
        panic!("{}", message.text());
    }
}

const fn contains(text: &str, wanted: &str) -> bool {
    let mut i = 0;
    while i + wanted.len() <= text.len() {
        if stands_at(i, text.as_bytes(), wanted.as_bytes()) {
            return true;
        }
        i += 1;
    }
    false
}

const fn equal(a: &str, b: &str) -> bool {
    a.len() == b.len() && stands_at(0, a.as_bytes(), b.as_bytes())
}

const fn stands_at(start: usize, text: &[u8], wanted: &[u8]) -> bool {
    let mut i = 0;
    while i < wanted.len() {
        if text[start + i] != wanted[i] {
            return false;
        }
        i += 1;
    }
    true
}
