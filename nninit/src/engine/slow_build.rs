//! Builds of this package without optimisation, in which drawing takes sixty times as long.

use std::sync::Once;

/// Whether cargo compiled this package without optimisation, as it does in the dev profile.
const UNOPTIMIZED: bool = cfg!(unoptimized);

/// Elements from which on it is felt: a quarter of a second.
const FELT: u64 = 1 << 22;

/// Says once, before so many elements are written, that this build is slow and what to write.
pub(super) fn warn(elements: u64) {
    static ONCE: Once = Once::new();
    if let Some(text) = warning(UNOPTIMIZED, elements) {
        ONCE.call_once(|| log::warn!("{text}"));
    }
}

fn warning(unoptimized: bool, elements: u64) -> Option<String> {
    (unoptimized && elements >= FELT).then(|| {
        format!(
            "{elements} elements are to be written, and this build of nninit is not optimised: it takes sixty times \
             as long; write in Cargo.toml: [profile.dev.package.nninit] opt-level = 3"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_model_in_a_build_without_optimisation_is_warned_of() {
        let text = warning(true, 124_439_808).unwrap();
        assert!(text.starts_with("124439808 elements"), "{text}");
        assert!(text.ends_with("[profile.dev.package.nninit] opt-level = 3"));
        assert_eq!(warning(true, FELT - 1), None);
        assert_eq!(warning(false, 124_439_808), None);
    }
}
