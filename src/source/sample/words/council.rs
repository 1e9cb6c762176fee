//! Decisions of the council, demands of the private sector, verdicts.

use super::Pair;

/// The council that acts as the headquarters.
pub const BODY: Pair = (
    "شورای برنامه‌ریزی و توسعهٔ استان",
    "Provincial Planning and Development Council",
);

/// Texts of decisions and the keys of the agencies they are for; `{agency}` is the one responsible, `{place}` a county.
pub const DECISIONS: &[(Pair, &[&str])] = &[
    (
        (
            "{agency} فهرست طرح‌های نیمه‌تمام بالای ۸۰ درصد {place} را ارائه کند.",
            "{agency} shall list the projects of {place} above 80 percent.",
        ),
        &["planning", "roads", "housing", "schools", "water"],
    ),
    (
        (
            "{agency} برای هر شهرستان یک کارشناس مردمی‌سازی معرفی کند.",
            "{agency} shall name a popularisation expert for every county.",
        ),
        &[
            "relief",
            "welfare",
            "agriculture",
            "labour",
            "education",
            "sport",
            "nature",
        ],
    ),
    (
        (
            "پروندهٔ تسهیلات مشاغل خانگی {place} ظرف ده روز تعیین تکلیف شود.",
            "Loan files of home businesses in {place} shall be settled within ten days.",
        ),
        &["banks", "omid", "coop-bank", "farm-bank", "labour"],
    ),
    (
        (
            "{agency} گزارش واحدهای راکد {place} را همراه با علت توقف بفرستد.",
            "{agency} shall report the idle units of {place} with the reason of standstill.",
        ),
        &["industry", "estates", "mine-bank"],
    ),
    (
        (
            "انشعاب برق کارگاه‌های {place} بدون نوبت برقرار شود.",
            "Workshops of {place} shall be connected to power without queueing.",
        ),
        &["power", "city-power", "regional-power"],
    ),
    (
        (
            "{agency} زمین مناسب برای ناحیهٔ صنعتی {place} پیشنهاد دهد.",
            "{agency} shall propose land for an industrial area in {place}.",
        ),
        &["estates", "farm-estates", "roads", "nature"],
    ),
    (
        (
            "نمایشگاه دائمی محصولات تعاونی‌ها در {place} برپا شود.",
            "A permanent exhibition of cooperatives' products shall be set up in {place}.",
        ),
        &["rural-coop", "labour", "heritage"],
    ),
    (
        (
            "{agency} برنامهٔ عملیاتی خود را با سهم ظرفیت‌های مردمی اصلاح کند.",
            "{agency} shall amend its plan with the share of popular capacities.",
        ),
        &[
            "training",
            "culture",
            "post",
            "telecom",
            "welfare",
            "nomads",
            "tax",
            "veterinary",
            "health",
            "regional-water",
        ],
    ),
    (
        (
            "کارگروه رفع موانع تولید {place} هفتگی تشکیل شود.",
            "The working group on obstacles in {place} shall meet weekly.",
        ),
        &["industry", "economy", "tribunal"],
    ),
    (
        (
            "{agency} سامانهٔ ثبت درخواست سرمایه‌گذار خرد را راه‌اندازی کند.",
            "{agency} shall open the register for micro-investors.",
        ),
        &["economy", "ict", "park"],
    ),
    (
        (
            "راه دسترسی ناحیهٔ صنعتی {place} در اولویت اجرا قرار گیرد.",
            "The access road of the industrial area of {place} shall come first.",
        ),
        &["transport", "roads", "rural-office"],
    ),
    (
        (
            "{agency} دست‌کم پنج شرکت دانش‌بنیان را به صنایع بزرگ معرفی کند.",
            "{agency} shall introduce at least five knowledge-based firms to large industry.",
        ),
        &["park", "university", "technical-university", "research-fund", "acecr"],
    ),
    (
        (
            "بدهی بیمه‌ای واحدهای {place} تقسیط شود.",
            "Insurance debts of units in {place} shall be paid by instalments.",
        ),
        &["insurance"],
    ),
    (
        (
            "{agency} پویش خرید کالای بومی را آغاز کند.",
            "{agency} shall start the buy-local campaign.",
        ),
        &["broadcaster", "culture", "propagation", "industry"],
    ),
    (
        (
            "استعلام‌های زیست‌محیطی طرح‌های {place} یکجا انجام شود.",
            "Environmental inquiries for projects of {place} shall be made at once.",
        ),
        &["environment", "agriculture", "regional-water"],
    ),
    (
        (
            "{agency} آمار اشتغال تأییدشدهٔ {place} را به تفکیک نوع فعالیت اعلام کند.",
            "{agency} shall publish verified jobs of {place} by kind of activity.",
        ),
        &["labour", "planning", "insurance"],
    ),
    (
        (
            "خط تولید متوقف {place} با مشارکت سرمایه‌گذاران محلی راه‌اندازی شود.",
            "The halted line of {place} shall be restarted with local investors.",
        ),
        &["industry", "economy", "barakat", "volunteers"],
    ),
    (
        (
            "{agency} برای تعاونی‌های {place} خط اعتباری ویژه باز کند.",
            "{agency} shall open a credit line for cooperatives of {place}.",
        ),
        &["coop-bank", "guarantee", "farm-fund", "banks"],
    ),
];

/// Why a decision was not executed.
pub const REASONS: &[Pair] = &[
    ("اعتبار لازم ابلاغ نشد.", "The credit was not released."),
    ("در صلاحیت دستگاه ملی است.", "It is within a national body's competence."),
    ("متقاضی واجد شرایط نبود.", "No applicant was eligible."),
    ("با مصوبهٔ دیگری همپوشانی داشت.", "It overlapped another decision."),
];

/// Points of an agenda.
pub const AGENDA: &[Pair] = &[
    (
        "گزارش دبیرخانه از برنامه‌های دستگاه‌ها",
        "Report of the secretariat on agencies' plans",
    ),
    ("بررسی طرح‌های نیمه‌تمام", "Half-built projects"),
    ("مطالبات بخش خصوصی", "Demands of the private sector"),
    ("وضعیت تسهیلات مشاغل خانگی", "Loans to home businesses"),
    ("ارزیابی دستگاه‌ها", "Evaluation of agencies"),
    ("زیرساخت شهرک‌های صنعتی", "Infrastructure of industrial estates"),
    ("رسانه و تبیین", "Media and explanation"),
    ("واحدهای راکد و نیمه‌فعال", "Idle and half-active units"),
];

/// Who raises demands; all relayed by the chamber's working group.
pub const RAISED_BY: &[Pair] = &[
    (
        "اتاق بازرگانی، کمیسیون صنعت",
        "Chamber of Commerce, industry commission",
    ),
    (
        "اتاق بازرگانی، کمیسیون کشاورزی",
        "Chamber of Commerce, agriculture commission",
    ),
    ("اتاق تعاون", "Chamber of Cooperatives"),
    ("اتاق اصناف", "Chamber of Guilds"),
    ("انجمن صنفی تولیدکنندگان کفش", "Shoemakers' association"),
    ("انجمن شرکت‌های دانش‌بنیان", "Association of knowledge-based firms"),
    ("خانهٔ صنعت و معدن", "House of Industry and Mine"),
];

/// Demands: topic, text, key of the agency addressed.
pub const DEMANDS: &[(Pair, Pair, &str)] = &[
    (
        ("برق", "Power"),
        (
            "خاموشی‌های برنامه‌ریزی‌نشدهٔ شهرک صنعتی {place} پایان یابد.",
            "Unplanned outages of the estate of {place} should end.",
        ),
        "power",
    ),
    (
        ("تسهیلات", "Loans"),
        (
            "سقف تسهیلات سرمایهٔ در گردش واحدهای {place} بازنگری شود.",
            "Review the working-capital ceiling for units of {place}.",
        ),
        "banks",
    ),
    (
        ("مالیات", "Tax"),
        (
            "بخشودگی جرایم مالیاتی واحدهای راکد {place} اجرا شود.",
            "Apply the waiver of tax penalties to idle units of {place}.",
        ),
        "tax",
    ),
    (
        ("گمرک", "Customs"),
        (
            "ترخیص ماشین‌آلات خط تولید {place} تسریع شود.",
            "Speed up clearing of production machines for {place}.",
        ),
        "customs",
    ),
    (
        ("بیمه", "Insurance"),
        (
            "مهلت تقسیط بدهی بیمه‌ای تعاونی‌های {place} تمدید شود.",
            "Extend the instalments of insurance debts of cooperatives in {place}.",
        ),
        "insurance",
    ),
    (
        ("زمین", "Land"),
        (
            "واگذاری زمین ناحیهٔ صنعتی {place} تعیین تکلیف شود.",
            "Settle the transfer of land in the industrial area of {place}.",
        ),
        "estates",
    ),
    (
        ("راه", "Roads"),
        (
            "راه دسترسی کارخانه‌های {place} بهسازی شود.",
            "Repair the access road to the factories of {place}.",
        ),
        "roads",
    ),
    (
        ("آب", "Water"),
        (
            "حقابهٔ صنعتی واحدهای {place} ابلاغ شود.",
            "Notify the industrial water share of units in {place}.",
        ),
        "water",
    ),
    (
        ("استاندارد", "Standards"),
        (
            "هزینهٔ آزمون کالای صادراتی {place} کاهش یابد.",
            "Lower the testing fee of export goods from {place}.",
        ),
        "standards",
    ),
    (
        ("مجوز", "Permits"),
        (
            "مجوزهای مشاغل خانگی {place} بدون مراجعهٔ حضوری صادر شود.",
            "Issue home-business permits of {place} without a visit.",
        ),
        "labour",
    ),
    (
        ("گاز", "Gas"),
        (
            "افت فشار گاز گلخانه‌های {place} رفع شود.",
            "Mend the gas pressure of greenhouses in {place}.",
        ),
        "gas",
    ),
    (
        ("اینترنت", "Internet"),
        (
            "اینترنت پایدار برای فروشگاه‌های برخط {place} تأمین شود.",
            "Provide stable internet to online shops of {place}.",
        ),
        "ict",
    ),
];

/// Answers to demands.
pub const ANSWERS: &[Pair] = &[
    (
        "در دستور کار قرار گرفت و تا پایان ماه انجام می‌شود.",
        "It is on the agenda and will be done by the end of the month.",
    ),
    ("بازدید انجام و مشکل رفع شد.", "Visited and solved."),
    (
        "نیازمند مصوبهٔ ملی است؛ پیگیری می‌شود.",
        "Needs a national decision; being followed up.",
    ),
    ("با شرایط اعلام‌شده موافقت شد.", "Agreed under the stated conditions."),
];

/// Who evaluates.
pub const EVALUATOR: Pair = ("دبیرخانهٔ قرارگاه", "Secretariat of the headquarters");

/// Verdicts from the best to the poorest.
pub const VERDICTS: [Pair; 4] = [
    ("پیشرو", "Leading"),
    ("در مسیر برنامه", "On the path"),
    ("نیازمند پیگیری", "Needs follow-up"),
    ("عقب از برنامه", "Behind"),
];
