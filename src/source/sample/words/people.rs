//! Popular-participation initiatives: what people do, in which sector, and what came of going to them.

use super::Pair;

/// A line of work: Persian title, sector (a number in [`SECTORS`]).
pub type Work = (&'static str, usize);

/// Sectors of initiatives.
pub const SECTORS: &[Pair] = &[
    ("فرش و دستبافته", "Carpets and weaving"),
    ("پوشاک و دوخت", "Clothing and sewing"),
    ("چرم و کفش", "Leather and footwear"),
    ("صنایع غذایی", "Food"),
    ("کشاورزی و گلخانه", "Farming and greenhouses"),
    ("دام و زنبورداری", "Livestock and beekeeping"),
    ("صنایع دستی", "Handicrafts"),
    ("فناوری اطلاعات", "Information technology"),
    ("گردشگری", "Tourism"),
    ("قطعه‌سازی و فلز", "Parts and metal"),
    ("دارو و سلامت", "Medicine and health"),
    ("خدمات", "Services"),
];

/// Home businesses.
pub const HOME: &[Work] = &[
    ("کارگاه قالی‌بافی خانگی", 0),
    ("کارگاه گلیم و ورنی خانگی", 0),
    ("دوخت لباس کار در خانه", 1),
    ("خیاطی لباس محلی", 1),
    ("کیف چرم دست‌دوز", 2),
    ("رویه‌دوزی کفش", 2),
    ("پخت نان سنتی خانگی", 3),
    ("شیرینی و باقلوای خانگی", 3),
    ("مربا و ترشی خانگی", 3),
    ("خشک‌کردن میوه", 3),
    ("پرورش قارچ دکمه‌ای", 4),
    ("گلخانهٔ کوچک خانگی", 4),
    ("پرورش گل شاخه‌بریده", 4),
    ("زنبورداری خانوادگی", 5),
    ("پرورش بلدرچین", 5),
    ("لبنیات سنتی", 5),
    ("سفال و سرامیک دستی", 6),
    ("منبت و معرق چوب", 6),
    ("عروسک بومی", 6),
    ("طراحی و چاپ روی پارچه", 6),
    ("تولید محتوای آموزشی", 7),
    ("بسته‌بندی گیاهان دارویی", 10),
];

/// Cooperatives.
pub const COOPERATIVE: &[Work] = &[
    ("تعاونی فرآوری کشمش", 3),
    ("تعاونی دامداران", 5),
    ("تعاونی فرش دستباف", 0),
    ("تعاونی گلخانه‌داران", 4),
    ("تعاونی زنان روستایی", 6),
    ("تعاونی کفاشان", 2),
    ("تعاونی گردشگری روستایی", 8),
    ("تعاونی قطعه‌سازان", 9),
    ("تعاونی پرورش ماهی", 5),
    ("تعاونی گیاهان دارویی", 10),
];

/// Knowledge-based firms.
pub const KNOWLEDGE: &[Work] = &[
    ("شرکت دانش‌بنیان حسگرهای صنعتی", 9),
    ("شرکت دانش‌بنیان کود زیستی", 4),
    ("شرکت دانش‌بنیان تجهیزات پزشکی", 10),
    ("شرکت دانش‌بنیان نرم‌افزار تولید", 7),
    ("شرکت دانش‌بنیان پوشش‌های نانو", 9),
    ("شرکت دانش‌بنیان خوراک دام", 5),
];

/// Digital economy.
pub const DIGITAL: &[Work] = &[
    ("فروشگاه برخط صنایع دستی", 7),
    ("سکوی فروش محصولات روستایی", 7),
    ("دفتر خدمات برنامه‌نویسی", 7),
    ("تولید بازی رایانه‌ای", 7),
    ("سفارش برخط غذای خانگی", 3),
    ("آموزش برخط مهارت", 7),
    ("راهنمای برخط بوم‌گردی", 8),
];

/// Micro-investors.
pub const MICRO: &[Work] = &[
    ("سرمایه‌گذاری خرد در گلخانه", 4),
    ("سهام‌داری خرد دامداری", 5),
    ("مشارکت خرد در کارگاه پوشاک", 1),
    ("تأمین مالی جمعی خط بسته‌بندی", 3),
    ("سرمایه‌گذاری خرد در نیروگاه خورشیدی", 11),
    ("مشارکت خرد در کارگاه چرم", 2),
    ("سرمایه‌گذاری خرد در سردخانه", 3),
    ("مشارکت خرد در اقامتگاه بوم‌گردی", 8),
];

/// Capacities outside the named kinds.
pub const OTHER: &[Work] = &[
    ("گروه جهادی کشاورزی", 4),
    ("کانون فارغ‌التحصیلان صنعت", 9),
    ("کارگاه آموزشگاهی هنرستان", 9),
    ("موقوفهٔ مولد", 11),
    ("گروه خیران تولید", 11),
];

/// Kinds this version of the contract has no name for, as an open list must be ready to meet.
pub const UNNAMED_KINDS: &[(&str, Work)] = &[
    ("agritourism", ("اقامتگاه بوم‌گردی", 8)),
    ("nomad-production", ("تولید عشایری", 5)),
];

/// How the size is told: persons at work, members, or shareholders.
pub const PERSONS: &str = "نفر";
/// Members of a cooperative.
pub const MEMBERS: &str = "عضو";
/// People with a share.
pub const SHARES: &str = "سهام‌دار";

/// What came of going to them.
pub const OUTREACH_RESULTS: &[Pair] = &[
    ("تفاهم‌نامهٔ خرید تضمینی امضا شد", "A guaranteed purchase was agreed"),
    ("معرفی به صندوق برای تسهیلات", "Referred to the fund for a loan"),
    ("مواد اولیه تأمین می‌شود", "Raw material will be supplied"),
    ("نیاز به آموزش دارد", "Needs training"),
    ("قرار بازدید دوباره گذاشته شد", "A second visit was arranged"),
    ("فعلاً تمایلی ندارد", "Not willing for now"),
];
