//! LoRA.

use super::rows::{Rows, by_rows};
use crate::recipe;

/// Low-rank adapters, as Hu et al., *LoRA: Low-rank adaptation of large language models* (2021), and PEFT start them:
/// what they add is 0.
///
/// | layer | `weight` |
/// |---|---|
/// | Linear, Conv named `lora_a` | `kaiming_uniform(a = √5)`, U(±1 / √inputs); with [`gaussian`](Self::gaussian) N(0, 1 / rank²) |
/// | Linear, Conv named `lora_b` | 0 |
/// | Embedding named `lora_a` | 0 |
/// | Embedding named `lora_b` | N(0, 1) |
///
/// For an embedding it is the other way round, and meant so: its A is looked up and its B multiplies what was found.
/// The 1 / rank of the Gaussian start is its standard deviation. All other parts are further out's, at last
/// [`TorchDefault`](super::TorchDefault)'s: a model whose other weights are there already plans on the adapters alone,
/// `model.plan_with(Lora::new())?.only("**.lora_*.**")?`. Names are the ends of paths, and each has to be there.
///
/// ```
/// let recipe = nninit::recipes::Lora::new().names("down", "up");
/// ```
#[derive(Debug, Clone)]
pub struct Lora(Rows);

const A: &str = "a";
const B: &str = "b";

impl Lora {
    /// As the paper and PEFT have it.
    #[must_use]
    pub fn new() -> Self {
        Self::starting(recipe! {
            Linear(weight(kaiming_uniform, a = 5.0_f64.sqrt())),
            Conv(weight(kaiming_uniform, a = 5.0_f64.sqrt())),
            Embedding(zeros),
        })
    }

    /// As PEFT has it with `init_lora_weights="gaussian"`, for adapters of this rank.
    #[must_use]
    pub fn gaussian(rank: u32) -> Self {
        let std = 1.0 / f64::from(rank.max(1));
        Self::starting(recipe! {
            Linear(weight(normal, std = std)),
            Conv(weight(normal, std = std)),
            Embedding(zeros),
        })
    }

    fn starting(a: crate::declare::Kinds) -> Self {
        let b = recipe! {
            Linear(weight(zeros)),
            Conv(weight(zeros)),
            Embedding(normal),
        };
        Self(
            Rows::new()
                .named(A, &["lora_a"], a)
                .named(B, &["lora_b"], b),
        )
    }

    /// The names of A, which takes the input, and of B. Default `lora_a` and `lora_b`; each has to be there.
    #[must_use]
    pub fn names(self, a: impl Into<String>, b: impl Into<String>) -> Self {
        Self(self.0.rename(A, [a]).rename(B, [b]))
    }
}

by_rows!(Lora);
