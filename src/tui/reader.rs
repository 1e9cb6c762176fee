//! The thread that reads the terminal: bytes in, inputs to the loop.
//!
//! It sleeps in the kernel without a time-out; only while something is open that time decides (a lone ESC) does it wake by
//! itself. Its end, a hang-up, is the closed channel. It must not know what an input does.

use super::input::{Input, Parser};
use super::tty::Tty;
use std::io;
use std::sync::Arc;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Inputs that wait for the loop before the reader waits for it.
const QUEUE: usize = 1024;

/// A reader that has not begun to read.
#[derive(Debug)]
pub struct Reader {
    tty: Arc<Tty>,
    inputs: Sender<Input>,
}

/// A reader, and what it will have read; the channel closes when the terminal is gone.
pub fn reader(tty: Arc<Tty>) -> (Reader, Receiver<Input>) {
    let (inputs, receiver) = channel(QUEUE);
    (Reader { tty, inputs }, receiver)
}

impl Reader {
    /// Starts reading, on a thread of its own. What was typed before waits in the terminal.
    pub fn start(self) -> io::Result<()> {
        let run = move || self.run();
        std::thread::Builder::new().name("input".into()).spawn(run)?;
        Ok(())
    }

    fn run(self) {
        let mut parser = Parser::new();
        let mut buffer = [0; 4096];
        loop {
            let inputs = match self.tty.read(&mut buffer, parser.pending()) {
                Ok(None) => parser.flush(),
                Ok(Some(count)) if count > 0 => parser.feed(buffer.get(..count).unwrap_or_default()),
                Ok(Some(_)) | Err(_) => return,
            };
            for input in inputs {
                if self.inputs.blocking_send(input).is_err() {
                    return;
                }
            }
        }
    }
}
