//! Where random bits come from.

use rand::Rng;

/// A source of randomness: any [`rand::Rng`] (rand 0.10), or libtorch's own generator as `TorchRng`.
///
/// An `Rng` gives one `next_u64` to each execution that gets as far as writing, and none to one that fails before. That
/// number is the seed from which every value follows, by the parameter's path and the element's index.
///
/// The trait is sealed: there are these two sources. For bits of your own implement `rand::TryRng` with an error that
/// cannot happen, which makes a [`rand::Rng`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a source of randomness",
    label = "expected a `rand::Rng` of rand 0.10: `&mut StdRng::seed_from_u64(42)`",
    note = "generators of rand 0.8 (which tch itself depends on) and 0.9 are other types: depend on `rand = \"0.10\"`"
)]
pub trait Source: sealed::Sealed {
    /// The bits for one execution.
    #[doc(hidden)]
    fn bits(&mut self) -> Bits;
}

/// What one execution draws from.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bits {
    /// Our own streams, all from this seed.
    Seed(u64),
    /// libtorch's default generator.
    #[cfg(feature = "tch")]
    Torch {
        /// What to seed it with first.
        seed: Option<i64>,
        /// Whether to repeat what PyTorch's constructors draw before the rest.
        constructors: bool,
    },
}

impl<R: Rng + ?Sized> sealed::Sealed for R {}

impl<R: Rng + ?Sized> Source for R {
    fn bits(&mut self) -> Bits {
        Bits::Seed(self.next_u64())
    }
}

/// Keeps [`Source`] to the types of this crate and to `rand`'s.
pub(crate) mod sealed {
    pub trait Sealed {}
}
