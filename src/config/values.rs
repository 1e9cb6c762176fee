//! The choices a setting offers: small enums with the names they have in the configuration.

macro_rules! choices {
    ($($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $slug:literal),* $(,)? })*) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant),* }

        impl $name {
            /// The names of all choices.
            pub const NAMES: &'static [&'static str] = &[$($slug),*];

            /// The choice's name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $slug),* }
            }

            /// The choice of that name.
            pub fn named(name: &str) -> Option<Self> {
                match name { $($slug => Some(Self::$variant),)* _ => None }
            }
        }
    )* };
}

choices! {
    /// The calendar of dates in English; in Persian dates are always Solar Hijri unless toggled on screen.
    Calendar {
        /// Gregorian.
        Gregorian = "gregorian",
        /// Solar Hijri.
        Jalali = "jalali",
    }

    /// The unit amounts are shown in; they are stored and travel in rial.
    Money {
        /// Rial.
        Rial = "rial",
        /// Million rial.
        MillionRial = "million-rial",
        /// Billion rial.
        BillionRial = "billion-rial",
        /// Toman, ten rial.
        Toman = "toman",
        /// Million toman.
        MillionToman = "million-toman",
        /// Billion toman.
        BillionToman = "billion-toman",
    }

    /// The signs borders, bars and severities are drawn with.
    GlyphSet {
        /// Box drawing and block elements.
        Unicode = "unicode",
        /// ASCII only, for fonts and consoles that have nothing else.
        Ascii = "ascii",
    }

    /// How new findings are told of beside the screen.
    Alert {
        /// Not at all.
        Off = "off",
        /// By the terminal's bell.
        Bell = "bell",
        /// By a notice of the terminal's desktop, as iTerm2 and others know it (OSC 9).
        Osc9 = "osc9",
        /// By a notice of the terminal's desktop, as VTE, urxvt and others know it (OSC 777).
        Osc777 = "osc777",
    }

    /// From which severity on new findings are told of.
    AlertFrom {
        /// Critical ones only.
        Critical = "critical",
        /// Warnings too.
        Warning = "warning",
        /// Notices too.
        Notice = "notice",
    }

    /// How Persian cells are written to the terminal.
    TextProfile {
        /// Chosen by what the terminal answers.
        Auto = "auto",
        /// As they are.
        Plain = "plain",
        /// With the terminal's own reordering switched off.
        Explicit = "explicit",
        /// Each cell pinned by invisible marks.
        Pinned = "pinned",
        /// Words fenced by blank signs that keep their place.
        Fenced = "fenced",
        /// For kitty from 0.40.
        Kitty66 = "kitty66",
        /// By changing colours from cell to cell.
        Sgr = "sgr",
        /// For mlterm.
        Mlterm = "mlterm",
        /// Nothing is done about Persian.
        Off = "off",
    }

    /// How a file's changes are noticed.
    Watch {
        /// File events on local disks, polling on network mounts.
        Auto = "auto",
        /// File events only.
        Events = "events",
        /// Looking at the file now and then.
        Poll = "poll",
    }

    /// How much goes into the log file.
    LogLevel {
        /// Nothing; no file is made.
        Off = "off",
        /// What failed.
        Error = "error",
        /// What may need a look.
        Warn = "warn",
        /// What happened.
        Info = "info",
        /// Details.
        Debug = "debug",
        /// Everything.
        Trace = "trace",
    }

    /// How a rule is applied.
    RuleSetting {
        /// With the rule's own severities.
        On = "on",
        /// Not at all.
        Off = "off",
        /// All its findings critical.
        Critical = "critical",
        /// All its findings warnings.
        Warning = "warning",
        /// All its findings notices.
        Notice = "notice",
        /// All its findings about the quality of the data.
        Data = "data",
    }
}
