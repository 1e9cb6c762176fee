//! The special measures of both provinces, and what they are judged by.

use super::Pair;
use super::projects::Theme;

/// What a measure is judged by: title, unit, baseline, target, and whether less is better.
pub struct IndicatorWords {
    /// Its title.
    pub title: Pair,
    /// Its unit.
    pub unit: Pair,
    /// The value at the start of the year.
    pub baseline: i64,
    /// The value to reach by its end.
    pub target: i64,
}

/// A special measure.
pub struct MeasureWords {
    /// What its projects are about.
    pub theme: Theme,
    /// Its title.
    pub title: Pair,
    /// The condition it serves.
    pub pillar: &'static str,
    /// The key of the agency in charge.
    pub lead: &'static str,
    /// Its weight among the measures.
    pub weight: u32,
    /// How many projects stand under it today.
    pub projects: usize,
    /// How far its projects run ahead of their path, in points (negative: behind).
    pub drift: i64,
    /// Its indicators.
    pub indicators: &'static [IndicatorWords],
}

const fn indicator(title: Pair, unit: Pair, baseline: i64, target: i64) -> IndicatorWords {
    IndicatorWords {
        title,
        unit,
        baseline,
        target,
    }
}

const UNITS: Pair = ("واحد", "units");
const JOBS: Pair = ("نفر", "persons");
const PERCENT: Pair = ("درصد", "percent");
const FIRMS: Pair = ("شرکت", "firms");
const BILLION: Pair = ("میلیارد ریال", "billion rial");

/// The ten measures of the first province; the seventh has no project yet, which is itself a finding.
pub const FIRST: &[MeasureWords] = &[
    MeasureWords {
        theme: Theme::Idle,
        title: ("احیای واحدهای راکد و نیمه‌فعال", "Revive idle and half-active units"),
        pillar: "state-support",
        lead: "industry",
        weight: 3,
        projects: 31,
        drift: -8,
        indicators: &[
            indicator(
                ("واحدهای بازگشته به چرخهٔ تولید", "Units back in production"),
                UNITS,
                18,
                120,
            ),
            indicator(("اشتغال احیاشده", "Jobs restored"), JOBS, 640, 4_800),
        ],
    },
    MeasureWords {
        theme: Theme::Home,
        title: ("گسترش مشاغل خانگی", "Spread home businesses"),
        pillar: "empowerment",
        lead: "labour",
        weight: 2,
        projects: 46,
        drift: 1,
        indicators: &[
            indicator(
                ("مجوزهای مشاغل خانگی", "Home-business permits"),
                ("فقره", "permits"),
                2_100,
                9_500,
            ),
            indicator(("زمان صدور مجوز", "Time to issue a permit"), ("روز", "days"), 12, 3),
        ],
    },
    MeasureWords {
        theme: Theme::HalfBuilt,
        title: ("تکمیل طرح‌های نیمه‌تمام", "Finish half-built projects"),
        pillar: "state-support",
        lead: "planning",
        weight: 3,
        projects: 42,
        drift: -7,
        indicators: &[
            indicator(("طرح‌های تکمیل‌شده", "Projects finished"), ("طرح", "projects"), 6, 60),
            indicator(
                ("میانگین عمر طرح‌های نیمه‌تمام", "Mean age of half-built projects"),
                ("سال", "years"),
                11,
                7,
            ),
        ],
    },
    MeasureWords {
        theme: Theme::Cooperative,
        title: ("تقویت تعاونی‌های تولیدی", "Strengthen production cooperatives"),
        pillar: "empowerment",
        lead: "rural-coop",
        weight: 2,
        projects: 38,
        drift: -2,
        indicators: &[
            indicator(
                ("تعاونی‌های فعال", "Active cooperatives"),
                ("تعاونی", "cooperatives"),
                210,
                420,
            ),
            indicator(("اعضای تازهٔ تعاونی‌ها", "New members"), JOBS, 900, 7_000),
        ],
    },
    MeasureWords {
        theme: Theme::Estates,
        title: (
            "توسعهٔ زیرساخت شهرک‌ها و نواحی صنعتی",
            "Infrastructure of industrial estates",
        ),
        pillar: "state-support",
        lead: "estates",
        weight: 2,
        projects: 36,
        drift: -12,
        indicators: &[
            indicator(("زمین آماده‌شده", "Land made ready"), ("هکتار", "hectares"), 40, 310),
            indicator(
                ("شهرک‌های دارای تصفیه‌خانه", "Estates with a treatment plant"),
                ("شهرک", "estates"),
                9,
                16,
            ),
        ],
    },
    MeasureWords {
        theme: Theme::Knowledge,
        title: ("پشتیبانی از شرکت‌های دانش‌بنیان", "Support knowledge-based firms"),
        pillar: "private-drive",
        lead: "park",
        weight: 2,
        projects: 12,
        drift: 5,
        indicators: &[
            indicator(
                ("شرکت‌های دانش‌بنیان فعال", "Active knowledge-based firms"),
                FIRMS,
                196,
                260,
            ),
            indicator(
                ("قراردادهای صنعت با شرکت‌ها", "Contracts of industry with firms"),
                ("قرارداد", "contracts"),
                24,
                150,
            ),
        ],
    },
    MeasureWords {
        theme: Theme::Micro,
        title: ("هدایت سرمایه‌های خرد به تولید", "Lead micro-capital into production"),
        pillar: "private-drive",
        lead: "economy",
        weight: 1,
        projects: 0,
        drift: 0,
        indicators: &[
            indicator(("سرمایهٔ جذب‌شدهٔ مردمی", "People's capital raised"), BILLION, 120, 2_500),
            indicator(("سرمایه‌گذاران خرد", "Micro-investors"), JOBS, 800, 12_000),
        ],
    },
    MeasureWords {
        theme: Theme::Export,
        title: ("جهش صادرات و رونق بازارچه‌های مرزی", "Exports and border markets"),
        pillar: "private-drive",
        lead: "customs",
        weight: 2,
        projects: 30,
        drift: -3,
        indicators: &[
            indicator(
                ("صادرات غیرنفتی", "Non-oil exports"),
                ("میلیون دلار", "million dollars"),
                210,
                1_900,
            ),
            indicator(("صادرکنندگان تازه", "New exporters"), FIRMS, 14, 110),
        ],
    },
    MeasureWords {
        theme: Theme::Digital,
        title: ("رونق اقتصاد دیجیتال", "Advance the digital economy"),
        pillar: "private-drive",
        lead: "ict",
        weight: 1,
        projects: 28,
        drift: 3,
        indicators: &[
            indicator(
                ("روستاهای دارای فروشگاه برخط", "Villages selling online"),
                ("روستا", "villages"),
                60,
                400,
            ),
            indicator(("سهم پرداخت‌های برخط", "Share of online payments"), PERCENT, 31, 48),
        ],
    },
    MeasureWords {
        theme: Theme::Media,
        title: ("روایت جهش تولید در رسانه و فرهنگ", "Tell the leap in media and culture"),
        pillar: "empowerment",
        lead: "culture",
        weight: 1,
        projects: 37,
        drift: -1,
        indicators: &[
            indicator(
                ("برنامه‌های تبیینی اجراشده", "Explanatory programmes held"),
                ("برنامه", "programmes"),
                12,
                240,
            ),
            indicator(
                ("مخاطبان پویش‌ها", "People reached by campaigns"),
                ("هزار نفر", "thousand people"),
                40,
                1_500,
            ),
        ],
    },
];

/// The seven measures of the second province.
pub const SECOND: &[MeasureWords] = &[
    MeasureWords {
        theme: Theme::Cooperative,
        title: (
            "تعاونی‌های روستایی و زنجیرهٔ ارزش",
            "Rural cooperatives and the value chain",
        ),
        pillar: "empowerment",
        lead: "agriculture",
        weight: 2,
        projects: 24,
        drift: -4,
        indicators: &[indicator(
            ("زنجیره‌های ارزش کامل", "Complete value chains"),
            ("زنجیره", "chains"),
            2,
            11,
        )],
    },
    MeasureWords {
        theme: Theme::Home,
        title: ("کارگاه خانگی در هر روستا", "A home workshop in every village"),
        pillar: "empowerment",
        lead: "labour",
        weight: 2,
        projects: 21,
        drift: 2,
        indicators: &[indicator(
            ("روستاهای دارای کارگاه", "Villages with a workshop"),
            ("روستا", "villages"),
            140,
            610,
        )],
    },
    MeasureWords {
        theme: Theme::Idle,
        title: ("بازگشت کارخانه‌های تعطیل", "Bring closed factories back"),
        pillar: "state-support",
        lead: "industry",
        weight: 4,
        projects: 17,
        drift: -16,
        indicators: &[
            indicator(("کارخانه‌های بازگشته", "Factories back"), UNITS, 3, 34),
            indicator(("روزهای توقف خط تولید", "Days of standstill"), ("روز", "days"), 88, 30),
        ],
    },
    MeasureWords {
        theme: Theme::Micro,
        title: ("بازار سرمایهٔ خرد محلی", "A local market for micro-capital"),
        pillar: "private-drive",
        lead: "economy",
        weight: 1,
        projects: 9,
        drift: 6,
        indicators: &[indicator(
            ("طرح‌های تأمین مالی جمعی", "Crowdfunding plans"),
            ("طرح", "plans"),
            0,
            25,
        )],
    },
    MeasureWords {
        theme: Theme::Export,
        title: ("صادرات از بندر و مرز", "Exports by port and border"),
        pillar: "private-drive",
        lead: "customs",
        weight: 2,
        projects: 0,
        drift: 0,
        indicators: &[indicator(
            ("وزن صادرات", "Weight exported"),
            ("هزار تن", "thousand tonnes"),
            70,
            420,
        )],
    },
    MeasureWords {
        theme: Theme::Digital,
        title: ("روستای هوشمند", "Smart village"),
        pillar: "private-drive",
        lead: "ict",
        weight: 1,
        projects: 14,
        drift: 0,
        indicators: &[indicator(
            ("روستاهای متصل", "Villages connected"),
            ("روستا", "villages"),
            210,
            480,
        )],
    },
    MeasureWords {
        theme: Theme::HalfBuilt,
        title: ("پایان کارهای ناتمام", "End unfinished works"),
        pillar: "state-support",
        lead: "planning",
        weight: 3,
        projects: 33,
        drift: -9,
        indicators: &[indicator(
            ("کارهای تمام‌شده", "Works finished"),
            ("طرح", "projects"),
            1,
            40,
        )],
    },
];
