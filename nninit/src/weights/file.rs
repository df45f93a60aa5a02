//! A file that is read by position, and found out where it changes.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::Cause;

/// A file as it was when it was opened.
pub(super) struct OpenFile {
    file: File,
    path: PathBuf,
    was: State,
}

/// What tells that a file has been written since.
#[derive(Debug, Clone, Copy, PartialEq)]
struct State {
    len: u64,
    modified: Option<SystemTime>,
}

impl OpenFile {
    /// Opens a regular file; the error is what to tell of it.
    pub(super) fn open(path: &Path) -> Result<Self, String> {
        let failed = |error: io::Error| error.to_string();
        // First, as opening a pipe waits for somebody to write to it.
        let kind = fs::metadata(path).map_err(failed)?;
        if kind.is_dir() {
            return Err(
                "it is a folder; write the file in it, `model.safetensors` or its index".to_owned(),
            );
        }
        if !kind.is_file() {
            return Err("it is no regular file, and is read by position".to_owned());
        }
        let file = File::open(path).map_err(failed)?;
        Ok(Self {
            was: State::of(&file).map_err(failed)?,
            file,
            path: path.to_owned(),
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn len(&self) -> u64 {
        self.was.len
    }

    /// As many bytes as `out` has, from byte `first` on.
    pub(super) fn read(&self, first: u64, out: &mut [u8]) -> io::Result<()> {
        read_exact_at(&self.file, first, out)
    }

    /// Refuses a file that has been written since it was opened.
    pub(super) fn read_again(&self) -> Result<(), Cause> {
        match State::of(&self.file) {
            Ok(now) if now == self.was => Ok(()),
            Ok(_) => Err(Cause::FileChanged {
                file: self.path.display().to_string(),
            }),
            Err(error) => Err(self.failed(&error)),
        }
    }

    pub(super) fn failed(&self, error: &io::Error) -> Cause {
        Cause::Failed(format!("reading `{}`: {error}", self.path.display()))
    }
}

impl State {
    fn of(file: &File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        Ok(Self {
            len: metadata.len(),
            modified: metadata.modified().ok(),
        })
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, first: u64, out: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, out, first)
}

#[cfg(not(any(unix, windows)))]
fn read_exact_at(_: &File, _: u64, _: &mut [u8]) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut first: u64, mut out: &mut [u8]) -> io::Result<()> {
    while !out.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, out, first)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                out = &mut out[read..];
                first += read as u64;
            }
        }
    }
    Ok(())
}
