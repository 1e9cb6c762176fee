//! Agencies of both provinces, what they owe, and what their popularisation experts do.

use super::Pair;

/// An agency: a key for the tables, its names, its category in the first province.
pub struct AgencyWords {
    /// The name the tables use.
    pub key: &'static str,
    /// Its name.
    pub name: Pair,
    /// Its category.
    pub category: &'static str,
}

const fn agency(key: &'static str, category: &'static str, fa: &'static str, en: &'static str) -> AgencyWords {
    AgencyWords {
        key,
        name: (fa, en),
        category,
    }
}

/// The 64 agencies of the first province, by category.
pub const FIRST: &[AgencyWords] = &[
    agency(
        "industry",
        "driver",
        "سازمان صنعت، معدن و تجارت",
        "Organisation of Industry, Mine and Trade",
    ),
    agency(
        "agriculture",
        "driver",
        "سازمان جهاد کشاورزی",
        "Agriculture Jihad Organisation",
    ),
    agency(
        "labour",
        "driver",
        "ادارهٔ کل تعاون، کار و رفاه اجتماعی",
        "DG of Cooperatives, Labour and Social Welfare",
    ),
    agency("estates", "driver", "شرکت شهرک‌های صنعتی", "Industrial Estates Company"),
    agency("park", "driver", "پارک علم و فناوری", "Science and Technology Park"),
    agency(
        "heritage",
        "driver",
        "ادارهٔ کل میراث فرهنگی، گردشگری و صنایع دستی",
        "DG of Cultural Heritage, Tourism and Handicrafts",
    ),
    agency("free-zone", "driver", "سازمان منطقهٔ آزاد", "Free Zone Organisation"),
    agency(
        "rural-coop",
        "driver",
        "سازمان تعاون روستایی",
        "Rural Cooperative Organisation",
    ),
    agency("nomads", "driver", "ادارهٔ کل امور عشایر", "DG of Nomadic Affairs"),
    agency(
        "nature",
        "driver",
        "ادارهٔ کل منابع طبیعی و آبخیزداری",
        "DG of Natural Resources and Watershed Management",
    ),
    agency("relief", "driver", "کمیتهٔ امداد", "Relief Foundation"),
    agency("welfare", "driver", "ادارهٔ کل بهزیستی", "DG of Welfare"),
    agency(
        "volunteers",
        "driver",
        "سازمان بسیج سازندگی",
        "Volunteers' Construction Organisation",
    ),
    agency("barakat", "driver", "بنیاد برکت", "Barakat Foundation"),
    agency(
        "acecr",
        "driver",
        "جهاد دانشگاهی",
        "Academic Centre for Education, Culture and Research",
    ),
    agency(
        "farm-estates",
        "driver",
        "شرکت شهرک‌های کشاورزی",
        "Agricultural Estates Company",
    ),
    agency(
        "planning",
        "support",
        "سازمان مدیریت و برنامه‌ریزی",
        "Management and Planning Organisation",
    ),
    agency(
        "economy",
        "support",
        "ادارهٔ کل امور اقتصادی و دارایی",
        "DG of Economic Affairs and Finance",
    ),
    agency("tax", "support", "ادارهٔ کل امور مالیاتی", "DG of Tax Affairs"),
    agency(
        "insurance",
        "support",
        "ادارهٔ کل تأمین اجتماعی",
        "DG of Social Security",
    ),
    agency("customs", "support", "نظارت بر گمرکات", "Customs Supervision"),
    agency("standards", "support", "ادارهٔ کل استاندارد", "DG of Standards"),
    agency(
        "training",
        "support",
        "ادارهٔ کل آموزش فنی و حرفه‌ای",
        "DG of Technical and Vocational Training",
    ),
    agency(
        "banks",
        "support",
        "شورای هماهنگی بانک‌ها",
        "Banks' Coordination Council",
    ),
    agency(
        "coop-bank",
        "support",
        "بانک توسعهٔ تعاون",
        "Cooperative Development Bank",
    ),
    agency("farm-bank", "support", "بانک کشاورزی", "Agricultural Bank"),
    agency("mine-bank", "support", "بانک صنعت و معدن", "Bank of Industry and Mine"),
    agency("omid", "support", "صندوق کارآفرینی امید", "Omid Entrepreneurship Fund"),
    agency(
        "guarantee",
        "support",
        "صندوق ضمانت سرمایه‌گذاری تعاون",
        "Cooperative Investment Guarantee Fund",
    ),
    agency(
        "research-fund",
        "support",
        "صندوق پژوهش و فناوری",
        "Research and Technology Fund",
    ),
    agency(
        "farm-fund",
        "support",
        "صندوق حمایت از توسعهٔ سرمایه‌گذاری کشاورزی",
        "Agricultural Investment Development Fund",
    ),
    agency(
        "grain",
        "support",
        "شرکت بازرگانی دولتی",
        "Government Trading Corporation",
    ),
    agency("university", "support", "دانشگاه جامع استان", "Provincial University"),
    agency(
        "technical-university",
        "support",
        "دانشگاه صنعتی استان",
        "Provincial University of Technology",
    ),
    agency(
        "deeds",
        "service",
        "ادارهٔ کل ثبت اسناد و املاک",
        "DG of Deeds and Properties Registration",
    ),
    agency("civil", "service", "ادارهٔ کل ثبت احوال", "DG of Civil Registration"),
    agency(
        "environment",
        "service",
        "ادارهٔ کل حفاظت محیط زیست",
        "DG of Environmental Protection",
    ),
    agency("veterinary", "service", "ادارهٔ کل دامپزشکی", "DG of Veterinary"),
    agency(
        "health",
        "service",
        "دانشگاه علوم پزشکی (معاونت غذا و دارو)",
        "University of Medical Sciences (food and drug deputy)",
    ),
    agency("education", "service", "ادارهٔ کل آموزش و پرورش", "DG of Education"),
    agency("post", "service", "ادارهٔ کل پست", "DG of Post"),
    agency("weather", "service", "ادارهٔ کل هواشناسی", "DG of Meteorology"),
    agency("tribunal", "service", "ادارهٔ کل تعزیرات حکومتی", "DG of Trade Offences"),
    agency(
        "health-insurance",
        "service",
        "ادارهٔ کل بیمهٔ سلامت",
        "DG of Health Insurance",
    ),
    agency(
        "culture",
        "service",
        "ادارهٔ کل فرهنگ و ارشاد اسلامی",
        "DG of Culture and Islamic Guidance",
    ),
    agency(
        "propagation",
        "service",
        "ادارهٔ کل تبلیغات اسلامی",
        "DG of Islamic Propagation",
    ),
    agency(
        "broadcaster",
        "service",
        "صداوسیمای مرکز استان",
        "Provincial Broadcasting Centre",
    ),
    agency("sport", "service", "ادارهٔ کل ورزش و جوانان", "DG of Sport and Youth"),
    agency(
        "fuel",
        "service",
        "شرکت پخش فرآورده‌های نفتی منطقه",
        "Oil Products Distribution Company (region)",
    ),
    agency(
        "roads",
        "infrastructure",
        "ادارهٔ کل راه و شهرسازی",
        "DG of Roads and Urban Development",
    ),
    agency(
        "transport",
        "infrastructure",
        "ادارهٔ کل راهداری و حمل‌ونقل جاده‌ای",
        "DG of Road Maintenance and Transport",
    ),
    agency("railway", "infrastructure", "ادارهٔ کل راه‌آهن", "Railway DG"),
    agency("airports", "infrastructure", "ادارهٔ کل فرودگاه‌ها", "DG of Airports"),
    agency(
        "regional-water",
        "infrastructure",
        "شرکت آب منطقه‌ای",
        "Regional Water Company",
    ),
    agency(
        "water",
        "infrastructure",
        "شرکت آب و فاضلاب",
        "Water and Wastewater Company",
    ),
    agency(
        "regional-power",
        "infrastructure",
        "شرکت برق منطقه‌ای",
        "Regional Electric Company",
    ),
    agency(
        "city-power",
        "infrastructure",
        "شرکت توزیع نیروی برق مرکز استان",
        "City Electricity Distribution Company",
    ),
    agency(
        "power",
        "infrastructure",
        "شرکت توزیع نیروی برق استان",
        "Provincial Electricity Distribution Company",
    ),
    agency("gas", "infrastructure", "شرکت گاز", "Gas Company"),
    agency(
        "telecom",
        "infrastructure",
        "مخابرات منطقه",
        "Telecommunication Company (region)",
    ),
    agency(
        "ict",
        "infrastructure",
        "ادارهٔ کل ارتباطات و فناوری اطلاعات",
        "DG of ICT",
    ),
    agency("housing", "infrastructure", "بنیاد مسکن", "Housing Foundation"),
    agency(
        "schools",
        "infrastructure",
        "ادارهٔ کل نوسازی، توسعه و تجهیز مدارس",
        "DG of School Renovation, Development and Equipping",
    ),
    agency(
        "rural-office",
        "infrastructure",
        "دفتر امور روستایی استانداری",
        "Governorate Rural Affairs Office",
    ),
];

/// The agencies of the second province: keys of [`FIRST`] with a category of their own. The fifth category is one that no
/// version of the program knows by name.
pub const SECOND: &[(&str, &str)] = &[
    ("planning", "coordination"),
    ("economy", "coordination"),
    ("rural-office", "coordination"),
    ("industry", "driver"),
    ("agriculture", "driver"),
    ("labour", "driver"),
    ("estates", "driver"),
    ("park", "driver"),
    ("university", "driver"),
    ("relief", "driver"),
    ("housing", "driver"),
    ("banks", "support"),
    ("farm-bank", "support"),
    ("omid", "support"),
    ("customs", "support"),
    ("heritage", "support"),
    ("nomads", "support"),
    ("nature", "support"),
    ("training", "support"),
    ("welfare", "support"),
    ("standards", "support"),
    ("tax", "support"),
    ("insurance", "support"),
    ("research-fund", "support"),
    ("post", "service"),
    ("deeds", "service"),
    ("education", "service"),
    ("culture", "service"),
    ("broadcaster", "service"),
    ("veterinary", "service"),
    ("sport", "service"),
    ("water", "infrastructure"),
    ("power", "infrastructure"),
    ("gas", "infrastructure"),
    ("roads", "infrastructure"),
    ("ict", "infrastructure"),
    ("transport", "infrastructure"),
    ("telecom", "infrastructure"),
];

/// What an agency owes, by category; the last list is for categories without one.
pub const DUTIES: &[(&str, &[Pair])] = &[
    (
        "driver",
        &[
            (
                "شناسایی ظرفیت‌های مغفول در همهٔ شهرستان‌ها",
                "Identify neglected capacities in every county",
            ),
            (
                "تعریف دست‌کم سه پروژه ذیل اقدام ویژه",
                "Define at least three projects under the special measure",
            ),
            (
                "معرفی واحدهای بزرگ برای پشتیبانی از کسب‌وکارهای خرد",
                "Name large units that support small businesses",
            ),
            (
                "تشکیل زنجیرهٔ تأمین با مشارکت تعاونی‌ها",
                "Build supply chains with cooperatives",
            ),
            (
                "گزارش هفتگی پیشرفت پروژه‌ها با مستندات",
                "Report weekly progress of projects with evidence",
            ),
            (
                "رفع گلوگاه واحدهای نیمه‌فعال",
                "Clear the bottlenecks of half-active units",
            ),
        ],
    ),
    (
        "support",
        &[
            (
                "تخصیص تسهیلات ارزان‌قیمت به طرح‌های مردمی",
                "Allocate low-cost loans to people's projects",
            ),
            (
                "کوتاه‌کردن زمان پاسخ به درخواست‌های تسهیلات به ده روز",
                "Answer loan requests within ten days",
            ),
            (
                "پذیرش ضمانت زنجیره‌ای برای مشاغل خانگی",
                "Accept chained guarantees for home businesses",
            ),
            (
                "آموزش مهارت به متقاضیان معرفی‌شده",
                "Train the applicants who were referred",
            ),
            (
                "اعلام ماهانهٔ مانده و پرداخت تسهیلات به دبیرخانه",
                "Report balances and payments to the secretariat monthly",
            ),
        ],
    ),
    (
        "service",
        &[
            (
                "صدور مجوز مشاغل خانگی در کمتر از سه روز",
                "Issue home-business permits in under three days",
            ),
            (
                "استقرار پنجرهٔ واحد خدمت به سرمایه‌گذار خرد",
                "Open one counter for micro-investors",
            ),
            ("حذف استعلام‌های تکراری", "Remove repeated inquiries"),
            ("اجرای پویش معرفی محصولات بومی", "Run a campaign for local products"),
            (
                "میز خدمت سیار در بخش‌های کم‌برخوردار",
                "Send a mobile service desk to deprived districts",
            ),
        ],
    ),
    (
        "infrastructure",
        &[
            (
                "تأمین آب، برق و گاز طرح‌های نیمه‌تمام دارای اولویت",
                "Supply water, power and gas to priority half-built projects",
            ),
            (
                "تکمیل راه دسترسی نواحی صنعتی روستایی",
                "Finish access roads of rural industrial areas",
            ),
            (
                "اعلام ظرفیت خالی شبکه به تفکیک شهرستان",
                "Publish free network capacity by county",
            ),
            (
                "تخفیف حق انشعاب کارگاه‌های خانگی",
                "Reduce connection fees of home workshops",
            ),
            (
                "برنامهٔ جبران خاموشی واحدهای تولیدی",
                "Plan to make up for outages of production units",
            ),
        ],
    ),
    (
        "",
        &[
            (
                "هماهنگی دستگاه‌ها و پیگیری مصوبه‌ها",
                "Coordinate agencies and follow up decisions",
            ),
            ("پایش روزانهٔ سامانهٔ قرارگاه", "Watch the headquarters' system daily"),
            (
                "جمع‌بندی گزارش‌ها پیش از هر جلسه",
                "Sum up the reports before every meeting",
            ),
        ],
    ),
];

/// The posts of popularisation experts.
pub const POSTS: &[Pair] = &[
    ("کارشناس مردمی‌سازی", "Popularisation expert"),
    ("کارشناس مسئول مردمی‌سازی اقتصاد", "Senior expert, people's economy"),
    (
        "کارشناس مردمی‌سازی و امور تعاونی‌ها",
        "Expert, popularisation and cooperatives",
    ),
    ("رئیس گروه مشارکت‌های مردمی", "Head of the people's participation group"),
];

/// What came of a visit or of going to an initiative.
pub const VISIT_RESULTS: &[Pair] = &[
    ("شناسایی ۱۲ کارگاه خانگی تازه", "Twelve new home workshops identified"),
    ("معرفی متقاضیان به بانک عامل", "Applicants referred to the bank"),
    ("نیازسنجی آموزشی انجام شد", "Training needs assessed"),
    (
        "گلوگاه برق کارگاه‌ها ثبت شد",
        "Power bottleneck of the workshops recorded",
    ),
    ("جلسهٔ هم‌اندیشی با تعاونی‌ها برگزار شد", "Met the cooperatives"),
    ("بازدید میدانی بدون نتیجهٔ مشخص", "Field visit without a definite result"),
];

/// The titles of operational plans; `{year}` is the programme year.
pub const PLAN_TITLE: Pair = ("برنامهٔ عملیاتی سال {year}", "Operational plan {year}");
/// The titles of second plans.
pub const SECOND_PLAN_TITLE: Pair = (
    "برنامهٔ تکمیلی مشارکت مردمی {year}",
    "Supplementary plan for people's participation {year}",
);
/// What is written beside a reminder or a warning.
pub const FOLLOW_UP_NOTES: &[Pair] = &[
    ("با نامهٔ دبیرخانه", "By letter of the secretariat"),
    ("تماس تلفنی با دفتر مدیرکل", "Telephone call to the director's office"),
    ("در جلسهٔ شورا تذکر داده شد", "Mentioned in the council"),
];
/// What is written beside a returned plan.
pub const RETURN_NOTES: &[Pair] = &[
    (
        "سهم ظرفیت‌های مردمی مشخص نیست",
        "The part of popular capacities is not stated",
    ),
    ("شاخص‌ها زمان‌بندی ندارند", "Indicators have no schedule"),
    (
        "کارهای جاری به‌جای کارهای جهشی آمده است",
        "Routine work stands in place of leap work",
    ),
];
