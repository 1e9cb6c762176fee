//! Cultural, media, publicity and explanatory campaigns.

use super::Pair;

/// Campaigns: kind, title, key of the agency that runs it.
pub const CAMPAIGNS: &[(&str, Pair, &str)] = &[
    (
        "cultural",
        ("جشنوارهٔ هنر و تولید", "Festival of art and production"),
        "culture",
    ),
    ("cultural", ("شب شعر کار و همت", "Evening of poems on work"), "culture"),
    (
        "cultural",
        ("نمایشگاه صنایع دستی خانگی", "Exhibition of home handicrafts"),
        "heritage",
    ),
    (
        "cultural",
        (
            "مسابقهٔ کتاب‌خوانی اقتصاد مردمی",
            "Reading contest on the people's economy",
        ),
        "education",
    ),
    (
        "cultural",
        ("نمایش خیابانی کارآفرین کوچک", "Street theatre: the small entrepreneur"),
        "culture",
    ),
    (
        "cultural",
        ("گردشگری کارخانه برای خانواده‌ها", "Factory tours for families"),
        "heritage",
    ),
    (
        "media",
        (
            "مجموعهٔ تلویزیونی چرخ تولید",
            "Television series: the wheel of production",
        ),
        "broadcaster",
    ),
    (
        "media",
        (
            "گزارش روزانهٔ رادیو از شهرستان‌ها",
            "Daily radio report from the counties",
        ),
        "broadcaster",
    ),
    (
        "media",
        ("روایت یک‌دقیقه‌ای تولیدکنندگان", "One-minute stories of producers"),
        "broadcaster",
    ),
    ("media", ("ویژه‌نامهٔ جهش تولید", "Special issue on the leap"), "culture"),
    ("media", ("پادکست اتاق بازرگانی", "Podcast of the chamber"), "culture"),
    ("media", ("نقشهٔ خبری پروژه‌ها", "News map of projects"), "broadcaster"),
    ("publicity", ("پویش خرید کالای بومی", "Buy-local campaign"), "industry"),
    (
        "publicity",
        ("تابلوهای شهری شغل خانگی", "City billboards on home businesses"),
        "labour",
    ),
    (
        "publicity",
        ("غرفهٔ سیار محصولات تعاونی", "Mobile stall of cooperatives"),
        "labour",
    ),
    (
        "publicity",
        ("هفتهٔ تخفیف تولیدکنندگان", "Producers' discount week"),
        "industry",
    ),
    (
        "publicity",
        ("نشان برتر محصول روستایی", "Rural product badge"),
        "agriculture",
    ),
    (
        "publicity",
        ("بازارچهٔ جمعه‌های تولید", "Friday production market"),
        "agriculture",
    ),
    (
        "explanatory",
        ("میز تبیین در مساجد", "Explanatory sessions in mosques"),
        "propagation",
    ),
    (
        "explanatory",
        ("کارگاه آشنایی با تأمین مالی جمعی", "Workshop on crowdfunding"),
        "economy",
    ),
    (
        "explanatory",
        ("نشست مدیران با تشکل‌های مردمی", "Directors meet people's associations"),
        "economy",
    ),
    (
        "explanatory",
        ("آموزش حقوق تعاونی", "Lessons in cooperative law"),
        "labour",
    ),
    (
        "explanatory",
        ("تور رسانه‌ای طرح‌های نیمه‌تمام", "Media tour of half-built projects"),
        "planning",
    ),
    (
        "explanatory",
        (
            "پرسش و پاسخ سرمایه‌گذار خرد",
            "Questions and answers for micro-investors",
        ),
        "economy",
    ),
];

/// Whom campaigns address.
pub const AUDIENCES: &[Pair] = &[
    ("خانواده‌ها", "Families"),
    ("جوانان جویای کار", "Young job seekers"),
    ("زنان سرپرست خانوار", "Women heading households"),
    ("تولیدکنندگان خرد", "Small producers"),
    ("دانش‌آموزان و دانشجویان", "Pupils and students"),
    ("روستاییان و عشایر", "Villagers and nomads"),
];
