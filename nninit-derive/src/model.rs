//! What `check` hands to `expand`: only what is right, in the order written.

use nninit_language::schemes::{self, Scheme, Trait};
use nninit_language::values::Parameter;
use proc_macro2::{Ident, Span, TokenStream};
use syn::{Expr, Generics, Member, Path, Type, WherePredicate};

use crate::errors::Reported;
use crate::parse::Name;

/// A struct or enum with what it declares.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    /// What `#[allow(…)]` and `#[expect(…)]` hold, on the struct or inside.
    pub(crate) lints: Vec<TokenStream>,
    pub(crate) settings: Settings,
    pub(crate) body: Body,
}

/// What `#[init(…)]` on the struct itself says.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    pub(crate) krate: Option<Path>,
    pub(crate) bound: Option<Vec<WherePredicate>>,
    pub(crate) recipe: Option<Expr>,
    /// In the order written.
    pub(crate) kinds: Vec<OfKind>,
}

/// What a kind of layer gets.
#[derive(Debug)]
pub(crate) struct OfKind {
    pub(crate) name: Name,
    pub(crate) of: &'static nninit_language::kinds::Kind,
    pub(crate) spec: Spec,
}

#[derive(Debug)]
pub(crate) enum Body {
    Struct(Vec<Field>),
    Enum(Vec<Variant>),
    /// A union: complained about, and nothing to walk.
    Nothing,
}

#[derive(Debug)]
pub(crate) struct Variant {
    pub(crate) ident: Ident,
    pub(crate) fields: Vec<Field>,
}

#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) member: Member,
    /// The field's name in paths.
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) declared: Declared,
}

#[derive(Debug)]
pub(crate) enum Declared {
    /// No attribute: the type decides.
    Nothing,
    /// `skip` and nothing else: a field of any type.
    Skip,
    Spec(Box<Spec>),
    /// All that was said is wrong.
    Wrong(Reported),
}

/// What one or more attributes say of a parameter, a layer or a nested struct.
#[derive(Debug, Default)]
pub(crate) struct Spec {
    pub(crate) said: Vec<Said>,
    pub(crate) stream: Option<(Name, Expr)>,
    /// Something in it is wrong and left out.
    pub(crate) wrong: Option<Reported>,
}

#[derive(Debug)]
pub(crate) enum Said {
    Step(Step),
    Part(Name, Spec),
}

/// One scheme with its modifiers.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) what: What,
    pub(crate) modifiers: Vec<Modifier>,
    pub(crate) span: Span,
}

#[derive(Debug)]
pub(crate) enum What {
    Scheme(Call),
    /// `with = EXPR`
    With(Expr),
    /// `sample = EXPR`
    Sample(Expr),
    /// `copy = EXPR`
    Copy(Expr),
    /// `by_index = EXPR`
    ByIndex(Expr),
    Skip,
}

/// A scheme of the table with its parameters.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) scheme: &'static Scheme,
    /// Its name with the span of the user's word.
    pub(crate) ident: Ident,
    /// `normal(std = 0.02)`
    pub(crate) written: String,
    pub(crate) arguments: Vec<Argument>,
}

#[derive(Debug)]
pub(crate) struct Argument {
    pub(crate) ident: Ident,
    pub(crate) parameter: &'static Parameter,
    pub(crate) value: Value,
}

#[derive(Debug)]
pub(crate) enum Value {
    Expr(Expr),
    /// A string of the table: `mode = "fan_out"`.
    Variant {
        of: &'static str,
        variant: Ident,
    },
    /// A name alone.
    Flag,
}

/// `at = EXPR`, `batch = EXPR`, `chunks = EXPR`, `repeat = EXPR`, `groups = EXPR`, `fan_of = EXPR`, `scale = EXPR`,
/// `map = EXPR` or `transposed`.
#[derive(Debug)]
pub(crate) struct Modifier {
    pub(crate) ident: Ident,
    pub(crate) value: Option<Expr>,
}

impl Step {
    /// Its scheme, if that needs two dimensions: for fans of its own, or for a matrix.
    pub(crate) fn needs_two_dimensions(&self) -> Option<&'static Scheme> {
        let What::Scheme(call) = &self.what else {
            return None;
        };
        let scheme = schemes::find(&call.ident.to_string())?;
        let width = scheme.has(Trait::Width) && call.arguments.iter().any(|it| it.ident == "dim");
        let own_fans = scheme.has(Trait::Fans) && !width && self.modifier("fan_of").is_none();
        (own_fans || scheme.has(Trait::Ranked)).then_some(scheme)
    }

    pub(crate) fn is_skip(&self) -> bool {
        matches!(self.what, What::Skip)
    }

    pub(crate) fn modifier(&self, name: &str) -> Option<&Modifier> {
        self.modifiers
            .iter()
            .find(|modifier| modifier.ident == name)
    }
}

impl Spec {
    pub(crate) fn steps(&self) -> impl Iterator<Item = &Step> {
        self.said.iter().filter_map(|said| match said {
            Said::Step(step) => Some(step),
            Said::Part(..) => None,
        })
    }

    pub(crate) fn parts(&self) -> impl Iterator<Item = (&Name, &Self)> {
        self.said.iter().filter_map(|said| match said {
            Said::Step(_) => None,
            Said::Part(name, spec) => Some((name, spec)),
        })
    }
}

impl Body {
    pub(crate) fn fields(&self) -> impl Iterator<Item = &Field> {
        let (fields, variants): (&[Field], &[Variant]) = match self {
            Self::Struct(fields) => (fields, &[]),
            Self::Enum(variants) => (&[], variants),
            Self::Nothing => (&[], &[]),
        };
        fields
            .iter()
            .chain(variants.iter().flat_map(|variant| &variant.fields))
    }
}
