//! Words as fractions of one.
//!
//! A 32-bit draw is one word; a 64-bit draw is that word with another one below it. Conversions go
//! through signed integers, which every vector level has an instruction for.

const SIGN: u32 = 1 << 31;
const TWO_TO_31: f32 = 2_147_483_648.0;
const TWO_TO_32: f64 = 4_294_967_296.0;

/// The draw on [−1, 1]: linear in the word, with all its bits near zero.
#[inline(always)]
pub(super) fn signed_f32(word: u32) -> f32 {
    (word ^ SIGN) as i32 as f32 * (1.0 / TWO_TO_31)
}

/// The draw on [−1, 1]: linear in the words, with all their bits near zero.
#[inline(always)]
pub(super) fn signed_f64(high: u32, low: u32) -> f64 {
    let fine = half_open(low) * (1.0 / TWO_TO_32);
    (f64::from((high ^ SIGN) as i32) + fine) * (2.0 / TWO_TO_32)
}

/// The draw on (0, 1], with all its 31 bits near zero: at least 2⁻³². The draw of `!word` is its
/// complement to 1, with all its bits near 1.
#[inline(always)]
pub(super) fn unsigned_f32(word: u32) -> f32 {
    ((word >> 1) as i32 as f32 + 0.5) * (1.0 / TWO_TO_31)
}

/// The draw on (0, 1], with all its 64 bits near zero: at least 2⁻⁶⁵. The draw of `!high` and `!low` is
/// its complement to 1, with all its bits near 1.
#[inline(always)]
pub(super) fn unsigned_f64(high: u32, low: u32) -> f64 {
    let fine = half_open(low) * (1.0 / TWO_TO_32);
    (f64::from((high ^ SIGN) as i32) + f64::from(TWO_TO_31) + fine) * (1.0 / TWO_TO_32)
}

/// The middle of the `word`-th of 2³² cells.
#[inline(always)]
fn half_open(word: u32) -> f64 {
    f64::from((word ^ SIGN) as i32) + (f64::from(TWO_TO_31) + 0.5)
}
