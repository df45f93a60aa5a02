//! Which layers a list of variables comes from, told by names and shapes, and what a recipe gives to them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use nninit_language::kinds;

use super::variable::Variable;
use crate::blueprint::names;
use crate::blueprint::pattern::Pattern;
use crate::declare::draft::Declared;
use crate::declare::recipe::TorchDefault;
use crate::declare::{Layer, Part, Recipe, Step};
use crate::{Cause, Dtype, Problem};

/// A recipe for what no rule matches, and what was said of layers that cannot be told apart.
#[derive(Clone, Default)]
pub(crate) struct ByKind {
    pub(super) recipe: Option<Arc<dyn Recipe>>,
    pub(super) layers: Vec<(String, Layer)>,
}

impl fmt::Debug for ByKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByKind")
            .field("recipe", &self.recipe.is_some())
            .field("layers", &self.layers)
            .finish()
    }
}

impl ByKind {
    /// What is declared for each variable of the list; nothing for one that is no layer's part, or without a recipe.
    pub(super) fn declare(
        &self,
        variables: &[Variable],
        problems: &mut Vec<Problem>,
    ) -> Vec<Option<Result<Declared, Cause>>> {
        let Some(recipe) = &self.recipe else {
            problems.extend(self.layers.iter().map(|(pattern, _)| {
                let why = "it says what a recipe is to take these variables for, and there is none";
                problem(pattern, Cause::Misplaced(why.to_owned()))
            }));
            return variables.iter().map(|_| None).collect();
        };
        let mut places = places(variables);
        self.narrow(variables, &mut places, problems);
        let paths = places.iter().flatten().map(|place| place.path.clone());
        let mut layers: Vec<String> = paths.collect();
        layers.sort_unstable();
        layers.dedup();
        let missed = names::missed(&recipe.must_match(), &layers);
        problems.extend(missed.into_iter().map(|reason| problem("", reason)));
        let declared = variables.iter().zip(&places).map(|(variable, place)| {
            let place = place.as_ref()?;
            Some(declare(&**recipe, variable, place))
        });
        declared.collect()
    }

    /// Keeps only the kind that was said, for layers of which one was.
    fn narrow(
        &self,
        variables: &[Variable],
        places: &mut [Option<Place>],
        problems: &mut Vec<Problem>,
    ) {
        for (written, layer) in &self.layers {
            let pattern = match Pattern::new(written) {
                Ok(pattern) => pattern,
                Err(malformed) => {
                    problems.push(problem(written, malformed));
                    continue;
                }
            };
            let matching = places.iter_mut().flatten();
            let mut matching: Vec<&mut Place> = matching
                .filter(|place| pattern.matches(&place.weight_name))
                .collect();
            let can_be = |place: &&mut Place| place.candidates.contains(layer);
            if let Some(other) = matching.first()
                && !matching.iter().any(can_be)
            {
                let why = format!(
                    "`{}` {:?} is the weight of no `{layer:?}`, but of {}; correct the pattern",
                    other.weight_name,
                    other.weight,
                    either(&other.candidates)
                );
                problems.push(problem(written, Cause::Misplaced(why)));
            }
            let used = !matching.is_empty();
            for place in matching
                .iter_mut()
                .filter(|place| place.candidates.contains(layer))
            {
                place.candidates = vec![*layer];
            }
            if !used {
                let names = variables.iter().map(|variable| variable.name.as_str());
                let near = names::instead(&pattern, names);
                let near = near.unwrap_or_else(|| "none is near".to_owned());
                let why =
                    format!("it matches no weight; {near}; correct the pattern or leave it out");
                problems.push(problem(written, Cause::Misplaced(why)));
            }
        }
    }
}

fn problem(path: &str, reason: Cause) -> Problem {
    Problem {
        path: path.to_owned(),
        shape: None,
        scheme: None,
        reason: reason.into(),
    }
}

/// The steps of the one layer that it is, or of all that it can be if they agree.
fn declare(recipe: &dyn Recipe, variable: &Variable, place: &Place) -> Result<Declared, Cause> {
    let [first, rest @ ..] = &place.candidates[..] else {
        return Err(Cause::Misplaced(format!(
            "several layers share the names before it, and whose `{}` this is cannot be told; write a rule for it",
            place.part
        )));
    };
    let steps_of = |layer: Layer| {
        let part = Part::new(layer, place.part, &place.weight).at(&place.path);
        let mut steps = recipe.steps(&part);
        if steps.first().is_none_or(Step::covers_a_region) {
            steps.splice(..0, TorchDefault.steps(&part));
        }
        steps
    };
    let steps = steps_of(*first);
    if rest
        .iter()
        .any(|layer| !alike(&steps, &steps_of(*layer), &variable.shape))
    {
        return Err(Cause::Misplaced(format!(
            "it is of {}, which the recipe starts differently, and its name and shape do not tell; say which: \
             `.layer(\"{}\", Layer::{first:?})`",
            either(&place.candidates),
            place.weight_name
        )));
    }
    Ok(Declared {
        path: variable.name.clone(),
        key: None,
        steps: steps.into_iter().map(Arc::new).collect(),
    })
}

/// `` a `Linear` or an `Embedding` ``
fn either(layers: &[Layer]) -> String {
    let named = layers.iter().map(|layer| kinds::one(&format!("{layer:?}")));
    named.collect::<Vec<_>>().join(" or ")
}

fn alike(a: &[Step], b: &[Step], shape: &[i64]) -> bool {
    let same = |(a, b): (&Step, &Step)| {
        let laws = (a.law(shape, Dtype::F32), b.law(shape, Dtype::F32));
        let draw_alike = match laws {
            (Ok(a), Ok(b)) => a == b,
            (Err(_), Err(_)) => a.label() == b.label(),
            _ => false,
        };
        a.modifiers() == b.modifiers() && draw_alike
    };
    a.len() == b.len() && a.iter().zip(b).all(same)
}

/// Where a variable stands, as far as names and shapes tell.
#[derive(Debug, Clone)]
struct Place {
    /// Empty where several layers share a path and this may belong to any of them.
    candidates: Vec<Layer>,
    part: &'static str,
    weight: Vec<i64>,
    weight_name: String,
    path: String,
}

/// The variables of one path, each kind of part in the order in which tch made them.
#[derive(Default)]
struct Group {
    weights: Vec<usize>,
    biases: Vec<usize>,
    means: Vec<usize>,
    variances: Vec<usize>,
}

fn places(variables: &[Variable]) -> Vec<Option<Place>> {
    let mut groups: BTreeMap<&str, Group> = BTreeMap::new();
    let mut order: Vec<(usize, usize)> = variables
        .iter()
        .enumerate()
        .map(|(index, variable)| (part_and_number(&variable.name).2, index))
        .collect();
    order.sort_unstable();
    for (_, index) in order {
        let (path, part, _) = part_and_number(&variables[index].name);
        let group = groups.entry(path).or_default();
        match part {
            "weight" => group.weights.push(index),
            "bias" => group.biases.push(index),
            "running_mean" => group.means.push(index),
            "running_var" => group.variances.push(index),
            _ => {}
        }
    }
    let mut places: Vec<Option<Place>> = variables.iter().map(|_| None).collect();
    for (path, group) in groups {
        group.place(path, variables, &mut places);
    }
    places
}

/// `stem.weight__12` is the path `stem`, the part `weight` and 12: where a name is taken, tch adds how many variables
/// there were.
fn part_and_number(name: &str) -> (&str, &str, usize) {
    let (path, last) = name.rsplit_once('.').unwrap_or(("", name));
    let numbered = last.rsplit_once("__");
    match numbered.and_then(|(part, number)| Some((part, number.parse().ok()?))) {
        Some((part, number)) => (path, part, number),
        None => (path, last, 0),
    }
}

impl Group {
    fn place(&self, path: &str, variables: &[Variable], places: &mut [Option<Place>]) {
        let shape = |index: usize| &variables[index].shape;
        let norms: Vec<usize> = (self.weights.iter().copied())
            .filter(|&weight| shape(weight).len() == 1)
            .collect();
        // A norm has a weight and a bias, or neither: where there are fewer biases than weights, they are the norms'.
        let owners = if self.biases.len() == self.weights.len() {
            Some(&self.weights)
        } else {
            (self.biases.len() == norms.len()).then_some(&norms)
        };
        let bias_of = |weight: usize| {
            let position = owners?.iter().position(|&owner| owner == weight)?;
            Some(self.biases[position])
        };
        let mut put = |index: usize, part, weight: Option<usize>, candidates: &[Layer]| {
            let weight_of = weight.unwrap_or(index);
            places[index] = Some(Place {
                candidates: candidates.to_vec(),
                part,
                weight: shape(weight_of).clone(),
                weight_name: variables[weight_of].name.clone(),
                path: path.to_owned(),
            });
        };
        for &weight in &self.weights {
            let bias = bias_of(weight);
            let is_norm = shape(weight).len() == 1;
            let candidates = if !is_norm {
                of_matrix(shape(weight), bias.map(shape))
            } else if self.means.is_empty() {
                vec![Layer::LayerNorm, Layer::GroupNorm]
            } else if self.means.len() == norms.len() {
                vec![Layer::BatchNorm]
            } else {
                vec![Layer::BatchNorm, Layer::LayerNorm, Layer::GroupNorm]
            };
            put(weight, "weight", Some(weight), &candidates);
            if let Some(bias) = bias {
                put(bias, "bias", Some(weight), &candidates);
            }
        }
        if owners.is_none() {
            for &bias in &self.biases {
                put(bias, "bias", None, &[]);
            }
        }
        for &mean in &self.means {
            put(mean, "running_mean", None, &[Layer::BatchNorm]);
        }
        for &variance in &self.variances {
            put(variance, "running_var", None, &[Layer::BatchNorm]);
        }
    }
}

/// What a weight of two dimensions or more can be of, beside a bias of that shape.
fn of_matrix(weight: &[i64], bias: Option<&Vec<i64>>) -> Vec<Layer> {
    match (weight, bias) {
        (weight, Some(bias)) if bias[..] == *weight => vec![Layer::LayerNorm],
        ([_, _], Some(_)) => vec![Layer::Linear],
        ([_, _], None) => vec![Layer::Linear, Layer::Embedding],
        ([outputs, ..], Some(bias)) if bias[..] != [*outputs] => vec![Layer::ConvTranspose],
        ([inputs, outputs, ..], Some(bias)) => {
            // A transposed convolution's second dimension times its groups is the number of its biases.
            let biases = bias[0];
            let groups = if *outputs > 0 { biases / outputs } else { 0 };
            let can_be_transposed =
                groups > 0 && groups * outputs == biases && inputs % groups == 0;
            if can_be_transposed {
                vec![Layer::Conv, Layer::ConvTranspose]
            } else {
                vec![Layer::Conv]
            }
        }
        _ => vec![Layer::Conv, Layer::ConvTranspose],
    }
}
