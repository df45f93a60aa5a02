//! Sources of seeds for tests.

use std::convert::Infallible;

use rand::rngs::StdRng;
use rand::{SeedableRng, TryRng};

/// rand's own generator, as users have it.
#[must_use]
pub fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// A generator that gives one number for ever: the seed itself, whatever the version of rand.
#[derive(Debug, Clone, Copy)]
pub struct Seed(pub u64);

impl TryRng for Seed {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.0 as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.0)
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        out.fill(self.0 as u8);
        Ok(())
    }
}

/// A generator that counts what is taken from it.
#[derive(Debug, Default)]
pub struct Counted {
    /// Calls of `next_u64`.
    pub words: u64,
    /// Calls of anything else.
    pub other: u64,
}

impl TryRng for Counted {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.other += 1;
        Ok(0)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.words += 1;
        Ok(self.words)
    }

    fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Infallible> {
        self.other += 1;
        Ok(())
    }
}
