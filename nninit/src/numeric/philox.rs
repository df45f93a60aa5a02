//! Philox4x32-10: the function from a counter to four random words that every value rests on.
//!
//! Counter-based, so any block is computed without the ones before it: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E.
//! Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC'11, section 3.3.

#![allow(
    clippy::inline_always,
    reason = "only what is inlined into a SIMD level's function is compiled for that level"
)]

const MULTIPLIERS: [u64; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
const ROUNDS: usize = 10;
const LOW: u64 = 0xFFFF_FFFF;

/// The four output words of block `counter` under `key`, least significant word first throughout.
///
/// The words travel in 64-bit lanes whose upper halves are left dirty: a multiplication reads only the lower half, so a
/// round is two multiplications, two shifts and four exclusive ors at any vector width, without a shuffle.
#[inline(always)]
pub(crate) fn block(key: [u32; 2], counter: [u32; 4]) -> [u32; 4] {
    let [mut c0, mut c1, mut c2, mut c3] = counter.map(u64::from);
    let [mut k0, mut k1] = key;
    for _ in 0..ROUNDS {
        let product0 = MULTIPLIERS[0] * (c0 & LOW);
        let product1 = MULTIPLIERS[1] * (c2 & LOW);
        c0 = (product1 >> 32) ^ c1 ^ u64::from(k0);
        c1 = product1;
        c2 = (product0 >> 32) ^ c3 ^ u64::from(k1);
        c3 = product0;
        k0 = k0.wrapping_add(WEYL[0]);
        k1 = k1.wrapping_add(WEYL[1]);
    }
    [c0 as u32, c1 as u32, c2 as u32, c3 as u32]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The `philox4x32 10` rows of Random123's `kat_vectors`.
    #[test]
    fn known_answers() {
        assert_eq!(
            block([0; 2], [0; 4]),
            [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        );
        assert_eq!(
            block([!0; 2], [!0; 4]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            block(
                [0xa409_3822, 0x299f_31d0],
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344]
            ),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }
}
