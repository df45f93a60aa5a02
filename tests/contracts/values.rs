//! A value is a function of seed, path and index, and of nothing else.

use std::collections::HashSet;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, ThreadId};
use std::time::Duration;

use nninit::{BoxError, Initialize, Stream};
use nninit_tests::bits;
use nninit_tests::sources::Seed;
use rand::Rng;
use rand_distr::{Distribution, StandardNormal, StandardUniform};
use tch::{Device, Kind, Tensor};

const FLOAT: (Kind, Device) = (Kind::Float, Device::Cpu);

const KINDS: [Kind; 4] = [Kind::Float, Kind::Double, Kind::Half, Kind::BFloat16];

/// One parameter of each law that is drawn element by element, and steps over parts of one.
#[derive(Initialize)]
struct EveryLaw {
    #[init(uniform, a = -1, b = 1)]
    uniform: Tensor,
    #[init(normal)]
    normal: Tensor,
    #[init(trunc_normal)]
    central: Tensor,
    #[init(trunc_normal, a = 3, b = 9)]
    tail: Tensor,
    #[init(trunc_normal, a = 0.5, b = 0.500_001)]
    narrow: Tensor,
    #[init(sample = StandardNormal)]
    sample: Tensor,
    #[init(kaiming_normal, chunks = 2)]
    #[init(xavier_uniform, at = (1..3, 1..))]
    #[init(ones, at = (.., 0))]
    steps: Tensor,
}

impl EveryLaw {
    /// With tensors made by `tensor`, each of four dimensions.
    fn of(tensor: impl Fn() -> Tensor) -> Self {
        Self {
            uniform: tensor(),
            normal: tensor(),
            central: tensor(),
            tail: tensor(),
            narrow: tensor(),
            sample: tensor(),
            steps: tensor(),
        }
    }

    fn tensors(&self) -> [&Tensor; 7] {
        [
            &self.uniform,
            &self.normal,
            &self.central,
            &self.tail,
            &self.narrow,
            &self.sample,
            &self.steps,
        ]
    }

    fn initialised(mut self) -> Self {
        self.init(&mut Seed(42));
        self
    }

    #[track_caller]
    fn assert_same(&self, other: &Self) {
        for (left, right) in self.tensors().into_iter().zip(other.tensors()) {
            bits::assert_same(left, right);
        }
    }
}

/// Over 2¹⁸ elements, below which one thread does it all, and no multiple of any block.
#[test]
fn the_number_of_threads_does_not_show() {
    for kind in KINDS {
        let with_threads = |threads| {
            tch::set_num_threads(threads);
            assert_eq!(tch::get_num_threads(), threads);
            EveryLaw::of(|| Tensor::zeros([6, 13, 37, 99], (kind, Device::Cpu))).initialised()
        };
        let alone = with_threads(1);
        for threads in [2, 3, 7] {
            with_threads(threads).assert_same(&alone);
        }
    }
}

#[test]
#[ignore = "needs a CUDA device: `cargo torch test -p nninit-tests --test contracts cuda -- --ignored`"]
fn cuda_holds_the_cpu_s_bits() {
    assert!(tch::Cuda::is_available(), "there is no CUDA device");
    for kind in KINDS {
        let on = |device| EveryLaw::of(|| Tensor::zeros([6, 13, 37, 99], (kind, device)));
        let (cpu, cuda) = (
            on(Device::Cpu).initialised(),
            on(Device::Cuda(0)).initialised(),
        );
        for (cpu, cuda) in cpu.tensors().into_iter().zip(cuda.tensors()) {
            bits::assert_same(cpu, &cuda.to_device(Device::Cpu));
        }
    }
}

/// That the threads' test compares what threads have made: each draw waits until as many of them are drawing. Each is
/// worth 2¹⁷ elements.
#[test]
fn as_many_threads_are_used_as_libtorch_would() {
    /// Draws once `wanted` threads have come.
    struct Meeting {
        wanted: usize,
        came: Arc<(Mutex<HashSet<ThreadId>>, Condvar)>,
    }

    impl Distribution<f64> for Meeting {
        fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
            const LONG: Duration = Duration::from_mins(1);
            let (came, changed) = &*self.came;
            let mut threads = came.lock().unwrap();
            if threads.insert(thread::current().id()) {
                changed.notify_all();
            }
            let missing = |threads: &mut HashSet<ThreadId>| threads.len() < self.wanted;
            let (threads, waited) = changed.wait_timeout_while(threads, LONG, missing).unwrap();
            assert!(!waited.timed_out(), "only {} threads", threads.len());
            drop(threads);
            StandardUniform.sample(rng)
        }
    }

    #[derive(Initialize)]
    struct Met {
        #[init(sample = Meeting { wanted: self.threads, came: Arc::default() })]
        large: Tensor,
        threads: usize,
    }

    for threads in [1, 2, 3, 7] {
        tch::set_num_threads(threads as i32);
        let large = Tensor::zeros([1 << 20], FLOAT);
        Met { large, threads }.init(&mut Seed(42));
    }
}

#[test]
fn the_memory_format_does_not_show() {
    let rows = EveryLaw::of(|| Tensor::zeros([6, 4, 5, 7], FLOAT)).initialised();
    let transposed = || Tensor::zeros([4, 6, 5, 7], FLOAT).transpose(0, 1);
    let channels_last = || Tensor::zeros([6, 5, 7, 4], FLOAT).permute([0, 3, 1, 2]);
    let gaps = || {
        Tensor::zeros([6, 4, 10, 21], FLOAT)
            .slice(2, 0, None, 2)
            .slice(3, 1, None, 3)
    };
    assert_eq!(transposed().stride(), [35, 210, 7, 1]);
    assert_eq!(channels_last().stride(), [140, 1, 28, 4]);
    assert_eq!(gaps().stride(), [840, 210, 42, 3]);
    EveryLaw::of(transposed).initialised().assert_same(&rows);
    EveryLaw::of(channels_last).initialised().assert_same(&rows);
    EveryLaw::of(gaps).initialised().assert_same(&rows);
}

#[test]
fn views_into_a_buffer_are_written_and_nothing_around_them() {
    const MARK: f64 = 77.0;
    let rows = EveryLaw::of(|| Tensor::zeros([6, 4, 5, 7], FLOAT)).initialised();
    let [buffers, views]: [Vec<Tensor>; 2] = (0..7)
        .map(|_| Tensor::full([6, 6, 9, 8], MARK, FLOAT))
        .map(|buffer| {
            let view = buffer.narrow(1, 1, 4).narrow(2, 3, 5).narrow(3, 0, 7);
            [buffer, view]
        })
        .fold(
            [vec![], vec![]],
            |[mut buffers, mut views], [buffer, view]| {
                buffers.push(buffer);
                views.push(view);
                [buffers, views]
            },
        );
    let taken = std::cell::Cell::new(0);
    let next = || views[taken.replace(taken.get() + 1)].shallow_clone();
    EveryLaw::of(next).initialised().assert_same(&rows);
    for (buffer, mut view) in buffers.iter().zip(views) {
        let _ = view.fill_(MARK);
        assert_eq!(buffer.ne(MARK).any().int64_value(&[]), 0);
    }
}

#[derive(Initialize)]
struct Pair {
    #[init(normal)]
    first: Tensor,
    #[init(kaiming_uniform)]
    second: Tensor,
}

fn matrix() -> Tensor {
    Tensor::zeros([30, 50], FLOAT)
}

fn pair() -> Pair {
    let mut pair = Pair {
        first: matrix(),
        second: matrix(),
    };
    pair.init(&mut Seed(42));
    pair
}

#[test]
fn other_fields_do_not_show() {
    #[derive(Initialize)]
    struct Added {
        #[init(uniform)]
        before: Tensor,
        #[init(normal)]
        first: Tensor,
        #[init(orthogonal)]
        between: Tensor,
        #[init(kaiming_uniform)]
        second: Tensor,
    }

    #[derive(Initialize)]
    struct Moved {
        #[init(kaiming_uniform)]
        second: Tensor,
        #[init(normal)]
        first: Tensor,
    }

    #[derive(Initialize)]
    struct Removed {
        #[init(kaiming_uniform)]
        second: Tensor,
    }

    let pair = pair();
    let mut added = Added {
        before: matrix(),
        first: matrix(),
        between: matrix(),
        second: matrix(),
    };
    added.init(&mut Seed(42));
    let mut moved = Moved {
        second: matrix(),
        first: matrix(),
    };
    moved.init(&mut Seed(42));
    let mut removed = Removed { second: matrix() };
    removed.init(&mut Seed(42));
    for (first, second) in [(&added.first, &added.second), (&moved.first, &moved.second)] {
        bits::assert_same(first, &pair.first);
        bits::assert_same(second, &pair.second);
    }
    bits::assert_same(&removed.second, &pair.second);
    bits::assert_differ(&added.before, &pair.first);
}

#[test]
fn a_renamed_field_keeps_its_values_by_its_stream() {
    #[derive(Initialize)]
    struct Renamed {
        #[init(normal, stream = "first")]
        weight: Tensor,
        #[init(kaiming_uniform)]
        other: Tensor,
    }

    let pair = pair();
    let mut renamed = Renamed {
        weight: matrix(),
        other: matrix(),
    };
    renamed.init(&mut Seed(42));
    bits::assert_same(&renamed.weight, &pair.first);
    bits::assert_differ(&renamed.other, &pair.second);
}

#[test]
fn seeds_and_paths_show() {
    #[derive(Initialize)]
    struct Twins {
        #[init(normal)]
        left: Tensor,
        #[init(normal)]
        right: Tensor,
    }

    let [one, two] = [42, 43].map(|seed| {
        let mut pair = Pair {
            first: matrix(),
            second: matrix(),
        };
        pair.init(&mut Seed(seed));
        pair
    });
    bits::assert_differ(&one.first, &two.first);
    bits::assert_differ(&one.second, &two.second);

    let mut twins = Twins {
        left: matrix(),
        right: matrix(),
    };
    twins.init(&mut Seed(42));
    bits::assert_differ(&twins.left, &twins.right);
}

#[test]
fn an_element_does_not_depend_on_how_many_there_are() {
    /// The laws that do not ask for fans, and so are the same for every length.
    #[derive(Initialize)]
    struct Vectors {
        #[init(uniform)]
        uniform: Tensor,
        #[init(normal)]
        normal: Tensor,
        #[init(trunc_normal)]
        central: Tensor,
        #[init(trunc_normal, a = 3, b = 9)]
        tail: Tensor,
        #[init(sample = StandardNormal)]
        sample: Tensor,
    }

    let of_length = |length: i64, kind| {
        let zeros = || Tensor::zeros([length], (kind, Device::Cpu));
        let mut vectors = Vectors {
            uniform: zeros(),
            normal: zeros(),
            central: zeros(),
            tail: zeros(),
            sample: zeros(),
        };
        vectors.init(&mut Seed(42));
        let Vectors {
            uniform,
            normal,
            central,
            tail,
            sample,
        } = vectors;
        [uniform, normal, central, tail, sample]
    };
    for kind in KINDS {
        let long = of_length(300_007, kind);
        for length in [1, 2, 63, 64, 65, 255, 256, 257, 1023, 1025, 65_537, 131_072] {
            let short = of_length(length, kind);
            for (short, long) in short.iter().zip(&long) {
                bits::assert_same(short, &long.narrow(0, 0, length));
            }
        }
    }
}

/// Under `at` and `chunks` an element keeps the bits of its place in the whole parameter.
#[test]
fn a_region_is_drawn_as_a_part_of_the_whole() {
    #[derive(Initialize)]
    struct Whole {
        #[init(normal)]
        weight: Tensor,
    }

    #[derive(Initialize)]
    struct Cut {
        #[init(zeros)]
        #[init(normal, at = (1..29, 3..40))]
        #[init(normal, at = 7)]
        #[init(normal, at = (.., 41))]
        weight: Tensor,
    }

    #[derive(Initialize)]
    struct Chunked {
        #[init(normal, chunks = 5)]
        weight: Tensor,
    }

    let mut whole = Whole { weight: matrix() };
    whole.init(&mut Seed(42));
    let mut cut = Cut { weight: matrix() };
    cut.init(&mut Seed(42));
    let mut chunked = Chunked { weight: matrix() };
    chunked.init(&mut Seed(42));
    bits::assert_same(&chunked.weight, &whole.weight);
    let covered = cut.weight.ne(0.0);
    assert_eq!(
        covered.count_nonzero(None).int64_value(&[]),
        28 * 37 + (50 - 37) + 29
    );
    bits::assert_same(
        &cut.weight.masked_select(&covered),
        &whole.weight.masked_select(&covered),
    );
}

/// A user's own function draws from the parameter's stream, which other parameters do not disturb either.
#[test]
fn users_functions_draw_from_the_parameter_s_own_stream() {
    #[expect(
        clippy::unnecessary_wraps,
        reason = "the signature of users' functions"
    )]
    fn fill(tensor: &mut Tensor, stream: &mut Stream) -> Result<(), BoxError> {
        let values: Vec<f64> = (0..tensor.numel())
            .map(|_| StandardNormal.sample(stream))
            .collect();
        tensor.copy_(&Tensor::from_slice(&values).view_as(tensor));
        Ok(())
    }

    #[derive(Initialize)]
    struct Alone {
        #[init(with = fill)]
        weight: Tensor,
    }

    #[derive(Initialize)]
    struct Accompanied {
        #[init(with = fill)]
        other: Tensor,
        #[init(with = fill)]
        weight: Tensor,
    }

    let mut alone = Alone { weight: matrix() };
    alone.init(&mut Seed(42));
    let mut accompanied = Accompanied {
        other: matrix(),
        weight: matrix(),
    };
    accompanied.init(&mut Seed(42));
    bits::assert_same(&alone.weight, &accompanied.weight);
    bits::assert_differ(&accompanied.other, &accompanied.weight);
    let first: f64 = StandardNormal.sample(&mut Stream::new(42, "weight"));
    assert_eq!(alone.weight.double_value(&[0, 0]), f64::from(first as f32));
}

#[test]
fn two_models_at_once_equal_two_in_turn() {
    fn model(seed: u64) -> Vec<Vec<u64>> {
        let mut model = EveryLaw::of(|| Tensor::zeros([6, 13, 37, 99], FLOAT));
        model.init(&mut Seed(seed));
        model.tensors().map(bits::of).into()
    }

    let in_turn = [model(1), model(2)];
    let at_once = [1, 2]
        .map(|seed| thread::spawn(move || model(seed)))
        .map(|thread| thread.join().unwrap());
    assert!(in_turn == at_once);
}

/// Each block has a stream of its own, or all would get the same numbers.
#[test]
fn a_user_s_function_draws_anew_for_each_chunk() {
    fn draw(tensor: &mut Tensor, stream: &mut Stream) -> Result<(), BoxError> {
        Ok(tensor.f_copy_(&Tensor::full_like(tensor, f64::from(stream.next_u32())))?)
    }

    #[derive(Initialize)]
    struct Chunked {
        #[init(with = draw, chunks = 2)]
        weight: Tensor,
    }

    let mut chunked = Chunked {
        weight: Tensor::zeros([2], (Kind::Double, Device::Cpu)),
    };
    chunked.init(&mut Seed(42));
    let [first, second] = [0, 1].map(|i| chunked.weight.double_value(&[i]));
    assert_ne!(first, second);
    assert_eq!(first, f64::from(Stream::new(42, "weight").next_u32()));
}
