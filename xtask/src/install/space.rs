//! The room that an install takes.

use std::{path::Path, process::Command};

use crate::error::Error;

/// Says that the disk is too small before pip has filled it. Where `df` does not answer, pip will.
pub(super) fn check(place: &Path) -> Result<(), Error> {
    let folder = place.parent().unwrap_or(place);
    let Some(free) = free(folder).filter(|free| *free < NEEDED.peak) else {
        return Ok(());
    };
    Err(Error::new(
        format!(
            "only {free:.1} GB are free in {}; installing torch takes {} GB",
            folder.display(),
            NEEDED.peak
        ),
        "free some room, or set XDG_CACHE_HOME to a folder on a larger disk",
    ))
}

/// What will be downloaded and stay, for people.
pub(super) fn words() -> &'static str {
    NEEDED.words
}

/// What an install takes, in gigabytes at its peak (downloads and unpacked files) and in words.
struct Needed {
    peak: f64,
    words: &'static str,
}

/// On Linux pip's torch brings CUDA's libraries along.
const NEEDED: Needed = if cfg!(target_os = "linux") {
    Needed {
        peak: 8.0,
        words: "About 2.8 GB to download, 5 GB on disk, a minute or more",
    }
} else {
    Needed {
        peak: 1.5,
        words: "About 0.2 GB to download, 1 GB on disk, a minute or more",
    }
};

fn free(folder: &Path) -> Option<f64> {
    let df = Command::new("df").arg("-Pk").arg(folder).output().ok()?;
    gigabytes(&String::from_utf8_lossy(&df.stdout))
}

fn gigabytes(df: &str) -> Option<f64> {
    // Names may have spaces, so the columns are found from the one with the percent sign.
    let columns: Vec<_> = df.lines().last()?.split_whitespace().collect();
    let capacity = columns.iter().position(|column| column.ends_with('%'))?;
    let kibibytes: f64 = columns.get(capacity.checked_sub(1)?)?.parse().ok()?;
    Some(kibibytes * 1024.0 / 1e9)
}

#[cfg(test)]
mod tests {
    use super::gigabytes;

    #[test]
    fn df_is_read_from_its_percent_sign() {
        let df = "Filesystem 1024-blocks Used Available Capacity Mounted on\n\
                  map auto_home 264212084 18459216 1000000 20% /my disk\n";
        assert_eq!(gigabytes(df), Some(1.024));
        for silent in ["", "df: no such thing\n", "a - - - % /"] {
            assert_eq!(gigabytes(silent), None);
        }
    }
}
