//! Counties with their tiles, and the large enterprises of each province.

use super::Pair;

/// A county: slug, names, column and row of its tile.
pub type CountyWords = (&'static str, Pair, [u32; 2]);

/// The 22 counties of 1403, tiles by true geography: west to east, north to south.
pub const FIRST: &[CountyWords] = &[
    ("tabriz", ("تبریز", "Tabriz"), [2, 3]),
    ("maragheh", ("مراغه", "Maragheh"), [2, 6]),
    ("marand", ("مرند", "Marand"), [1, 1]),
    ("mianeh", ("میانه", "Mianeh"), [5, 5]),
    ("ahar", ("اهر", "Ahar"), [4, 2]),
    ("bonab", ("بناب", "Bonab"), [1, 6]),
    ("sarab", ("سراب", "Sarab"), [5, 3]),
    ("azarshahr", ("آذرشهر", "Azarshahr"), [1, 4]),
    ("osku", ("اسکو", "Osku"), [2, 4]),
    ("shabestar", ("شبستر", "Shabestar"), [1, 2]),
    ("bostanabad", ("بستان‌آباد", "Bostanabad"), [3, 4]),
    ("hashtrud", ("هشترود", "Hashtrud"), [4, 5]),
    ("malekan", ("ملکان", "Malekan"), [1, 7]),
    ("ajab-shir", ("عجب‌شیر", "Ajab Shir"), [1, 5]),
    ("heris", ("هریس", "Heris"), [4, 3]),
    ("jolfa", ("جلفا", "Jolfa"), [1, 0]),
    ("kaleybar", ("کلیبر", "Kaleybar"), [4, 1]),
    ("varzaqan", ("ورزقان", "Varzaqan"), [3, 2]),
    ("charuymaq", ("چاراویماق", "Charuymaq"), [4, 6]),
    ("khoda-afarin", ("خداآفرین", "Khoda Afarin"), [4, 0]),
    ("hurand", ("هوراند", "Hurand"), [5, 1]),
    ("leylan", ("لیلان", "Leylan"), [2, 7]),
];

/// The invented counties of the second province.
pub const SECOND: &[CountyWords] = &[
    ("Sepidrud", ("سپیدرود نو", "Sepidrud-e Now"), [3, 2]),
    ("Golbagh", ("گل‌باغ", "Golbagh"), [2, 1]),
    ("Kuhdasht", ("کوه‌دشت بالا", "Upper Kuhdasht"), [1, 0]),
    ("Narestan", ("نارستان", "Narestan"), [4, 1]),
    ("Mehrabad", ("مهرآباد شرق", "East Mehrabad"), [5, 2]),
    ("Cheshmeh", ("هفت‌چشمه", "Haft Cheshmeh"), [2, 3]),
    ("Rigzar", ("ریگ‌زار", "Rigzar"), [5, 4]),
    ("Bandar", ("بندر نیلگون", "Nilgun Port"), [0, 3]),
    ("Kabutar", ("کبوترخان", "Kabutar Khan"), [3, 4]),
    ("Anarak", ("انارک پایین", "Lower Anarak"), [4, 3]),
    ("Simin", ("سیمین‌دژ", "Simin Dezh"), [1, 2]),
    ("Tutestan", ("توتستان", "Tutestan"), [0, 1]),
    ("Barfak", ("برفک", "Barfak"), [3, 0]),
    ("Lalehzar", ("لاله‌زار نو", "Lalehzar-e Now"), [1, 4]),
];

/// What large enterprises make: form of the unit and sector.
pub const ENTERPRISE_FORMS: &[(Pair, Pair)] = &[
    (
        ("صنایع چرم", "Leather Industries"),
        ("چرم و کفش", "Leather and footwear"),
    ),
    (
        ("مجتمع فولاد", "Steel Complex"),
        ("فولاد و ریخته‌گری", "Steel and casting"),
    ),
    (
        ("کارخانهٔ قطعات خودرو", "Car Parts Factory"),
        ("قطعات خودرو", "Car parts"),
    ),
    (("صنایع غذایی", "Food Industries"), ("صنایع غذایی", "Food")),
    (
        ("گروه نساجی", "Textile Group"),
        ("نساجی و پوشاک", "Textile and clothing"),
    ),
    (
        ("مجتمع پتروشیمی", "Petrochemical Complex"),
        ("پتروشیمی و پلیمر", "Petrochemicals and polymers"),
    ),
    (("کارخانهٔ ماشین‌آلات", "Machinery Works"), ("ماشین‌سازی", "Machinery")),
    (("مجتمع مس", "Copper Complex"), ("معدن و فلزات", "Mining and metals")),
    (
        ("کارخانهٔ سیمان", "Cement Works"),
        ("مصالح ساختمانی", "Building materials"),
    ),
    (
        ("صنایع دارویی", "Pharmaceuticals"),
        ("دارو و تجهیزات پزشکی", "Medicine and medical devices"),
    ),
];

/// Invented proper names of enterprises.
pub const ENTERPRISE_NAMES: &[Pair] = &[
    ("سپید", "Sepid"),
    ("کوهسار", "Kuhsar"),
    ("آفتاب‌گردان", "Aftabgardan"),
    ("نیک‌آوران", "Nikavaran"),
    ("پگاه نو", "Pegah-e Now"),
    ("ستارهٔ صبح", "Morning Star"),
    ("سرو", "Sarv"),
    ("رنگین‌کمان", "Rangin Kaman"),
    ("پولادین", "Puladin"),
    ("بامداد", "Bamdad"),
    ("نسترن", "Nastaran"),
    ("چکاوک", "Chakavak"),
];
