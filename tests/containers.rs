//! Fields that hold parameters in slices behind pointers, and fields of std's own types, which hold none.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use nninit::Initialize;
use nninit_tests::plans::assert_plan;
use tch::nn::{self, VarStore};
use tch::{Device, Kind, Tensor};

fn tensor(length: i64) -> Tensor {
    Tensor::zeros([length], (Kind::Float, Device::Cpu))
}

#[test]
fn slices_behind_pointers_are_walked_item_by_item() {
    #[derive(Initialize)]
    struct Block {
        #[init(ones)]
        scale: Tensor,
    }

    #[derive(Initialize)]
    struct Net {
        #[init(zeros)]
        boxed: Box<[Tensor]>,
        #[init(weight(zeros))]
        shared: Arc<[nn::Linear]>,
        blocks: Rc<[Block]>,
        #[init(normal)]
        none: Box<[Tensor]>,
    }

    let vs = VarStore::new(Device::Cpu);
    let no_bias = nn::LinearConfig {
        bias: false,
        ..Default::default()
    };
    let net = Net {
        boxed: Box::new([tensor(2), tensor(3)]),
        shared: Arc::from([nn::linear(vs.root(), 2, 4, no_bias)]),
        blocks: Rc::from([Block { scale: tensor(5) }, Block { scale: tensor(6) }]),
        none: Box::new([]),
    };
    assert_plan(
        &net,
        "
        boxed.0 [2] zeros: constant 0
        boxed.1 [3] zeros: constant 0
        shared.0.weight [4, 2] zeros: constant 0
        blocks.0.scale [5] ones: constant 1
        blocks.1.scale [6] ones: constant 1
        ",
    );
}

#[test]
fn what_is_std_s_own_needs_no_attribute() {
    #[derive(Initialize)]
    struct Net<'a> {
        #[init(zeros)]
        weight: Tensor,
        name: Cow<'a, str>,
        from: Cow<'a, Path>,
        path: Option<PathBuf>,
        tags: Vec<String>,
        labels: HashMap<u32, Vec<String>>,
        seen: HashSet<String>,
        sorted: BTreeSet<Arc<str>>,
        queue: VecDeque<(usize, Duration)>,
        nested: BTreeMap<String, Box<[Option<Rc<str>>]>>,
        dims: [Vec<i64>; 2],
    }

    let net = Net {
        weight: tensor(2),
        name: "net".into(),
        from: Path::new("here").into(),
        path: None,
        tags: vec!["a".to_owned()],
        labels: HashMap::new(),
        seen: HashSet::new(),
        sorted: BTreeSet::new(),
        queue: VecDeque::new(),
        nested: BTreeMap::new(),
        dims: [vec![1], vec![]],
    };
    assert_plan(&net, "weight [2] zeros: constant 0");
    assert_eq!(
        (&*net.name, net.from.to_str(), net.tags.len()),
        ("net", Some("here"), 1)
    );
    let rest = (net.path, net.labels.len(), net.seen.len(), net.sorted.len());
    assert_eq!(rest, (None, 0, 0, 0));
    assert_eq!(
        (net.queue.len(), net.nested.len(), net.dims[0].len()),
        (0, 0, 1)
    );
}
