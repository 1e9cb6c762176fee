//! Asks the local tmux which terminal it is in: the only program that is run, and only inside one.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::Duration;
use tokio::sync::oneshot;

/// How long the local tmux may take to name its outer terminal.
const TMUX_WAIT: Duration = Duration::from_millis(500);

/// Asks nobody: the answer is none, at once.
pub fn ask_nobody() -> oneshot::Receiver<Option<String>> {
    oneshot::channel().1
}

/// Asks the local tmux for its client's name, on a thread of its own and for a bounded time.
pub fn ask_tmux() -> oneshot::Receiver<Option<String>> {
    ask(Command::new("tmux").args(["display", "-p", "#{client_termtype}|#{client_termname}"]))
}

pub(super) fn ask(command: &mut Command) -> oneshot::Receiver<Option<String>> {
    let (answer, receiver) = oneshot::channel();
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    if let Ok(mut child) = child {
        // The receiver is gone when nobody cares any more; a refused thread leaves it closed, which reads as no answer.
        let _ = std::thread::Builder::new().name("tmux".into()).spawn(move || {
            let mut output = child.stdout.take();
            let (done, bounded) = std::sync::mpsc::channel();
            let _ = std::thread::Builder::new().name("tmux-out".into()).spawn(move || {
                let mut text = Vec::new();
                if let Some(output) = output.as_mut() {
                    let _ = output.take(4096).read_to_end(&mut text);
                }
                let _ = done.send(text);
            });
            let text = bounded.recv_timeout(TMUX_WAIT).ok();
            let _ = child.kill();
            let _ = child.wait();
            let text = text.map(|text| String::from_utf8_lossy(&text).trim().to_owned());
            let _ = answer.send(text.filter(|text| !text.is_empty()));
        });
    }
    receiver
}
