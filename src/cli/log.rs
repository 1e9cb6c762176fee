//! Logging: to a file only, never to the screen; no data, no secrets.

use crate::config::{Config, Env, LogLevel, Paths};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};
use tracing::level_filters::LevelFilter;

/// A file that is opened when the first line is written, so that a quiet run leaves nothing behind.
struct LazyFile {
    path: PathBuf,
    file: OnceLock<Option<Mutex<fs::File>>>,
}

impl LazyFile {
    fn open(&self) -> Option<fs::File> {
        if let Some(dir) = self.path.parent() {
            fs::create_dir_all(dir).ok()?;
        }
        OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(&self.path)
            .ok()
    }
}

struct Line(&'static LazyFile);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let file = self.0.file.get_or_init(|| self.0.open().map(Mutex::new));
        if let Some(Ok(mut file)) = file.as_ref().map(Mutex::lock) {
            // Foreign text in a message must not forge a line or steer whoever reads the log in a terminal.
            let clean: Vec<u8> = bytes
                .iter()
                .map(|b| {
                    if *b < b' ' && *b != b'\n' || *b == 0x7f {
                        b'?'
                    } else {
                        *b
                    }
                })
                .collect();
            file.write_all(&clean)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Starts logging as the configuration says.
pub fn start(config: &Config, env: &Env) {
    let level = match config.log.level {
        LogLevel::Off => return,
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    let Some(path) = config.log.file.clone().or_else(|| Paths::of(env).log_file()) else {
        return;
    };
    // One log for the life of the process: leaking it is keeping it.
    let file: &'static LazyFile = Box::leak(Box::new(LazyFile {
        path,
        file: OnceLock::new(),
    }));
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(level)
        .with_writer(move || Line(file))
        .finish();
    let _ = tracing::subscriber::set_global_default(subscriber);
}
