//! Rules for recurrent layers, which keep their tensors to themselves.

use super::{Rule, Rules};
use crate::declare::{Spec, Step};
use crate::schemes::{ones, orthogonal, xavier_uniform, zeros};

impl Rules {
    /// LSTMs with a forget gate that starts open, of this many hidden units; rules or a recipe for the rest can follow.
    ///
    /// | variable | values |
    /// |---|---|
    /// | `weight_ih_l*` | `xavier_uniform` of each of the four gates |
    /// | `weight_hh_l*` | an orthogonal matrix for each of the four gates |
    /// | `bias_ih_l*` | 0, and 1 for the forget gate |
    /// | `bias_hh_l*` | 0 |
    ///
    /// PyTorch and tch add two biases; a 1 in both would be a 2. Their own starts are U(±1/√hidden) for all, and
    /// `kaiming_uniform` for weights beside biases of 0. Saxe et al., *Exact solutions to the nonlinear dynamics of
    /// learning in deep linear neural networks* (2013), for the matrices; Jozefowicz et al., *An empirical exploration
    /// of recurrent network architectures* (2015), for the 1. For long dependencies there is
    /// [`chrono`](crate::schemes::chrono) instead of it.
    ///
    /// ```
    /// # #[cfg(feature = "tch")] {
    /// use nninit::{Rules, recipes};
    /// use rand::SeedableRng;
    /// use rand::rngs::StdRng;
    /// use tch::{Device, nn};
    ///
    /// # if cfg!(feature = "doc-only") { return }
    /// let vs = nn::VarStore::new(Device::Cpu);
    /// let lstm = nn::lstm(vs.root() / "lstm", 16, 32, Default::default());
    /// let head = nn::linear(vs.root() / "head", 32, 4, Default::default());
    /// let rules = Rules::lstm(32).recipe(recipes::TorchDefault);
    /// rules.init(&vs, &mut StdRng::seed_from_u64(42));
    /// assert_eq!(vs.variables()["lstm.bias_ih_l0"].double_value(&[40]), 1.0);
    /// # }
    /// ```
    pub fn lstm(hidden: i64) -> Self {
        let forget = Step::of(ones()).at(hidden..2 * hidden);
        Self::gated(4, Spec::new().step(zeros()).step(forget))
    }

    /// GRUs: as [`lstm`](Self::lstm), of three gates, with biases of 0. Its gates keep what was there by half.
    pub fn gru() -> Self {
        Self::gated(3, Spec::new().step(zeros()))
    }

    fn gated(gates: i64, biases: Spec) -> Self {
        let weight = |step: Step| Spec::from(step.chunks(gates));
        Self::new()
            .rule(Rule::new(
                "**.weight_ih_l*",
                weight(xavier_uniform().into()),
            ))
            .rule(Rule::new("**.weight_hh_l*", weight(orthogonal().into())))
            .rule(Rule::new("**.bias_ih_l*", biases))
            .rule(Rule::new("**.bias_hh_l*", Step::of(zeros())))
    }
}
