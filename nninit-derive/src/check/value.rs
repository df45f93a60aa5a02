//! Values of parameters: literals are checked here, everything else is rustc's.

use nninit_language::choices::Choices;
use nninit_language::sentences;
use nninit_language::values::Takes;
use proc_macro2::Ident;
use quote::{ToTokens, quote};
use syn::{Expr, ExprClosure, ExprLit, ExprUnary, Lit, LitFloat, LitStr, UnOp};

use crate::errors::{Errors, Reported};
use crate::model::Value;
use crate::parse::Name;

/// The value of a parameter that takes such, if it can be right.
pub(super) fn value(
    name: &Name,
    takes: Takes,
    written: Expr,
    errors: &mut Errors,
) -> Result<Value, Reported> {
    if let Some(choices) = takes.choices() {
        return named(choices, written, errors);
    }
    expression(name, takes, written, errors).map(Value::Expr)
}

/// A value that is no name, as the runtime is handed it.
pub(super) fn expression(
    name: &Name,
    takes: Takes,
    written: Expr,
    errors: &mut Errors,
) -> Result<Expr, Reported> {
    let out_of_range = |value| sentences::out_of_range(&name.text, takes, value);
    if let Some(message) = literal(&written).and_then(out_of_range) {
        return Err(errors.over(&written, message));
    }
    Ok(match takes {
        Takes::Number | Takes::Spread | Takes::Positive | Takes::Share | Takes::Probability => {
            number(written)
        }
        _ => written,
    })
}

/// An expression that is due to be an `f64`: an integer literal stands for one.
fn number(written: Expr) -> Expr {
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

/// `PyTorch`'s string for a variant, or an expression of the enum's type.
fn named(choices: &Choices, written: Expr, errors: &mut Errors) -> Result<Value, Reported> {
    let Some(string) = string(&written) else {
        return Ok(Value::Expr(written));
    };
    match choices.find(&string.value()) {
        Ok(row) => Ok(Value::Variant {
            of: choices.of,
            variant: Ident::new(choices.rows[row].variant, string.span()),
        }),
        Err(message) => Err(errors.over(written.to_token_stream(), message)),
    }
}

/// Whether the expression is a closure, or a block that ends in one: its arguments' types have to come from outside.
pub(crate) fn is_closure(written: &Expr) -> bool {
    closure(written).is_some()
}

fn closure(written: &Expr) -> Option<&ExprClosure> {
    match written {
        Expr::Closure(written) => Some(written),
        Expr::Paren(paren) => closure(&paren.expr),
        Expr::Group(group) => closure(&group.expr),
        Expr::Block(block) => match block.block.stmts.last()? {
            syn::Stmt::Expr(tail, None) => closure(tail),
            _ => None,
        },
        _ => None,
    }
}

/// A closure that takes as many arguments as `due` names.
pub(super) fn takes(
    written: &Expr,
    due: &[&str],
    message: &str,
    errors: &mut Errors,
) -> Result<(), Reported> {
    let Some(closure) = closure(written).filter(|closure| closure.inputs.len() != due.len()) else {
        return Ok(());
    };
    let (start, taken, end) = (closure.inputs_begin, &closure.inputs, closure.inputs_end);
    let due = due.join(", ");
    Err(errors.over(
        quote!(#start #taken #end),
        format!("{message}: `|{due}| …`"),
    ))
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
