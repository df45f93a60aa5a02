//! The contract on values: which random bits an element gets.
//!
//! Everything here is pinned by literal numbers in tests. Changing any of it changes the values of every model, is a
//! *value-breaking* change and is announced as one.
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
//! | zeros of a sparse column | Floyd's algorithm, on words of [`Tag::Mask`] from the place of the column's first element on, counted with the rows' dimension last: [`subset`](crate::sample::subset) |
//! | a [`Stream`] | the words of its tag one after the other, from `substream`·2³⁰ |
//!
//! A place is counted row by row in the whole parameter, whatever `at`, `batch` or `chunks` cut out of it. Under
//! `repeat = N` it is the place in the parameter in which N equal neighbours stand once: of a dimension of length n,
//! ⌊n / N⌋ are left, and index i becomes ⌊start / N⌋ + ⌊(i − start) / N⌋, where `start` is the region's first.
//!
//! Words come in groups of 64, made from 16 consecutive blocks, and a group's words are the blocks' first outputs, then
//! their second ones, and so on: vectors of blocks are stored as they are.
//!
//! `f64` is made from 64-bit draws whose upper half is the word that `f32` uses, so the same seed gives an `f64` model
//! the `f32` model's weights, to within the resolution of a 32-bit draw. `f16` and `bf16` are the `f32` value rounded.
//! What a law makes of the bits is written with each law.

#![allow(
    clippy::inline_always,
    reason = "only what is inlined into a SIMD level's function is compiled for that level"
)]

use std::convert::Infallible;
use std::fmt;

use rand::TryRng;
use rand::rand_core::utils::fill_bytes_via_next_word;

use crate::numeric::philox;

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
/// Specified by G. Fowler, L. C. Noll, K.-P. Vo, D. Eastlake, T. Hansen, "The FNV Non-Cryptographic Hash Algorithm"
/// (RFC 9923), over the path's UTF-8 bytes.
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
/// A [`rand::Rng`] whose output depends on the run's seed and on the parameter's path alone: not on the other
/// parameters, on threads or on the machine. It is no cryptographic generator.
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
    /// Where the seed comes from, until it has been asked for.
    seed: Option<fn() -> u64>,
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

    /// The stream for one purpose, from its `substream`-th place on. There are 2²⁸ substreams of 2³⁰ words each;
    /// drawing more words than that goes on into the next substream.
    pub(crate) fn with_tag(key: Key, tag: Tag, substream: u64) -> Self {
        let next_group = substream * (SUBSTREAM_WORDS / GROUP as u64);
        Self {
            key,
            seed: None,
            tag,
            next_group,
            used: GROUP,
            words: [0; GROUP],
        }
    }

    /// The stream of the parameter whose path has this hash, with a seed that is asked for at the first draw.
    #[cfg_attr(not(feature = "tch"), allow(dead_code))]
    pub(crate) fn seeded_when_drawn_from(path: u64, seed: fn() -> u64) -> Self {
        Self {
            seed: Some(seed),
            ..Self::with_tag(Key::of_hash(0, path), Tag::User, 0)
        }
    }

    fn next_group(&mut self) {
        if let Some(seed) = self.seed.take() {
            self.key.seed = seed();
        }
        self.key.group(self.tag, self.next_group, &mut self.words);
        self.next_group += 1;
        self.used = 0;
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        if self.used == GROUP {
            self.next_group();
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
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use rand::Rng;

    use super::*;

    /// From the test vectors of the specification.
    #[test]
    fn path_hash_is_fnv_1a() {
        assert_eq!(path_hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(path_hash("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(path_hash("foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn words_come_from_the_blocks_that_the_contract_names() {
        let key = Key::new(0x0123_4567_89AB_CDEF, "encoder.weight");
        let hash = path_hash("encoder.weight");
        let group = (1 << 30) + 5;
        let mut words = [0; 2 * GROUP];
        key.words(Tag::Mask, group, &mut words);
        for (n, &word) in (GROUP as u64 * group..).zip(&words) {
            let block = 16 * (n / 64) + n % 16;
            let counter = [
                block as u32,
                (block >> 32) as u32 | 2 << 24,
                hash as u32,
                (hash >> 32) as u32,
            ];
            assert_eq!(
                word,
                philox::block([0x89AB_CDEF, 0x0123_4567], counter)[(n % 64 / 16) as usize]
            );
        }
    }

    #[test]
    fn a_stream_gives_words_in_order() {
        let key = Key::new(7, "a.b");
        let mut words = [0; 3 * GROUP];
        key.words(Tag::Sample, 9 << 24, &mut words);
        let mut stream = Stream::with_tag(key, Tag::Sample, 9);
        assert!(words.iter().all(|&word| stream.next_u32() == word));
        let mut stream = Stream::with_tag(key, Tag::Sample, 9);
        for pair in words.chunks_exact(2) {
            assert_eq!(
                stream.next_u64(),
                u64::from(pair[1]) << 32 | u64::from(pair[0])
            );
        }
        let mut stream = Stream::with_tag(key, Tag::Sample, 9);
        let mut bytes = [0; 10];
        stream.fill_bytes(&mut bytes);
        assert_eq!(
            bytes[..8],
            (u64::from(words[1]) << 32 | u64::from(words[0])).to_le_bytes()
        );
        assert_eq!(bytes[8..], words[2].to_le_bytes()[..2]);
        assert_eq!(stream.next_u32(), words[3]);
    }

    #[test]
    fn streams_of_different_purposes_paths_and_seeds_differ() {
        let first = |key, tag, substream| Stream::with_tag(key, tag, substream).next_u64();
        let bits = [
            first(Key::new(0, ""), Tag::User, 0),
            first(Key::new(0, ""), Tag::Sample, 0),
            first(Key::new(0, ""), Tag::User, 1),
            first(Key::new(1, ""), Tag::User, 0),
            first(Key::new(1 << 32, ""), Tag::User, 0),
            first(Key::new(0, "a"), Tag::User, 0),
        ];
        for (n, bit) in bits.iter().enumerate() {
            assert!(!bits[..n].contains(bit));
        }
    }

    /// The contract, in numbers: see the module's documentation.
    #[test]
    fn words_are_pinned() {
        let mut stream = Stream::new(42, "blocks.0.weight");
        let words: [u32; 4] = std::array::from_fn(|_| stream.next_u32());
        assert_eq!(words, [0x7bbe_ce7f, 0xa6bd_d903, 0xea76_cbbe, 0xb992_b8da]);
    }
}
