//! An index: which file beside it has which tensor.

use std::collections::BTreeMap;
use std::path::{Component, Path};
use std::sync::Arc;

use super::file::OpenFile;
use super::pairs::{LONGEST, Pairs};
use super::safetensors;
use super::stored::StoredTensor;
use crate::Mistake;

/// As `model.safetensors.index.json` is written.
#[derive(serde::Deserialize)]
struct Index {
    weight_map: Pairs<String>,
}

/// Whether the file is one: JSON, and not the length of a header.
pub(super) fn is_one(file: &OpenFile) -> bool {
    let mut begin = [0; 8];
    let begin = &mut begin[..file.len().min(8) as usize];
    let read = file.read(0, begin);
    let first = begin.iter().find(|byte| !byte.is_ascii_whitespace());
    // A header that is so long is refused, so that no safetensors file begins with eight letters.
    read.is_ok() && first == Some(&b'{') && begin.is_ascii() && !begin.contains(&0)
}

/// What the files have that the index names, in the order of the names.
pub(super) fn read(index: &OpenFile) -> Result<Vec<StoredTensor>, Vec<Mistake>> {
    let of_file = |message: String| vec![Mistake::new("", message)];
    if index.len() > LONGEST {
        return Err(of_file(format!(
            "it is JSON of {} bytes, and an index of at most {LONGEST} is read",
            index.len()
        )));
    }
    let mut text = vec![0; index.len() as usize];
    index
        .read(0, &mut text)
        .map_err(|error| of_file(error.to_string()))?;
    let Index {
        weight_map: Pairs(mut weight_map),
    } = serde_json::from_slice(&text)
        .map_err(|error| of_file(format!("it is JSON, and no index of weights: {error}")))?;
    weight_map.sort();
    let twice = weight_map.windows(2).filter(|pair| pair[0].0 == pair[1].0);
    let twice = twice.map(|pair| Mistake::new(&pair[0].0, "it is there twice"));
    let mut mistakes: Vec<Mistake> = twice.collect();
    let mut files: BTreeMap<&str, BTreeMap<Arc<str>, StoredTensor>> = BTreeMap::new();
    for (_, name) in &weight_map {
        if files.contains_key(name.as_str()) {
            continue;
        }
        let opened = open(index.path(), name).unwrap_or_else(|messages| {
            mistakes.extend(messages.into_iter().map(|mistake| {
                let entry = match &mistake.text[..] {
                    "" => String::new(),
                    entry => format!(", `{entry}`"),
                };
                Mistake::new("", format!("its file `{name}`{entry}: {}", mistake.message))
            }));
            Vec::new()
        });
        let by_name = opened.into_iter().map(|of| (of.shared_name(), of));
        files.insert(name, by_name.collect());
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let mut stored = Vec::with_capacity(weight_map.len());
    for (name, file) in &weight_map {
        match files
            .get_mut(file.as_str())
            .and_then(|file| file.remove(&**name))
        {
            Some(of) => stored.push(of),
            None => mistakes.push(Mistake::new(
                name,
                format!("it is to be in `{file}`, and is not"),
            )),
        }
    }
    if mistakes.is_empty() {
        Ok(stored)
    } else {
        Err(mistakes)
    }
}

fn open(index: &Path, name: &str) -> Result<Vec<StoredTensor>, Vec<Mistake>> {
    let mut components = Path::new(name).components();
    let is_beside = matches!(
        (components.next(), components.next()),
        (Some(Component::Normal(_)), None)
    );
    if !is_beside {
        let message = "an index names files beside it, and no others".to_owned();
        return Err(vec![Mistake::new("", message)]);
    }
    let file = OpenFile::open(&index.with_file_name(name))
        .map_err(|message| vec![Mistake::new("", message)])?;
    safetensors::read(&Arc::new(file))
}
