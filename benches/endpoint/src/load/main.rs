//! A client that costs little, so that what is measured is the server: raw sockets, no parsing beyond what is needed.
//!
//! `load WHAT key=value …`, one line of JSON on standard output. Every `header=` is sent with each request.

mod http;
mod paging;
mod requests;
mod slow;
mod watchers;

use std::collections::HashMap;
use std::fmt::Write as _;

/// What was given on the command line.
pub struct Args {
    values: HashMap<String, String>,
    headers: String,
}

impl Args {
    fn parse(args: impl Iterator<Item = String>) -> Self {
        let (mut values, mut headers) = (HashMap::new(), String::new());
        for arg in args {
            let (key, value) = arg.split_once('=').unwrap_or((&arg, ""));
            if key == "header" {
                let _ = write!(headers, "{value}\r\n");
            } else {
                values.insert(key.to_owned(), value.to_owned());
            }
        }
        Self { values, headers }
    }

    pub fn text(&self, key: &str) -> &str {
        self.values.get(key).map_or("", String::as_str)
    }

    pub fn number(&self, key: &str, default: u64) -> u64 {
        self.values.get(key).and_then(|value| value.parse().ok()).unwrap_or(default)
    }

    pub fn request(&self, method: &str, path: &str, more: &str) -> Vec<u8> {
        format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n{}{more}\r\n", self.headers).into_bytes()
    }
}

/// What stands at a share of sorted values.
pub fn at(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * share).round() as usize).copied().unwrap_or(f64::NAN)
}

fn main() -> std::io::Result<()> {
    let mut args = std::env::args().skip(1);
    let what = args.next().unwrap_or_default();
    let args = Args::parse(args);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let said = runtime.block_on(async {
        match what.as_str() {
            "requests" => requests::run(&args).await,
            "watchers" => watchers::run(&args).await,
            "restart" => watchers::restart(&args).await,
            "page" => paging::run(&args).await,
            "slow" => slow::run(&args).await,
            _ => Err(std::io::Error::other("load requests|watchers|restart|page|slow key=value …")),
        }
    })?;
    println!("{said}");
    Ok(())
}
