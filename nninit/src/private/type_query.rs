//! What the derive asks of a field's type: whether it walks, holds parameters, or hides them.
//!
//! An inherent item beats a trait's of the same name if its bounds hold, so `Is::<Ty>::__NNINIT_WALKS` is an answer
//! about any type that mentions no parameter; about one that does, the trait's would always win, and the derive does
//! not ask. The names are reserved: a trait of the user's may have an item of any other name for every type.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::ffi::OsString;
use std::marker::PhantomData;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tch::nn;

use super::{Declare, Describe, Layers, Names, Parts, Spec};
use crate::Initialize;

/// The type that is asked about.
#[derive(Debug)]
pub struct Is<T: ?Sized>(PhantomData<T>);

/// The answers where a bound does not hold.
pub trait Otherwise {
    /// It does not implement `Initialize`.
    const __NNINIT_WALKS: bool = false;
    /// It does not implement `Declare`.
    const __NNINIT_HOLDS: bool = false;
    /// Nothing can be named there.
    const __NNINIT_PARTS: Option<Parts> = None;
    /// There is no special reason to refuse it.
    const __NNINIT_REFUSED: Option<Why> = None;

    /// It cannot be shared between threads, as tensors cannot.
    const __NNINIT_SHARED: bool = false;

    /// It may hold a tensor.
    const __NNINIT_PLAIN: bool = false;

    /// Nothing: either there is nothing to write, or a check has said what is wrong.
    fn __nninit_walk<T: ?Sized>(_: &mut Describe<'_>, _: &str, _: &T) {}

    /// Nothing, as for a field without an attribute.
    fn __nninit_set<T: ?Sized>(_: &mut Describe<'_>, _: &str, _: &T, _: Spec) {}

    /// Nothing: a check has said what is wrong.
    fn __nninit_field<T: ?Sized>(_: &mut Describe<'_>, _: &str, _: &T, _: Spec) {}

    /// Skips what cannot be looked into.
    fn __nninit_skip<T: ?Sized>(at: &mut Describe<'_>, name: &str, _: &T) {
        at.leave(name, std::any::type_name::<T>());
    }

    /// Nothing can be named there.
    fn __nninit_check(_: &Spec, _: &mut Names<'_>) {}

    /// No attribute can be put on it.
    fn __nninit_layers(_: &mut Layers) {}

    /// It does not describe itself.
    fn __nninit_described(_: &mut Layers) {}
}

impl<T: ?Sized> Otherwise for Is<T> {}

impl<T: Initialize + ?Sized> Is<T> {
    /// A field of this type needs no attribute.
    pub const __NNINIT_WALKS: bool = true;

    /// Walks a field without an attribute.
    pub fn __nninit_walk(at: &mut Describe<'_>, name: &str, value: &T) {
        at.walk(name, value);
    }

    /// Walks a field whose attribute holds settings alone.
    pub fn __nninit_set(at: &mut Describe<'_>, name: &str, value: &T, spec: Spec) {
        at.walk_with(name, value, spec);
    }
}

impl<T: Initialize> Is<T> {
    /// Collects the kinds of layers that can be inside of what describes itself.
    pub fn __nninit_described(layers: &mut Layers) {
        T::__layers(layers);
    }
}

impl<T: Sync + ?Sized> Is<T> {
    /// No tensor is in it, nor behind its references: a `Tensor` is not `Sync`.
    pub const __NNINIT_SHARED: bool = true;
}

impl<T: Plain + ?Sized> Is<T> {
    /// It holds no tensor, whatever needs drop in it.
    pub const __NNINIT_PLAIN: bool = true;
}

/// Files of weights, and data of std's types, which hold none of a user's but as keys: those are compared, and no
/// tensor is by what it holds.
pub trait Plain {}

macro_rules! plain {
    ($([$($generics:tt)*] $type:ty),+) => {$(impl<$($generics)*> Plain for $type {})+};
}

plain!(
    [] (), [] bool, [] char, [] u8, [] u16, [] u32, [] u64, [] u128, [] usize, [] i8, [] i16, [] i32, [] i64,
    [] i128, [] isize, [] f32, [] f64, [] str, [] String, [] OsString, [] PathBuf, [] Duration,
    [T: Plain] Option<T>, [T: Plain] Vec<T>, [T: Plain] [T], [T: Plain, const N: usize] [T; N],
    [T: Plain + ?Sized] Box<T>, [T: Plain + ?Sized] Rc<T>, [T: Plain + ?Sized] Arc<T>, [T: Plain + ?Sized] &T,
    [T: Plain] VecDeque<T>, [T: Plain] LinkedList<T>, [T: Plain] BinaryHeap<T>,
    [T: Sync, S] HashSet<T, S>, [T: Sync] BTreeSet<T>, [K: Sync, V: Plain, S] HashMap<K, V, S>,
    [K: Sync, V: Plain] BTreeMap<K, V>, [A: Plain] (A,), [A: Plain, B: Plain] (A, B),
    [A: Plain, B: Plain, C: Plain] (A, B, C), [A: Plain, B: Plain, C: Plain, D: Plain] (A, B, C, D),
    [] crate::Weights, [] crate::StoredTensor, [] crate::adapt::Widening
);

impl<T: Declare> Is<T> {
    /// A field of this type can hold parameters.
    ///
    /// Not read from the parts: while a recursive type's parts are evaluated, they have no value yet.
    pub const __NNINIT_HOLDS: bool = true;

    /// What an attribute on a field of this type can name.
    pub const __NNINIT_PARTS: Option<Parts> = Some(T::PARTS);

    /// Hands over a field with an attribute.
    pub fn __nninit_field(at: &mut Describe<'_>, name: &str, value: &T, spec: Spec) {
        at.field(name, value, spec);
    }

    /// Skips all that is inside, one parameter at a time.
    pub fn __nninit_skip(at: &mut Describe<'_>, name: &str, value: &T) {
        at.skip(name, value);
    }

    /// Looks for names that do not exist.
    pub fn __nninit_check(spec: &Spec, names: &mut Names<'_>) {
        T::check(spec, names);
    }

    /// Collects the kinds of layers that can be inside.
    pub fn __nninit_layers(layers: &mut Layers) {
        T::layers(layers);
    }
}

/// Why a type with parameters inside is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Its weights have no names.
    HidesWeights,
    /// It is a `VarStore`.
    IsStore,
    /// A value behind a cell or a lock can change under a plan.
    IsLocked,
    /// It hides that it needs drop.
    IsUnmanaged,
}

/// Types with parameters inside that nninit cannot reach.
pub trait Refused {
    /// Why it is refused.
    const WHY: Why;
}

impl<T: Refused + ?Sized> Is<T> {
    /// Why it is refused.
    pub const __NNINIT_REFUSED: Option<Why> = Some(T::WHY);
}

macro_rules! refused {
    ($why:ident: $([$($generics:tt)*] $type:ty),+) => {$(
        impl<$($generics)*> Refused for $type {
            const WHY: Why = Why::$why;
        }
    )+};
}

refused!(HidesWeights:
    [] nn::LSTM, [] nn::GRU, [] nn::Sequential, [] nn::SequentialT, [] nn::Func<'_>, [] nn::FuncT<'_>,
    [] tch::CModule, [] tch::TrainableCModule);
refused!(IsStore: [] nn::VarStore);
refused!(IsLocked:
    [T: ?Sized] std::cell::RefCell<T>, [T: ?Sized] std::sync::Mutex<T>, [T: ?Sized] std::sync::RwLock<T>);
refused!(IsUnmanaged: [T] std::mem::ManuallyDrop<T>, [T] std::mem::MaybeUninit<T>);

macro_rules! refused_inside {
    ($([$($generics:tt)*] $container:ty),+) => {$(
        impl<$($generics)*> Refused for $container
        where
            T: Refused,
        {
            const WHY: Why = T::WHY;
        }
    )+};
}

refused_inside!(
    [T] Option<T>, [T] Vec<T>, [T] [T], [T] HashMap<String, T>, [T] BTreeMap<String, T>,
    [T: ?Sized] Box<T>, [T: ?Sized] Rc<T>, [T: ?Sized] Arc<T>, [T: ?Sized] &T, [T: ?Sized] &mut T
);

impl<T: Refused, const N: usize> Refused for [T; N] {
    const WHY: Why = T::WHY;
}

/// The names of fields, and whether each holds parameters.
pub type Fields = &'static [(&'static str, bool)];

/// Some of the names.
pub type Held<const N: usize> = [&'static str; N];

/// How many of the fields hold parameters, or do not.
#[must_use]
pub const fn count(fields: Fields, holding: bool) -> usize {
    let (mut held, mut i) = (0, 0);
    while i < fields.len() {
        held += (fields[i].1 == holding) as usize;
        i += 1;
    }
    held
}

/// The names of those that do, or do not.
#[must_use]
pub const fn keep<const N: usize>(fields: Fields, holding: bool) -> Held<N> {
    let mut names = [""; N];
    let (mut held, mut i) = (0, 0);
    while i < fields.len() {
        if fields[i].1 == holding {
            names[held] = fields[i].0;
            held += 1;
        }
        i += 1;
    }
    names
}
