//! The real program in a home of its own, and a small headquarters in a file that the tests change.
//!
//! It must not know what any test expects.

use crate::harness::Session;
use rasad::text::Direction;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The program under test.
pub const RASAD: &str = env!("CARGO_BIN_EXE_rasad");

/// A home directory, a terminal's size and a few variables: what a start of the program needs.
pub struct Home {
    pub dir: tempfile::TempDir,
    pub size: (u16, u16),
    variables: Vec<(String, String)>,
}

impl Home {
    /// An empty home; the sample stands still.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut variables = vec![("RASAD_SAMPLE_LIVE".to_owned(), "false".to_owned())];
        for name in [
            "HOME",
            "XDG_CONFIG_HOME",
            "XDG_STATE_HOME",
            "XDG_CACHE_HOME",
            "XDG_DATA_HOME",
        ] {
            variables.push((name.to_owned(), dir.path().to_str().unwrap().to_owned()));
        }
        Self {
            dir,
            size: (120, 40),
            variables,
        }
    }

    /// With a terminal of another size.
    pub fn size(mut self, columns: u16, rows: u16) -> Self {
        self.size = (columns, rows);
        self
    }

    /// With another variable set.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    fn variables(&self) -> Vec<(&str, &str)> {
        self.variables.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect()
    }

    /// Starts the program itself.
    pub fn start(&self, arguments: &[&str]) -> Session {
        let mut command = vec![RASAD];
        command.extend_from_slice(arguments);
        Session::start_with(&command, &self.variables(), self.size)
    }

    /// Starts a shell with a script.
    pub fn shell(&self, command: &[&str]) -> Session {
        Session::start_with(command, &self.variables(), self.size)
    }

    /// The program without a terminal: exit code, standard output, standard error.
    pub fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let output = std::process::Command::new(RASAD)
            .args(arguments)
            .envs(self.variables())
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    }

    /// Writes a file of that name and returns its path.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

/// Replaces a file the way editors and our own exporters do: a new one, renamed over it.
pub fn replace(path: &Path, document: &Value) {
    let beside = path.with_extension("new");
    std::fs::write(&beside, document.to_string()).unwrap();
    std::fs::rename(beside, path).unwrap();
}

/// Rewrites a file in place.
pub fn rewrite(path: &Path, content: impl AsRef<[u8]>) {
    std::fs::write(path, content).unwrap();
}

/// How Persian or mixed text stands on a screen without bidi, from left to right.
pub fn drawn(text: &str) -> String {
    rasad::text::line(text, Direction::Rtl).visual()
}

/// A headquarters of three measures, six agencies with a plan each, six projects and five initiatives, on 2 Khordad 1403.
pub fn headquarters() -> Value {
    let plans = (1..=6).map(|n| {
        let (state, due) = if n <= 4 {
            ("not-submitted", format!("1403-01-{:02}", 20 + n))
        } else {
            ("accepted", "1403-01-31".to_owned())
        };
        json!({"id": format!("pl-{n}"), "agency": format!("a-{n}"), "due": due, "state": state,
            "title": {"fa": format!("برنامهٔ {n}"), "en": format!("Plan number {n}")}})
    });
    let agencies = (1..=6).map(|n| {
        json!({"id": format!("a-{n}"), "category": "driver",
            "name": {"fa": format!("ادارهٔ کل {n}"), "en": format!("Agency {n}")},
            "expert": {"post": "expert"}, "updated": "1403-03-01"})
    });
    let projects = (1..=6).map(|n| {
        json!({"id": format!("p-{n}"), "measure": format!("m-{}", 1 + n % 3), "agency": format!("a-{n}"),
            "title": {"fa": format!("طرح {n}"), "en": format!("Project {n}")}, "state": "in-progress",
            "start": "1402-03-02", "due": "1404-03-02", "physical": 10 * n, "county": "tabriz", "updated": "1403-03-01"})
    });
    let initiatives = (1..=5).map(|n| {
        json!({"id": format!("i-{n}"), "initiative_kind": "home-business", "county": "tabriz", "stage": "identified", "origin": "new",
            "title": {"fa": format!("کارگاه {n}"), "en": format!("Workshop {n}")}, "identified": "1403-01-10",
            "updated": "1403-03-01"})
    });
    json!({
        "rasad": 1,
        "headquarters": {
            "name": {"fa": "قرارگاه جهش تولید", "en": "Production leap"}, "province": "آذربایجان شرقی", "programme_year": 1403,
            "plan_due": "1403-01-31", "synthetic": true, "as_of": "1403-03-02",
            "counties": [{"id": "tabriz", "name": {"fa": "تبریز", "en": "Tabriz"}}],
            "ladder": [{"step": "reminder", "after_days": 1}]
        },
        "measures": [
            {"id": "m-1", "number": 1, "title": {"fa": "تکمیل طرح‌های نیمه‌تمام", "en": "Finish projects"}, "pillar": "state-support", "lead": "a-2"},
            {"id": "m-2", "number": 2, "title": {"fa": "شرکت‌های دانش‌بنیان", "en": "Knowledge firms"}, "pillar": "private-drive", "lead": "a-3"},
            {"id": "m-3", "number": 3, "title": {"fa": "کسب‌وکارهای خانگی", "en": "Home businesses"}, "pillar": "empowerment", "lead": "a-1"}
        ],
        "agencies": agencies.collect::<Vec<_>>(),
        "plans": plans.collect::<Vec<_>>(),
        "projects": projects.collect::<Vec<_>>(),
        "initiatives": initiatives.collect::<Vec<_>>()
    })
}

/// The record of a kind and an id, to be changed.
pub fn record<'d>(document: &'d mut Value, kind: &str, id: &str) -> &'d mut Value {
    let records = document[kind].as_array_mut().unwrap();
    records.iter_mut().find(|record| record["id"] == id).unwrap()
}
