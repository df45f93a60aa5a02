//! Sentences about a field's type, as traits that it does not implement: rustc shows them as its own errors.
//!
//! One trait a sentence. Where nothing is wrong, [`If`] is [`Fine`], which implements them all; where something is, it
//! is the type itself, so that the message can name it.

use std::marker::PhantomData;

use super::Declare;

/// The type, if something is wrong with it, and else `Fine`.
pub type If<T, const WRONG: bool> = <Case<T, WRONG> as Judged>::As;

/// A type, and whether something is wrong with it.
#[derive(Debug)]
pub struct Case<T: ?Sized, const WRONG: bool>(PhantomData<T>);

/// A type that nothing is wrong with.
#[derive(Debug)]
pub struct Fine;

/// What the sentences are asked about.
pub trait Judged {
    /// See [`If`].
    type As: ?Sized;
}

impl<T: ?Sized> Judged for Case<T, true> {
    type As = T;
}

impl<T: ?Sized> Judged for Case<T, false> {
    type As = Fine;
}

/// The complaints about a field without an attribute.
pub type Unannotated<
    T,
    const WEIGHTS: bool,
    const STORE: bool,
    const LOCKED: bool,
    const UNMANAGED: bool,
    const SAYS: bool,
> = <If<T, SAYS> as SaysHow>::Then<Reached<T, WEIGHTS, STORE, LOCKED, UNMANAGED>>;

/// The fields that an attribute can name.
pub type Annotated<
    T,
    const WEIGHTS: bool,
    const STORE: bool,
    const LOCKED: bool,
    const UNMANAGED: bool,
    const EMPTY: bool,
    const OTHER: bool,
> = <<If<T, OTHER> as TakesAttribute>::Then<
    <If<T, EMPTY> as HoldsParameters>::Then<Reached<T, WEIGHTS, STORE, LOCKED, UNMANAGED>>,
> as Declare>::Fields;

type Reached<T, const WEIGHTS: bool, const STORE: bool, const LOCKED: bool, const UNMANAGED: bool> =
    <If<T, WEIGHTS> as ShowsWeights>::Then<
        <If<T, STORE> as NotStore>::Then<
            <If<T, LOCKED> as NotLocked>::Then<<If<T, UNMANAGED> as Managed>::Then<T>>,
        >,
    >;

macro_rules! sentences {
    ($($trait:ident $(<$generic:ident>)? $message:literal)+) => {$(
        #[doc = $message]
        #[diagnostic::on_unimplemented(message = $message)]
        pub trait $trait $(<$generic: ?Sized>)? {
            /// What is asked about next.
            type Then<Next: ?Sized>: ?Sized;
        }

        #[diagnostic::do_not_recommend]
        impl $(<$generic: ?Sized>)? $trait $(<$generic>)? for Fine {
            type Then<Next: ?Sized> = Next;
        }
    )+};
}

sentences! {
    ShowsWeights
    "`{Self}` hides its weights; initialise them by name with `rules!` on the VarStore, and write `#[init(skip)]` here"

    NotStore
    "`{Self}` holds every variable of a model by name; initialise those with `rules!`, and write `#[init(skip)]` here"

    NotLocked
    "`{Self}` is not looked into: a value behind a cell or a lock can change under a plan; hold it without one, or write `#[init(skip)]` here and initialise it by itself"

    Managed
    "`{Self}` is not looked into, and hides that it owns something; hold the value itself, or write `#[init(skip)]` here and initialise it by itself"

    SaysHow
    "`{Self}` does not say how it is initialised; write `#[init(SCHEME)]`, or `#[init(skip)]` to leave it as it is"

    HoldsParameters
    "`{Self}` holds no parameter; remove the attribute"

    TakesAttribute
    "`{Self}` is not a tensor, a tch layer or a type that derives `Initialize`, so `#[init(…)]` can only `skip` it"

    Open
    "`{Self}` hides what is inside; hold a `dyn Initialize`, or write `#[init(skip)]` to leave it as it is"

    Derived<Item>
    "`{Self}` may hold parameters that nninit cannot see; derive `Initialize` for `{Item}`, or write `#[init(skip)]` to leave it as it is"

    DerivedInside
    "`{Self}` may hold parameters that nninit cannot see; derive `Initialize` for what is in it, or write `#[init(skip)]` to leave it as it is"

    KeyedByStrings<Keyed>
    "`{Self}` may hold parameters that nninit cannot see; use `String` keys, which name its items: `{Keyed}`, or write `#[init(skip)]` to leave it as it is"

    HeldInVec<Item>
    "`{Self}` may hold parameters that nninit cannot see; hold a `Vec<{Item}>`, or write `#[init(skip)]` to leave it as it is"

    HasParts
    "a tensor has no parts; write `#[init(SCHEME)]`, without a name"

    HoldsThere
    "this field of `{Self}` holds no parameter, so nothing can be said of it"

    HasSuch
    "`{Self}` has no part and no field of this name"

    PassesOn
    "`{Self}` passes what is said of it on to all of its items; write what is inside without the number"

    RankedWeight
    "the weight of a norm has one dimension, and the scheme is for two or more; write `ones`, `uniform`, `normal` or `constant`, or say whose fans: `fan_of = [64, 32]`"

    Covered
    "the first step writes a region, and nothing says what the rest holds; put a step before it: `#[init(zeros)]`, or `#[init(skip)]` to leave the rest as it is"
}
