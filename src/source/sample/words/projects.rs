//! What projects are about: titles by theme, who runs them, milestones, obstacles and evidence.

use super::Pair;

/// What the projects of a measure are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Idle and half-active units.
    Idle,
    /// Home businesses.
    Home,
    /// Half-built projects.
    HalfBuilt,
    /// Cooperatives.
    Cooperative,
    /// Industrial estates.
    Estates,
    /// Knowledge-based firms.
    Knowledge,
    /// Micro-investors.
    Micro,
    /// Exports.
    Export,
    /// Digital economy.
    Digital,
    /// Media and culture.
    Media,
}

impl Theme {
    /// All themes, in the order of their numbers.
    pub const ALL: [Self; 10] = [
        Self::Idle,
        Self::Home,
        Self::HalfBuilt,
        Self::Cooperative,
        Self::Estates,
        Self::Knowledge,
        Self::Micro,
        Self::Export,
        Self::Digital,
        Self::Media,
    ];

    /// Titles of projects; `{place}` is a county.
    pub fn titles(self) -> &'static [Pair] {
        match self {
            Self::Idle => IDLE,
            Self::Home => HOME,
            Self::HalfBuilt => HALF_BUILT,
            Self::Cooperative => COOPERATIVE,
            Self::Estates => ESTATES,
            Self::Knowledge => KNOWLEDGE,
            Self::Micro => MICRO,
            Self::Export => EXPORT,
            Self::Digital => DIGITAL,
            Self::Media => MEDIA,
        }
    }

    /// The keys of the agencies that run such projects.
    pub fn agencies(self) -> &'static [&'static str] {
        match self {
            Self::Idle => &[
                "industry",
                "estates",
                "mine-bank",
                "banks",
                "insurance",
                "tax",
                "power",
                "gas",
            ],
            Self::Home => &[
                "labour",
                "relief",
                "welfare",
                "volunteers",
                "barakat",
                "training",
                "omid",
                "heritage",
                "acecr",
            ],
            Self::HalfBuilt => &[
                "planning",
                "roads",
                "housing",
                "schools",
                "water",
                "regional-water",
                "sport",
                "health",
                "railway",
            ],
            Self::Cooperative => &[
                "rural-coop",
                "labour",
                "agriculture",
                "nomads",
                "coop-bank",
                "guarantee",
                "nature",
            ],
            Self::Estates => &[
                "estates",
                "farm-estates",
                "regional-power",
                "power",
                "city-power",
                "gas",
                "water",
                "transport",
                "telecom",
            ],
            Self::Knowledge => &["park", "university", "technical-university", "research-fund", "acecr"],
            Self::Micro => &["economy", "banks", "omid", "research-fund"],
            Self::Export => &[
                "industry",
                "customs",
                "free-zone",
                "standards",
                "transport",
                "agriculture",
                "veterinary",
            ],
            Self::Digital => &["ict", "post", "telecom", "park", "labour", "rural-office"],
            Self::Media => &[
                "culture",
                "propagation",
                "broadcaster",
                "education",
                "sport",
                "heritage",
            ],
        }
    }

    /// Budget from and to, in billion rial.
    pub fn budget(self) -> (i64, i64) {
        match self {
            Self::Idle => (80, 1_900),
            Self::Home => (4, 60),
            Self::HalfBuilt => (60, 4_200),
            Self::Cooperative => (10, 240),
            Self::Estates => (90, 2_600),
            Self::Knowledge => (8, 320),
            Self::Micro => (5, 250),
            Self::Export => (15, 700),
            Self::Digital => (3, 180),
            Self::Media => (1, 40),
        }
    }

    /// Jobs committed, from and to.
    pub fn jobs(self) -> (i64, i64) {
        match self {
            Self::Idle => (15, 180),
            Self::Home => (20, 240),
            Self::HalfBuilt => (8, 90),
            Self::Cooperative => (14, 85),
            Self::Estates => (10, 140),
            Self::Knowledge => (5, 49),
            Self::Micro => (4, 60),
            Self::Export => (4, 49),
            Self::Digital => (3, 40),
            Self::Media => (0, 11),
        }
    }
}

const IDLE: &[Pair] = &[
    (
        "راه‌اندازی دوبارهٔ کارخانهٔ نساجی {place}",
        "Restart the textile factory of {place}",
    ),
    (
        "احیای واحد فرآوری گوجه‌فرنگی {place}",
        "Revive the tomato processing unit of {place}",
    ),
    (
        "بازگشت خط تولید کفش ماشینی {place}",
        "Return of the machine-made shoe line, {place}",
    ),
    (
        "نوسازی ماشین‌آلات کارگاه‌های چرم {place}",
        "Renew the machines of the leather workshops of {place}",
    ),
    (
        "رفع توقیف و راه‌اندازی کارخانهٔ لبنیات {place}",
        "Release and restart the dairy of {place}",
    ),
    (
        "احیای معدن سنگ ساختمانی {place}",
        "Revive the building-stone mine of {place}",
    ),
    ("بازسازی واحد ریخته‌گری {place}", "Rebuild the foundry of {place}"),
    (
        "تأمین سرمایهٔ در گردش واحدهای نیمه‌فعال {place}",
        "Working capital for half-active units of {place}",
    ),
    (
        "احیای مرغداری‌های تعطیل {place}",
        "Revive the closed poultry farms of {place}",
    ),
    (
        "راه‌اندازی دوبارهٔ کارخانهٔ خوراک دام {place}",
        "Restart the animal feed factory of {place}",
    ),
];

const HOME: &[Pair] = &[
    (
        "توانمندسازی قالی‌بافان خانگی {place}",
        "Empower home carpet weavers of {place}",
    ),
    ("کارگاه‌های خانگی دوخت پوشاک {place}", "Home sewing workshops of {place}"),
    ("بسته‌بندی خانگی خشکبار {place}", "Home packing of dried fruit, {place}"),
    ("پرورش قارچ خانگی در {place}", "Home mushroom growing in {place}"),
    ("ورنی‌بافی زنان عشایر {place}", "Verni weaving by nomad women, {place}"),
    (
        "آموزش و تجهیز تولید شیرینی سنتی {place}",
        "Train and equip traditional sweets makers of {place}",
    ),
    (
        "کارگاه‌های خانگی چرم دست‌دوز {place}",
        "Home workshops of hand-sewn leather, {place}",
    ),
    ("گلخانه‌های کوچک خانگی {place}", "Small home greenhouses of {place}"),
    (
        "فروشگاه مشترک مشاغل خانگی {place}",
        "Shared shop of home businesses, {place}",
    ),
    (
        "تولید خانگی عرقیات و گیاهان دارویی {place}",
        "Home distilling of herbs, {place}",
    ),
    ("زنبورداری خانوادگی {place}", "Family beekeeping in {place}"),
];

const HALF_BUILT: &[Pair] = &[
    (
        "تکمیل بیمارستان ۹۶ تختخوابی {place}",
        "Finish the 96-bed hospital of {place}",
    ),
    ("تکمیل سالن ورزشی {place}", "Finish the sports hall of {place}"),
    ("تکمیل راه روستایی {place}", "Finish the rural road of {place}"),
    (
        "تکمیل مدرسهٔ دوازده‌کلاسهٔ {place}",
        "Finish the twelve-class school of {place}",
    ),
    ("تکمیل خط انتقال آب {place}", "Finish the water main of {place}"),
    ("تکمیل پایانهٔ مسافربری {place}", "Finish the bus terminal of {place}"),
    ("تکمیل سد خاکی {place}", "Finish the earth dam of {place}"),
    ("تکمیل کتابخانهٔ مرکزی {place}", "Finish the central library of {place}"),
    ("تکمیل مسکن روستایی {place}", "Finish rural housing in {place}"),
    (
        "تکمیل هنرستان کشاورزی {place}",
        "Finish the agricultural school of {place}",
    ),
    (
        "تکمیل کشتارگاه صنعتی {place}",
        "Finish the industrial slaughterhouse of {place}",
    ),
    ("تکمیل ایستگاه راه‌آهن {place}", "Finish the railway station of {place}"),
];

const COOPERATIVE: &[Pair] = &[
    (
        "تعاونی فرآوری انگور و کشمش {place}",
        "Grape and raisin cooperative of {place}",
    ),
    ("تعاونی دامداران {place}", "Stock breeders' cooperative of {place}"),
    (
        "احیای تعاونی فرش دستباف {place}",
        "Revive the hand-woven carpet cooperative of {place}",
    ),
    (
        "تعاونی گیاهان دارویی {place}",
        "Medicinal plants cooperative of {place}",
    ),
    (
        "سردخانهٔ تعاونی میوهٔ {place}",
        "Cooperative cold store for fruit, {place}",
    ),
    ("تعاونی گردشگری روستایی {place}", "Rural tourism cooperative of {place}"),
    (
        "تعاونی زنان تولیدکنندهٔ {place}",
        "Cooperative of women producers, {place}",
    ),
    ("تعاونی پرورش ماهی سردآبی {place}", "Trout cooperative of {place}"),
    ("تعاونی تولید زعفران {place}", "Saffron cooperative of {place}"),
    (
        "تعاونی حمل‌ونقل محصولات {place}",
        "Produce transport cooperative of {place}",
    ),
];

const ESTATES: &[Pair] = &[
    (
        "تصفیه‌خانهٔ فاضلاب شهرک صنعتی {place}",
        "Wastewater plant of the industrial estate of {place}",
    ),
    (
        "برق‌رسانی ناحیهٔ صنعتی {place}",
        "Power supply of the industrial area of {place}",
    ),
    (
        "گازرسانی شهرک صنعتی {place}",
        "Gas supply of the industrial estate of {place}",
    ),
    (
        "راه دسترسی ناحیهٔ صنعتی روستایی {place}",
        "Access road of the rural industrial area of {place}",
    ),
    ("کارگاه‌های آمادهٔ کوچک {place}", "Small ready-made workshops of {place}"),
    ("شبکهٔ فیبر نوری شهرک {place}", "Optical fibre of the estate of {place}"),
    (
        "نیروگاه خورشیدی شهرک صنعتی {place}",
        "Solar plant of the industrial estate of {place}",
    ),
    ("شهرک گلخانه‌ای {place}", "Greenhouse estate of {place}"),
    ("تأمین آب صنعتی {place}", "Industrial water for {place}"),
];

const KNOWLEDGE: &[Pair] = &[
    (
        "مرکز نوآوری کشاورزی هوشمند {place}",
        "Smart farming innovation centre, {place}",
    ),
    (
        "بومی‌سازی قطعات پمپ با شرکت‌های دانش‌بنیان {place}",
        "Local pump parts by knowledge-based firms, {place}",
    ),
    (
        "آزمایشگاه مشترک صنعت و دانشگاه {place}",
        "Joint laboratory of industry and university, {place}",
    ),
    ("شتاب‌دهندهٔ صنایع غذایی {place}", "Food accelerator of {place}"),
    (
        "بازیافت پسماند صنعتی با فناوری بومی {place}",
        "Recycle industrial waste by local technology, {place}",
    ),
    (
        "تولید نیمه‌صنعتی نانوپوشش {place}",
        "Pilot production of nano-coatings, {place}",
    ),
    (
        "سامانهٔ پایش انرژی کارخانه‌های {place}",
        "Energy monitoring for factories of {place}",
    ),
];

const MICRO: &[Pair] = &[
    ("تأمین مالی جمعی گلخانهٔ {place}", "Crowdfund the greenhouse of {place}"),
    (
        "صندوق محلی سرمایه‌های خرد {place}",
        "Local micro-capital fund of {place}",
    ),
    (
        "سهام مردمی دامداری صنعتی {place}",
        "People's shares in the dairy farm of {place}",
    ),
    (
        "مشارکت مردمی نیروگاه خورشیدی {place}",
        "People's share in the solar plant of {place}",
    ),
];

const EXPORT: &[Pair] = &[
    (
        "پایانهٔ صادرات محصولات کشاورزی {place}",
        "Export terminal for farm products, {place}",
    ),
    ("بازارچهٔ مرزی {place}", "Border market of {place}"),
    (
        "بسته‌بندی صادراتی خشکبار {place}",
        "Export packing of dried fruit, {place}",
    ),
    (
        "گواهی استاندارد صادراتی تولیدکنندگان {place}",
        "Export certificates for producers of {place}",
    ),
    (
        "کنسرسیوم صادرات چرم و کفش {place}",
        "Leather and shoe export consortium, {place}",
    ),
    ("سردخانهٔ صادراتی {place}", "Export cold store of {place}"),
    (
        "قرنطینهٔ دام و فرآورده‌های صادراتی {place}",
        "Quarantine for livestock exports, {place}",
    ),
];

const DIGITAL: &[Pair] = &[
    ("فروش برخط صنایع دستی {place}", "Online sale of handicrafts, {place}"),
    (
        "اینترنت پرسرعت روستاهای {place}",
        "Fast internet for villages of {place}",
    ),
    ("مرکز خدمات ICT روستایی {place}", "Rural ICT service centre of {place}"),
    (
        "آموزش برنامه‌نویسی به جوانان {place}",
        "Programming courses for the young of {place}",
    ),
    (
        "سکوی بازاریابی محصولات بومی {place}",
        "Marketing platform for local products, {place}",
    ),
    (
        "انبار و پست تجارت الکترونیکی {place}",
        "E-commerce storage and post, {place}",
    ),
    (
        "نقشهٔ برخط ظرفیت‌های تولیدی {place}",
        "Online map of production capacity, {place}",
    ),
];

const MEDIA: &[Pair] = &[
    (
        "مستند روایت تولیدکنندگان {place}",
        "Documentary on the producers of {place}",
    ),
    (
        "نمایشگاه محصولات مشاغل خانگی {place}",
        "Exhibition of home-business products, {place}",
    ),
    (
        "جشنوارهٔ دانش‌آموزی کارآفرینی {place}",
        "Pupils' enterprise festival of {place}",
    ),
    (
        "میز تبیین جهش تولید در {place}",
        "Explanatory sessions on the leap in {place}",
    ),
    (
        "برنامهٔ هفتگی رادیویی تولید {place}",
        "Weekly radio programme on production, {place}",
    ),
    ("پویش خرید کالای بومی {place}", "Buy-local campaign of {place}"),
    (
        "کارگاه سواد رسانه‌ای تولیدکنندگان {place}",
        "Media workshop for producers of {place}",
    ),
];

/// Milestones of any project, in order.
pub const MILESTONES: &[Pair] = &[
    ("انتخاب پیمانکار", "Contractor chosen"),
    ("تحویل زمین", "Site handed over"),
    ("تأمین مالی", "Finance secured"),
    ("نصب تجهیزات", "Equipment installed"),
    ("بهره‌برداری آزمایشی", "Trial run"),
];

/// What stands in the way.
pub const OBSTACLES: &[Pair] = &[
    ("تخصیص‌نیافتن اعتبار مصوب", "Approved credit not allocated"),
    ("تأخیر بانک عامل در پرداخت تسهیلات", "The bank is late with the loan"),
    ("معارض ملکی", "Dispute over land"),
    ("کمبود برق صنعتی", "Shortage of industrial power"),
    ("افزایش قیمت مصالح", "Price rise of materials"),
    ("طولانی‌شدن ثبت سفارش ماشین‌آلات", "Slow order registration of machines"),
    ("نبود ضمانت کافی", "Lack of sufficient guarantee"),
    ("انصراف پیمانکار", "The contractor withdrew"),
];

/// What proves that something is done.
pub const EVIDENCE: &[Pair] = &[
    ("صورت‌جلسهٔ تحویل موقت", "Minutes of provisional handover"),
    ("گزارش بازدید میدانی دبیرخانه", "Field visit report of the secretariat"),
    ("تصاویر پیش و پس از اجرا", "Pictures before and after"),
    ("فهرست بیمهٔ کارکنان", "Insurance list of the workers"),
    ("پروانهٔ بهره‌برداری", "Operating licence"),
];

/// Posts responsible for projects.
pub const POSTS: &[&str] = &[
    "معاون فنی",
    "مدیر طرح",
    "رئیس ادارهٔ شهرستان",
    "معاون برنامه‌ریزی",
    "کارشناس مسئول طرح‌ها",
];
