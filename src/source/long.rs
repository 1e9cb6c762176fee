//! The long list: initiatives by the million, cut into pieces and read by as many threads as there are processors, put together in
//! the order of the text. Where a cut was wrong or the text is, it is read on one by one, as other lists are.

use super::collect::Stop;
use super::document::Document;
use super::pieces::{self, Ended, Piece, Pieces};
use super::window::{Mark, Taken};
use crate::contract::Kind;
use crate::contract::packed::Names;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// Bytes of a piece: enough that handing it over costs nothing beside reading it, few enough to stay in the processor's cache.
const PIECE: usize = if cfg!(test) { 700 } else { 256 << 10 };
/// Pieces under way for each thread.
const AHEAD: usize = 3;

/// A thread that reads pieces, in the order they were given to it.
struct Reader {
    jobs: Sender<(Taken, bool)>,
    done: Receiver<(Taken, Piece)>,
}

/// Reads pieces until nobody gives any more.
fn work(jobs: &Receiver<(Taken, bool)>, done: &Sender<(Taken, Piece)>, names: Arc<Names>) {
    let mut pieces = Pieces::new(names);
    while let Ok((taken, first)) = jobs.recv() {
        let piece = pieces.read(&taken.text, first);
        if done.send((taken, piece)).is_err() {
            return;
        }
    }
}

/// How a list is being read on.
struct Progress {
    /// Nothing of the list has been read yet.
    first: bool,
    /// Cuts are guessed, not looked for byte by byte.
    guess: bool,
    /// Records before the next piece.
    index: usize,
}

impl<R: io::Read> Document<'_, R> {
    /// Reads the initiatives, from behind the opening bracket up to and with the closing one.
    pub(super) fn long_list(&mut self) -> Result<(), Stop> {
        let names = self.out.begin_long();
        let mut progress = Progress {
            first: true,
            guess: true,
            index: 0,
        };
        // What fits into one piece needs no thread.
        self.fill()?;
        if self.window.ended() {
            let mut pieces = Pieces::new(names);
            return self.alone(&mut progress, &mut pieces);
        }
        let threads = thread::available_parallelism().map_or(1, usize::from);
        thread::scope(|scope| {
            let mut readers = Vec::new();
            for _ in 0..threads {
                let (jobs, inbox) = channel();
                let (outbox, done) = channel();
                let names = Arc::clone(&names);
                let started = thread::Builder::new()
                    .name("read".into())
                    .spawn_scoped(scope, move || work(&inbox, &outbox, names));
                if started.is_ok() {
                    readers.push(Reader { jobs, done });
                }
            }
            if readers.is_empty() {
                let mut pieces = Pieces::new(names);
                return self.alone(&mut progress, &mut pieces);
            }
            self.together(&mut progress, &readers)
        })
    }

    /// Fills the window with as much as a piece takes, or all there is.
    fn fill(&mut self) -> Result<(), Stop> {
        while self.window.rest().len() < PIECE && !self.window.ended() {
            self.window.more()?;
        }
        Ok(())
    }

    /// The next piece, cut off the window; nothing where none can be cut.
    fn take(&mut self, guess: bool) -> Result<Option<Taken>, Stop> {
        self.fill()?;
        let rest = self.window.rest();
        if self.window.ended() && rest.len() <= PIECE {
            return Ok((!rest.is_empty()).then(|| self.window.take(self.window.rest().len())));
        }
        // All there is, so that little is left behind: what is left is copied.
        let within = rest.get(..(2 * PIECE).min(rest.len())).unwrap_or_default();
        let cut = guess
            .then(|| pieces::cut(within))
            .flatten()
            .or_else(|| pieces::cut_exactly(within));
        Ok(cut.map(|len| self.window.take(len)))
    }

    /// Reads the list without other threads.
    fn alone(&mut self, progress: &mut Progress, pieces: &mut Pieces) -> Result<(), Stop> {
        loop {
            let Some(taken) = self.take(progress.guess)? else {
                if self.one_by_one(progress)? {
                    return Ok(());
                }
                continue;
            };
            let piece = pieces.read(&taken.text, progress.first);
            if self.put_together(progress, taken, piece, Vec::new())? {
                return Ok(());
            }
        }
    }

    /// Reads the list with other threads: pieces go to them in turn and come back in turn.
    fn together(&mut self, progress: &mut Progress, readers: &[Reader]) -> Result<(), Stop> {
        let (mut given, mut taken_back) = (0_usize, 0_usize);
        let at = |n: usize| readers.get(n % readers.len());
        loop {
            // Nothing is cut ahead of a piece that may be the first: it alone may be empty.
            let ahead = if progress.first { 1 } else { readers.len() * AHEAD };
            let mut stuck = false;
            while given - taken_back < ahead {
                let Some(taken) = self.take(progress.guess)? else {
                    stuck = true;
                    break;
                };
                if let Some(reader) = at(given)
                    && reader.jobs.send((taken, progress.first)).is_ok()
                {
                    given += 1;
                }
            }
            if given == taken_back {
                if stuck && self.one_by_one(progress)? {
                    return Ok(());
                }
                continue;
            }
            let receive = |n: usize| at(n).and_then(|reader| reader.done.recv().ok());
            let Some((taken, piece)) = receive(taken_back) else {
                return Err(Stop::Cancelled);
            };
            taken_back += 1;
            let whole = piece.ended == Ended::Comma && piece.used == taken.text.len();
            let mut later = Vec::new();
            if !whole {
                // What was cut behind this piece was cut in the wrong place: it goes back.
                while taken_back < given {
                    later.extend(receive(taken_back).map(|(taken, _)| taken));
                    taken_back += 1;
                }
            }
            if self.put_together(progress, taken, piece, later)? {
                return Ok(());
            }
        }
    }

    /// Takes in what a piece held; true when the list is at its end. What was not used goes back into the window.
    fn put_together(
        &mut self,
        progress: &mut Progress,
        taken: Taken,
        piece: Piece,
        later: Vec<Taken>,
    ) -> Result<bool, Stop> {
        let (used, ended) = (piece.used, piece.ended);
        let whole = ended == Ended::Comma && used == taken.text.len();
        let records = piece.starts.len();
        self.out.put_piece(&taken, piece, progress.index)?;
        progress.index += records;
        progress.first &= records == 0;
        if whole {
            self.window.recycle(taken);
            return Ok(false);
        }
        self.window.give_back(taken, used, later);
        match ended {
            Ended::Close => {
                self.window.advance(1);
                Ok(true)
            }
            Ended::Comma => Ok(false),
            Ended::Trouble => {
                // A guess that led astray would do so again: lists written otherwise are looked at byte by byte.
                progress.guess = false;
                self.one_by_one(progress)
            }
        }
    }

    /// Reads one record the way of other lists, and what separates it from the next; true when the list is at its end.
    fn one_by_one(&mut self, progress: &mut Progress) -> Result<bool, Stop> {
        let ended = self.list_item(b']', progress.index, |this, index| this.record(Kind::Initiative, index))?;
        progress.index += 1;
        progress.first = false;
        Ok(ended)
    }
}

#[cfg(test)]
mod tests;

/// The place of a byte of a text that was taken out of the window; lines and columns from 1.
pub(super) fn place_in(taken: &Taken, offset: usize) -> crate::contract::Place {
    let Mark { line, column } = taken.first.past(taken.text.get(..offset).unwrap_or_default());
    crate::contract::Place {
        line: Some(line + 1),
        column: Some(column + 1),
        ..crate::contract::Place::default()
    }
}
