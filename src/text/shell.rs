//! Text that a person copies into a shell.

use std::path::Path;

/// A path as a shell reads it: plain where that is safe, else in single quotes.
pub fn quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.into_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_take_apart_is_quoted() {
        assert_eq!(quoted(Path::new("/home/u/a-b.c")), "/home/u/a-b.c");
        assert_eq!(quoted(Path::new("/home/u/my file")), "'/home/u/my file'");
        assert_eq!(quoted(Path::new("it's; rm")), r"'it'\''s; rm'");
        assert_eq!(quoted(Path::new("")), "''");
    }
}
