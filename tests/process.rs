//! What a whole process shares, and an initialisation must not disturb: libtorch's generator, and memory.
//!
//! A test target of its own, because tests beside these would draw and allocate as well.

use nninit::declare::Step;
use nninit::{Error, Initialize, ReasonKind, TorchRng, blank, init, schemes};
use nninit_tests::bits::differing;
use nninit_tests::sources::Seed;
use rand_distr::StandardNormal;
use tch::{Device, Kind, Tensor, nn};

/// One after the other: each test watches the whole process.
static ALONE: std::sync::Mutex<()> = std::sync::Mutex::new(());

#[test]
fn blank_layers_draw_nothing_and_start_as_others_do() {
    #[derive(Initialize)]
    struct Every {
        linear: nn::Linear,
        line: nn::Conv1D,
        conv: nn::Conv2D,
        up: nn::ConvTranspose2D,
        bn: nn::BatchNorm,
        ln: nn::LayerNorm,
        gn: nn::GroupNorm,
        emb: nn::Embedding,
    }

    impl Every {
        fn blank(p: &nn::Path<'_>) -> Self {
            Self {
                linear: nn::linear(p / "linear", 6, 4, blank::linear()),
                line: nn::conv1d(p / "line", 3, 4, 3, blank::conv()),
                conv: nn::conv2d(p / "conv", 3, 4, 3, blank::conv()),
                up: nn::conv_transpose2d(p / "up", 3, 4, 3, blank::conv_transpose()),
                bn: nn::batch_norm2d(p / "bn", 4, blank::batch_norm()),
                ln: nn::layer_norm(p / "ln", vec![4], blank::layer_norm()),
                gn: nn::group_norm(p / "gn", 2, 4, blank::group_norm()),
                emb: nn::embedding(p / "emb", 9, 4, blank::embedding()),
            }
        }

        fn drawn(p: &nn::Path<'_>) -> Self {
            Self {
                linear: nn::linear(p / "linear", 6, 4, nn::LinearConfig::default()),
                line: nn::conv1d(p / "line", 3, 4, 3, nn::ConvConfig::default()),
                conv: nn::conv2d(p / "conv", 3, 4, 3, nn::ConvConfig::default()),
                up: nn::conv_transpose2d(p / "up", 3, 4, 3, nn::ConvTransposeConfig::default()),
                bn: nn::batch_norm2d(p / "bn", 4, nn::BatchNormConfig::default()),
                ln: nn::layer_norm(p / "ln", vec![4], nn::LayerNormConfig::default()),
                gn: nn::group_norm(p / "gn", 2, 4, nn::GroupNormConfig::default()),
                emb: nn::embedding(p / "emb", 9, 4, nn::EmbeddingConfig::default()),
            }
        }
    }

    let _alone = ALONE.lock();
    let float = (Kind::Float, Device::Cpu);
    tch::manual_seed(42);
    let expected = Tensor::rand([3], float);
    tch::manual_seed(42);
    let (vs, other) = (
        nn::VarStore::new(Device::Cpu),
        nn::VarStore::new(Device::Cpu),
    );
    let mut model = Every::blank(&vs.root());
    let _lstm = nn::lstm(vs.root() / "lstm", 3, 4, blank::rnn());
    assert_eq!(Tensor::rand([3], float), expected);
    for (name, variable) in vs.variables() {
        let is_variance = name == "bn.running_var";
        let sum = variable.abs().sum(Kind::Double).double_value(&[]);
        assert_eq!(sum, if is_variance { 4.0 } else { 0.0 }, "{name}");
    }
    model.init(&mut Seed(42));
    let mut model = Every::drawn(&other.root());
    model.init(&mut Seed(42));
    let blank = vs.variables();
    for (name, variable) in other.variables() {
        assert_eq!(differing(&blank[&name], &variable), 0, "{name}");
    }
}

#[test]
fn libtorch_s_generator_gives_the_same_next_number_as_without_us() {
    #[derive(Initialize)]
    struct EveryScheme {
        #[init(uniform)]
        uniform: Tensor,
        #[init(normal)]
        normal: Tensor,
        #[init(trunc_normal)]
        trunc_normal: Tensor,
        #[init(orthogonal)]
        orthogonal: Tensor,
        #[init(sparse, sparsity = 0.5)]
        sparse: Tensor,
        #[init(delta_orthogonal)]
        delta_orthogonal: Tensor,
        #[init(sample = StandardNormal)]
        sample: Tensor,
    }

    let _alone = ALONE.lock();
    let float = (Kind::Float, Device::Cpu);
    let matrix = || Tensor::zeros([20, 20], float).transpose(0, 1);
    let mut model = EveryScheme {
        uniform: matrix(),
        normal: matrix(),
        trunc_normal: matrix(),
        orthogonal: matrix(),
        sparse: matrix(),
        delta_orthogonal: Tensor::zeros([4, 4, 3], float),
        sample: matrix(),
    };
    tch::manual_seed(42);
    let expected = Tensor::rand([3], float);
    tch::manual_seed(42);
    model.init(&mut Seed(42));
    assert_eq!(Tensor::rand([3], float), expected);
    assert_ne!(Tensor::rand([3], float), expected);
}

/// In a process where no thread can be started: each would have a stack of 64 TiB.
#[cfg(target_os = "linux")]
#[test]
fn threads_that_cannot_be_started_are_done_without() {
    #[derive(Initialize)]
    struct Large {
        #[init(normal)]
        drawn: Tensor,
        #[init(sample = StandardNormal)]
        sampled: Tensor,
        #[init(sparse, sparsity = 0.5)]
        sparse: Tensor,
        #[init(orthogonal)]
        small: Tensor,
    }

    const MARK: &str = "NNINIT_TEST_WITHOUT_THREADS";
    if std::env::var_os(MARK).is_none() {
        let test = "threads_that_cannot_be_started_are_done_without";
        let child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--test-threads=1"])
            .env(MARK, "1")
            .env("RUST_MIN_STACK", (1_u64 << 46).to_string())
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&child.stdout);
        assert!(
            child.status.success() && told.contains("1 passed"),
            "{told}"
        );
        return;
    }
    assert!(std::thread::Builder::new().spawn(|| ()).is_err());
    tch::set_num_threads(4);
    let matrix = || Tensor::zeros([1000, 1000], (Kind::Float, Device::Cpu));
    let mut model = Large {
        drawn: matrix(),
        sampled: matrix(),
        sparse: matrix(),
        small: Tensor::zeros([32, 32], (Kind::Float, Device::Cpu)),
    };
    let report = model.try_init(&mut Seed(42)).unwrap();
    report.verify_bits().unwrap();
}

/// In a process whose memory is used up, so that libtorch fails where a law takes memory beside the tensor.
#[cfg(target_os = "linux")]
#[test]
fn what_libtorch_fails_at_is_an_error_of_writing() {
    #[derive(Initialize)]
    struct Large {
        #[init(ones)]
        first: Tensor,
        #[init(orthogonal)]
        matrix: Tensor,
    }

    const MARK: &str = "NNINIT_TEST_WITHOUT_MEMORY";
    if std::env::var_os(MARK).is_none() {
        let test = "what_libtorch_fails_at_is_an_error_of_writing";
        let child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--test-threads=1"])
            .env(MARK, "1")
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&child.stdout);
        assert!(
            child.status.success() && told.contains("1 passed"),
            "{told}{}",
            String::from_utf8_lossy(&child.stderr)
        );
        return;
    }
    let float = (Kind::Float, Device::Cpu);
    tch::set_num_threads(1);
    // Whatever libtorch loads for a matrix is loaded.
    for kind in [Kind::Float, Kind::BFloat16] {
        let mut small = Tensor::zeros([64, 64], (kind, Device::Cpu));
        let _ = init::orthogonal_(&mut small, 1.0, &mut Seed(1)).unwrap();
    }
    let mut model = Large {
        first: Tensor::zeros([3], float),
        // Made in single precision, of which there is no memory for one more.
        matrix: Tensor::zeros([4096, 4096], (Kind::BFloat16, Device::Cpu)),
    };
    let plan = model.plan().unwrap();
    let spare = 16 << 20;
    let limit = (kibibytes_of("VmSize:") << 10) + spare;
    let limited = std::process::Command::new("prlimit")
        .arg(format!("--pid={}", std::process::id()))
        .arg(format!("--as={limit}"))
        .status();
    assert!(limited.unwrap().success());

    let matrix = &mut model.matrix;
    let step = || Step::of(schemes::orthogonal()).batch(0);
    for error in [
        init::orthogonal_(matrix, 1.0, &mut Seed(1)).unwrap_err(),
        init::orthogonal_(matrix, 1.0, &mut TorchRng::manual_seed(1)).unwrap_err(),
        init::apply_(matrix, step(), &mut Seed(1)).unwrap_err(),
        plan.execute(&mut Seed(1)).unwrap_err(),
        plan.execute(&mut TorchRng::manual_seed(1)).unwrap_err(),
    ] {
        let Error::Write(problem) = &error else {
            panic!("{error}");
        };
        assert_eq!(problem.reason.kind(), ReasonKind::Failed, "{error}");
        assert!(error.to_string().starts_with("while writing"), "{error}");
        assert!(error.to_string().contains("memory"), "{error}");
    }
    assert_eq!(model.first, Tensor::ones([3], float));
}

/// 512 MiB in a few layouts and kinds: no temporary may come near them.
#[cfg(target_os = "linux")]
#[test]
fn filling_a_large_tensor_takes_no_memory_beside_it() {
    #[derive(Initialize)]
    struct Large {
        #[init(trunc_normal)]
        #[init(uniform, at = 1..)]
        #[init(ones, at = (.., 0))]
        weight: Tensor,
    }

    const BYTES: i64 = 512 << 20;
    const ALLOWED: u64 = 16 << 20;
    let _alone = ALONE.lock();
    for (kind, transposed) in [
        (Kind::Float, false),
        (Kind::Float, true),
        (Kind::BFloat16, false),
    ] {
        let elements = BYTES / kind.elt_size_in_bytes() as i64;
        let weight = Tensor::ones([1 << 13, elements >> 13], (kind, Device::Cpu));
        let weight = if transposed { weight.tr() } else { weight };
        let before = peak_memory();
        Large { weight }.init(&mut Seed(42));
        // The kernel adds up counts of its processors', and the sum may fall by a few pages.
        let risen = peak_memory().saturating_sub(before);
        assert!(risen <= ALLOWED, "{risen} bytes more with {kind:?}");
    }
}

/// The largest resident set so far, in bytes.
#[cfg(target_os = "linux")]
fn peak_memory() -> u64 {
    kibibytes_of("VmHWM:") << 10
}

/// What the kernel says of this process.
#[cfg(target_os = "linux")]
fn kibibytes_of(what: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux has it");
    let line = status.lines().find_map(|line| line.strip_prefix(what));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    kibibytes
        .and_then(|n| n.trim().parse().ok())
        .expect("a number of kB")
}
