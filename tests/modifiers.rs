//! Every modifier beside every scheme, on a tensor, an optional one, a vector of them and a layer's part: it does the
//! right thing, or says why not.
//!
//! What is right is found by another way: the law by the scheme's own answer for the shape that the modifier amounts
//! to, the values by drawing that law over the whole parameter, or from what the law says of a matrix.

use nninit::declare::{Describe, Spec, Step};
use nninit::laws::Structured;
use nninit::{BoxError, Initialize, Initializer, Law, Region, Target, init, schemes};
use nninit_tests::bits;
use nninit_tests::sources::Seed;
use tch::{Device, Kind, Tensor, nn};

const FLOAT: (Kind, Device) = (Kind::Float, Device::Cpu);

/// What stands in the elements before, where a modifier is to leave some alone.
const BEFORE: f64 = 7.0;

const MATRIX: [i64; 2] = [8, 6];
const KERNEL: [i64; 3] = [8, 4, 3];

/// One field of each sort, and two tensors in the vector.
trait Fields: Initialize {
    fn new(shape: &[i64]) -> Self;
    fn tensors(&self) -> [&Tensor; 5];

    fn initialised(shape: &[i64]) -> Self
    where
        Self: Sized,
    {
        let mut fields = Self::new(shape);
        fields.init(&mut Seed(42));
        fields
    }
}

/// A layer whose weight has the shape that a scheme wants.
trait Layer {
    fn of_shape(shape: &[i64]) -> Self;
    fn weight(&self) -> &Tensor;
}

impl Layer for nn::Linear {
    fn of_shape(shape: &[i64]) -> Self {
        Self {
            ws: fresh(shape),
            bs: None,
        }
    }

    fn weight(&self) -> &Tensor {
        &self.ws
    }
}

impl Layer for nn::Conv1D {
    fn of_shape(shape: &[i64]) -> Self {
        let vs = nn::VarStore::new(Device::Cpu);
        nn::conv1d(vs.root(), shape[1], shape[0], shape[2], nn::no_bias())
    }

    fn weight(&self) -> &Tensor {
        &self.ws
    }
}

fn fresh(shape: &[i64]) -> Tensor {
    Tensor::full(shape, BEFORE, FLOAT)
}

/// Declares [`Fields`] under these names, with the same attributes on each but for what follows in brackets.
macro_rules! fields {
    ($model:ident, $layer:ident, $tensor:ident $option:ident $vec:ident $part:ident: $([$($attribute:tt)+])+) => {
        #[derive(Initialize)]
        struct $model {
            $(#[init($($attribute)+)])+
            $tensor: Tensor,
            $(#[init($($attribute)+)])+
            $option: Option<Tensor>,
            $(#[init($($attribute)+)])+
            $vec: Vec<Tensor>,
            $(#[init(weight($($attribute)+))])+
            $part: nn::$layer,
        }

        fields!(@impl $model, $layer, $tensor $option $vec $part);
    };
    (@impl $model:ident, $layer:ident, $tensor:ident $option:ident $vec:ident $part:ident) => {
        impl Fields for $model {
            fn new(shape: &[i64]) -> Self {
                Self {
                    $tensor: fresh(shape),
                    $option: Some(fresh(shape)),
                    $vec: vec![fresh(shape), fresh(shape)],
                    $part: Layer::of_shape(shape),
                }
            }

            fn tensors(&self) -> [&Tensor; 5] {
                let option = self.$option.as_ref().expect("it is there");
                let [first, second] = &self.$vec[..] else {
                    unreachable!("there are two")
                };
                [&self.$tensor, option, first, second, self.$part.weight()]
            }
        }
    };
}

/// The tests of one scheme: its name, how it is written in an attribute, the same by hand, a shape and a layer.
macro_rules! walk {
    ($($name:ident($sort:ident): [$($written:tt)+], $scheme:expr, $shape:ident, $layer:ident;)+) => {$(
        mod $name {
            use super::*;

            #[test]
            fn at() {
                fields!(At, $layer, tensor option vec part: [constant, val = 7] [$($written)+, at = 2..6]);
                check_at::<At>(&$shape, &$scheme);
            }

            #[test]
            fn chunks() {
                fields!(Chunks, $layer, tensor option vec part: [$($written)+, chunks = 2]);
                check_chunks::<Chunks>(&$shape, &$scheme);
            }

            #[test]
            fn scale() {
                fields!(Scale, $layer, tensor option vec part: [$($written)+, scale = 0.25]);
                check_scale::<Scale>(&$shape, &$scheme);
            }

            #[test]
            fn stream() {
                #[derive(Initialize)]
                struct Stream {
                    #[init($($written)+, stream = "a")]
                    tensor: Tensor,
                    #[init($($written)+, stream = "b")]
                    option: Option<Tensor>,
                    #[init($($written)+, stream = "c")]
                    vec: Vec<Tensor>,
                    #[init(weight($($written)+), stream = "d")]
                    part: nn::$layer,
                }

                fields!(@impl Stream, $layer, tensor option vec part);
                check_stream::<Stream>(&$shape, &$scheme);
            }

            walk!(@fans $sort: [$($written)+], $scheme, $shape, $layer);
        }
    )+};
    (@fans with_fans: [$($written:tt)+], $scheme:expr, $shape:ident, $layer:ident) => {
        #[test]
        fn groups() {
            fields!(Groups, $layer, tensor option vec part: [$($written)+, groups = 2]);
            // Half as many outputs to each input; as many inputs to each output, which the second dimension counts.
            check_law::<Groups>(&$shape, &law_on(&$scheme, &[4, 6]));
        }

        #[test]
        fn transposed() {
            fields!(Transposed, $layer, tensor option vec part: [$($written)+, transposed]);
            check_law::<Transposed>(&$shape, &law_on(&$scheme, &[6, 8]));
        }

        #[test]
        fn fan_of() {
            fields!(FanOf, $layer, tensor option vec part: [$($written)+, fan_of = Tensor::zeros([10, 3, 5], FLOAT)]);
            check_law::<FanOf>(&$shape, &law_on(&$scheme, &[10, 3, 5]));
        }
    };
    (@fans with_groups: [$($written:tt)+], $scheme:expr, $shape:ident, $layer:ident) => {
        #[test]
        fn groups() {
            fields!(Groups, $layer, tensor option vec part: [$($written)+, groups = 2]);
            check_law::<Groups>(&$shape, &law_on(&$scheme.groups(2), &$shape));
        }

        #[test]
        fn transposed_and_fan_of() {
            // An orthogonal matrix may have its outputs last.
            if !stringify!($($written)+).starts_with("orthogonal") {
                refuse(&$shape, "transposed", || Step::of($scheme).transposed());
            }
            refuse(&$shape, "fan_of", || Step::of($scheme).fan_of([2, 3]));
        }
    };
    (@fans without_fans: [$($written:tt)+], $scheme:expr, $shape:ident, $layer:ident) => {
        /// The derive refuses these while compiling; what is put together at run time is refused by the plan.
        #[test]
        fn groups_transposed_and_fan_of() {
            refuse(&$shape, "groups", || Step::of($scheme).groups(2));
            // An orthogonal matrix may have its outputs last.
            if !stringify!($($written)+).starts_with("orthogonal") {
                refuse(&$shape, "transposed", || Step::of($scheme).transposed());
            }
            refuse(&$shape, "fan_of", || Step::of($scheme).fan_of([2, 3]));
        }
    };
}

walk! {
    uniform(without_fans): [uniform, a = -0.5, b = 0.25], schemes::uniform().a(-0.5).b(0.25), MATRIX, Linear;
    normal(without_fans): [normal, mean = 1, std = 0.5], schemes::normal().mean(1.0).std(0.5), MATRIX, Linear;
    trunc_normal(without_fans): [trunc_normal, std = 2], schemes::trunc_normal().std(2.0), MATRIX, Linear;
    constant(without_fans): [constant, val = 3], schemes::constant(3.0), MATRIX, Linear;
    ones(without_fans): [ones], schemes::ones(), MATRIX, Linear;
    zeros(without_fans): [zeros], schemes::zeros(), MATRIX, Linear;
    eye(without_fans): [eye], schemes::eye(), MATRIX, Linear;
    identity(without_fans): [identity, gain = 3], schemes::identity().gain(3.0), MATRIX, Linear;
    dirac(with_groups): [dirac], schemes::dirac(), KERNEL, Conv1D;
    xavier_uniform(with_fans): [xavier_uniform], schemes::xavier_uniform(), MATRIX, Linear;
    xavier_normal(with_fans): [xavier_normal, gain = 2], schemes::xavier_normal().gain(2.0), MATRIX, Linear;
    glorot_uniform(with_fans): [glorot_uniform], schemes::glorot_uniform(), MATRIX, Linear;
    glorot_normal(with_fans): [glorot_normal], schemes::glorot_normal(), MATRIX, Linear;
    kaiming_uniform(with_fans): [kaiming_uniform, mode = "fan_out"],
        schemes::kaiming_uniform().mode(nninit::FanMode::FanOut), MATRIX, Linear;
    kaiming_normal(with_fans): [kaiming_normal, a = 0.5], schemes::kaiming_normal().a(0.5), MATRIX, Linear;
    he_uniform(with_fans): [he_uniform], schemes::he_uniform(), MATRIX, Linear;
    he_normal(with_fans): [he_normal, mode = "fan_avg"],
        schemes::he_normal().mode(nninit::FanMode::FanAvg), MATRIX, Linear;
    lecun_uniform(with_fans): [lecun_uniform], schemes::lecun_uniform(), MATRIX, Linear;
    lecun_normal(with_fans): [lecun_normal], schemes::lecun_normal(), MATRIX, Linear;
    orthogonal(without_fans): [orthogonal, gain = 2], schemes::orthogonal().gain(2.0), MATRIX, Linear;
    delta_orthogonal(without_fans): [delta_orthogonal], schemes::delta_orthogonal(), KERNEL, Conv1D;
    sparse(without_fans): [sparse, sparsity = 0.25], schemes::sparse(0.25), MATRIX, Linear;
}

/// Half of the rows take the scheme of a tensor of that many, the others stay.
fn check_at<F: Fields>(shape: &[i64], scheme: &dyn Initializer) {
    let fields = F::initialised(shape);
    let law = law_on(scheme, &with_rows(shape, 4));
    for entry in fields.plan().unwrap().entries() {
        let [_, step] = entry.steps() else {
            panic!("{} has two steps", entry.path())
        };
        assert_eq!(
            (step.law(), step.region()),
            (Some(&law), Some(&Region::from(2..6)))
        );
    }
    let whole = Reference::drawn(shape, &law);
    for (found, whole) in fields.tensors().into_iter().zip(&whole) {
        check_block(&law, &found.narrow(0, 2, 4), &whole.narrow(0, 2, 4));
        for left in [found.narrow(0, 0, 2), found.narrow(0, 6, 2)] {
            bits::assert_same(&left, &Tensor::full(left.size(), BEFORE, FLOAT));
        }
    }
}

/// Each half takes the scheme by itself.
fn check_chunks<F: Fields>(shape: &[i64], scheme: &dyn Initializer) {
    let fields = F::initialised(shape);
    let law = law_on(scheme, &with_rows(shape, 4));
    for entry in fields.plan().unwrap().entries() {
        let [step] = entry.steps() else {
            panic!("{} has one step", entry.path())
        };
        assert_eq!((step.law(), step.chunks()), (Some(&law), Some(2)));
    }
    let whole = Reference::drawn(shape, &law);
    for (found, whole) in fields.tensors().into_iter().zip(&whole) {
        for start in [0, 4] {
            check_block(&law, &found.narrow(0, start, 4), &whole.narrow(0, start, 4));
        }
    }
}

/// The values without it, times the factor: a power of two, by which no bit is lost.
fn check_scale<F: Fields>(shape: &[i64], scheme: &dyn Initializer) {
    let fields = F::initialised(shape);
    let unscaled = Reference::drawn(shape, &law_on(scheme, shape));
    for (found, unscaled) in fields.tensors().into_iter().zip(&unscaled) {
        bits::assert_same(found, &(unscaled * 0.25));
    }
}

/// The values of fields that have those names.
fn check_stream<F: Fields>(shape: &[i64], scheme: &dyn Initializer) {
    let named = Named::drawn(shape, &law_on(scheme, shape));
    for (found, named) in F::initialised(shape).tensors().into_iter().zip(&named) {
        bits::assert_same(found, named);
    }
}

/// The law, and its values.
fn check_law<F: Fields>(shape: &[i64], law: &Law) {
    let fields = F::initialised(shape);
    for entry in fields.plan().unwrap().entries() {
        assert_eq!(entry.steps()[0].law(), Some(law), "{}", entry.path());
    }
    let drawn = Reference::drawn(shape, law);
    for (found, drawn) in fields.tensors().into_iter().zip(&drawn) {
        bits::assert_same(found, drawn);
    }
}

/// Panics unless the modifier is refused on every field, with a reason.
fn refuse(shape: &[i64], modifier: &str, step: impl Fn() -> Step + 'static) {
    struct ByHand<S> {
        tensor: Tensor,
        option: Option<Tensor>,
        vec: Vec<Tensor>,
        part: nn::Linear,
        step: S,
    }

    impl<S: Fn() -> Step> Initialize for ByHand<S> {
        fn describe(&self, at: &mut Describe<'_>) {
            let spec = || Spec::new().step((self.step)());
            at.field("tensor", &self.tensor, spec());
            at.field("option", &self.option, spec());
            at.field("vec", &self.vec, spec());
            at.field("part", &self.part, Spec::new().part("weight", spec()));
        }
    }

    let model = ByHand {
        tensor: fresh(shape),
        option: Some(fresh(shape)),
        vec: vec![fresh(shape), fresh(shape)],
        part: Layer::of_shape(shape),
        step,
    };
    let error = model.plan().unwrap_err();
    let paths: Vec<_> = error
        .problems()
        .iter()
        .map(|problem| &problem.path[..])
        .collect();
    assert_eq!(paths, ["tensor", "option", "vec.0", "vec.1", "part.weight"]);
    for problem in error.problems() {
        assert_eq!(
            problem.reason.to_string(),
            format!("`{modifier}` says which fans to use, and this scheme has none; remove it")
        );
    }
}

/// A block of a parameter follows the law as if it were a parameter of its own; what is drawn element by element has
/// the bits of its place in `whole`, the same law over all of it.
fn check_block(law: &Law, block: &Tensor, whole: &Tensor) {
    let shape = block.size();
    match *law {
        Law::Structured(Structured::Orthogonal { gain }) => {
            check_orthogonal(&block.view([shape[0], -1]), gain);
        }
        Law::Structured(Structured::DeltaOrthogonal { gain }) => {
            check_orthogonal(&block.select(2, 1), gain);
            assert_eq!(block.select(2, 0).count_nonzero(None).int64_value(&[]), 0);
            assert_eq!(block.select(2, 2).count_nonzero(None).int64_value(&[]), 0);
        }
        Law::Structured(Structured::Sparse { zeros, std }) => {
            let expected = Tensor::full([shape[1]], shape[0] - zeros, (Kind::Int64, Device::Cpu));
            assert_eq!(block.count_nonzero_dim_intlist([0]), expected);
            assert!(block.abs().max().double_value(&[]) < 7.0 * std);
        }
        Law::Structured(Structured::Eye { gain }) => {
            bits::assert_same(block, &(Tensor::eye_m(shape[0], shape[1], FLOAT) * gain));
        }
        Law::Structured(Structured::Dirac { groups, gain }) => {
            let mut expected = fresh(&shape);
            init::dirac_(&mut expected, groups).unwrap();
            bits::assert_same(block, &(expected * gain));
        }
        _ => bits::assert_same(block, whole),
    }
}

/// As PyTorch's own test of it, with its tolerance; the product is formed in f64.
fn check_orthogonal(matrix: &Tensor, gain: f64) {
    const TOLERANCE: f64 = 1e-6;
    let matrix = matrix.to_kind(Kind::Double) / gain;
    let (rows, columns) = matrix.size2().unwrap();
    let product = if rows > columns {
        matrix.tr().mm(&matrix)
    } else {
        matrix.mm(&matrix.tr())
    };
    let error = product - Tensor::eye(rows.min(columns), (Kind::Double, Device::Cpu));
    assert!(error.abs().max().double_value(&[]) <= TOLERANCE, "{matrix}");
}

fn law_on(scheme: &dyn Initializer, shape: &[i64]) -> Law {
    scheme.law(&Target::of_shape(shape)).unwrap()
}

fn with_rows(shape: &[i64], rows: i64) -> Vec<i64> {
    [&[rows], &shape[1..]].concat()
}

/// A scheme that is a law.
struct Given(Law);

impl Initializer for Given {
    fn label(&self) -> String {
        self.0.to_string()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        Ok(self.0.clone())
    }
}

/// Declares fields under these names that draw a given law.
macro_rules! reference {
    ($model:ident: $tensor:ident $option:ident $vec:ident $part:ident) => {
        #[derive(Initialize)]
        struct $model {
            #[init(with = Given(self.law.clone()))]
            $tensor: Tensor,
            #[init(with = Given(self.law.clone()))]
            $option: Option<Tensor>,
            #[init(with = Given(self.law.clone()))]
            $vec: Vec<Tensor>,
            #[init(weight(with = Given(self.law.clone())))]
            $part: nn::Linear,
            #[init(skip)]
            law: Law,
        }

        impl $model {
            fn drawn(shape: &[i64], law: &Law) -> [Tensor; 5] {
                let mut model = Self {
                    $tensor: fresh(shape),
                    $option: Some(fresh(shape)),
                    $vec: vec![fresh(shape), fresh(shape)],
                    $part: Layer::of_shape(shape),
                    law: law.clone(),
                };
                let report = model.try_init(&mut Seed(42)).unwrap();
                let tensor = |i: usize| report.entries()[i].tensor().shallow_clone();
                std::array::from_fn(tensor)
            }
        }
    };
}

reference!(Reference: tensor option vec part);
reference!(Named: a b c d);

/// Modifiers that are out of place on a given tensor say so.
mod refusals {
    use super::*;

    /// Panics unless the model is refused with this text after `cannot initialise `.
    #[track_caller]
    fn assert_refused(model: &impl Initialize, text: &str) {
        let error = model.plan().unwrap_err();
        assert_eq!(error.to_string(), format!("cannot initialise {text}"));
    }

    macro_rules! refused {
        ($shape:expr, $(#[init($($declared:tt)+)])+, $text:expr) => {{
            #[derive(Initialize)]
            struct Model {
                $(#[init($($declared)+)])+
                weight: Tensor,
            }

            assert_refused(&Model { weight: fresh(&$shape) }, $text);
        }};
    }

    #[test]
    fn regions_lie_within_the_tensor() {
        refused!(
            [4],
            #[init(zeros)]
            #[init(ones, at = 2..5)],
            "`weight` [4]: ones: `at` is out of range: 2..5 along dimension 0, which has length 4"
        );
        refused!(
            [4],
            #[init(zeros)]
            #[init(ones, at = -5)],
            "`weight` [4]: ones: `at` is out of range: -5 along dimension 0, which has length 4"
        );
        refused!(
            [4, 3],
            #[init(zeros)]
            #[init(ones, at = (.., 3))],
            "`weight` [4, 3]: ones: `at` is out of range: 3 along dimension 1, which has length 3"
        );
        refused!(
            [4],
            #[init(zeros)]
            #[init(ones, at = (0, 0))],
            "`weight` [4]: ones: `at` has 2 indices for a tensor of 1 dimensions"
        );
    }

    #[test]
    fn a_region_has_its_own_rank() {
        refused!(
            [4, 3],
            #[init(zeros)]
            #[init(orthogonal, at = 0)],
            "`weight` [4, 3]: orthogonal: needs at least 2 dimensions and this has 1"
        );
    }

    #[test]
    fn chunks_divide_the_first_dimension() {
        refused!(
            [4, 3],
            #[init(normal, chunks = 3)],
            "`weight` [4, 3]: normal: chunks = 3 does not divide the first dimension, 4; write how many equal blocks are \
             stacked along it"
        );
        refused!(
            [],
            #[init(normal, chunks = 2)],
            "`weight` []: normal: chunks = 2 does not divide the first dimension, 1; write how many equal blocks are \
             stacked along it"
        );
    }

    #[test]
    fn fans_come_from_a_tensor_that_is_there() {
        #[derive(Initialize)]
        struct Model {
            #[init(kaiming_uniform, fan_of = self.weight)]
            bias: Tensor,
            #[init(skip)]
            weight: Option<Tensor>,
        }

        assert_refused(
            &Model {
                bias: fresh(&[4]),
                weight: None,
            },
            "`bias` [4]: kaiming_uniform: `fan_of` could not be computed: the tensor to take the fans of is `None`",
        );
    }

    #[test]
    fn a_scaled_value_still_fits_its_kind() {
        refused!(
            [4],
            #[init(constant, val = 1e38, scale = 8)],
            "`weight` [4]: constant(val = 1e38): `scale` is 8, and constant 1e38 times that cannot be held by f32; \
             write another"
        );
    }

    #[test]
    fn streams_are_not_shared() {
        #[derive(Initialize)]
        struct Model {
            #[init(normal)]
            first: Tensor,
            #[init(normal, stream = "first")]
            second: Tensor,
        }

        assert_refused(
            &Model {
                first: fresh(&[4]),
                second: fresh(&[4]),
            },
            "`second` [4]: normal: draws from the same stream as `first`: the two keys hash alike; give one of them \
             another with `stream = \"…\"`",
        );
    }

    /// A step that does nothing has nothing to modify; the derive says so while compiling.
    #[test]
    fn skip_takes_no_modifier() {
        struct ByHand(Tensor);

        impl Initialize for ByHand {
            fn describe(&self, at: &mut Describe<'_>) {
                at.field("weight", &self.0, Spec::new().step(Step::skip().scale(2.0)));
            }
        }

        assert_refused(
            &ByHand(fresh(&[4])),
            "`weight` [4]: skip: `scale` has nothing to modify beside `skip`; remove one of them",
        );
    }
}

/// Several modifiers work together.
#[test]
fn modifiers_combine() {
    #[derive(Initialize)]
    struct Model {
        #[init(uniform, a = -1, b = 3, scale = 2)]
        scaled: Tensor,
        #[init(zeros)]
        #[init(kaiming_normal, nonlinearity = "linear", at = (.., 0..4), chunks = 2, transposed, scale = 3)]
        all: Tensor,
    }

    let mut model = Model {
        scaled: fresh(&[100]),
        all: fresh(&MATRIX),
    };
    let report = model.try_init(&mut Seed(42)).unwrap();
    let law = |entry: usize, step: usize| report.entries()[entry].steps()[step].law().unwrap();
    assert_eq!(*law(0, 0), Law::uniform(-2.0, 6.0));
    // Each half of the outputs is a weight [8, 2], whose fan_in is 8: 3 / √8.
    assert_eq!(*law(1, 1), Law::normal(0.0, 1.060_660_171_779_821_2));
    assert_eq!(
        model
            .all
            .narrow(1, 4, 2)
            .count_nonzero(None)
            .int64_value(&[]),
        0
    );
    assert_eq!(model.all.narrow(1, 0, 4).eq(0.0).any().int64_value(&[]), 0);
}
