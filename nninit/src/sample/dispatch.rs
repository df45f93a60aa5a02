//! One source, compiled for each SIMD level, chosen once at run time.
//!
//! Every level gives the same bits: Rust never contracts `a * b + c` into a fused operation, and addition,
//! multiplication, division and square root are exact to the last bit everywhere.

/// Work that is compiled for every level. `run` must be `#[inline(always)]`, and all that it calls, for code that is
/// not inlined stays at the baseline.
pub(crate) trait Work {
    /// Does the work.
    fn run(self);
}

/// A set of vector instructions that work is compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// What every processor of the target has: SSE2 on x86-64, NEON on 64-bit ARM.
    Baseline,
    /// 256-bit vectors.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// 512-bit vectors: the F, BW, DQ and VL groups.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Level {
    /// The widest level that this processor has.
    #[inline]
    pub(crate) fn widest() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            if Self::Avx512.is_available() {
                return Self::Avx512;
            }
            if Self::Avx2.is_available() {
                return Self::Avx2;
            }
        }
        Self::Baseline
    }

    /// All levels that this processor has, the baseline first.
    #[cfg(test)]
    pub(crate) fn available() -> Vec<Self> {
        let mut levels = vec![Self::Baseline];
        #[cfg(target_arch = "x86_64")]
        levels.extend(
            [Self::Avx2, Self::Avx512]
                .into_iter()
                .filter(|level| level.is_available()),
        );
        levels
    }

    /// Whether this processor has the level. The standard library asks the processor once.
    #[inline]
    pub(crate) fn is_available(self) -> bool {
        match self {
            Self::Baseline => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => {
                is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
            }
        }
    }
}

macro_rules! compiled_for {
    ($($name:ident: $features:literal)*) => {$(
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = $features)]
        fn $name<W: Work>(work: W) {
            work.run();
        }
    )*};
}

compiled_for! {
    avx2: "avx2"
    avx512: "avx512f,avx512bw,avx512dq,avx512vl"
}

/// Does `work` with the instructions of `level`.
///
/// # Panics
///
/// If the processor lacks them.
#[inline]
pub(crate) fn run_at<W: Work>(level: Level, work: W) {
    assert!(level.is_available(), "this processor has no {level:?}");
    let run: unsafe fn(W) = match level {
        Level::Baseline => W::run,
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => avx2,
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => avx512,
    };
    // SAFETY: all that these functions require is their level's instructions, just asserted.
    #[allow(unsafe_code)]
    unsafe {
        run(work);
    }
}
