//! rasad (رصد): the terminal dashboard of a provincial headquarters for the production leap with people's participation.
//!
//! Data flows one way. A room may import only what stands to its left, and `tests/layers.rs` fails on a breach:
//!
//! ```text
//! leaves     clock <- text <- i18n                    importable by all, in this order
//! data       contract <- source <- link <- tui
//! model      contract <- board <- app <- view <- tui
//! settings   config: imported by app (keys), view (theme), link, tui, cli
//! output     contract, board <- exchange <- source, app, cli
//! memory     board, source <- kept <- link, cli
//! endpoint   contract <- serve <- cli
//! program    cli -> everything
//! ```
//!
//! ratatui appears only in `view`, `tui` and `config::theme`; crossterm only in `tui`; tokio and reqwest only in `source`,
//! `link`, `tui`, `serve` and `cli`; databases only in `serve::store`; the clock is read only in `clock`. The dashboard only reads:
//! nothing below `source` can open a source for writing, and `serve` is not below it.
#![forbid(unsafe_code)]

pub mod app;
pub mod board;
pub mod cli;
pub mod clock;
pub mod config;
pub mod contract;
pub mod exchange;
pub mod i18n;
pub mod kept;
pub mod link;
pub mod serve;
pub mod source;
pub mod text;
pub mod tui;
pub mod view;
