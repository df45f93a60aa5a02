//! `bias_prob`: the bias of a classifier that starts from a given probability.

use nninit_language::values::Takes;

use super::{Label, in_range};
use crate::numeric::elementary::logarithm::ln;
use crate::{BoxError, Cause, Initializer, Law, Target};

/// The bias of a probability. Started by [`bias_prob`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BiasProb {
    p: f64,
}

/// Every element `-ln((1 - p) / p)`, the logit of `p`.
///
/// Parameter: `p` (required), above 0 and below 1. Any shape. A classifier whose bias this is starts from the
/// probability `p` for every class, so that the many easy negatives of a detector do not drown the rest: `p = 0.01` in
/// RetinaNet, and `p = 0.1` gives the -2.19 of CornerNet and CenterNet. Lin et al., *Focal loss for dense object
/// detection* (2017), §3.3.
///
/// ```
/// use nninit::{BoxError, Initializer, Target, schemes};
///
/// let law = schemes::bias_prob(0.01).law(&Target::of_shape(&[80]))?;
/// assert_eq!(law.to_string(), "constant -4.595");
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn bias_prob(p: f64) -> BiasProb {
    BiasProb { p }
}

impl Initializer for BiasProb {
    fn label(&self) -> String {
        Label::new("bias_prob").given("p", Some(self.p)).finish()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        let p = in_range("p", Takes::Probability, self.p)?;
        let odds_against = (1.0 - p) / p;
        if !odds_against.is_finite() {
            let (parameter, value) = ("(1 - p) / p", odds_against);
            return Err(Cause::NotFinite { parameter, value }.into());
        }
        Ok(Law::constant(-ln(odds_against)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logit() {
        let value = |p: f64| match bias_prob(p).law(&Target::of_shape(&[])).unwrap() {
            Law::Constant { value } => value,
            other => panic!("{other}"),
        };
        assert_eq!(value(0.5), 0.0);
        // RetinaNet's, the 2.19 of CornerNet and CenterNet, and the mirror of the first.
        let logits = [
            (0.01, -4.595_119_850_134_59),
            (0.1, -2.197_224_577_336_219_6),
            (0.99, 4.595_119_850_134_59),
        ];
        for (p, logit) in logits {
            assert!((value(p) / logit - 1.0).abs() < 1e-15, "{p}: {}", value(p));
        }
    }

    #[test]
    fn certainty_has_no_logit() {
        let refused = |p| {
            bias_prob(p)
                .law(&Target::of_shape(&[]))
                .unwrap_err()
                .to_string()
        };
        assert_eq!(refused(0.0), "`p` is 0; it must be above 0 and below 1");
        assert_eq!(refused(1.0), "`p` is 1; it must be above 0 and below 1");
        assert_eq!(
            refused(f64::NAN),
            "`p` is NaN; it must be above 0 and below 1"
        );
        assert_eq!(refused(1e-310), "`(1 - p) / p` is inf; it must be finite");
    }
}
