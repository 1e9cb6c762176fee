//! What a key can mean: one enum for dispatch, footer, help page and the table in the README. It must not know any key.

macro_rules! actions {
    ($($(#[$meta:meta])* $action:ident = $slug:literal),* $(,)?) => {
        /// One thing the program does when asked.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $($(#[$meta])* $action),* }

        impl Action {
            /// All actions, in the order of the help page.
            pub const ALL: &'static [Self] = &[$(Self::$action),*];

            /// The action's name in the configuration.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$action => $slug),* }
            }

            /// The catalogue key of the action's name.
            pub const fn name_key(self) -> &'static str {
                match self { $(Self::$action => concat!("action.", $slug)),* }
            }

            /// The action of that name.
            pub fn named(slug: &str) -> Option<Self> {
                match slug { $($slug => Some(Self::$action),)* _ => None }
            }
        }
    };
}

actions! {
    /// Leaves the program, in every state.
    Quit = "quit",
    /// Stops the program and gives the shell back until `fg`.
    Suspend = "suspend",
    /// Opens the help page.
    Help = "help",
    /// Goes back one screen; nothing else.
    Back = "back",
    /// Opens what is selected.
    Open = "open",
    /// One row up.
    Up = "up",
    /// One row down.
    Down = "down",
    /// One page up.
    PageUp = "page_up",
    /// One page down.
    PageDown = "page_down",
    /// The first row.
    First = "first",
    /// The last row.
    Last = "last",
    /// To the left as the eye sees it; whether that is forward or back depends on the direction of the language.
    Left = "left",
    /// To the right as the eye sees it.
    Right = "right",
    /// The next pane.
    NextPane = "next_pane",
    /// The pane before.
    PreviousPane = "previous_pane",
    /// Gives the focused pane the whole screen, and back.
    Zoom = "zoom",
    /// Starts typing a filter.
    Filter = "filter",
    /// Starts typing a command.
    Palette = "palette",
    /// Chooses the column to sort by.
    Sort = "sort",
    /// Turns the order round.
    SortReverse = "sort_reverse",
    /// Shows all columns the width allows, and back.
    Wide = "wide",
    /// Sums up what is on screen: the sheet of its kind.
    Sheet = "sheet",
    /// Chooses the columns and their order.
    Columns = "columns",
    /// Narrows by one of the values that occur.
    Facets = "facets",
    /// Saved views of the list.
    Views = "views",
    /// Keeps the row at the top, or lets it go.
    Pin = "pin",
    /// Writes what is shown to a file.
    Export = "export",
    /// Takes the entry in or out.
    Toggle = "toggle",
    /// Moves the entry up.
    MoveUp = "move_up",
    /// Moves the entry down.
    MoveDown = "move_down",
    /// Removes the entry.
    Remove = "remove",
    /// Shows other figures of the same rows.
    Figures = "figures",
    /// Says where the data come from, how old they are and whether the source can be reached.
    Source = "source",
    /// Explains a finding: its rule and its values.
    Why = "why",
    /// Copies the id.
    CopyId = "copy_id",
    /// Copies the row.
    CopyRow = "copy_row",
    /// Changes the calendar of dates.
    ToggleDates = "toggle_dates",
    /// Changes the language.
    ToggleLanguage = "toggle_language",
    /// Draws everything again.
    Repaint = "repaint",
    /// Reads the source again.
    Reload = "reload",
    /// Goes to the overview.
    ScreenOverview = "screen_overview",
    /// Goes to the measures.
    ScreenMeasures = "screen_measures",
    /// Goes to the agencies.
    ScreenAgencies = "screen_agencies",
    /// Goes to the plans.
    ScreenPlans = "screen_plans",
    /// Goes to the initiatives.
    ScreenInitiatives = "screen_initiatives",
    /// Goes to the decisions.
    ScreenDecisions = "screen_decisions",
    /// Goes to the demands.
    ScreenDemands = "screen_demands",
    /// Goes to the campaigns.
    ScreenCampaigns = "screen_campaigns",
    /// Goes to what has changed.
    ScreenChanges = "screen_changes",
    /// Chooses the states to compare.
    Differences = "differences",
    /// Goes to the brief for the next meeting.
    ScreenBrief = "screen_brief",
    /// Goes to the participation told apart.
    ScreenParticipation = "screen_participation",
    /// Goes to who goes to whom.
    ScreenOutreach = "screen_outreach",
    /// Goes to the map of the counties.
    ScreenMap = "screen_map",
    /// Goes to the list of further screens.
    ScreenMore = "screen_more",
    /// Takes the text as typed.
    Accept = "accept",
    /// Gives up typing.
    Cancel = "cancel",
    /// Empties the text.
    Clear = "clear",
    /// Deletes the character before the cursor.
    DeleteBack = "delete_back",
    /// Deletes the character after the cursor.
    DeleteForward = "delete_forward",
    /// Deletes the word before the cursor.
    DeleteWord = "delete_word",
    /// The cursor one place to the left as the eye sees it.
    CursorLeft = "cursor_left",
    /// The cursor one place to the right as the eye sees it.
    CursorRight = "cursor_right",
    /// The cursor to the start of the text.
    CursorStart = "cursor_start",
    /// The cursor to the end of the text.
    CursorEnd = "cursor_end",
}

/// Where a key is pressed. A key not bound there means what it means everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// Everywhere.
    Global,
    /// The start screen with its panes.
    Overview,
    /// A list of records.
    List,
    /// A screen of rows that is no list of records: changes, participation, the map, the brief.
    Rows,
    /// Something to choose from that lies over a screen.
    Choice,
    /// The page of one record.
    Record,
    /// The help page.
    Help,
    /// While text is typed: letters are text, so only keys that type nothing are looked up.
    Input,
}

impl Context {
    /// All contexts, in the order of the help page.
    pub const ALL: &'static [Self] = &[
        Self::Global,
        Self::Overview,
        Self::List,
        Self::Rows,
        Self::Choice,
        Self::Record,
        Self::Help,
        Self::Input,
    ];

    /// The context's name in the configuration.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Overview => "overview",
            Self::List => "list",
            Self::Rows => "rows",
            Self::Choice => "choice",
            Self::Record => "record",
            Self::Help => "help",
            Self::Input => "input",
        }
    }

    /// The catalogue key of the context's name.
    pub const fn name_key(self) -> &'static str {
        match self {
            Self::Global => "context.global",
            Self::Overview => "context.overview",
            Self::List => "context.list",
            Self::Rows => "context.rows",
            Self::Choice => "context.choice",
            Self::Record => "context.record",
            Self::Help => "context.help",
            Self::Input => "context.input",
        }
    }

    /// The context of that name.
    pub fn named(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|context| context.slug() == slug)
    }
}
