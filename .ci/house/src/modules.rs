//! The modules of a crate, each with its file and the names that it passes on.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use syn::{Attribute, Expr, File, Item, ItemMod, ItemUse, Lit, Meta, UseTree, Visibility};

/// A module's path from the crate's root: `["engine", "memory"]`.
pub(crate) type Name = Vec<String>;

#[derive(Debug)]
pub(crate) struct Module {
    pub(crate) file: PathBuf,
    pub(crate) items: Vec<Item>,
}

#[derive(Debug, Default)]
pub(crate) struct Modules(pub(crate) BTreeMap<Name, Module>);

impl Modules {
    /// Those of the crate whose `lib.rs` lies in `source`, but for what is there in tests alone.
    pub(crate) fn read(source: &Path) -> Result<Self, String> {
        let mut modules = Self::default();
        modules.read_file(vec![], &source.join("lib.rs"), source)?;
        Ok(modules)
    }

    /// All but the root and pages of documentation alone.
    pub(crate) fn rooms(&self) -> impl Iterator<Item = &Name> {
        let rooms = self
            .0
            .iter()
            .filter(|(name, module)| !name.is_empty() && !module.items.is_empty());
        rooms.map(|(name, _)| name)
    }

    fn read_file(&mut self, name: Name, file: &Path, children: &Path) -> Result<(), String> {
        let at = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
        let text = fs::read_to_string(file).map_err(|error| at(&error))?;
        let File { items, .. } = syn::parse_file(&text).map_err(|error| at(&error))?;
        self.insert(name, file, children, items)
    }

    fn insert(
        &mut self,
        name: Name,
        file: &Path,
        children: &Path,
        items: Vec<Item>,
    ) -> Result<(), String> {
        for item in &items {
            let Item::Mod(module) = item else { continue };
            if is_of_tests(&module.attrs) {
                continue;
            }
            let ident = module.ident.to_string();
            let name = [&name[..], std::slice::from_ref(&ident)].concat();
            if let Some((_, items)) = &module.content {
                self.insert(name, file, &children.join(&ident), items.clone())?;
            } else {
                let (file, folder) = place(module, children, &ident);
                self.read_file(name, &file, &folder)?;
            }
        }
        let file = file.to_owned();
        self.0.insert(name, Module { file, items });
        Ok(())
    }

    /// The module that has what `path` names, seen from `module`; `None` where that is another crate's.
    pub(crate) fn owner(&self, module: &[String], path: &[String]) -> Option<Name> {
        self.follow(module, path, 0)
    }

    fn follow(&self, module: &[String], path: &[String], depth: usize) -> Option<Name> {
        // Modules that re-export each other's names go round for ever.
        if depth > 16 {
            return None;
        }
        let mut at: Name = module.to_vec();
        let mut rest = path;
        let mut rooted = false;
        while let [first, after @ ..] = rest {
            match first.as_str() {
                "crate" => at.clear(),
                "self" => {}
                "super" => drop(at.pop()),
                _ => break,
            }
            (rest, rooted) = (after, true);
        }
        if !rooted && !rest.first().is_some_and(|first| self.has(&at, first)) {
            return None;
        }
        while let [first, after @ ..] = rest {
            if self.has_child(&at, first) {
                at.push(first.clone());
                rest = after;
                continue;
            }
            let found = self
                .passed_on(&at, first)
                .into_iter()
                .find_map(|mut source| {
                    source.extend_from_slice(after);
                    self.follow(&at, &source, depth + 1)
                });
            return Some(found.unwrap_or(at));
        }
        Some(at)
    }

    fn has(&self, module: &[String], name: &str) -> bool {
        self.has_child(module, name) || !self.passed_on(module, name).is_empty()
    }

    fn has_child(&self, module: &[String], name: &str) -> bool {
        self.0.contains_key(&[module, &[name.to_owned()]].concat())
    }

    /// Where the `use` lines of a module take `name` from.
    fn passed_on(&self, module: &[String], name: &str) -> Vec<Name> {
        let Some(module) = self.0.get(module) else {
            return vec![];
        };
        let uses = module.items.iter().filter_map(|item| match item {
            Item::Use(item) => Some(leaves(item)),
            _ => None,
        });
        let named = uses
            .flatten()
            .filter(|leaf| leaf.name == name && leaf.path[0] != name);
        named.map(|leaf| leaf.path).collect()
    }
}

/// The file of `mod ident;`, and the folder of its own children.
fn place(module: &ItemMod, children: &Path, ident: &str) -> (PathBuf, PathBuf) {
    if let Some(path) = path_attribute(&module.attrs) {
        let file = children.join(path);
        let folder = file.parent().map_or_else(PathBuf::new, Path::to_owned);
        return (file, folder);
    }
    let folder = children.join(ident);
    let nested = folder.join("mod.rs");
    let file = if nested.exists() {
        nested
    } else {
        children.join(format!("{ident}.rs"))
    };
    (file, folder)
}

fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    attributes
        .iter()
        .find_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
                Expr::Lit(value) => match &value.lit {
                    Lit::Str(path) => Some(path.value()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        })
}

/// Whether it stands under `#[cfg(test)]`.
pub(crate) fn is_of_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => list.tokens.to_string() == "test",
        _ => false,
    })
}

/// One name that a `use` brings.
#[derive(Debug)]
pub(crate) struct Leaf {
    pub(crate) path: Name,
    /// What it is called here.
    pub(crate) name: String,
    pub(crate) line: usize,
}

pub(crate) fn leaves(item: &ItemUse) -> Vec<Leaf> {
    let mut leaves = vec![];
    collect(&item.tree, &mut vec![], &mut leaves);
    leaves
}

/// Whether what it brings is there for others.
pub(crate) fn passes_on(item: &ItemUse) -> bool {
    !matches!(item.vis, Visibility::Inherited)
}

fn collect(tree: &UseTree, path: &mut Name, leaves: &mut Vec<Leaf>) {
    let mut leaf = |ident: &syn::Ident, name: String| {
        let mut path = path.clone();
        if ident != "self" || path.is_empty() {
            path.push(ident.to_string());
        }
        let line = ident.span().start().line;
        leaves.push(Leaf { path, name, line });
    };
    match tree {
        UseTree::Name(name) => {
            let own = if name.ident == "self" {
                path.last().cloned()
            } else {
                None
            };
            let own = own.unwrap_or_else(|| name.ident.to_string());
            leaf(&name.ident, own);
        }
        UseTree::Rename(rename) => leaf(&rename.ident, rename.rename.to_string()),
        UseTree::Glob(star) => {
            let line = star.star_token.spans[0].start().line;
            leaves.push(Leaf {
                path: path.clone(),
                name: "*".to_owned(),
                line,
            });
        }
        UseTree::Path(inner) => {
            path.push(inner.ident.to_string());
            collect(&inner.tree, path, leaves);
            path.pop();
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                collect(tree, path, leaves);
            }
        }
    }
}
