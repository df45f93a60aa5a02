//! Values of parameters: literals are checked here, everything else is rustc's.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{Expr, ExprLit, ExprUnary, Lit, LitFloat, LitStr, UnOp};

use crate::errors::Errors;
use crate::model::Value;
use crate::parse::Name;
use crate::schemes::{Kind, MODES, NONLINEARITIES};
use crate::suggest::{alternatives, did_you_mean};

/// The value of a parameter of that kind, if it can be right.
pub(super) fn value(name: &Name, kind: Kind, written: Expr, errors: &mut Errors) -> Option<Value> {
    let before = errors.count();
    let value = match kind {
        Kind::Number(_) | Kind::RequiredNumber => Value::Expr(number(written)),
        Kind::Spread => {
            within(name, &written, "0 or more", |std| std >= 0.0, errors);
            Value::Expr(number(written))
        }
        Kind::RequiredShare => {
            within(
                name,
                &written,
                "from 0 to 1",
                |share| (0.0..=1.0).contains(&share),
                errors,
            );
            Value::Expr(number(written))
        }
        Kind::Count => Value::Expr(count(name, written, errors)),
        Kind::Mode => named(name, "FanMode", MODES, written, errors)?,
        Kind::Nonlinearity => named(name, "Nonlinearity", NONLINEARITIES, written, errors)?,
    };
    (errors.count() == before).then_some(value)
}

/// A count of chunks or groups.
pub(super) fn count(name: &Name, written: Expr, errors: &mut Errors) -> Expr {
    within(name, &written, "1 or more", |count| count >= 1.0, errors);
    written
}

/// An expression that is due to be an `f64`: an integer literal stands for one.
pub(super) fn number(written: Expr) -> Expr {
    match written {
        Expr::Lit(ExprLit {
            attrs,
            lit: Lit::Int(int),
        }) if int.suffix().is_empty() => {
            let float = LitFloat::new(&format!("{}.0", int.base10_digits()), int.span());
            Expr::Lit(ExprLit {
                attrs,
                lit: Lit::Float(float),
            })
        }
        Expr::Unary(ExprUnary {
            attrs,
            op: op @ UnOp::Neg(_),
            expr,
        }) => Expr::Unary(ExprUnary {
            attrs,
            op,
            expr: Box::new(number(*expr)),
        }),
        Expr::Paren(mut paren) => {
            *paren.expr = number(*paren.expr);
            Expr::Paren(paren)
        }
        Expr::Group(mut group) => {
            *group.expr = number(*group.expr);
            Expr::Group(group)
        }
        other => other,
    }
}

/// What a literal comes to; `None` for any other expression.
pub(super) fn literal(written: &Expr) -> Option<f64> {
    match written {
        Expr::Lit(ExprLit {
            lit: Lit::Int(int), ..
        }) => int.base10_digits().parse().ok(),
        Expr::Lit(ExprLit {
            lit: Lit::Float(float),
            ..
        }) => float.base10_digits().parse().ok(),
        Expr::Unary(ExprUnary {
            op: UnOp::Neg(_),
            expr,
            ..
        }) => literal(expr).map(|value| -value),
        Expr::Paren(paren) => literal(&paren.expr),
        Expr::Group(group) => literal(&group.expr),
        _ => None,
    }
}

/// A string literal, also one that came through a `macro_rules!`.
pub(crate) fn string(written: &Expr) -> Option<&LitStr> {
    match written {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text),
        Expr::Paren(paren) => string(&paren.expr),
        Expr::Group(group) => string(&group.expr),
        _ => None,
    }
}

fn within(
    name: &Name,
    written: &Expr,
    range: &str,
    holds: impl Fn(f64) -> bool,
    errors: &mut Errors,
) {
    if let Some(value) = literal(written)
        && !holds(value)
    {
        errors.over(
            written,
            format!("`{}` is {value}, and must be {range}", name.text),
        );
    }
}

/// `PyTorch`'s string for a variant, or an expression of the enum's type.
fn named(
    name: &Name,
    of: &'static str,
    known: &[(&'static str, &'static str)],
    written: Expr,
    errors: &mut Errors,
) -> Option<Value> {
    let Some(string) = string(&written) else {
        return Some(Value::Expr(written));
    };
    let text = string.value();
    // PyTorch takes modes in any case, nonlinearities in lower case alone.
    let wanted = if of == "FanMode" {
        text.to_lowercase()
    } else {
        text.clone()
    };
    if let Some((_, variant)) = known.iter().find(|(known, _)| *known == wanted) {
        return Some(Value::Variant {
            of,
            variant: Ident::new(variant, string.span()),
        });
    }
    let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
    let hint = match did_you_mean(&text, &names) {
        none if none.is_empty() => format!("; expected one of {}", alternatives(&names, "or")),
        suggestion => suggestion,
    };
    errors.over(
        written.to_token_stream(),
        format!("unknown {} `{text}`{hint}", name.text),
    );
    None
}

/// Whether the expression is a closure, or a block that ends in one: its arguments' types have to come from outside.
pub(crate) fn is_closure(written: &Expr) -> bool {
    match written {
        Expr::Closure(_) => true,
        Expr::Paren(paren) => is_closure(&paren.expr),
        Expr::Group(group) => is_closure(&group.expr),
        Expr::Block(block) => {
            matches!(block.block.stmts.last(), Some(syn::Stmt::Expr(tail, None)) if is_closure(tail))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn integer_literals_stand_for_floats() {
        let text = |written: Expr| number(written).to_token_stream().to_string();
        assert_eq!(text(parse_quote!(0)), "0.0");
        assert_eq!(text(parse_quote!(-(1_000))), "- (1000.0)");
        assert_eq!(text(parse_quote!(1e3)), "1e3");
        assert_eq!(text(parse_quote!(0x10)), "16.0");
        assert_eq!(text(parse_quote!(1i64)), "1i64");
        assert_eq!(text(parse_quote!(2 * x)), "2 * x");
    }

    #[test]
    fn literals_have_a_value() {
        assert_eq!(literal(&parse_quote!(-(0.5))), Some(-0.5));
        assert_eq!(literal(&parse_quote!(1_000)), Some(1000.0));
        assert_eq!(literal(&parse_quote!(1e-2f64)), Some(0.01));
        assert_eq!(literal(&parse_quote!(1.0 + 1.0)), None);
    }

    #[test]
    fn closures() {
        assert!(is_closure(&parse_quote!(|t, s| Ok(()))));
        assert!(is_closure(&parse_quote!({
            let n = self.n;
            move |t, s| f(t, n)
        })));
        assert!(!is_closure(&parse_quote!(f)));
    }
}
