//! Where a source is: the embedded sample, a file, or an address.

use std::path::PathBuf;

/// Where data comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The synthetic sample embedded in the program.
    Sample,
    /// A file, or standard input when the path is `-`.
    File(PathBuf),
    /// The address of a document on a web server.
    Http(String),
}

impl Source {
    /// The source a person means: an address when it begins like one, else a file.
    pub fn named(text: &str) -> Self {
        let starts = |scheme: &str| {
            let head = text.get(..scheme.len());
            head.is_some_and(|head| head.eq_ignore_ascii_case(scheme))
        };
        if starts("https://") || starts("http://") {
            Self::Http(text.to_owned())
        } else {
            Self::File(PathBuf::from(text))
        }
    }

    /// True for the embedded sample.
    pub fn is_sample(&self) -> bool {
        matches!(self, Self::Sample)
    }
}

impl std::fmt::Display for Source {
    /// The source as a person named it; foreign text, to be cleaned before it is shown. A password in an address is not
    /// repeated.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sample => f.write_str("sample"),
            Self::File(path) => path.display().fmt(f),
            Self::Http(address) => match address.split_once("://") {
                Some((scheme, rest)) => {
                    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
                    let (host, tail) = rest.split_at(host_end);
                    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
                    write!(f, "{scheme}://{host}{tail}")
                }
                None => f.write_str(address),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_from_a_file() {
        for address in ["http://localhost:8080/a.json", "HTTPS://ostan.example/hq"] {
            assert_eq!(Source::named(address), Source::Http(address.into()));
        }
        for path in ["headquarters.json", "-", "./http:/x", "قرارگاه.json", "h"] {
            assert_eq!(Source::named(path), Source::File(path.into()));
        }
    }

    #[test]
    fn a_password_is_never_repeated() {
        assert_eq!(
            Source::named("https://user:secret@ostan.example/a@b?c").to_string(),
            "https://ostan.example/a@b?c"
        );
    }
}
