//! The digits, read from their compressed file.

use std::io::Read;

use anyhow::{Context, ensure};
use flate2::read::GzDecoder;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use tch::Tensor;

/// UCI's test set, as scikit-learn carries it; see `data/README.md`.
const FILE: &[u8] = include_bytes!("../../data/digits.csv.gz");
const PIXELS: usize = 8 * 8;
const BRIGHTEST: f32 = 16.0;

/// The digits, parted into those to learn from and those to be examined on.
#[derive(Debug)]
pub struct Digits {
    /// Four fifths.
    pub training: Images,
    /// The other fifth.
    pub held_out: Images,
}

/// Images with their digits.
#[derive(Debug)]
pub struct Images {
    /// `[n, 1, 8, 8]`, between 0 and 1.
    pub pixels: Tensor,
    /// `[n]`, from 0 to 9.
    pub digits: Tensor,
}

impl Digits {
    /// Reads the digits; `seed` decides which fifth is held out.
    ///
    /// # Errors
    ///
    /// When the file inside the program is not what it should be.
    pub fn load(seed: u64) -> anyhow::Result<Self> {
        let images = Images::read(FILE).context("examples/data/digits.csv.gz")?;
        let mut order = shuffled(images.len(), &mut StdRng::seed_from_u64(seed));
        let training = order.split_off(order.len() / 5);
        Ok(Self {
            training: images.select(&training),
            held_out: images.select(&order),
        })
    }
}

impl Images {
    /// All of them in an order drawn from `rng`, cut into batches of `size`; the last may be smaller.
    pub fn batches<R: Rng>(&self, size: usize, rng: &mut R) -> impl Iterator<Item = Self> {
        let order = shuffled(self.len(), rng);
        let starts = (0..order.len()).step_by(size);
        starts.map(move |start| self.select(&order[start..order.len().min(start + size)]))
    }

    fn read(csv_gz: &[u8]) -> anyhow::Result<Self> {
        let mut csv = String::new();
        GzDecoder::new(csv_gz).read_to_string(&mut csv)?;
        let mut pixels = Vec::new();
        let mut digits = Vec::new();
        for (line, number) in csv.lines().zip(1..) {
            let values = line
                .split(',')
                .map(str::parse)
                .collect::<Result<Vec<u8>, _>>()
                .with_context(|| format!("line {number}"))?;
            ensure!(
                values.len() == PIXELS + 1,
                "line {number} has {} values",
                values.len()
            );
            pixels.extend(values[..PIXELS].iter().map(|&v| f32::from(v) / BRIGHTEST));
            digits.push(i64::from(values[PIXELS]));
        }
        Ok(Self {
            pixels: Tensor::from_slice(&pixels).view([-1, 1, 8, 8]),
            digits: Tensor::from_slice(&digits),
        })
    }

    /// Those of the digits below `end`.
    #[must_use]
    pub fn below(&self, end: i64) -> Self {
        let wanted = self.digits.lt(end).nonzero().flatten(0, -1);
        Self {
            pixels: self.pixels.index_select(0, &wanted),
            digits: self.digits.index_select(0, &wanted),
        }
    }

    fn len(&self) -> usize {
        self.digits.numel()
    }

    fn select(&self, indices: &[i64]) -> Self {
        let indices = Tensor::from_slice(indices);
        Self {
            pixels: self.pixels.index_select(0, &indices),
            digits: self.digits.index_select(0, &indices),
        }
    }
}

fn shuffled<R: Rng>(len: usize, rng: &mut R) -> Vec<i64> {
    let mut order: Vec<i64> = (0..len as i64).collect();
    order.shuffle(rng);
    order
}
