//! One parameter: path, shape, kind, and what is done to it.

use super::{PlannedStep, warning};
use crate::declare::draft::Declared;
use crate::{Cause, Dtype, Problem};

/// One parameter of a blueprint: a tensor of the model by its path, and what is done to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    pub(super) path: String,
    /// Where it is not the path.
    pub(super) stream: Option<String>,
    pub(super) shape: Vec<i64>,
    pub(super) dtype: Dtype,
    pub(super) steps: Vec<PlannedStep>,
    pub(super) tied_to: Option<String>,
    /// Its shape in the base model, where there is one.
    pub(super) base: Option<Vec<i64>>,
}

impl Parameter {
    /// The parameter's path: `blocks.0.conv.weight`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What its random stream is named by: the path, unless `stream = "…"` says otherwise.
    #[must_use]
    pub fn stream_name(&self) -> &str {
        self.stream.as_deref().unwrap_or(&self.path)
    }

    /// Its shape.
    #[must_use]
    pub fn shape(&self) -> &[i64] {
        &self.shape
    }

    /// The kind of its elements.
    #[must_use]
    pub fn dtype(&self) -> Dtype {
        self.dtype
    }

    /// What is done to it, in order; a skipped parameter has one step without a law.
    #[must_use]
    pub fn steps(&self) -> &[PlannedStep] {
        &self.steps
    }

    /// Whether it is left as it is.
    #[must_use]
    pub fn is_skipped(&self) -> bool {
        self.steps.iter().all(|step| step.law().is_none())
    }

    /// The path of the parameter that shares its memory and is written in its stead.
    #[must_use]
    pub fn tied_to(&self) -> Option<&str> {
        self.tied_to.as_deref()
    }

    /// How many elements it has.
    #[must_use]
    pub fn elements(&self) -> u64 {
        // `check_shape` has made sure that neither this nor the bytes overflow.
        self.shape.iter().map(|&length| length as u64).product()
    }

    /// How many bytes it takes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.elements() * self.dtype.size() as u64
    }

    /// Resolves every step against the shape and the kind; what is wrong goes to `problems`. `is_bare` is a tensor that
    /// is no layer's, so that its shape alone tells what it is.
    pub(crate) fn resolve(
        declared: Declared,
        shape: Vec<i64>,
        dtype: Dtype,
        is_bare: bool,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        let Declared { path, key, steps } = declared;
        let before = problems.len();
        if let Err(cause) = check_shape(&shape, dtype) {
            problems.push(Problem {
                path,
                shape: Some(shape),
                scheme: None,
                reason: cause.into(),
            });
            return None;
        }
        let mut planned = Vec::with_capacity(steps.len());
        for (position, step) in steps.iter().enumerate() {
            match PlannedStep::resolve(step, position, &shape, dtype) {
                Ok(step) => planned.push(step),
                Err(reasons) => problems.extend(reasons.into_iter().map(|reason| Problem {
                    path: path.clone(),
                    shape: Some(shape.clone()),
                    scheme: Some(step.written().to_string()),
                    reason: reason.into(),
                })),
            }
        }
        if problems.len() > before {
            return None;
        }
        for (step, planned) in steps.iter().zip(&planned) {
            warning::of_step(&path, &shape, dtype, step, planned);
            if is_bare {
                warning::unsaid_batch(&path, &shape, dtype, step, planned);
            }
        }
        Some(Self {
            path,
            stream: key,
            shape,
            dtype,
            steps: planned,
            tied_to: None,
            base: None,
        })
    }

    pub(crate) fn problem(&self, reason: Cause) -> Problem {
        Problem {
            path: self.path.clone(),
            shape: Some(self.shape.clone()),
            scheme: self.steps.first().map(|step| step.scheme().to_owned()),
            reason: reason.into(),
        }
    }

    /// Is written by these steps and no others from now on.
    pub(crate) fn take_steps(&mut self, steps: Vec<PlannedStep>) {
        self.steps = steps;
    }

    pub(crate) fn tie(&mut self, path: Option<String>) {
        self.tied_to = path;
    }

    /// Draws from the stream of `other` from now on.
    pub(crate) fn take_stream_of(&mut self, other: &Self) {
        self.stream = Some(other.stream_name().to_owned());
    }
}

/// Refuses a shape whose bytes overflow an `i64`. A length of 0 counts as 1, as it does in a tensor's strides.
pub(super) fn check_shape(shape: &[i64], dtype: Dtype) -> Result<(), Cause> {
    let bytes = shape
        .iter()
        .try_fold(dtype.size() as i64, |bytes, &length| {
            bytes.checked_mul(length.max(1)).filter(|_| length >= 0)
        });
    match bytes {
        Some(_) => Ok(()),
        None => Err(Cause::Misplaced("no tensor has this shape".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Blueprint, Dtype, Error, Rules};

    fn blueprint(rules: &str, shapes: &[&[i64]]) -> Result<Blueprint, Error> {
        let rules: Rules = rules.parse().unwrap();
        let names = ["a", "b", "c", "d"].into_iter().zip(shapes);
        rules.blueprint(names.map(|(name, shape)| (name, *shape, Dtype::F64)))
    }

    #[test]
    fn what_no_address_space_holds_is_refused() {
        for shape in [
            &[1 << 60][..],
            &[1 << 40, 1 << 40],
            &[1 << 40, 1 << 40, 0],
            &[-1],
            &[i64::MAX, i64::MAX, i64::MAX],
        ] {
            let error = blueprint("* => zeros", &[shape]).unwrap_err().to_string();
            assert!(error.contains("no tensor has this shape"), "{error}");
        }
    }

    #[test]
    fn totals_stay_numbers() {
        let largest: &[i64] = &[(1 << 60) - 1];
        let blueprint = blueprint("* => zeros", &[largest; 4]).unwrap();
        assert_eq!(blueprint.elements(), (1 << 62) - 4);
        assert_eq!(blueprint.bytes(), u64::MAX);
        let table = blueprint.to_string();
        assert!(table.ends_with("16777216.0 TiB in all"), "{table}");
    }

    #[test]
    fn blocks_are_not_listed() {
        let huge: &[i64] = &[1 << 40, 2];
        let cut = |chunks: i64| blueprint(&format!("* => uniform(chunks={chunks})"), &[huge]);
        assert!(cut(1 << 40).is_ok());
        assert!(cut(1 << 41).is_err());
    }
}
