//! The derive wherever a struct can stand: what surrounds it, what it is named, what its fields are.
#![deny(
    warnings,
    missing_docs,
    unused_qualifications,
    clippy::all,
    clippy::pedantic
)]
#![allow(
    missing_debug_implementations,
    unreachable_pub,
    dead_code,
    reason = "what counts is that the declarations compile and plan"
)]

extern crate nninit as renamed;

use nninit::Initialize;
use tch::{Device, Kind, Tensor, nn};

/// `path: scheme = law` of every step; `at` and `skip` as the plan has them.
fn plan(model: &dyn Initialize) -> Vec<String> {
    shown(&model.plan().unwrap_or_else(|error| panic!("{error}")))
}

fn shown(plan: &nninit::Plan) -> Vec<String> {
    let mut lines = Vec::new();
    for entry in plan.entries() {
        for step in entry.steps() {
            let law = step
                .law()
                .map_or_else(|| "as it is".to_owned(), ToString::to_string);
            let at = step
                .region()
                .map_or_else(String::new, |region| format!("[{region}]"));
            lines.push(format!("{}{at}: {law}", entry.path()));
        }
    }
    lines
}

fn errors(model: &dyn Initialize) -> String {
    model.plan().unwrap_err().to_string()
}

fn tensor(shape: &[i64]) -> Tensor {
    Tensor::zeros(shape, (Kind::Float, Device::Cpu))
}

fn linear() -> nn::Linear {
    nn::Linear {
        ws: tensor(&[2, 4]),
        bs: Some(tensor(&[2])),
    }
}

const LINEAR: [&str; 2] = ["weight: U(-0.5, 0.5)", "bias: U(-0.5, 0.5)"];

fn linears(paths: &[&str]) -> Vec<String> {
    paths
        .iter()
        .flat_map(|path| LINEAR.map(|line| format!("{path}.{line}")))
        .collect()
}

mod facade {
    pub mod inner {
        pub use nninit as initialisation;
    }

    /// Declares one tensor.
    #[macro_export]
    macro_rules! declared {
        ($name:ident, $scheme:ident) => {
            #[derive(nninit::Initialize)]
            #[init(crate = $crate::facade::inner::initialisation)]
            struct $name(#[init($scheme)] tch::Tensor);
        };
    }
}

#[test]
fn a_renamed_or_reexported_crate() {
    #[derive(renamed::Initialize)]
    #[init(crate = renamed)]
    struct Renamed {
        #[init(kaiming_normal, mode = "fan_out")]
        w: Tensor,
        #[init(weight(orthogonal))]
        #[init(bias(ones, at = 0))]
        fc: nn::Linear,
        inner: Option<Reexported>,
    }

    #[derive(Initialize)]
    #[init(crate = facade::inner::initialisation)]
    struct Reexported {
        #[init(zeros)]
        w: Tensor,
    }

    declared!(ByMacro, ones);

    let model = Renamed {
        w: tensor(&[2, 4]),
        fc: linear(),
        inner: Some(Reexported { w: tensor(&[1]) }),
    };
    assert_eq!(
        plan(&model),
        [
            "w: N(0, 1²)",
            "fc.weight: orthogonal(gain 1)",
            "fc.bias: U(-0.5, 0.5)",
            "fc.bias[0]: constant 1",
            "inner.w: constant 0",
        ]
    );
    assert_eq!(plan(&ByMacro(tensor(&[1]))), ["0: constant 1"]);
}

#[no_implicit_prelude]
mod no_prelude {
    #[derive(::nninit::Initialize)]
    pub(crate) struct Model {
        #[init(kaiming_uniform(transposed, nonlinearity = "relu"))]
        #[init(zeros, at = 0..self.width)]
        pub(crate) w: ::tch::Tensor,
        pub(crate) fc: ::std::vec::Vec<::tch::nn::Linear>,
        #[init(skip)]
        pub(crate) text: ::std::string::String,
        pub(crate) width: ::core::primitive::i64,
    }

    #[derive(::nninit::Initialize)]
    pub(crate) enum Either<T> {
        Left {
            #[init(constant, val = *scale)]
            w: ::tch::Tensor,
            scale: ::core::primitive::f64,
        },
        Right(T),
        Neither,
    }
}

#[test]
fn no_prelude_around() {
    let model = no_prelude::Model {
        w: tensor(&[2, 3]),
        fc: vec![linear(), linear()],
        text: String::new(),
        width: 1,
    };
    let mut expected = vec![
        "w: U(-1.732, 1.732)".to_owned(),
        "w[0..1]: constant 0".to_owned(),
    ];
    expected.extend(linears(&["fc.0", "fc.1"]));
    assert_eq!(plan(&model), expected);
    let left = no_prelude::Either::<nn::Linear>::Left {
        w: tensor(&[1]),
        scale: 0.25,
    };
    assert_eq!(plan(&left), ["w: constant 0.25"]);
    assert_eq!(plan(&no_prelude::Either::Right(linear())), linears(&["0"]));
    assert!(plan(&no_prelude::Either::<nn::Linear>::Neither).is_empty());
}

#[allow(non_camel_case_types, non_snake_case, unused_macros, missing_docs)]
mod shadowed {
    mod std {}
    mod core {}
    mod nninit {}
    mod alloc {}
    struct Result;
    struct Option;
    struct Vec;
    struct Box;
    struct Some;
    struct str;
    struct bool;
    struct Spec;
    struct Step;
    struct Is;
    trait Initialize {}
    trait Otherwise {
        const WALKS: () = ();
        fn walk() {}
        fn step(&self) {}
    }
    impl<T: ?Sized> Otherwise for T {}
    fn Ok() {}
    fn Err() {}
    macro_rules! panic {
        () => {};
    }

    #[derive(::nninit::Initialize)]
    pub(crate) struct Model {
        #[init(with = |w, _| { let _ = w.fill_(1.0); ::core::result::Result::Ok(()) })]
        pub(crate) w: ::tch::Tensor,
        #[init(weight(normal, std = 0.5), stream = "old")]
        pub(crate) fc: ::tch::nn::Linear,
    }
}

#[test]
fn shadowed_names() {
    let model = shadowed::Model {
        w: tensor(&[2]),
        fc: linear(),
    };
    let lines = plan(&model);
    assert_eq!(
        lines[1..],
        ["fc.weight: N(0, 0.5²)", "fc.bias: U(-0.5, 0.5)"]
    );
}

macro_rules! model {
    ($name:ident, $field:ident: $ty:ty = $scheme:ident($param:ident = $value:expr), $plain:literal, $at:expr) => {
        #[derive(Initialize)]
        struct $name {
            #[init($scheme, $param = $value)]
            #[init(constant, val = $plain, at = $at)]
            $field: $ty,
            #[init(normal(std = self.scale * $value))]
            own: Tensor,
            #[init(zeros)]
            #[init(constant, val = self.scale, at = ..self.count)]
            both: Option<Tensor>,
            scale: f64,
            count: i64,
        }
    };
}

model!(FromMacro, theirs: Tensor = normal(std = 0.5), 3, 0);

macro_rules! with_self {
    ($($name:ident { $($value:tt)* })*) => {$(
        #[derive(Initialize)]
        struct $name {
            #[init(normal, std = $($value)*)]
            theirs: Tensor,
            #[init(normal, std = self.std * 2.0)]
            ours: Tensor,
            #[init(constant, val = { let values = [self.std]; vec![self.std][0] + values[0] })]
            inside_a_macro: Tensor,
            std: f64,
        }
    )*};
}

with_self! {
    SelfFromOutside { self.std / 2.0 }
    NoSelf { 0.5 }
}

#[test]
fn inside_macro_rules() {
    let model = FromMacro {
        theirs: tensor(&[2, 2]),
        own: tensor(&[2]),
        both: Some(tensor(&[3])),
        scale: 2.0,
        count: 2,
    };
    assert_eq!(
        plan(&model),
        [
            "theirs: N(0, 0.5²)",
            "theirs[0]: constant 3",
            "own: N(0, 1²)",
            "both: constant 0",
            "both[..2]: constant 2",
        ]
    );
    let model = SelfFromOutside {
        theirs: tensor(&[1]),
        ours: tensor(&[1]),
        inside_a_macro: tensor(&[1]),
        std: 3.0,
    };
    assert_eq!(
        plan(&model),
        [
            "theirs: N(0, 1.5²)",
            "ours: N(0, 6²)",
            "inside_a_macro: constant 6"
        ]
    );
    let model = NoSelf {
        theirs: tensor(&[1]),
        ours: tensor(&[1]),
        inside_a_macro: tensor(&[1]),
        std: 3.0,
    };
    assert_eq!(plan(&model)[0], "theirs: N(0, 0.5²)");
}

#[test]
fn raw_identifiers() {
    #[derive(Initialize)]
    struct r#Struct {
        #[init(normal, std = self.r#fn)]
        r#type: Tensor,
        r#match: nn::Linear,
        r#fn: f64,
    }

    #[derive(Initialize)]
    struct Outer {
        #[init(r#type(zeros), match(bias(zeros)))]
        r#struct: r#Struct,
    }

    let inner = r#Struct {
        r#type: tensor(&[1]),
        r#match: linear(),
        r#fn: 0.5,
    };
    assert_eq!(
        plan(&inner)[..2],
        ["type: N(0, 0.5²)", "match.weight: U(-0.5, 0.5)"]
    );
    assert_eq!(
        plan(&Outer { r#struct: inner }),
        [
            "struct.type: constant 0",
            "struct.match.weight: U(-0.5, 0.5)",
            "struct.match.bias: constant 0"
        ]
    );
}

#[test]
fn fields_that_are_configured_away() {
    #[derive(Initialize)]
    struct Model {
        #[cfg(not(any()))]
        #[init(zeros)]
        here: Tensor,
        #[cfg(any())]
        #[init(no_such_scheme)]
        gone: NoSuchType,
        #[cfg_attr(not(any()), init(ones))]
        there: Tensor,
    }

    assert_eq!(
        plan(&Model {
            here: tensor(&[1]),
            there: tensor(&[1])
        }),
        ["here: constant 0", "there: constant 1"]
    );
}

/// Where only some parameters are mentioned by fields.
#[derive(Initialize)]
pub struct Generic<'a, T, U: Copy, const N: usize, const M: usize = 3>
where
    T: Clone,
{
    /// Walked, so `T: Initialize`.
    layers: Vec<Option<T>>,
    /// Walked, and holds nothing.
    name: &'static str,
    #[init(orthogonal, chunks = i64::try_from(N)?)]
    gates: Option<Tensor>,
    array: [f64; M],
    config: std::marker::PhantomData<(U, &'a ())>,
    #[init(skip)]
    skipped: &'a U,
}

#[derive(Clone, Copy)]
struct NotAModel;

impl Clone for Block {
    fn clone(&self) -> Self {
        Self {
            w: self.w.shallow_clone(),
        }
    }
}

/// A part of others.
#[derive(Initialize)]
pub struct Block {
    #[init(normal, std = 0.5)]
    w: Tensor,
}

#[test]
fn generics() {
    let model = Generic::<'_, Block, NotAModel, 2> {
        layers: vec![None, Some(Block { w: tensor(&[1]) })],
        name: "",
        gates: Some(tensor(&[4, 2])),
        array: [0.0; 3],
        config: std::marker::PhantomData,
        skipped: &NotAModel,
    };
    assert_eq!(
        plan(&model),
        ["layers.1.w: N(0, 0.5²)", "gates: orthogonal(gain 1)"]
    );
}

#[test]
fn annotated_type_parameters() {
    #[derive(Initialize)]
    struct Head<T> {
        #[init(weight(zeros))]
        last: T,
    }

    #[derive(Initialize)]
    struct Wrapper<T> {
        inner: T,
    }

    #[derive(Initialize)]
    struct Model {
        #[init(last(bias(ones)))]
        head: Head<nn::Linear>,
        #[init(inner(weight(ones)))]
        wrapper: Wrapper<nn::Linear>,
    }

    let model = Model {
        head: Head { last: linear() },
        wrapper: Wrapper { inner: linear() },
    };
    assert_eq!(
        plan(&model),
        [
            "head.last.weight: constant 0",
            "head.last.bias: constant 1",
            "wrapper.inner.weight: constant 1",
            "wrapper.inner.bias: U(-0.5, 0.5)",
        ]
    );
}

/// A list.
#[derive(Initialize)]
pub struct List<T> {
    head: T,
    tail: Option<Box<List<T>>>,
}

/// A tree.
#[derive(Initialize)]
pub struct Tree {
    #[init(zeros)]
    leaf: Tensor,
    children: Vec<Self>,
}

#[test]
fn recursive_types() {
    let end = List {
        head: linear(),
        tail: None,
    };
    let list = List {
        head: linear(),
        tail: Some(Box::new(end)),
    };
    assert_eq!(plan(&list), linears(&["head", "tail.head"]));
    let tree = Tree {
        leaf: tensor(&[1]),
        children: vec![Tree {
            leaf: tensor(&[1]),
            children: vec![],
        }],
    };
    assert_eq!(
        plan(&tree),
        ["leaf: constant 0", "children.0.leaf: constant 0"]
    );
}

#[test]
fn written_bounds_replace_the_inferred() {
    trait Family {
        type Layer;
    }

    #[derive(Initialize)]
    #[init(bound = "F::Layer: Initialize")]
    struct Model<F: Family> {
        layer: F::Layer,
        layers: Vec<F::Layer>,
    }

    struct Linears;

    impl Family for Linears {
        type Layer = nn::Linear;
    }

    assert_eq!(
        plan(&Model::<Linears> {
            layer: linear(),
            layers: vec![]
        }),
        linears(&["layer"])
    );
}

#[test]
fn enums() {
    #[derive(Initialize)]
    enum Norm {
        Scale {
            #[init(constant, val = *start)]
            gamma: Tensor,
            start: f64,
        },
        Both(#[init(ones)] Tensor, #[init(zeros)] Tensor),
        #[expect(unused)]
        Off,
    }

    #[derive(Initialize)]
    struct Model {
        #[init(gamma(zeros), 1(ones))]
        norms: Vec<Norm>,
    }

    #[derive(Initialize)]
    enum Never {}

    #[derive(Initialize)]
    struct Unit;

    let norms = || {
        vec![
            Norm::Scale {
                gamma: tensor(&[1]),
                start: 0.5,
            },
            Norm::Both(tensor(&[1]), tensor(&[1])),
        ]
    };
    assert_eq!(
        plan(&norms()),
        [
            "0.gamma: constant 0.5",
            "1.0: constant 1",
            "1.1: constant 0"
        ]
    );
    assert_eq!(
        plan(&Model { norms: norms() }),
        [
            "norms.0.gamma: constant 0",
            "norms.1.0: constant 1",
            "norms.1.1: constant 1"
        ]
    );
    assert!(plan(&None::<Never>).is_empty());
    assert!(plan(&Unit).is_empty());
}

#[test]
fn values() {
    fn schedule(depth: Option<f64>) -> Result<f64, std::num::TryFromIntError> {
        depth.map_or_else(|| u8::try_from(300).map(f64::from), Ok)
    }

    #[allow(clippy::unnecessary_wraps, reason = "the signature that `with` takes")]
    fn by_function(w: &mut Tensor, _: &mut nninit::Stream) -> Result<(), nninit::BoxError> {
        let _ = w.fill_(2.0);
        Ok(())
    }

    #[derive(Initialize)]
    struct Model {
        #[init(normal, std = schedule(self.depth)?)]
        fallible: Tensor,
        #[init(normal, std = { if self.depth.is_none() { return Err("no depth".into()); } 1.0 })]
        returns: Tensor,
        #[init(with = {
            let depth = self.depth.unwrap_or_default();
            move |w, _| {
                let _ = w.fill_(depth);
                Ok(())
            }
        })]
        block: Tensor,
        #[init(with = by_function)]
        function: Tensor,
        #[init(with = nninit::schemes::orthogonal().gain(2.0))]
        builder: Tensor,
        #[init(sample = rand_distr::Gamma::new(2.0, self.depth.unwrap_or(-1.0))?)]
        sample: Tensor,
        #[init(kaiming_normal_, fan_of = self.builder, mode = nninit::FanMode::FanOut, scale = 2)]
        bias: Tensor,
        depth: Option<f64>,
    }

    let mut model = Model {
        fallible: tensor(&[1]),
        returns: tensor(&[1]),
        block: tensor(&[1]),
        function: tensor(&[1]),
        builder: tensor(&[8, 8]),
        sample: tensor(&[1]),
        bias: tensor(&[8]),
        depth: Some(0.5),
    };
    let lines = plan(&model);
    assert_eq!(lines[..2], ["fallible: N(0, 0.5²)", "returns: N(0, 1²)"]);
    assert_eq!(lines[4], "builder: orthogonal(gain 2)");
    assert_eq!(lines[6], "bias: N(0, 1²)");
    model.depth = None;
    let errors = errors(&model);
    for path in ["fallible", "returns", "sample"] {
        assert!(errors.contains(path), "{errors}");
    }
    assert!(errors.contains("no depth"), "{errors}");
}

#[test]
fn names_that_do_not_exist_deeper_are_errors_of_the_plan() {
    #[derive(Initialize)]
    struct Inner {
        fc: nn::Linear,
    }

    #[derive(Initialize)]
    struct Model {
        #[init(fc(wieght(zeros)))]
        empty: Vec<Inner>,
    }

    let empty = errors(&Model { empty: Vec::new() });
    assert!(
        empty.contains("wieght") && empty.contains("`weight`"),
        "{empty}"
    );
}

#[test]
fn nor_do_they_hide_behind_type_parameters() {
    #[derive(Initialize)]
    struct Inner {
        fc: nn::Linear,
    }

    #[derive(Initialize)]
    struct Generic<T> {
        inner: Option<T>,
    }

    #[derive(Initialize)]
    struct Outer {
        #[init(inner(wieght(zeros)))]
        layer: Vec<Generic<nn::Linear>>,
        #[init(inner(fc(bais(zeros))))]
        nested: Generic<Inner>,
        #[init(inner(zeros))]
        number: Generic<f64>,
    }

    let generic = errors(&Outer {
        layer: Vec::new(),
        nested: Generic { inner: None },
        number: Generic { inner: None },
    });
    for text in ["`wieght`", "`bais`", "without parameters"] {
        assert!(generic.contains(text), "{generic}");
    }
}

#[test]
fn skipped_fields() {
    #[derive(Initialize)]
    struct Model {
        #[init(skip)]
        fc: nn::Linear,
        #[init(skip)]
        lstm: Option<nn::LSTM>,
        #[init(skip)]
        #[init(ones, at = 1..)]
        partly: Tensor,
    }

    let model = Model {
        fc: linear(),
        lstm: None,
        partly: tensor(&[3]),
    };
    assert_eq!(
        plan(&model),
        [
            "fc.weight: as it is",
            "fc.bias: as it is",
            "partly: as it is",
            "partly[1..]: constant 1"
        ]
    );
}

type Layers = Vec<nn::Linear>;

macro_rules! pair {
    ($ty:ty) => {
        ($ty, $ty)
    };
}

/// Its last field has no size.
#[derive(Initialize)]
pub struct Tail<T: ?Sized> {
    count: i64,
    last: T,
}

#[test]
fn types_of_every_kind() {
    #[derive(Initialize)]
    struct Model {
        alias: Layers,
        by_macro: pair!(nn::Linear),
        array: [nn::Linear; Self::N],
        objects: Vec<Box<dyn Initialize>>,
        boxed: Box<Tail<nn::Linear>>,
        unit: (),
        function: fn(&Tensor) -> Tensor,
        path: std::path::PathBuf,
    }

    impl Model {
        const N: usize = 1;
    }

    let model = Model {
        alias: vec![linear()],
        by_macro: (linear(), linear()),
        array: [linear()],
        objects: vec![Box::new(linear()), Box::new(3_i64)],
        boxed: Box::new(Tail {
            count: 0,
            last: linear(),
        }),
        unit: (),
        function: Tensor::relu,
        path: "here".into(),
    };
    assert_eq!(
        plan(&model),
        linears(&[
            "alias.0",
            "by_macro.0",
            "by_macro.1",
            "array.0",
            "objects.0",
            "boxed.last"
        ])
    );
}

#[test]
fn a_lifetime_in_a_type() {
    #[derive(Initialize)]
    struct Model<'a> {
        #[init(skip)]
        func: nn::Func<'a>,
        #[init(skip)]
        name: &'a str,
        layer: nn::Linear,
    }

    let model = Model {
        func: nn::func(Tensor::relu),
        name: "",
        layer: linear(),
    };
    assert_eq!(plan(&model), linears(&["layer"]));
}

/// Invisible groups around what a macro puts in keep their values together, as in Rust itself.
macro_rules! computed {
    ($name:ident, $e:expr, $k:expr, $literal:literal, $ty:ty, $limit:path) => {
        #[derive(Initialize)]
        struct $name {
            #[init(constant, val = $e * 2.0)]
            product: Tensor,
            #[init(constant, val = -$e)]
            negative: Tensor,
            #[init(constant, val = 12.0 / $e)]
            quotient: Tensor,
            #[init(constant, val = $e.powi(2))]
            method: Tensor,
            #[init(constant, val = $e)]
            alone: Tensor,
            #[init(constant, val = f64::max(0.5, $e - 1.0) + [$e * 10.0][0])]
            nested: Tensor,
            #[init(constant, val = format!("{:.1}", $e * 2.0).parse()?)]
            in_a_macro: Tensor,
            #[init(constant, val = $literal.abs())]
            literal: Tensor,
            #[init(constant, val = <$ty>::from(1.0_f32) + f64::from($limit))]
            names: Tensor,
            #[init(zeros)]
            #[init(ones, at = 0..8 - $k)]
            region: Tensor,
            #[init(orthogonal, chunks = 2 * $k)]
            blocks: Tensor,
            #[init(normal, std = 1, scale = 1.0 / $e)]
            scaled: Tensor,
        }

        impl $name {
            fn rules(of: f64) -> nninit::Rules {
                nninit::rules! {
                    "product" => constant(val = $e * of),
                    "power" if ndim * $k == 4 => constant(val = of - $e),
                    "region" => [zeros, ones(at = 0..8 - $k)],
                }
            }
        }
    };
}

const LIMIT: u8 = 7;

computed!(Computed, 1.0_f64 + 2.0, 1 + 1, -1.0_f64, f64, LIMIT);

#[test]
fn what_a_macro_puts_in_keeps_together() {
    let one = || tensor(&[1]);
    let model = Computed {
        product: one(),
        negative: one(),
        quotient: one(),
        method: one(),
        alone: one(),
        nested: one(),
        in_a_macro: one(),
        literal: one(),
        names: one(),
        region: tensor(&[8]),
        blocks: tensor(&[8, 2]),
        scaled: one(),
    };
    let expected = [
        "product: constant 6",
        "negative: constant -3",
        "quotient: constant 4",
        "method: constant 9",
        "alone: constant 3",
        "nested: constant 32",
        "in_a_macro: constant 6",
        "literal: constant 1",
        "names: constant 8",
        "region: constant 0",
        "region[0..6]: constant 1",
        "blocks: orthogonal(gain 1)",
        "scaled: N(0, 0.3333²)",
    ];
    assert_eq!(plan(&model), expected);

    let vs = nn::VarStore::new(Device::Cpu);
    let root = vs.root();
    for (name, shape) in [("power", &[1, 1][..]), ("product", &[1]), ("region", &[8])] {
        let _ = root.zeros(name, shape);
    }
    let planned = Computed::rules(10.0).plan(&vs).unwrap();
    let expected = [
        "power: constant 7",
        "product: constant 30",
        "region: constant 0",
        "region[0..6]: constant 1",
    ];
    assert_eq!(shown(&planned), expected);
}

#[test]
fn skip_leaves_everything_at_its_place() {
    #[derive(Initialize)]
    struct Block {
        fc: nn::Linear,
        #[init(ones)]
        gamma: Tensor,
    }

    #[derive(Initialize)]
    struct Model {
        #[init(fc(skip))]
        part: Block,
        #[init(fc(weight(skip)))]
        weight: Block,
        #[init(skip)]
        #[init(ones, at = 0)]
        region: nn::Linear,
        #[init(skip, fc(bias(zeros)))]
        but_a_part: Vec<Block>,
        #[init(skip)]
        #[init(bias(ones, at = 0))]
        but_a_part_s_region: nn::Linear,
    }

    let block = || Block {
        fc: linear(),
        gamma: tensor(&[1]),
    };
    let model = Model {
        part: block(),
        weight: block(),
        region: linear(),
        but_a_part: vec![block()],
        but_a_part_s_region: linear(),
    };
    let expected = [
        "part.fc.weight: as it is",
        "part.fc.bias: as it is",
        "part.gamma: constant 1",
        "weight.fc.weight: as it is",
        "weight.fc.bias: U(-0.5, 0.5)",
        "weight.gamma: constant 1",
        "region.weight: as it is",
        "region.weight[0]: constant 1",
        "region.bias: as it is",
        "but_a_part.0.fc.weight: as it is",
        "but_a_part.0.fc.bias: constant 0",
        "but_a_part.0.gamma: as it is",
        "but_a_part_s_region.weight: as it is",
        "but_a_part_s_region.bias: as it is",
        "but_a_part_s_region.bias[0]: constant 1",
    ];
    assert_eq!(plan(&model), expected);
}

#[test]
fn settings_stand_on_whatever_is_walked() {
    #[derive(Initialize)]
    struct Model<T> {
        #[init(stream = "old")]
        dynamic: Vec<Box<dyn Initialize>>,
        #[init(weight(stream = "b"), bias(zeros))]
        layer: nn::Linear,
        #[init(stream = "generic")]
        generic: T,
    }

    let model = Model {
        dynamic: vec![Box::new(linear())],
        layer: linear(),
        generic: linear(),
    };
    let mut expected = linears(&["dynamic.0"]);
    expected.extend(["layer.weight: U(-0.5, 0.5)", "layer.bias: constant 0"].map(str::to_owned));
    expected.extend(linears(&["generic"]));
    assert_eq!(plan(&model), expected);
}

#[test]
fn a_scheme_of_one_s_own_has_its_own_name() {
    struct Siren {
        omega: f64,
    }

    impl nninit::Initializer for Siren {
        fn label(&self) -> String {
            format!("siren(omega = {})", self.omega)
        }

        fn law(&self, _: &nninit::Target<'_>) -> Result<nninit::Law, nninit::BoxError> {
            Ok(nninit::Law::uniform(-1.0 / self.omega, 1.0 / self.omega))
        }
    }

    #[derive(Initialize)]
    struct Model {
        #[init(with = Siren { omega: self.omega })]
        own: Tensor,
        #[init(with = |w, _| { let _ = w.f_fill_(1.0)?; let _ = w.f_fill_(2.0)?; Ok(()) })]
        closure: Tensor,
        omega: f64,
    }

    let model = Model {
        own: tensor(&[1]),
        closure: tensor(&[1]),
        omega: 30.0,
    };
    let table = model.plan().unwrap().to_string();
    assert!(table.contains("siren(omega = 30)"), "{table}");
    assert!(table.contains("|w, _| …"), "{table}");
}

const ALL: usize = 2;
const HOLDING: usize = 1;

#[test]
fn no_name_of_the_expansion_is_in_the_way() {
    #[derive(Initialize)]
    struct Model {
        heads: [nn::Linear; ALL],
        more: [nn::Linear; HOLDING],
    }

    let model = Model {
        heads: [linear(), linear()],
        more: [linear()],
    };
    assert_eq!(plan(&model), linears(&["heads.0", "heads.1", "more.0"]));
}

#[test]
fn references_are_seen_through() {
    struct Config {
        width: i64,
    }

    #[derive(Initialize)]
    struct Model<'a, 'b> {
        layer: &'a nn::Linear,
        layers: Vec<&'b nn::Linear>,
        optional: Option<&'a mut nn::Linear>,
        #[init(zeros)]
        tensor: &'a Tensor,
        #[init(bias(ones))]
        tuple: (&'a nn::Linear, &'b nn::Linear),
        fixed: &'static nn::Linear,
        name: &'a str,
        names: &'a [String],
        config: &'b Config,
        configs: &'a [Config],
        activation: &'static (dyn Fn(&Tensor) -> Tensor + Sync),
        next: Option<Box<Self>>,
    }

    fn leaked() -> &'static nn::Linear {
        Box::leak(Box::new(linear()))
    }

    let mut c = linear();
    let config = Config { width: 2 };
    let tensors = [tensor(&[1]), tensor(&[1])];
    let model = |tensor, next| Model {
        layer: leaked(),
        layers: vec![leaked()],
        optional: None,
        tensor,
        tuple: (leaked(), leaked()),
        fixed: leaked(),
        name: "a",
        names: &[],
        config: &config,
        configs: &[],
        activation: &Tensor::relu,
        next,
    };
    let mut model = model(&tensors[0], Some(Box::new(model(&tensors[1], None))));
    model.optional = Some(&mut c);
    assert_eq!(model.config.width, 2);
    let lines = plan(&model);
    assert_eq!(lines[..4], linears(&["layer", "layers.0"]));
    assert_eq!(lines.len(), 24);
}

#[test]
fn format_strings_capture() {
    /// The field's name is one of the struct's values, and its text as long as that.
    #[derive(Initialize)]
    struct Named {
        #[init(constant, val = f64::from(u16::try_from(format!("{self}!").len())?))]
        weight: Tensor,
        name: &'static str,
    }

    impl std::fmt::Display for Named {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.name)
        }
    }

    #[derive(Initialize)]
    enum Variants {
        Scaled {
            #[init(constant, val = f64::from(u16::try_from(format!("{n}{:>w$}", 0).len())?))]
            weight: Tensor,
            #[init(constant, val = f64::from(u16::try_from(format!("{:w$}", 1).len())?), scale = f64::from(*n) / 3.0)]
            width: Tensor,
            n: u8,
            w: usize,
        },
    }

    let named = Named {
        weight: tensor(&[1]),
        name: "abc",
    };
    assert_eq!(plan(&named), ["weight: constant 4"]);
    let scaled = Variants::Scaled {
        weight: tensor(&[1]),
        width: tensor(&[1]),
        n: 12,
        w: 3,
    };
    assert_eq!(plan(&scaled), ["weight: constant 5", "width: constant 12"]);
}

#[test]
fn fields_named_as_constants_are() {
    #[allow(non_upper_case_globals)]
    const start: &str = "a constant";
    #[allow(non_camel_case_types, dead_code)]
    struct end;
    #[allow(non_upper_case_globals)]
    static middle: u8 = 0;

    #[derive(Initialize)]
    enum Variants {
        Ramp {
            #[init(constant, val = *start + *end + *middle)]
            weight: Tensor,
            start: f64,
            end: f64,
            middle: f64,
        },
    }

    let ramp = Variants::Ramp {
        weight: tensor(&[1]),
        start: 1.0,
        end: 2.0,
        middle: 4.0,
    };
    assert_eq!(plan(&ramp), ["weight: constant 7"]);
    assert_eq!((start.len(), middle), (10, 0));
}

#[test]
fn a_recipe_and_streams() {
    fn recipe(known: bool) -> Result<nninit::recipes::TorchDefault, &'static str> {
        known
            .then_some(nninit::recipes::TorchDefault)
            .ok_or("no recipe")
    }

    #[derive(Initialize)]
    #[init(recipe = recipe(self.known)?)]
    struct Model {
        layer: nn::Linear,
        #[init(stream = "layer_1")]
        renamed: nn::Linear,
        #[init(weight(normal, stream = "w"), bias(skip))]
        part: nn::Linear,
        known: bool,
    }

    let mut model = Model {
        layer: linear(),
        renamed: linear(),
        part: linear(),
        known: true,
    };
    let mut expected = linears(&["layer", "renamed"]);
    expected.extend(["part.weight: N(0, 1²)", "part.bias: as it is"].map(str::to_owned));
    assert_eq!(plan(&model), expected);
    model.known = false;
    assert_eq!(
        errors(&model),
        "cannot initialise the model: `recipe` failed: no recipe"
    );
}
