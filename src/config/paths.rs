//! Where rasad keeps its files: the XDG places, and nothing outside them. It must not open any file.

use super::Env;
use std::path::PathBuf;

/// The directories and files of this user; each is nothing when neither its XDG variable nor `HOME` is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// `$XDG_CONFIG_HOME/rasad`, else `~/.config/rasad`.
    pub config_dir: Option<PathBuf>,
    /// `$XDG_CACHE_HOME/rasad`, else `~/.cache/rasad`: what can be had again.
    pub cache_dir: Option<PathBuf>,
    /// `$XDG_STATE_HOME/rasad`, else `~/.local/state/rasad`: log, last visit, remembered columns.
    pub state_dir: Option<PathBuf>,
    /// `$XDG_DATA_HOME/rasad`, else `~/.local/share/rasad`: kept snapshots.
    pub data_dir: Option<PathBuf>,
}

impl Paths {
    /// The places as an environment names them; relative paths are ignored, as the XDG rules demand.
    pub fn of(env: &Env) -> Self {
        let absolute = |name: &str| env.path(name).filter(|path| path.is_absolute());
        let home = absolute("HOME");
        let place = |variable: &str, below_home: &str| {
            let base = absolute(variable).or_else(|| home.as_ref().map(|home| home.join(below_home)))?;
            Some(base.join("rasad"))
        };
        Self {
            config_dir: place("XDG_CONFIG_HOME", ".config"),
            cache_dir: place("XDG_CACHE_HOME", ".cache"),
            state_dir: place("XDG_STATE_HOME", ".local/state"),
            data_dir: place("XDG_DATA_HOME", ".local/share"),
        }
    }

    /// The configuration file of this user.
    pub fn config_file(&self) -> Option<PathBuf> {
        self.config_dir.as_ref().map(|dir| dir.join("config.toml"))
    }

    /// The log file, unless the configuration names another.
    pub fn log_file(&self) -> Option<PathBuf> {
        self.state_dir.as_ref().map(|dir| dir.join("rasad.log"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xdg_variables_come_before_home() {
        let env = Env::of(&[("HOME", "/home/u"), ("XDG_CONFIG_HOME", "/etc/u")]);
        let paths = Paths::of(&env);
        assert_eq!(paths.config_file(), Some(PathBuf::from("/etc/u/rasad/config.toml")));
        assert_eq!(paths.cache_dir, Some(PathBuf::from("/home/u/.cache/rasad")));
        assert_eq!(
            paths.log_file(),
            Some(PathBuf::from("/home/u/.local/state/rasad/rasad.log"))
        );
    }

    #[test]
    fn relative_or_missing_places_are_no_places() {
        let env = Env::of(&[("XDG_CONFIG_HOME", "relative"), ("HOME", "/home/u")]);
        assert_eq!(
            Paths::of(&env).config_file(),
            Some(PathBuf::from("/home/u/.config/rasad/config.toml"))
        );
        assert_eq!(Paths::of(&Env::default()).config_file(), None);
    }
}
