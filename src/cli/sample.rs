//! `rasad sample`: writes the synthetic province, of any size and seed, whole or state by state. Same arguments, same bytes.

use crate::clock::Day;
use crate::i18n;
use crate::source::sample::{CURRENT_FILE, Form, HISTORY_FILE, Sample, history};
use crate::text::Lang;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What `rasad sample` is asked.
#[derive(Clone, Debug, clap::Args)]
pub struct SampleArgs {
    /// How many initiatives the province has; as many as suit it when not given.
    #[arg(long, value_name = "N")]
    pub initiatives: Option<u64>,
    /// Which province: 1 is the one the program shows by itself, any other number gives another one.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// The file to write; compressed when its name ends in .zst or .gz. Standard output when not given.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The form of the document; by the file's name when not given, else JSON.
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Write every dated state as a whole document into this folder (YYYY-MM-DD.json.zst).
    #[arg(long, value_name = "DIR")]
    pub states: Option<PathBuf>,
    /// Replace files that are already there.
    #[arg(long)]
    pub force: bool,
    /// Write the data the program carries within itself into this folder.
    #[arg(long, value_name = "DIR", hide = true)]
    pub embed: Option<PathBuf>,
}

/// The form of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// One JSON document.
    Json,
    /// One line a record.
    Ndjson,
}

/// Runs the command: 0 when everything is written, 1 when something could not be.
pub fn run(args: &SampleArgs, lang: Lang) -> ExitCode {
    match write_all(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            let _ = writeln!(io::stderr(), "rasad: {}", trouble.sentence(lang));
            ExitCode::FAILURE
        }
    }
}

/// What went wrong, and with which file.
#[derive(Debug)]
struct Trouble {
    file: PathBuf,
    error: io::Error,
}

impl Trouble {
    fn sentence(&self, lang: Lang) -> String {
        let file = self.file.to_string_lossy();
        if self.error.kind() == io::ErrorKind::AlreadyExists {
            i18n::tf(lang, "cli.write.exists", &[("file", &file)])
        } else {
            let why = self.error.to_string();
            i18n::tf(lang, "cli.write.failed", &[("file", &file), ("why", &why)])
        }
    }
}

fn write_all(args: &SampleArgs) -> Result<(), Trouble> {
    if let Some(folder) = &args.embed {
        return embed(folder);
    }
    let sample = Sample::new(args.seed, args.initiatives);
    if let Some(folder) = &args.states {
        fs::create_dir_all(folder).map_err(|error| Trouble {
            file: folder.clone(),
            error,
        })?;
        let days = sample.meetings().iter().copied().chain([sample.as_of()]);
        for day in days {
            let file = folder.join(format!("{day}.json.zst"));
            write_file(&file, args.force, QUICK, &mut |out| {
                sample.write_to(out, Form::Json, day)
            })?;
        }
    }
    match (&args.out, &args.states) {
        (Some(file), _) => {
            let (form, day) = (form(args.format, file), sample.as_of());
            write_file(file, args.force, QUICK, &mut |out| sample.write_to(out, form, day))
        }
        (None, None) => to_stdout(&sample, form(args.format, Path::new("")), sample.as_of()),
        (None, Some(_)) => Ok(()),
    }
}

/// A reader that has seen enough is no failure.
fn to_stdout(sample: &Sample, form: Form, day: Day) -> Result<(), Trouble> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match sample.write_to(&mut out, form, day).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Trouble {
            file: "-".into(),
            error,
        }),
        _ => Ok(()),
    }
}

/// The form asked for, or the one a file's name stands for.
fn form(asked: Option<Format>, file: &Path) -> Form {
    let name = file.to_string_lossy();
    let name = name.trim_end_matches(".zst").trim_end_matches(".gz");
    match asked {
        Some(Format::Json) => Form::Json,
        Some(Format::Ndjson) => Form::Ndjson,
        None if name.ends_with(".ndjson") || name.ends_with(".jsonl") => Form::Ndjson,
        None => Form::Json,
    }
}

/// zstd's own default level.
const QUICK: i32 = 3;
/// As small as zstd makes it without long windows: what the program carries.
const SMALL: i32 = 19;

/// Writes the newest state and the earlier ones as the program embeds them.
fn embed(folder: &Path) -> Result<(), Trouble> {
    let sample = Sample::new(1, None);
    let past = history::of(&sample);
    write_file(&folder.join(CURRENT_FILE), true, SMALL, &mut |out| {
        sample.write_to(out, Form::Ndjson, sample.as_of())
    })?;
    write_file(&folder.join(HISTORY_FILE), true, SMALL, &mut |out| {
        history::write(out, &past)
    })
}

/// Writes a file beside its place and moves it there when it is whole, so that nobody ever reads half of it.
fn write_file(
    file: &Path,
    force: bool,
    level: i32,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Trouble> {
    let trouble = |error| Trouble {
        file: file.to_owned(),
        error,
    };
    if !force && file.symlink_metadata().is_ok() {
        return Err(trouble(io::ErrorKind::AlreadyExists.into()));
    }
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = file.with_file_name(name);
    let written = write_compressed(&part, level, write).and_then(|()| put_in_place(&part, file, force));
    if written.is_err() {
        // The half is of no use to anybody; the error that matters is the first one.
        let _ = fs::remove_file(&part);
    }
    written.map_err(trouble)
}

fn write_compressed(
    part: &Path,
    level: i32,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    // The name of the part is `<file>.<number>.part`: the ending that counts is the file's own.
    let name = part.with_extension("").with_extension("");
    let ending = name.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let file = File::create_new(part)?;
    let buffered = |out: &mut dyn Write, write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>| {
        let mut out = BufWriter::with_capacity(1 << 16, out);
        write(&mut out)?;
        out.flush()
    };
    let file = match ending {
        "zst" => {
            let mut out = zstd::Encoder::new(file, level)?;
            buffered(&mut out, write)?;
            out.finish()?
        }
        "gz" => {
            let mut out = flate2::write::GzEncoder::new(file, flate2::Compression::default());
            buffered(&mut out, write)?;
            out.finish()?
        }
        _ => {
            let mut file = file;
            buffered(&mut file, write)?;
            file
        }
    };
    file.sync_all()
}

/// Moves the whole file to its place; without force, never over one that has come to be there in the meantime.
fn put_in_place(part: &Path, file: &Path, force: bool) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    if force {
        return fs::rename(part, file);
    }
    match renameat_with(CWD, part, CWD, file, RenameFlags::NOREPLACE) {
        // File systems without such a move; the check before writing has to do.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => fs::rename(part, file),
        other => other.map_err(io::Error::from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    type Outcome = Result<(), Box<dyn std::error::Error>>;

    fn asked(out: &Path) -> SampleArgs {
        SampleArgs {
            initiatives: Some(20),
            seed: 1,
            out: Some(out.to_owned()),
            format: None,
            states: None,
            force: false,
            embed: None,
        }
    }

    fn names(folder: &Path) -> io::Result<Vec<String>> {
        let mut names: Vec<String> = fs::read_dir(folder)?
            .map(|e| Ok(e?.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<_>>()?;
        names.sort();
        Ok(names)
    }

    #[test]
    fn a_file_already_there_stays_unless_forced() -> Outcome {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("استان.json");
        fs::write(&file, "mine")?;
        let mut args = asked(&file);
        let refused = write_all(&args).err().ok_or("it was overwritten")?;
        assert!(refused.sentence(Lang::En).contains("--force") && refused.sentence(Lang::Fa).contains("استان.json"));
        assert_eq!(fs::read_to_string(&file)?, "mine");
        args.force = true;
        assert!(write_all(&args).is_ok());
        assert!(fs::read_to_string(&file)?.starts_with("{\"rasad\":1"));
        assert_eq!(names(folder.path())?, ["استان.json"], "nothing is left beside it");
        Ok(())
    }

    #[test]
    fn a_file_that_came_while_writing_is_not_replaced() -> Outcome {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("p.json");
        let written = write_file(&file, false, QUICK, &mut |out| {
            fs::write(&file, "theirs")?;
            out.write_all(b"ours")
        });
        assert!(written.is_err());
        assert_eq!(fs::read_to_string(&file)?, "theirs");
        assert_eq!(names(folder.path())?, ["p.json"]);
        Ok(())
    }

    #[test]
    fn a_failed_writing_leaves_nothing() -> Outcome {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("p.json.zst");
        let written = write_file(&file, false, QUICK, &mut |out| {
            out.write_all(b"half")?;
            Err(io::ErrorKind::StorageFull.into())
        });
        assert!(written.is_err());
        assert!(names(folder.path())?.is_empty());
        Ok(())
    }

    #[test]
    fn پسوند_پرونده_فشردگی_و_قالب_را_می_گوید() -> Outcome {
        let folder = tempfile::tempdir()?;
        let path = |name: &str| folder.path().join(name);
        for name in [
            "a.json",
            "a.json.zst",
            "a.json.gz",
            "a.ndjson",
            "a.ndjson.zst",
            "a.ndjson.gz",
        ] {
            assert!(write_all(&asked(&path(name))).is_ok(), "{name}");
        }
        let plain = |name: &str| fs::read(path(name));
        let zst = |name: &str| zstd::decode_all(File::open(path(name))?);
        let gz = |name: &str| {
            let mut out = Vec::new();
            flate2::read::GzDecoder::new(File::open(path(name))?)
                .read_to_end(&mut out)
                .map(|_| out)
        };
        for ending in ["json", "ndjson"] {
            let text = plain(&format!("a.{ending}"))?;
            assert!(text == zst(&format!("a.{ending}.zst"))? && text == gz(&format!("a.{ending}.gz"))?);
        }
        assert!(plain("a.json")? != plain("a.ndjson")?);
        // The same arguments give the same bytes, compressed ones too.
        let first = plain("a.json.zst")?;
        let again = SampleArgs {
            force: true,
            ..asked(&path("a.json.zst"))
        };
        assert!(write_all(&again).is_ok());
        assert!(plain("a.json.zst")? == first);
        Ok(())
    }

    #[test]
    fn every_dated_state_is_a_whole_document_named_by_its_day() -> Outcome {
        let folder = tempfile::tempdir()?;
        let states = folder.path().join("states");
        let args = SampleArgs {
            states: Some(states.clone()),
            out: None,
            ..asked(Path::new(""))
        };
        assert!(write_all(&args).is_ok());
        let names = names(&states)?;
        assert_eq!(names.len(), 13);
        for name in names {
            let document: serde_json::Value =
                serde_json::from_slice(&zstd::decode_all(File::open(states.join(&name))?)?)?;
            let day = document["headquarters"]["as_of"].as_str().unwrap_or_default();
            assert_eq!(name, format!("{day}.json.zst"));
        }
        assert!(write_all(&args).is_err(), "states already there stay");
        Ok(())
    }
}
