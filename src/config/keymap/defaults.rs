//! The built-in keys: `config/keys.toml` says the same to people, and a test holds the two together. They stand here as data so
//! that starting the program parses no TOML.

use super::Action::{self, *};
use super::Context::{self, Choice, Global, Input, List, Overview, Record};

/// Context, action and its keys, in the order of the help page; the first key is the one a hint shows.
pub(super) const DEFAULTS: &[(Context, Action, &[&str])] = &[
    (Global, Quit, &["q", "ctrl-c"]),
    (Global, Help, &["?", "f1"]),
    (Global, Back, &["esc", "backspace"]),
    (Global, Open, &["enter"]),
    (Global, Up, &["up", "k"]),
    (Global, Down, &["down", "j"]),
    (Global, PageUp, &["pageup", "ctrl-b"]),
    (Global, PageDown, &["pagedown", "ctrl-f", "space"]),
    (Global, First, &["home", "g"]),
    (Global, Last, &["end", "G"]),
    (Global, Left, &["left", "h"]),
    (Global, Right, &["right", "l"]),
    (Global, NextPane, &["tab"]),
    (Global, PreviousPane, &["shift-tab"]),
    (Global, Filter, &["/"]),
    (Global, Palette, &[":"]),
    (Global, Sheet, &["b"]),
    (Global, Why, &["x"]),
    (Global, CopyId, &["y"]),
    (Global, CopyRow, &["Y"]),
    (Global, Export, &["e"]),
    (Global, ToggleDates, &["D"]),
    (Global, ToggleLanguage, &["L"]),
    (Global, Reload, &["r", "f5"]),
    (Global, Repaint, &["ctrl-l"]),
    (Global, Suspend, &["ctrl-z"]),
    (Global, ScreenOverview, &["1"]),
    (Global, ScreenMeasures, &["2"]),
    (Global, ScreenAgencies, &["3"]),
    (Global, ScreenPlans, &["4"]),
    (Global, ScreenInitiatives, &["5"]),
    (Global, ScreenDecisions, &["6"]),
    (Global, ScreenDemands, &["7"]),
    (Global, ScreenCampaigns, &["8"]),
    (Global, ScreenMore, &["0"]),
    (Overview, Zoom, &["z"]),
    (List, Sort, &["s"]),
    (List, SortReverse, &["S"]),
    (List, Wide, &["w"]),
    (List, Columns, &["c"]),
    (List, Facets, &["f"]),
    (List, Views, &["v"]),
    (List, Pin, &["p"]),
    (Choice, Toggle, &["space"]),
    (Choice, MoveUp, &["K", "shift-up"]),
    (Choice, MoveDown, &["J", "shift-down"]),
    (Choice, Remove, &["delete"]),
    (Input, Accept, &["enter"]),
    (Input, Cancel, &["esc"]),
    (Input, DeleteBack, &["backspace"]),
    (Input, DeleteForward, &["delete"]),
    (Input, DeleteWord, &["ctrl-w"]),
    (Input, Clear, &["ctrl-u"]),
    (Input, Up, &["up"]),
    (Input, Down, &["down"]),
    (Input, CursorLeft, &["left"]),
    (Input, CursorRight, &["right"]),
    (Input, CursorStart, &["home", "ctrl-a"]),
    (Input, CursorEnd, &["end", "ctrl-e"]),
];

/// The actions the footer names, in order of use, by context; the rest stands on the help page.
pub(super) const fn footer(context: Context) -> &'static [Action] {
    match context {
        Overview => &[NextPane, Open, Zoom, Filter, Palette, Help, Quit],
        List => &[
            Open, Back, Filter, Facets, Sort, Columns, Views, Sheet, Why, Palette, Help, Quit,
        ],
        Choice => &[Open, Back, Quit],
        Record => &[Open, Back, Why, CopyId, Palette, Help, Quit],
        Context::Help => &[Back, Filter, Quit],
        Input => &[Accept, Cancel, Clear],
        Global => &[Open, Back, Filter, Palette, Help, Quit],
    }
}
