//! BERT.

use super::rows::{Rows, by_rows, normal_everywhere};
use crate::recipe;

/// BERT, as Devlin et al., *BERT: Pre-training of deep bidirectional transformers for language understanding* (2019).
///
/// | layer | [`hugging_face`](Self::hugging_face) | [`original`](Self::original) | `bias` |
/// |---|---|---|---|
/// | Linear | N(0, 0.02²) | N(0, 0.02²), truncated at 2 standard deviations | 0 |
/// | Embedding | N(0, 0.02²) | N(0, 0.02²), truncated at 2 standard deviations | |
///
/// The original's truncated law has a standard deviation of 0.0176. Hugging Face starts the row of the padding token at
/// 0, and the original does not: [`padding`](Self::padding). All other parts, LayerNorm's 1 and 0 among them, are
/// [`TorchDefault`](super::TorchDefault)'s. RoBERTa, DistilBERT, GPT and most of Hugging Face's models start
/// alike.
///
/// ```
/// let recipe = nninit::recipes::Bert::hugging_face().padding("word_embeddings", 0);
/// ```
#[derive(Debug, Clone)]
pub struct Bert(Rows);

impl Bert {
    /// As Hugging Face has it.
    #[must_use]
    pub fn hugging_face() -> Self {
        Self(Rows::new().rest(normal_everywhere(0.02)))
    }

    /// As the authors' TensorFlow code has it.
    #[must_use]
    pub fn original() -> Self {
        let rest = recipe! {
            Linear(weight(trunc_normal, std = 0.02, cut = 2.0), bias(zeros)),
            Embedding(trunc_normal, std = 0.02, cut = 2.0),
        };
        Self(Rows::new().rest(rest))
    }

    /// Zeros for one row of the embedding of this name, of N(0, 0.02²) otherwise; it has to be there.
    #[must_use]
    pub fn padding(self, name: &str, row: i64) -> Self {
        let padded = recipe! { Embedding(normal, std = 0.02); Embedding(zeros, at = row) };
        Self(self.0.first_named("padding", &[name], padded))
    }
}

by_rows!(Bert);
