//! What a scheme is, and what it is told of the tensor it is put on.

use std::cell::Cell;

use crate::schemes::fan::Connectivity;
use crate::{BoxError, Cause, Dtype, FanMode, Fans, Law, Reason};

/// A scheme: how values are chosen, before the shape is known.
///
/// The types in [`schemes`](crate::schemes) implement it, and so do closures and functions
/// `Fn(&mut Tensor, &mut Stream) -> Result<(), BoxError>`. To write a scheme of your own, say which [`Law`] it comes
/// to; plans then show it under its own name, and it is as fast, exact and parallel as the built-in ones:
///
/// ```
/// use nninit::{BoxError, Initializer, Law, Target};
///
/// /// The outputs of GPT-NeoX's blocks: N(0, (2 / (layers · √width))²).
/// struct Wang {
///     layers: u32,
/// }
///
/// impl Initializer for Wang {
///     fn label(&self) -> String {
///         format!("wang(layers = {})", self.layers)
///     }
///
///     fn law(&self, target: &Target<'_>) -> Result<Law, BoxError> {
///         let width = target.fans()?.fan_out as f64;
///         Ok(Law::normal(0.0, 2.0 / (f64::from(self.layers) * width.sqrt())))
///     }
/// }
///
/// let law = Wang { layers: 24 }.law(&Target::of_shape(&[1024, 4096]))?;
/// assert_eq!(law.to_string(), "N(0, 0.002604²)");
/// # Ok::<(), BoxError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a scheme",
    label = "expected an `Initializer`, or a function `(&mut Tensor, &mut Stream) -> Result<(), BoxError>`"
)]
pub trait Initializer: Send + Sync {
    /// The scheme as plans and errors show it: `kaiming_normal(mode = "fan_out")`.
    fn label(&self) -> String;

    /// What it comes to on `target`.
    ///
    /// # Errors
    ///
    /// Whatever makes the scheme impossible there; the plan reports it under the parameter's path.
    fn law(&self, target: &Target<'_>) -> Result<Law, BoxError>;
}

#[cfg(feature = "tch")]
#[diagnostic::do_not_recommend]
impl<F> Initializer for F
where
    F: Fn(&mut tch::Tensor, &mut crate::Stream) -> Result<(), BoxError>
        + Clone
        + Send
        + Sync
        + 'static,
{
    fn label(&self) -> String {
        std::any::type_name::<F>()
            .rsplit("::")
            .next()
            .unwrap_or("custom")
            .to_owned()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        Ok(Law::custom(self.clone()))
    }
}

/// The tensor that a scheme is put on: what it may depend on.
#[derive(Debug)]
pub struct Target<'a> {
    shape: &'a [i64],
    dtype: Dtype,
    fan_shape: Option<&'a [i64]>,
    connectivity: Connectivity,
    fans_read: Cell<bool>,
}

impl<'a> Target<'a> {
    /// An `f32` tensor of `shape`, to try a scheme on.
    #[must_use]
    pub fn of_shape(shape: &'a [i64]) -> Self {
        Self::new(shape, Dtype::F32, None, Connectivity::default())
    }

    pub(crate) fn new(
        shape: &'a [i64],
        dtype: Dtype,
        fan_shape: Option<&'a [i64]>,
        connectivity: Connectivity,
    ) -> Self {
        Self {
            shape,
            dtype,
            fan_shape,
            connectivity,
            fans_read: Cell::new(false),
        }
    }

    /// The shape: of the parameter, or of the region or chunk that the step writes.
    #[must_use]
    pub fn shape(&self) -> &[i64] {
        self.shape
    }

    /// The kind of the elements.
    #[must_use]
    pub fn dtype(&self) -> Dtype {
        self.dtype
    }

    /// The fans, with `groups`, `transposed` and `fan_of` taken into account.
    ///
    /// # Errors
    ///
    /// As [`Fans::of`] and [`Fans::connected`].
    pub fn fans(&self) -> Result<Fans, Reason> {
        self.fans_read.set(true);
        let shape = self.fan_shape.unwrap_or(self.shape);
        if self.connectivity == Connectivity::default() {
            Fans::of(shape)
        } else {
            Fans::connected(shape, self.connectivity)
        }
    }

    /// The fan that `mode` names.
    ///
    /// # Errors
    ///
    /// As [`Target::fans`]; [`ReasonKind::Shape`](crate::ReasonKind::Shape) when it is 0.
    pub fn fan(&self, mode: FanMode) -> Result<f64, Reason> {
        match self.fans()?.get(mode) {
            0.0 => Err(Cause::ZeroFan { mode: mode.name() }.into()),
            fan => Ok(fan),
        }
    }

    /// As [`fan`](Self::fan), and 1 for a tensor without elements: PyTorch's `kaiming_*` do nothing there, whatever the
    /// fans.
    pub(crate) fn fan_if_any(&self, mode: FanMode) -> Result<f64, Reason> {
        match self.fan(mode) {
            Err(_) if self.shape.contains(&0) => Ok(1.0),
            fan => fan,
        }
    }

    /// U(±bound), of a scheme whose variance is `bound² / 3`; on complex numbers it would be twice that.
    pub(crate) fn uniform_within(&self, bound: f64) -> Result<Law, Cause> {
        if self.dtype.is_complex() {
            return Err(Cause::UniformParts { dtype: self.dtype });
        }
        Ok(Law::uniform(-bound, bound))
    }

    /// What the scheme comes to on the parts of complex numbers, as PyTorch's constructors draw them.
    pub(crate) fn law_of_parts(&self, scheme: &impl Initializer) -> Result<Law, BoxError> {
        let parts = Self {
            dtype: self.dtype.of_parts(),
            fans_read: Cell::new(false),
            ..*self
        };
        let law = scheme.law(&parts);
        self.fans_read.set(parts.fans_read());
        law
    }

    /// Whether the scheme has asked for the fans. If not, modifiers that change fans mean nothing to it.
    pub(crate) fn fans_read(&self) -> bool {
        self.fans_read.get()
    }
}
