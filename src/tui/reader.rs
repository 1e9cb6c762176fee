//! The thread that reads the terminal: bytes in, inputs to the loop.
//!
//! It sleeps in the kernel without a time-out; only while something is open that time decides (a lone ESC) does it wake by
//! itself. Its end, a hang-up, is the closed channel. It must not know what an input does.

use super::input::{Input, Parser};
use super::tty::Tty;
use std::io;
use std::sync::Arc;
use tokio::sync::mpsc::{Receiver, channel};

/// Inputs that wait for the loop before the reader waits for it.
const QUEUE: usize = 1024;

/// Starts reading; the channel closes when the terminal is gone.
pub fn start(tty: Arc<Tty>) -> io::Result<Receiver<Input>> {
    let (sender, receiver) = channel(QUEUE);
    std::thread::Builder::new().name("input".into()).spawn(move || {
        let mut parser = Parser::new();
        let mut buffer = [0; 4096];
        loop {
            let inputs = match tty.read(&mut buffer, parser.pending()) {
                Ok(None) => parser.flush(),
                Ok(Some(count)) if count > 0 => parser.feed(buffer.get(..count).unwrap_or_default()),
                Ok(Some(_)) | Err(_) => return,
            };
            for input in inputs {
                if sender.blocking_send(input).is_err() {
                    return;
                }
            }
        }
    })?;
    Ok(receiver)
}
