//! Width transfer of a plan.

use super::{Entry, Plan};
use crate::blueprint::width;
use crate::{Blueprint, Error};

impl Plan {
    /// The same for a model that is trained with the hyperparameters of a narrower one: μP. The rules are
    /// [`Blueprint::with_base`]'s.
    ///
    /// tch has learning rates by group, so parameters of the same multiplier are made in a group of their own:
    ///
    /// ```
    /// use nninit::Initialize;
    /// use rand::SeedableRng;
    /// use rand::rngs::StdRng;
    /// use tch::nn::OptimizerConfig;
    /// use tch::{Device, nn};
    ///
    /// const HIDDEN: usize = 1;
    ///
    /// #[derive(Initialize)]
    /// #[init(Linear(weight(kaiming_normal, nonlinearity = "relu"), bias(zeros)))]
    /// struct Mlp {
    ///     input: nn::Linear,
    ///     hidden: nn::Linear,
    ///     output: nn::Linear,
    /// }
    ///
    /// fn mlp(p: &nn::Path, width: i64) -> Mlp {
    ///     let linear = |p, inputs, outputs| nn::linear(p, inputs, outputs, Default::default());
    ///     Mlp {
    ///         input: linear(p / "input", 64, width),
    ///         hidden: linear(p.set_group(HIDDEN) / "hidden", width, width),
    ///         output: linear(p / "output", width, 10),
    ///     }
    /// }
    ///
    /// # if cfg!(feature = "doc-only") { return Ok(()) }
    /// let narrow = mlp(&nn::VarStore::new(Device::Cpu).root(), 64);
    /// let vs = nn::VarStore::new(Device::Cpu);
    /// let wide = mlp(&vs.root(), 1024);
    ///
    /// let plan = wide.plan()?.with_base(&narrow.plan()?.blueprint())?;
    /// let report = plan.execute(&mut StdRng::seed_from_u64(42))?;
    /// let hidden = report.entries().iter().find(|entry| entry.path() == "hidden.weight").unwrap();
    /// let width = hidden.parameter().width().unwrap();
    ///
    /// let rate = 1e-3; // found at width 64
    /// let mut adam = nn::Adam::default().build(&vs, rate).unwrap();
    /// adam.set_lr_group(HIDDEN, rate * width.adam());
    /// assert_eq!(width.adam(), 1.0 / 16.0);
    /// // In the forward pass: output.forward(&(h / width.inputs()))
    /// # Ok::<(), nninit::Error>(())
    /// ```
    ///
    /// A bias that is made in the group of a hidden weight has its multiplier; the package `mup` would give it 1.
    ///
    /// # Errors
    ///
    /// As [`Blueprint::with_base`].
    pub fn with_base(&self, base: &Blueprint) -> Result<Self, Error> {
        let mut entries: Vec<Entry> = self.entries.iter().map(Entry::share).collect();
        width::rebase(entries.iter_mut().map(Entry::parameter_mut), base)?;
        Ok(Self {
            entries: entries.into(),
            left: self.left.clone(),
        })
    }
}
