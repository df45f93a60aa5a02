//! The contract on values: which random bits an element gets.
//!
//! Everything here is pinned by literal numbers in tests. Changing any of it changes the values of
//! every model, is a *value-breaking* change and is announced as one.
//!
//! | what | how |
//! |---|---|
//! | bits | [Philox4x32-10](crate::philox) |
//! | key | the seed, lower half first |
//! | counter words 0 and 1 | the block number, 56 bits, and above it the purpose, 8 bits: [`Tag`] |
//! | counter words 2 and 3 | [`path_hash`] of the parameter's path, lower half first |
//! | word `n` of a purpose | output word `(n mod 64) / 16` of block `16·(n / 64) + n mod 16` |
//! | element `i`, 32-bit draw | word `i` of [`Tag::Values`] |
//! | element `i`, 64-bit draw | word `i` of [`Tag::Values`] above word `i` of [`Tag::ValuesLow`] |
//! | a sparse column | words of [`Tag::Mask`], from the place of its first element with the rows' dimension last: [`subset`](crate::sample::subset) |
//! | a [`Stream`] | the words of its tag one after the other, from `substream`·2³⁰ |
//!
//! Words come in groups of 64, made from 16 consecutive blocks, and a group's words are the blocks'
//! first outputs, then their second ones, and so on: vectors of blocks are stored as they are.
//!
//! `f64` is made from 64-bit draws whose upper half is the word that `f32` uses, so the same seed
//! gives an `f64` model the `f32` model's weights, to within the resolution of a 32-bit draw. `f16` and
//! `bf16` are the `f32` value rounded. What a law makes of the bits is written with each law.

use std::convert::Infallible;
use std::fmt;

use rand::TryRng;
use rand::rand_core::utils::fill_bytes_via_next_word;

use crate::philox;

/// Words of one group: what is generated together.
pub(crate) const GROUP: usize = 64;

/// Blocks of one group; Philox4x32 gives four words a block.
const BLOCKS: usize = GROUP / 4;

/// Words between the starts of neighbouring substreams.
const SUBSTREAM_WORDS: u64 = 1 << 30;

/// Which parameter of which run: everything that values depend on, but for the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    seed: u64,
    path: u64,
}

impl Key {
    /// The key of the parameter at `path` under `seed`.
    pub(crate) fn new(seed: u64, path: &str) -> Self {
        Self::of_hash(seed, path_hash(path))
    }

    /// The key of the parameter whose path has this hash.
    pub(crate) fn of_hash(seed: u64, path: u64) -> Self {
        Self { seed, path }
    }

    /// Words `GROUP·group ..` of `tag`, as many as `out` holds: whole groups.
    #[inline(always)]
    pub(crate) fn words(self, tag: Tag, group: u64, out: &mut [u32]) {
        let (groups, _) = out.as_chunks_mut::<GROUP>();
        for (group, words) in (group..).zip(groups) {
            self.group(tag, group, words);
        }
    }

    #[inline(always)]
    fn group(self, tag: Tag, group: u64, out: &mut [u32; GROUP]) {
        let block = group * BLOCKS as u64;
        let key = [self.seed as u32, (self.seed >> 32) as u32];
        let upper = (block >> 32) as u32 & 0x00FF_FFFF | (tag as u32) << 24;
        let path = [self.path as u32, (self.path >> 32) as u32];
        for lane in 0..BLOCKS {
            let counter = [block as u32 | lane as u32, upper, path[0], path[1]];
            let words = philox::block(key, counter);
            out[lane] = words[0];
            out[BLOCKS + lane] = words[1];
            out[2 * BLOCKS + lane] = words[2];
            out[3 * BLOCKS + lane] = words[3];
        }
    }
}

/// What bits are for; bits for different purposes are independent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Tag {
    /// Values of elements.
    Values = 0,
    /// The lower halves of 64-bit draws.
    ValuesLow = 1,
    /// Which elements a mask or a permutation picks.
    Mask = 2,
    /// What a user's own initialiser draws.
    User = 3,
    /// What a user's distribution draws, a substream for each block of elements.
    Sample = 4,
}

/// The 64-bit hash by which a parameter's path enters its key: FNV-1a.
///
/// Specified by G. Fowler, L. C. Noll, K.-P. Vo, D. Eastlake, T. Hansen, "The FNV Non-Cryptographic
/// Hash Algorithm" (RFC 9923), over the path's UTF-8 bytes.
///
/// ```
/// assert_eq!(nninit::path_hash("foobar"), 0x8594_4171_f739_67e8);
/// ```
#[must_use]
pub fn path_hash(path: &str) -> u64 {
    const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    path.bytes().fold(OFFSET_BASIS, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(PRIME)
    })
}

/// The random bits of one parameter, for initialisers of your own.
///
/// A [`rand::Rng`] whose output depends on the run's seed and on the parameter's path alone: not on the
/// other parameters, on threads or on the machine. It is no cryptographic generator.
///
/// ```
/// use nninit::Stream;
/// use rand::Rng;
///
/// let mut stream = Stream::new(42, "encoder.weight");
/// let mut again = Stream::new(42, "encoder.weight");
/// let mut other = Stream::new(42, "decoder.weight");
/// let bits = stream.next_u64();
/// assert_eq!(bits, again.next_u64());
/// assert_ne!(bits, other.next_u64());
/// ```
#[derive(Clone)]
pub struct Stream {
    key: Key,
    tag: Tag,
    next_group: u64,
    used: usize,
    words: [u32; GROUP],
}

impl Stream {
    /// The stream of the parameter at `path` in the run with this `seed`.
    #[must_use]
    pub fn new(seed: u64, path: &str) -> Self {
        Self::with_tag(Key::new(seed, path), Tag::User, 0)
    }

    /// The stream for one purpose, from its `substream`-th place on. Substreams are 2³⁰ words long, and
    /// there are 2²⁸ of them; one that is drawn from for longer runs into the next.
    pub(crate) fn with_tag(key: Key, tag: Tag, substream: u64) -> Self {
        let next_group = substream * (SUBSTREAM_WORDS / GROUP as u64);
        Self {
            key,
            tag,
            next_group,
            used: GROUP,
            words: [0; GROUP],
        }
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        if self.used == GROUP {
            self.key.group(self.tag, self.next_group, &mut self.words);
            self.next_group += 1;
            self.used = 0;
        }
        let word = self.words[self.used];
        self.used += 1;
        Ok(word)
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let low = self.try_next_u32()?;
        let high = self.try_next_u32()?;
        Ok(u64::from(high) << 32 | u64::from(low))
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
        fill_bytes_via_next_word(dst, || self.try_next_u32())
    }
}

/// Shows where the stream stands, not what it will give.
impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream")
            .field("key", &self.key)
            .field("tag", &self.tag)
            .field(
                "word",
                &(self.next_group * GROUP as u64 - (GROUP - self.used) as u64),
            )
            .finish()
    }
}
