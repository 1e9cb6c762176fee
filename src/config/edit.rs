//! One value put into a configuration file that a person keeps: his comments, order and spacing stay as they are.

use super::error::{ConfigError, Place, Wrong};
use super::file;
use std::path::Path;
use toml_edit::{DocumentMut, Item, Table, value};

/// Puts a text value at `table.key` of a configuration file, or takes it out; the file is made where there is none, and is replaced
/// whole or not at all.
///
/// # Errors
/// The file may not be trusted or read, is not TOML (with the place), holds something else where the table should be, or could
/// not be written.
pub fn put(path: &Path, table: &[&str], key: &str, new: Option<&str>) -> Result<(), Box<ConfigError>> {
    let before = file::read(path)?;
    let after = with(path, before.as_deref().unwrap_or_default(), table, key, new)?;
    if before.as_deref() == Some(after.as_str()) {
        return Ok(());
    }
    file::rewrite(path, &after).map_err(|error| refused(path, Wrong::Unwritable(error.to_string())))
}

/// Changes a configuration file as `change` does it; the file is made where there is none, and is replaced whole or not at all.
///
/// # Errors
/// As [`put`].
pub fn change(path: &Path, change: impl FnOnce(&mut DocumentMut)) -> Result<(), Box<ConfigError>> {
    let before = file::read(path)?;
    let mut document = parse(path, before.as_deref().unwrap_or_default())?;
    change(&mut document);
    file::rewrite(path, &document.to_string()).map_err(|error| refused(path, Wrong::Unwritable(error.to_string())))
}

fn parse(path: &Path, text: &str) -> Result<DocumentMut, Box<ConfigError>> {
    text.parse().map_err(|error: toml_edit::TomlError| {
        let at = super::spot::Spot { path, text };
        let offset = error.span().map_or(text.len(), |span| span.start);
        Box::new(at.error(offset, Wrong::Syntax(error.message().to_owned())))
    })
}

fn refused(path: &Path, wrong: Wrong) -> Box<ConfigError> {
    Box::new(ConfigError {
        place: Place::WholeFile(path.to_owned()),
        wrong,
    })
}

/// The text with the value in it.
fn with(path: &Path, text: &str, table: &[&str], key: &str, new: Option<&str>) -> Result<String, Box<ConfigError>> {
    let mut document = parse(path, text)?;
    let mut here: &mut Table = document.as_table_mut();
    for (depth, name) in table.iter().enumerate() {
        if new.is_none() && !here.contains_key(name) {
            return Ok(text.to_owned());
        }
        let next = here.entry(name).or_insert_with(|| {
            let mut table = Table::new();
            // `[a.b]` alone says that there is an `[a]`.
            table.set_implicit(true);
            Item::Table(table)
        });
        // A table in one line becomes one with a heading of its own: it is to grow.
        if let Some(inline) = next.as_inline_table() {
            *next = Item::Table(inline.clone().into_table());
        }
        here = next.as_table_mut().ok_or_else(|| {
            let name = table.get(..=depth).unwrap_or_default().join(".");
            refused(path, Wrong::NotATable(name))
        })?;
    }
    match new {
        Some(new) => match here.get_mut(key).and_then(Item::as_value_mut) {
            // What stands behind the old value on its line stays.
            Some(old) => {
                let decor = old.decor().clone();
                *old = new.into();
                *old.decor_mut() = decor;
            }
            None => {
                here.insert(key, value(new));
            }
        },
        None => {
            here.remove(key);
        }
    }
    Ok(document.to_string())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not there")]

    use super::*;

    fn edited(text: &str, table: &[&str], key: &str, new: Option<&str>) -> Result<String, String> {
        with(Path::new("/c.toml"), text, table, key, new).map_err(|e| e.sentence(crate::text::Lang::En))
    }

    const MINE: &str =
        "# مال من\nlang = \"fa\"  # first\n\n[text]\nprofile = \"auto\" # asks\n\n[keys.list]\nsort = [\"o\"]\n";

    #[test]
    fn everything_else_stays_as_it_was() {
        let out = edited(MINE, &["text"], "profile", Some("pinned")).unwrap();
        assert_eq!(out, MINE.replace("\"auto\" # asks", "\"pinned\" # asks"));
        let out = edited(
            MINE,
            &["text", "terminals"],
            "VTE(7006)|65;7006;1|xterm",
            Some("explicit"),
        )
        .unwrap();
        assert!(
            out.contains("[text.terminals]\n\"VTE(7006)|65;7006;1|xterm\" = \"explicit\"\n"),
            "{out}"
        );
        assert!(
            out.contains("# مال من\nlang = \"fa\"  # first") && out.contains("sort = [\"o\"]"),
            "{out}"
        );
        let back = edited(&out, &["text", "terminals"], "VTE(7006)|65;7006;1|xterm", None).unwrap();
        assert!(!back.contains("VTE"), "{back}");
        assert_eq!(edited(MINE, &["text", "terminals"], "x", None).unwrap(), MINE);
    }

    #[test]
    fn an_empty_file_gets_the_table_and_an_inline_table_grows() {
        let out = edited("", &["text", "terminals"], "x", Some("plain")).unwrap();
        assert_eq!(out, "[text.terminals]\nx = \"plain\"\n");
        let out = edited(
            "text = { profile = \"auto\" }\n",
            &["text", "terminals"],
            "x",
            Some("plain"),
        )
        .unwrap();
        assert!(toml::from_str::<toml::Table>(&out).is_ok(), "{out}");
        assert!(
            out.contains("profile = \"auto\"") && out.contains("x = \"plain\""),
            "{out}"
        );
    }

    #[test]
    fn what_cannot_be_edited_is_said_with_its_place() {
        let error = edited("lang = \n", &["text"], "profile", Some("plain")).unwrap_err();
        assert!(error.contains("line 1"), "{error}");
        let error = edited("text = 3\n", &["text", "terminals"], "x", Some("plain")).unwrap_err();
        assert!(error.contains("“text”"), "{error}");
    }

    #[test]
    fn the_file_is_replaced_whole_and_keeps_its_mode_and_its_links() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let dir = tempfile::tempdir().unwrap();
        let (real, link) = (dir.path().join("real.toml"), dir.path().join("config.toml"));
        put(&real, &["text"], "profile", Some("plain")).unwrap();
        assert_eq!(std::fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o644)).unwrap();
        symlink(&real, &link).unwrap();
        put(&link, &["text"], "profile", Some("pinned")).unwrap();
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(
            std::fs::read_to_string(&real).unwrap(),
            "[text]\nprofile = \"pinned\"\n"
        );
        assert_eq!(std::fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o644);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 2);
        std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o666)).unwrap();
        assert!(put(&real, &["text"], "profile", Some("plain")).is_err());
    }
}
