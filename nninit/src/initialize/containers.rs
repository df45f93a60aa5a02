//! Containers pass on what is declared for them to their items; plain data holds no parameter.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::ffi::{OsStr, OsString};
use std::hash::BuildHasher;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use crate::Initialize;
use crate::declare::{Declare, Describe, Layers, Names, Parts, Spec};

/// Both traits for a container, from how it hands its items to either of them.
macro_rules! container {
    ([$($generics:tt)*] $container:ty, $self:ident, $at:ident, $method:ident => $body:expr) => {
        impl<T: Initialize, $($generics)*> Initialize for $container {
            fn describe(&$self, $at: &mut Describe<'_>) {
                container!(@with describe $method, $body);
            }

            fn __check(spec: &Spec, names: &mut Names<'_>) {
                T::__check(spec, names);
            }

            fn __layers(layers: &mut Layers) {
                T::__layers(layers);
            }
        }

        impl<T: Declare, $($generics)*> Declare for $container {
            const PARTS: Parts = T::PARTS;

            type Fields = T::Fields;

            fn declare(&$self, $at: &mut Describe<'_>) {
                container!(@with declare $method, $body);
            }

            fn check(spec: &Spec, names: &mut Names<'_>) {
                T::check(spec, names);
            }

            fn layers(layers: &mut Layers) {
                T::layers(layers);
            }
        }
    };
    (@with $trait_method:ident $method:ident, $body:expr) => {{
        let $method = |item: &T, at: &mut Describe<'_>| item.$trait_method(at);
        $body
    }};
}

container!([] Option<T>, self, at, hand => if let Some(item) = self { hand(item, at) });

container!([] Vec<T>, self, at, hand => for (i, item) in self.iter().enumerate() {
    hand(item, &mut at.item(&i.to_string()));
});

container!([const N: usize] [T; N], self, at, hand => for (i, item) in self.iter().enumerate() {
    hand(item, &mut at.item(&i.to_string()));
});

container!([] BTreeMap<String, T>, self, at, hand => for (key, item) in self {
    hand(item, &mut at.entry(key));
});

container!([S: BuildHasher] HashMap<String, T, S>, self, at, hand => {
    // A hash map's order is random, so keys are sorted for the plan.
    let mut entries: Vec<_> = self.iter().collect();
    entries.sort_by_key(|(key, _)| *key);
    for (key, item) in entries {
        hand(item, &mut at.entry(key));
    }
});

impl<T: Initialize> Initialize for [T] {
    fn describe(&self, at: &mut Describe<'_>) {
        for (i, item) in self.iter().enumerate() {
            item.describe(&mut at.item(&i.to_string()));
        }
    }
}

impl<T: Declare> Declare for [T] {
    const PARTS: Parts = T::PARTS;

    type Fields = T::Fields;

    fn declare(&self, at: &mut Describe<'_>) {
        for (i, item) in self.iter().enumerate() {
            item.declare(&mut at.item(&i.to_string()));
        }
    }

    fn check(spec: &Spec, names: &mut Names<'_>) {
        T::check(spec, names);
    }

    fn layers(layers: &mut Layers) {
        T::layers(layers);
    }
}

/// Pointers are seen through: they add no name to the path.
macro_rules! pointers {
    ($($pointer:ty),*) => {$(
        impl<T: Initialize + ?Sized> Initialize for $pointer {
            fn describe(&self, at: &mut Describe<'_>) {
                (**self).describe(at);
            }
        }

        impl<T: Declare + ?Sized> Declare for $pointer {
            const PARTS: Parts = T::PARTS;

            type Fields = T::Fields;

            fn declare(&self, at: &mut Describe<'_>) {
                (**self).declare(at);
            }

            fn check(spec: &Spec, names: &mut Names<'_>) {
                T::check(spec, names);
            }

            fn layers(layers: &mut Layers) {
                T::layers(layers);
            }
        }
    )*};
}

pointers!(Box<T>, Rc<T>, Arc<T>, &T, &mut T);

macro_rules! tuples {
    ($(($first:ident $($index:tt $item:ident)*))*) => {$(
        impl<$first: Initialize, $($item: Initialize),*> Initialize for ($first, $($item,)*) {
            fn describe(&self, at: &mut Describe<'_>) {
                self.0.describe(&mut at.item("0"));
                $(self.$index.describe(&mut at.item(stringify!($index)));)*
            }

            fn __check(spec: &Spec, names: &mut Names<'_>) {
                $first::__check(spec, names);
                $($item::__check(spec, names);)*
            }

            fn __layers(layers: &mut Layers) {
                $first::__layers(layers);
                $($item::__layers(layers);)*
            }
        }

        impl<$first: Declare, $($item: Declare),*> Declare for ($first, $($item,)*) {
            const PARTS: Parts = Parts { scheme: $first::PARTS.scheme $(&& $item::PARTS.scheme)*, ..$first::PARTS };

            type Fields = $first::Fields;

            fn declare(&self, at: &mut Describe<'_>) {
                self.0.declare(&mut at.item("0"));
                $(self.$index.declare(&mut at.item(stringify!($index)));)*
            }

            fn check(spec: &Spec, names: &mut Names<'_>) {
                $first::check(spec, names);
                $($item::check(spec, names);)*
            }

            fn layers(layers: &mut Layers) {
                $first::layers(layers);
                $($item::layers(layers);)*
            }
        }
    )*};
}

tuples!(
    (A)
    (A 1 B)
    (A 1 B 2 C)
    (A 1 B 2 C 3 D)
    (A 1 B 2 C 3 D 4 E)
    (A 1 B 2 C 3 D 4 E 5 F)
    (A 1 B 2 C 3 D 4 E 5 F 6 G)
    (A 1 B 2 C 3 D 4 E 5 F 6 G 7 H)
);

const NOTHING: Parts = Parts {
    scheme: false,
    names: &[],
    empty: &[],
    kind: "a value without parameters",
    flat: false,
};

/// Types that hold no parameter, so that fields of them need no attribute.
macro_rules! nothing_to_write {
    ($($type:ty),* $(; $($unsized:ty),*)?) => {
        $(impl Initialize for $type {
            fn describe(&self, _: &mut Describe<'_>) {}

            fn __check(spec: &Spec, names: &mut Names<'_>) {
                names.parts(spec, NOTHING, |_, _, _| ());
            }

            fn __layers(_: &mut Layers) {}
        })*
        $($(impl Initialize for $unsized {
            fn describe(&self, _: &mut Describe<'_>) {}
        })*)?
    };
}

nothing_to_write!(
    (),
    bool,
    char,
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    i8,
    i16,
    i32,
    i64,
    i128,
    isize,
    f32,
    f64,
    String,
    OsString,
    PathBuf,
    Cow<'_, str>,
    Cow<'_, Path>,
    std::time::Duration,
    tch::Device,
    tch::Kind;
    str,
    OsStr,
    Path
);

/// Such as a counter. A type that is `Copy` and `Sync` holds no tensor.
impl<T: Copy + Sync> Initialize for Cell<T> {
    fn describe(&self, _: &mut Describe<'_>) {}

    fn __layers(_: &mut Layers) {}
}

impl<T: ?Sized> Initialize for PhantomData<T> {
    fn describe(&self, _: &mut Describe<'_>) {}

    fn __layers(_: &mut Layers) {}
}
