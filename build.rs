//! What is settled before the program starts, so that starting costs little: the message catalogue becomes a table that is only
//! looked into, and the program is linked so that little of it has to be relocated.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

// The program looks up what is laid out here, by the same hash.
#[path = "src/i18n/slots.rs"]
#[expect(dead_code, reason = "only the program looks anything up")]
mod slots;

const LOCALES: &str = "config/locales";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/i18n/slots.rs");
    println!("cargo::rerun-if-changed={LOCALES}");
    let out = PathBuf::from(variable("OUT_DIR"));
    for lang in ["fa", "en"] {
        let dir = Path::new(LOCALES).join(lang);
        catalogue(&dir, &out, lang).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    }
    link();
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// Lays all texts of a language end to end, and a table of where each lies behind them.
fn catalogue(dir: &Path, out: &Path, lang: &str) -> std::io::Result<()> {
    let mut entries = BTreeMap::new();
    for file in fs::read_dir(dir)? {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            for line in fs::read_to_string(&path)?.lines().map(str::trim) {
                if let Some((key, text)) = line.split_once('=').filter(|_| !line.starts_with('#')) {
                    entries.insert(key.trim_end().to_owned(), text.trim_start().to_owned());
                }
            }
        }
    }
    // At least half of the places stay free, so a look-up is one or two steps.
    let mut table = vec![(0, 0, 0); (2 * entries.len() + 1).next_power_of_two()];
    let mut texts = String::new();
    for (key, text) in &entries {
        let mut at = slots::hash(key);
        while table[at & (table.len() - 1)] != (0, 0, 0) {
            at += 1;
        }
        let at = at & (table.len() - 1);
        let too_long = || std::io::Error::other(format!("{key}: more than a table can point to"));
        table[at] = slot(texts.len(), key.len(), text.len()).ok_or_else(too_long)?;
        texts.push_str(key);
        texts.push_str(text);
    }
    fs::write(out.join(format!("{lang}.txt")), texts)?;
    fs::write(out.join(format!("{lang}.slots")), format!("{table:?}"))
}

fn slot(start: usize, key: usize, text: usize) -> Option<slots::Slot> {
    Some((start.try_into().ok()?, key.try_into().ok()?, text.try_into().ok()?))
}

/// How the program is linked on Linux with glibc: so that little is left to do at every start.
fn link() {
    if variable("CARGO_CFG_TARGET_OS") != "linux" || variable("CARGO_CFG_TARGET_ENV") != "gnu" {
        return;
    }
    // The part of the compiler's runtime that unwinds becomes part of the program: one library less to find, map and bind.
    println!("cargo::rustc-link-lib=static:-bundle=gcc_eh");
    println!("cargo::rustc-link-lib=static:-bundle=gcc");
    // The table of what is relocated takes ten kilobytes instead of half a megabyte. An older loader cannot read it, and refuses.
    if variable("HOST") == variable("TARGET") && libc_reads_packed_relocations() {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// Whether the C library that is linked with says of itself that it reads packed relocations (glibc 2.36 and later).
fn libc_reads_packed_relocations() -> bool {
    const MARK: &[u8] = b"GLIBC_ABI_DT_RELR";
    let linker = std::env::var_os("RUSTC_LINKER").unwrap_or_else(|| "cc".into());
    let asked = Command::new(linker).arg("-print-file-name=libc.so.6").output();
    let path = asked.ok().and_then(|answer| String::from_utf8(answer.stdout).ok());
    let library = path.and_then(|path| fs::read(path.trim()).ok());
    library.is_some_and(|bytes| bytes.windows(MARK.len()).any(|window| window == MARK))
}
