//! Words as fractions of one.
//!
//! A 32-bit draw is one word; a 64-bit draw is that word with another one below it. No vector level converts unsigned
//! integers to floats as fast as these two ways: through a signed integer to `f32`, and into the last places of 2⁵² to
//! `f64`.

const SIGN: u32 = 1 << 31;
pub(super) const TWO_TO_31: f64 = 2_147_483_648.0;
const TWO_TO_32: f64 = 4_294_967_296.0;
const TWO_TO_52: f64 = 4_503_599_627_370_496.0;

/// The draw on [−1, 1]: linear in the word, with all its bits near zero.
#[inline(always)]
pub(super) fn signed_f32(word: u32) -> f32 {
    signed_i32(word) as f32 * (1.0 / TWO_TO_31 as f32)
}

/// `word` − 2³¹.
#[inline(always)]
pub(super) fn signed_i32(word: u32) -> i32 {
    (word ^ SIGN) as i32
}

/// The draw on [−1, 1]: linear in the words, with all their bits near zero.
#[inline(always)]
pub(super) fn signed_f64(high: u32, low: u32) -> f64 {
    let fine = integer_f64(low, 0.5) * (1.0 / TWO_TO_32);
    (integer_f64(high, -TWO_TO_31) + fine) * (2.0 / TWO_TO_32)
}

/// The draw on (0, 1], with all its 31 bits near zero: at least 2⁻³². The draw of `!word` is its complement to 1, with
/// all its bits near 1.
#[inline(always)]
pub(super) fn unsigned_f32(word: u32) -> f32 {
    ((word >> 1) as i32 as f32 + 0.5) * (1.0 / TWO_TO_31 as f32)
}

/// The draw on (0, 1], with all its 64 bits near zero: at least 2⁻⁶⁵. The draw of `!high` and `!low` is its complement
/// to 1, with all its bits near 1.
#[inline(always)]
pub(super) fn unsigned_f64(high: u32, low: u32) -> f64 {
    let fine = integer_f64(low, 0.5) * (1.0 / TWO_TO_32);
    (integer_f64(high, 0.0) + fine) * (1.0 / TWO_TO_32)
}

/// `word` + `offset`, exactly: the offset is a multiple of ½ below 2³².
#[inline(always)]
pub(super) fn integer_f64(word: u32, offset: f64) -> f64 {
    f64::from_bits(TWO_TO_52.to_bits() | u64::from(word)) - (TWO_TO_52 - offset)
}
