//! What is known of a field's type, and what the derive asks of it.

use nninit_language::message::Message;

use super::Parts;
use super::type_query::Why;

/// What is known of a field's type.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an answer of rustc's about the type"
)]
pub struct About {
    /// It implements `Initialize`.
    pub walks: bool,
    /// What an attribute can say of it, if one can stand there.
    pub parts: Option<Parts>,
    /// Why it is refused, if there is a special reason.
    pub refused: Option<Why>,
    /// It needs drop, so it may own a tensor.
    pub drops: bool,
    /// It is `Sync`, so it refers to none.
    pub shared: bool,
    /// It is std's own, down to what is in it.
    pub plain: bool,
}

impl About {
    /// Its weights have no names.
    #[must_use]
    pub const fn hides_weights(&self) -> bool {
        matches!(self.refused, Some(Why::HidesWeights))
    }

    /// It is a `VarStore`.
    #[must_use]
    pub const fn is_store(&self) -> bool {
        matches!(self.refused, Some(Why::IsStore))
    }

    /// It is behind a cell or a lock.
    #[must_use]
    pub const fn is_locked(&self) -> bool {
        matches!(self.refused, Some(Why::IsLocked))
    }

    /// It hides that it needs drop.
    #[must_use]
    pub const fn is_unmanaged(&self) -> bool {
        matches!(self.refused, Some(Why::IsUnmanaged))
    }

    /// It takes an attribute and needs one.
    #[must_use]
    pub const fn says_nothing(&self) -> bool {
        !self.walks && self.refused.is_none() && self.parts.is_some()
    }

    /// It may hold what nobody can see.
    #[must_use]
    pub const fn is_unseen(&self) -> bool {
        let holds_no_tensor = self.plain || !self.drops && self.shared;
        !self.walks && self.refused.is_none() && self.parts.is_none() && !holds_no_tensor
    }

    /// It needs no attribute and takes none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.walks && self.refused.is_none() && self.parts.is_none()
    }

    /// Nothing in it can be named by an attribute.
    #[must_use]
    pub const fn takes_nothing(&self) -> bool {
        !self.walks && self.refused.is_none() && self.parts.is_none()
    }

    /// It can be named in an attribute, and not by this name.
    #[must_use]
    pub const fn lacks(&self, name: &str) -> bool {
        match self.parts {
            Some(parts) => !has(parts.names, name),
            None => false,
        }
    }

    /// It has such a field, which holds no parameter.
    #[must_use]
    pub const fn holds_nothing_at(&self, name: &str) -> bool {
        match self.parts {
            Some(parts) => has(parts.empty, name),
            None => false,
        }
    }

    /// It has a weight of one dimension.
    #[must_use]
    pub const fn is_flat(&self) -> bool {
        matches!(self.parts, Some(Parts { flat: true, .. }))
    }

    /// It is one parameter, and no part of it has a default.
    #[must_use]
    pub const fn is_bare(&self) -> bool {
        matches!(
            self.parts,
            Some(Parts {
                scheme: true,
                names: [],
                ..
            })
        )
    }
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

const fn has(names: &[&str], name: &str) -> bool {
    let mut i = 0;
    while i < names.len() {
        if equal(names[i], name) {
            return true;
        }
        i += 1;
    }
    false
}

const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut same = a.len() == b.len();
    let mut i = 0;
    while same && i < a.len() {
        same = a[i] == b[i];
        i += 1;
    }
    same
}
