//! Which module names something of which other one: by `use`, or by a path where it is used.

use std::collections::BTreeSet;
use std::path::PathBuf;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItemFn, ItemFn, ItemImpl, ItemMod, ItemUse, Macro, Path};

use crate::modules::{Leaf, Modules, Name, is_of_tests, leaves, passes_on};

#[derive(Debug)]
pub(crate) struct Arrow {
    pub(crate) from: Name,
    pub(crate) to: Name,
    pub(crate) file: PathBuf,
    pub(crate) line: usize,
    /// As it is written.
    pub(crate) path: String,
}

/// All of them but the root's, whose names are the crate's windows.
pub(crate) fn of(modules: &Modules) -> Vec<Arrow> {
    let mut arrows = vec![];
    for (name, module) in &modules.0 {
        let mut named = Named::default();
        module.items.iter().for_each(|item| named.visit_item(item));
        let windows = named
            .windows
            .into_iter()
            .filter(|leaf| named.firsts.contains(&leaf.name));
        let paths = named
            .paths
            .into_iter()
            .chain(windows.map(|leaf| (leaf.path, leaf.line)));
        for (path, line) in paths {
            let Some(to) = modules.owner(name, &path) else {
                continue;
            };
            if name.is_empty() || to == *name || to.is_empty() {
                continue;
            }
            arrows.push(Arrow {
                from: name.clone(),
                to,
                file: module.file.clone(),
                line,
                path: path.join("::"),
            });
        }
    }
    arrows
}

#[derive(Default)]
struct Named {
    paths: Vec<(Name, usize)>,
    /// What is passed on: an arrow only where the module uses it too.
    windows: Vec<Leaf>,
    /// First segments of all paths.
    firsts: BTreeSet<String>,
}

impl<'ast> Visit<'ast> for Named {
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if is_of_tests(&item.attrs) {
            return;
        }
        if passes_on(item) {
            self.windows.extend(leaves(item));
        } else {
            self.paths
                .extend(leaves(item).into_iter().map(|leaf| (leaf.path, leaf.line)));
        }
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let segments: Name = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        let line = path.segments[0].ident.span().start().line;
        self.path(segments, line);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.visit_path(&call.path);
        self.tokens(call.tokens.clone());
    }

    /// A module of its own.
    fn visit_item_mod(&mut self, _: &'ast ItemMod) {}

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.unless_of_tests(&item.attrs, |this| visit::visit_item_fn(this, item));
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        self.unless_of_tests(&item.attrs, |this| visit::visit_item_impl(this, item));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.unless_of_tests(&item.attrs, |this| visit::visit_impl_item_fn(this, item));
    }
}

impl Named {
    fn unless_of_tests(&mut self, attributes: &[Attribute], then: impl FnOnce(&mut Self)) {
        if !is_of_tests(attributes) {
            then(self);
        }
    }

    fn path(&mut self, segments: Name, line: usize) {
        self.firsts.insert(segments[0].clone());
        if segments.len() > 1 {
            self.paths.push((segments, line));
        }
    }

    /// Paths among tokens. Those after `$crate` are looked up where a user expands the macro.
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut rest = &tokens[..];
        let mut expanded = false;
        while let [first, after @ ..] = rest {
            rest = after;
            match first {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(ident) => {
                    let mut segments = vec![ident.to_string()];
                    while let [
                        TokenTree::Punct(one),
                        TokenTree::Punct(two),
                        TokenTree::Ident(next),
                        after @ ..,
                    ] = rest
                        && (one.as_char(), two.as_char()) == (':', ':')
                    {
                        segments.push(next.to_string());
                        rest = after;
                    }
                    if !expanded {
                        self.path(segments, ident.span().start().line);
                    }
                }
                _ => {}
            }
            expanded = matches!(first, TokenTree::Punct(punct) if punct.as_char() == '$');
        }
    }
}
