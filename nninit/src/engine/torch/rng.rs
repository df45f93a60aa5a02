//! libtorch's own generator as a source.

use crate::numeric::source::sealed::Sealed;
use crate::numeric::source::{Bits, Source};

/// libtorch's default generator: PyTorch's own bits.
///
/// With this source every scheme makes the draws that `torch.nn.init` of PyTorch 2.13 makes, by libtorch's own
/// functions: parameters in declaration order, the steps of each in order, a tied tensor once for each path that
/// declares it (the last one stays). So the same state of the generator gives the weights of a PyTorch script that
/// draws each parameter once, in that order, and leaves the generator where the script leaves it:
///
/// ```
/// use nninit::{Initialize, TorchRng};
/// use tch::{Device, Tensor, nn};
///
/// #[derive(Initialize)]
/// struct Net {
///     hidden: nn::Linear,
///     #[init(weight(xavier_uniform), bias(zeros))]
///     out: nn::Linear,
/// }
///
/// # if cfg!(feature = "doc-only") { return }
/// let vs = nn::VarStore::new(Device::Cpu);
/// let mut net = Net {
///     hidden: nn::linear(vs.root() / "hidden", 16, 4, Default::default()),
///     out: nn::linear(vs.root() / "out", 4, 2, Default::default()),
/// };
/// net.init(&mut TorchRng::manual_seed(0));
/// ```
///
/// In Python, the script that this repeats:
///
/// ```python
/// torch.manual_seed(0)
/// hidden.reset_parameters()
/// nn.init.xavier_uniform_(out.weight)
/// nn.init.zeros_(out.bias)
/// ```
///
/// Everything else is as with any source: the whole plan is checked before the first draw, and values are written in
/// place and without gradients. `at` and `chunks` are PyTorch's function on the view and on each block in turn.
///
/// # What has no counterpart in PyTorch
///
/// - `sample = …` takes one 63-bit number from the generator, as PyTorch's `DataLoader` does for its seed, and draws
///   from a [`Stream`](crate::Stream) with that seed.
/// - A function of your own runs at its place in the order, not last. It may draw from libtorch itself; its `Stream`
///   takes one such number when it is first drawn from, and none if it never is.
/// - `scale` is part of the law: `normal, std = 0.02, scale = 0.5` is `normal_(w, std=0.02 * 0.5)`.
/// - `delta_orthogonal` is `orthogonal_` on the centre of the kernel.
/// - `orthogonal` on f16 and bf16, where PyTorch has no QR, is drawn and computed in f32 and rounded once.
/// - `trunc_normal` with `std = 0`, where PyTorch divides by zero, draws nothing.
///
/// # What the bits depend on
///
/// `trunc_normal` is that of PyTorch 2.13, which draws until a value lies within the bounds. PyTorch 2.11, whose
/// libtorch tch 0.24 wants, has another: one `uniform_(2Φ(α) − 1, 2Φ(β) − 1)`, then `erfinv_`, scaled by `std · √2`,
/// shifted by `mean` and clamped. Everything else is drawn by functions that libtorch itself has, so as the linked
/// release draws it: 2.11 and 2.13 differ in f16 and bf16. Only 2.13 is tested.
///
/// The bits are those of the libtorch that the program is linked to, of the device, and for `orthogonal` of LAPACK's
/// thread count. The generator is the process's one and only: what other threads draw meanwhile goes in between. For
/// values that depend on the seed and the parameter's path alone, use any [`rand::Rng`].
#[derive(Debug)]
pub struct TorchRng {
    seed: Option<i64>,
    constructors: bool,
}

impl TorchRng {
    /// As `torch.manual_seed(seed)` right before the first initialisation.
    ///
    /// The seed takes effect when values are first drawn from this source, and only then: tch's own constructors draw
    /// from the same generator, and what they draw before changes nothing. Later initialisations go on from there.
    #[must_use]
    pub const fn manual_seed(seed: i64) -> Self {
        Self {
            seed: Some(seed),
            constructors: false,
        }
    }

    /// The generator as it stands.
    #[must_use]
    pub const fn current() -> Self {
        Self {
            seed: None,
            constructors: false,
        }
    }

    /// Repeats what PyTorch's constructors draw, before each initialisation.
    ///
    /// Most scripts seed, build the model and then initialise it, and building draws too: every `nn.Linear`,
    /// `nn.Conv*`, `nn.ConvTranspose*` and `nn.Embedding` calls its `reset_parameters`. This makes the same draws for
    /// all layers of the model in declaration order, whatever is declared for them (also those under `skip`), and then
    /// initialises. Norm layers and tensors that are not part of a layer draw nothing when they are built.
    ///
    /// A part of a layer for which nothing is declared keeps what its constructor drew, as in the script, and is not
    /// drawn again; all others get their values from the initialisation alone.
    ///
    /// The draws are those of `Net()` with PyTorch's defaults: f32, on the CPU, wherever the model is now. Fields that
    /// are skipped and cannot be looked into (an `nn::LSTM`) are not repeated; a warning says so.
    ///
    /// ```
    /// # use nninit::{Initialize, TorchRng};
    /// # use tch::{Device, Tensor, nn};
    /// # #[derive(Initialize)]
    /// # struct Generator {
    /// #     #[init(normal, std = 0.02)]
    /// #     project: nn::Linear,
    /// # }
    /// # if cfg!(feature = "doc-only") { return }
    /// # let vs = nn::VarStore::new(Device::Cpu);
    /// # let mut generator = Generator { project: nn::linear(vs.root(), 4, 2, Default::default()) };
    /// // torch.manual_seed(999); generator = Generator(); generator.apply(weights_init)
    /// generator.init(&mut TorchRng::manual_seed(999).after_construction());
    /// ```
    #[must_use]
    pub const fn after_construction(self) -> Self {
        Self {
            constructors: true,
            ..self
        }
    }
}

impl Sealed for TorchRng {}

impl Source for TorchRng {
    fn bits(&mut self) -> Bits {
        Bits::Torch {
            seed: self.seed.take(),
            constructors: self.constructors,
        }
    }
}
