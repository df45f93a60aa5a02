//! A plan's tensors may change before it is executed, and while it is: that is an error, and never a write somewhere
//! else.

use std::cell::Cell;
use std::convert::Infallible;
use std::sync::Mutex;

use nninit::declare::Step;
use nninit::{
    Error, Initialize, ReasonKind, Rules, Source, Stream, TorchRng, init, rules, schemes,
};
use nninit_tests::bits;
use nninit_tests::sources::{Counted, Seed};
use rand::TryRng;
use rand_distr::Distribution;
use tch::{Device, Kind, Tensor, nn};

const FLOAT: (Kind, Device) = (Kind::Float, Device::Cpu);

#[derive(Initialize)]
struct Model {
    #[init(ones)]
    first: Tensor,
    #[init(normal)]
    changing: Tensor,
    #[init(orthogonal)]
    last: Tensor,
}

impl Model {
    fn new() -> Self {
        Self {
            first: Tensor::full([5], 0.5, FLOAT),
            changing: Tensor::full([6, 4], 0.5, FLOAT),
            last: Tensor::full([3, 3], 0.5, FLOAT),
        }
    }

    fn bits(&self) -> Vec<Vec<u64>> {
        [&self.first, &self.changing, &self.last]
            .into_iter()
            .map(bits::of)
            .collect()
    }
}

/// The error of a plan whose one changed parameter is called `changing`.
fn assert_changed(error: &Error, text: &str) {
    let Error::Plan { problems, .. } = error else {
        panic!("{error}");
    };
    let [problem] = &problems[..] else {
        panic!("{error}");
    };
    assert_eq!(problem.path, "changing");
    assert_eq!(problem.reason.kind(), ReasonKind::Changed, "{error}");
    assert!(error.to_string().contains(text), "{error}");
}

/// Makes another tensor of one in place.
type Change = fn(&mut Tensor);

/// Ways to do so, and what is said of each.
fn changes() -> Vec<(Change, &'static str)> {
    vec![
        (
            |tensor| tensor.set_data(&tensor.to_kind(Kind::Half)),
            "f32 when planned, now f16: make the plan again",
        ),
        (
            |tensor| tensor.set_data(&tensor.to_kind(Kind::Double)),
            "f32 when planned, now f64",
        ),
        (
            |tensor| tensor.set_data(&tensor.narrow(0, 0, 1)),
            "of shape [6, 4] when planned, now of shape [1, 4]",
        ),
        (
            |tensor| _ = tensor.resize_([2]),
            "of shape [6, 4] when planned, now of shape [2]",
        ),
        (
            |tensor| _ = tensor.transpose_(0, 1),
            "of shape [6, 4] when planned, now of shape [4, 6]",
        ),
        (
            |tensor| tensor.set_data(&tensor.view([4, 6]).tr()),
            "of strides [4, 1] when planned, now of strides [1, 6]",
        ),
        (|tensor| tensor.set_data(&tensor.copy()), "at address"),
        (
            |tensor| _ = tensor.set_(),
            "of shape [6, 4] when planned, now of shape [0]",
        ),
        // Through an alias: the storage moves, and the tensor's own shape stays.
        (
            |tensor| _ = tensor.view([24]).resize_([1 << 20]),
            "at address",
        ),
    ]
}

#[test]
fn a_tensor_that_changed_before_the_execution_is_refused_and_nothing_is_written() {
    for (number, (change, text)) in changes().into_iter().enumerate() {
        let mut model = Model::new();
        let plan = model.plan().unwrap();
        change(&mut model.changing);
        let before = model.bits();
        let mut rng = Counted::default();
        assert_changed(&plan.execute(&mut rng).unwrap_err(), text);
        assert_changed(
            &plan.execute_with_progress(&mut rng, |_| ()).unwrap_err(),
            text,
        );
        assert_changed(&plan.execute(&mut TorchRng::current()).unwrap_err(), text);
        assert_changed(
            &plan
                .only("changing")
                .unwrap()
                .execute(&mut rng)
                .unwrap_err(),
            text,
        );
        assert!(model.bits() == before, "change {number}");
        assert_eq!((rng.words, rng.other), (0, 0));

        let _ = model.plan().unwrap().execute(&mut rng).unwrap();
        assert_eq!(rng.words, 1);
    }
}

#[test]
fn plans_of_rules_name_every_tensor_of_a_store_that_was_cast() {
    let mut vs = nn::VarStore::new(Device::Cpu);
    let _fc = nn::linear(vs.root() / "fc", 4, 2, nn::LinearConfig::default());
    let rules: Rules = rules! { "**.bias" => zeros, "**" => normal };
    let plan = rules.plan(&vs).unwrap();
    let all =
        |vs: &nn::VarStore| -> Vec<_> { vs.trainable_variables().iter().map(bits::of).collect() };
    vs.half();
    let before = all(&vs);
    let error = plan.execute(&mut Seed(1)).unwrap_err();
    assert_eq!(error.problems().len(), 2, "{error}");
    assert!(error.to_string().contains("f32 when planned, now f16"));
    assert_eq!(all(&vs), before);
    vs.bfloat16();
    let before = all(&vs);
    let error = plan.only("fc.weight").unwrap().execute(&mut Seed(1));
    assert!(error.unwrap_err().to_string().contains("now bf16"));
    assert_eq!(all(&vs), before);
}

/// A generator whose first number changes a tensor.
struct Meddling<'a> {
    changing: Tensor,
    change: &'a dyn Fn(&mut Tensor),
}

impl TryRng for Meddling<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(0)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        (self.change)(&mut self.changing);
        Ok(7)
    }

    fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Infallible> {
        Ok(())
    }
}

#[test]
fn a_generator_that_changes_a_tensor_is_found_out_before_the_first_write() {
    for (number, (change, text)) in changes().into_iter().enumerate() {
        let model = Model::new();
        let plan = model.plan().unwrap();
        let after_change = Cell::new(None);
        let change_and_look = |tensor: &mut Tensor| {
            change(tensor);
            after_change.set(Some(model.bits()));
        };
        let mut rng = Meddling {
            changing: model.changing.shallow_clone(),
            change: &change_and_look,
        };
        assert_changed(&plan.execute(&mut rng).unwrap_err(), text);
        assert!(after_change.take() == Some(model.bits()), "change {number}");
    }
}

#[test]
fn a_free_function_finds_out_a_generator_too() {
    let mut tensor = Tensor::full([64], 0.5, FLOAT);
    let mut rng = Meddling {
        changing: tensor.shallow_clone(),
        change: &|tensor| _ = tensor.set_(),
    };
    let error = init::normal_(&mut tensor, 0.0, 1.0, &mut rng).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot initialise the tensor of shape [64]: normal: of shape [64] when planned, now of shape [0]: \
         make the plan again"
    );
}

/// Before the first write it is an error of the plan, which says that nothing was written, and afterwards one of
/// writing.
#[test]
fn a_step_by_itself_tells_whether_it_has_written() {
    fn changed_by(step: Step, source: &mut impl Source) -> (Error, Vec<u64>) {
        let mut tensor = Tensor::full([6], 0.5, FLOAT);
        let error = init::apply_(&mut tensor, step, source).unwrap_err();
        (error, bits::of(&tensor))
    }
    fn shrinks() -> Step {
        Step::with("shrinks", |tensor, _| {
            let _ = tensor.f_fill_(3.0)?.f_resize_([2])?;
            Ok(())
        })
    }
    let text = "of shape [6] when planned, now of shape [2]: make the plan again";
    for (error, values) in [
        changed_by(shrinks(), &mut Seed(1)),
        changed_by(shrinks(), &mut TorchRng::current()),
    ] {
        assert_eq!(
            error.to_string(),
            format!("while writing the tensor of shape [6]: shrinks: {text}")
        );
        assert!(matches!(error, Error::Write(_)));
        assert_eq!(values, [0x4040_0000; 2]);
    }
    let mut tensor = Tensor::full([6], 0.5, FLOAT);
    let mut rng = Meddling {
        changing: tensor.shallow_clone(),
        change: &|tensor| _ = tensor.resize_([2]),
    };
    let error = init::apply_(&mut tensor, schemes::normal(), &mut rng).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("cannot initialise the tensor of shape [6]: normal: {text}")
    );
    assert_eq!(bits::of(&tensor), [0x3F00_0000; 2]);
}

#[derive(Initialize)]
struct Large {
    #[init(normal)]
    large: Tensor,
    #[init(orthogonal)]
    changing: Tensor,
}

/// The callback runs between rounds of the one tensor, and between the two.
#[test]
fn progress_that_changes_a_tensor_is_an_error_and_nothing_is_written_elsewhere() {
    let length = (1 << 24) + 5;
    for (number, (change, text)) in changes().into_iter().enumerate() {
        let model = Large {
            large: Tensor::zeros([length], (Kind::BFloat16, Device::Cpu)),
            changing: Tensor::zeros([6, 4], FLOAT),
        };
        let mut handle = model.changing.shallow_clone();
        let mut after_change = None;
        let executed = model
            .plan()
            .unwrap()
            .execute_with_progress(&mut Seed(3), |_| {
                if after_change.is_none() {
                    change(&mut handle);
                    after_change = Some(bits::of(&handle));
                }
            });
        let error = executed.map(drop).unwrap_err();
        assert!(matches!(error, Error::Write(_)), "change {number}: {error}");
        assert!(error.to_string().contains("`changing`"), "{error}");
        assert!(error.to_string().contains(text), "{error}");
        assert_eq!(after_change, Some(bits::of(&model.changing)));
    }
    let model = Large {
        large: Tensor::zeros([length], (Kind::BFloat16, Device::Cpu)),
        changing: Tensor::zeros([6, 4], FLOAT),
    };
    let mut handle = model.large.shallow_clone();
    let executed = model
        .plan()
        .unwrap()
        .execute_with_progress(&mut Seed(3), |_| _ = handle.set_());
    let error = executed.map(drop).unwrap_err().to_string();
    assert!(error.contains("`large`") && error.contains("now of shape [0]"));
}

#[derive(Initialize)]
struct Steps {
    #[init(with = Self::change(self.change))]
    #[init(normal, at = 0..4)]
    changing: Tensor,
    #[init(skip)]
    change: fn(&mut Tensor),
}

impl Steps {
    fn change(
        change: fn(&mut Tensor),
    ) -> impl Fn(&mut Tensor, &mut Stream) -> Result<(), nninit::BoxError> + Clone + Send {
        move |tensor, _| {
            change(tensor);
            Ok(())
        }
    }
}

#[test]
fn a_step_that_changes_its_tensor_ends_the_execution() {
    for source in ["ours", "torch"] {
        for (number, (change, text)) in changes().into_iter().enumerate() {
            let mut model = Steps {
                changing: Tensor::full([6, 4], 0.5, FLOAT),
                change,
            };
            let result = match source {
                "ours" => model.try_init(&mut Seed(1)),
                _ => model.try_init(&mut TorchRng::current()),
            };
            let error = result.map(drop).unwrap_err();
            assert!(matches!(error, Error::Write(_)), "change {number}: {error}");
            assert!(error.to_string().contains(text), "{error}");
            let values = bits::of(&model.changing);
            if number > 1 && number != 3 {
                assert!(values.iter().take(24).all(|&bits| bits == 0x3F00_0000));
            }
        }
    }
}

/// A distribution that frees the tensor it is drawn for, on whatever thread it is drawn.
struct Freeing(Mutex<Tensor>);

impl Distribution<f64> for Freeing {
    fn sample<R: rand::Rng + ?Sized>(&self, _: &mut R) -> f64 {
        let _ = self.0.lock().unwrap().set_();
        1.0
    }
}

#[derive(Initialize)]
struct Drawn {
    #[init(sample = Freeing(Mutex::new(self.freed.shallow_clone())))]
    drawn: Tensor,
    #[init(ones)]
    freed: Tensor,
}

#[test]
fn a_distribution_may_free_any_tensor() {
    #[derive(Initialize)]
    struct Alone {
        #[init(sample = Freeing(Mutex::new(self.drawn.shallow_clone())))]
        drawn: Tensor,
    }

    let freed = Tensor::zeros([1000, 1000], FLOAT);
    let mut own = Drawn {
        drawn: freed.shallow_clone(),
        freed: Tensor::zeros([2], FLOAT),
    };
    own.freed = freed;
    // One tensor under two names is refused; of two, the one that is drawn comes last and so is written whole.
    own.try_init(&mut Seed(1)).map(drop).unwrap_err();
    own.drawn = Tensor::zeros([1000, 1000], FLOAT);
    let report = own.try_init(&mut Seed(1));
    drop(report);
    assert_eq!(own.drawn.mean(None).double_value(&[]), 1.0);
    assert_eq!(own.freed.size(), [0]);

    let mut alone = Alone {
        drawn: Tensor::zeros([1000, 1000], FLOAT),
    };
    let error = alone.try_init(&mut Seed(1)).map(drop).unwrap_err();
    assert!(matches!(error, Error::Write(_)));
    assert!(error.to_string().contains("now of shape [0]"), "{error}");
}

struct Sometimes;

impl Distribution<f64> for Sometimes {
    fn sample<R: rand::Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        if rng.next_u64().is_multiple_of(50_000) {
            f64::NAN
        } else {
            0.25
        }
    }
}

#[test]
fn a_distribution_that_draws_nan_is_an_error() {
    #[derive(Initialize)]
    struct Model {
        #[init(sample = Sometimes)]
        weight: Tensor,
    }
    for kind in [Kind::Float, Kind::Double, Kind::Half, Kind::BFloat16] {
        let mut model = Model {
            weight: Tensor::zeros([1000, 1000], (kind, Device::Cpu)),
        };
        let error = model.try_init(&mut Seed(1)).map(drop).unwrap_err();
        assert_eq!(
            error.to_string(),
            "while writing `weight` [1000, 1000]: Sometimes: the distribution drew NaN; check its parameters"
        );
        assert_eq!(model.weight.isnan().any().int64_value(&[]), 0);
    }
}

#[test]
fn draws_are_written_in_the_tensor_s_own_kind() {
    #[derive(Initialize)]
    struct Model {
        #[init(sample = rand_distr::Uniform::new(1.0, 2.0)?)]
        weight: Tensor,
    }
    let of = |kind| {
        let mut model = Model {
            weight: Tensor::zeros([3000], (kind, Device::Cpu)),
        };
        let report = model.try_init(&mut Seed(1)).unwrap();
        let _ = report.verify_bits().unwrap();
        model.weight
    };
    let singles = of(Kind::Float);
    assert!(singles.min().double_value(&[]) >= 1.0 && singles.max().double_value(&[]) <= 2.0);
    for kind in [Kind::Half, Kind::BFloat16] {
        bits::assert_same(&of(kind), &singles.to_kind(kind));
    }
    bits::assert_same(&of(Kind::Double).to_kind(Kind::Float), &singles);
}

/// What is laid out in no way that can be written is an error of the plan, whatever libtorch makes of it.
#[test]
fn tensors_without_memory_of_their_own_are_refused() {
    #[derive(Initialize)]
    struct Model {
        #[init(uniform, a = 1, b = 2)]
        weight: Tensor,
    }
    let plain = || Tensor::ones([3, 4], FLOAT);
    let sizes = Tensor::from_slice(&[2_i64, 3, 2, 3]).view([2, 2]);
    let strides = Tensor::from_slice(&[3_i64, 1, 3, 1]).view([2, 2]);
    let nested = Tensor::internal_nested_view_from_buffer(
        &Tensor::ones([12], FLOAT),
        &sizes,
        &strides,
        &Tensor::from_slice(&[0_i64, 6]),
    );
    let complex = Tensor::ones([3], (Kind::ComplexFloat, Device::Cpu));
    let refused = [
        (plain().internal_neg_view(), "a negated view"),
        (complex.conj().imag(), "a negated view"),
        (complex.internal_conj(), "a conjugated view"),
        (plain().internal_add_batch_dim(0, 1), "batched"),
        (nested, "nested"),
        (
            Tensor::internal_efficientzerotensor([3], FLOAT),
            "without memory",
        ),
        (
            plain().quantize_per_tensor(0.1, 0, Kind::QInt8),
            "quantised",
        ),
        (plain().to_sparse_csr(None), "sparse"),
        (Tensor::new(), "undefined"),
    ];
    for (weight, what) in refused {
        let error = Model { weight }.plan().map(drop).unwrap_err().to_string();
        assert!(error.contains(what), "{error}");
    }
    let mut right = Model { weight: plain() };
    let _ = right.try_init(&mut Seed(1)).unwrap();
    assert!(right.weight.min().double_value(&[]) >= 1.0);
}
