//! The process's environment as data, read once, so that everything that depends on it can be tested.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// Environment variables in the order they are given in. They are few and asked for a dozen times: nothing is gained by sorting them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Env(Vec<(OsString, OsString)>);

impl Env {
    /// The environment of this process.
    pub fn of_process() -> Self {
        Self(std::env::vars_os().collect())
    }

    /// An environment of these variables only.
    pub fn of(vars: &[(&str, &str)]) -> Self {
        Self(vars.iter().map(|(name, value)| (name.into(), value.into())).collect())
    }

    /// The same environment as a kiosk takes it: nothing in it names a file or a setting of ours, for whoever logs in may be able
    /// to set variables. What the terminal says of itself stays.
    pub fn of_kiosk(&self) -> Self {
        let ours = |name: &OsStr| {
            let name = name.to_string_lossy();
            name.starts_with("RASAD_") || name.starts_with("XDG_") || name == "HOME"
        };
        let kept = self.0.iter().filter(|(name, _)| !ours(name));
        Self(kept.cloned().collect())
    }

    /// A variable's text; bytes that are no text are replaced. An empty variable counts as not set.
    pub fn text(&self, name: &str) -> Option<String> {
        self.raw(name).map(|value| value.to_string_lossy().into_owned())
    }

    /// A variable's path, byte for byte; an empty variable counts as not set.
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        self.raw(name).map(PathBuf::from)
    }

    /// True when the variable is set and not empty.
    pub fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// The names of set variables that begin so, in order.
    pub fn names_with(&self, prefix: &str) -> Vec<String> {
        let set = self.0.iter().filter(|(_, value)| !value.is_empty());
        let names = set.filter_map(|(name, _)| name.to_str().filter(|name| name.starts_with(prefix)));
        let mut names: Vec<_> = names.map(str::to_owned).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The first of a name counts, as it does for the C library.
    fn raw(&self, name: &str) -> Option<&OsString> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value).filter(|value| !value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kiosk_takes_no_setting_and_no_place_from_the_environment() {
        let env = Env::of(&[
            ("RASAD_SOURCE", "/etc/shadow"),
            ("RASAD_CONFIG", "/tmp/x.toml"),
            ("RASAD_LOG_FILE", "/tmp/x"),
            ("XDG_STATE_HOME", "/tmp"),
            ("HOME", "/home/u"),
            ("NO_COLOR", "1"),
            ("TERM", "xterm"),
        ]);
        assert_eq!(env.of_kiosk(), Env::of(&[("NO_COLOR", "1"), ("TERM", "xterm")]));
    }
}
