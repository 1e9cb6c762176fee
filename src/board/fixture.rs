//! A small headquarters for tests of filters, lists and output: every kind, both spellings, things missing on purpose.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read is a failing test")]

use super::{Board, Settings};
use crate::clock::Day;
use crate::contract::{Change, Headquarters, Kind, Record};
use serde_json::Value;
use std::sync::Arc;

/// The document, as a file would hold it.
pub(crate) const DOCUMENT: &str = r#"{
"rasad": 1,
"headquarters": {
  "name": {"fa": "قرارگاه جهش تولید", "en": "Production leap headquarters"}, "province": "آذربایجان شرقی", "programme_year": 1403,
  "plan_due": "1403-01-31", "synthetic": true, "as_of": "1403-03-02",
  "counties": [
    {"id": "tabriz", "name": {"fa": "تبریز", "en": "Tabriz"}},
    {"id": "ahar", "name": {"fa": "اهر", "en": "Ahar"}},
    {"id": "mianeh", "name": {"fa": "میانه", "en": "Mianeh"}}
  ],
  "ladder": [{"step": "reminder", "after_days": 1}, {"step": "warning", "after_days": 7}]
},
"measures": [
  {"id": "m-1", "number": 1, "title": {"fa": "تکمیل طرح‌های نیمه‌تمام", "en": "Finish half-built projects"}, "pillar": "state-support", "lead": "a-2"},
  {"id": "m-2", "number": 2, "title": {"fa": "شرکت‌های دانش‌بنیان", "en": "Knowledge-based firms"}, "pillar": "private-drive", "lead": "a-3"},
  {"id": "m-13", "number": 13, "title": {"fa": "کسب‌وکارهای خانگی", "en": "Home businesses"}, "pillar": "empowerment", "lead": "a-1"}
],
"projects": [
  {"id": "p-1", "measure": "m-1", "agency": "a-1", "title": "تکمیل سد خاکی", "county": "ahar", "state": "in-progress",
   "start": "1402-03-02", "due": "1404-03-02", "physical": 30, "financial": 12.5, "budget": 50000000000, "updated": "1403-03-01"},
  {"id": "p-2", "measure": "m-1", "agency": "a-2", "title": "احیای کارخانهٔ قند", "county": "tabriz", "state": "done", "physical": 100,
   "start": "1402-01-01", "due": "1403-02-31", "completed": "1403-02-20", "evidence": ["صورت‌جلسهٔ تحویل"], "updated": "1403-02-30"},
  {"id": "p-10", "measure": "m-2", "agency": "a-2", "title": {"fa": "پارک علم و فناوری", "en": "Science park"}, "state": "stopped",
   "physical": 66.4, "due": "1403-02-01", "obstacles": ["نبود اعتبار"], "leap": false},
  {"id": "p-3", "measure": "m-2", "agency": "a-9", "title": "مركز رشد دانشگاه", "county": "tabriz", "state": "under-review"}
],
"agencies": [
  {"id": "a-1", "name": {"fa": "ادارهٔ کل تعاون، کار و رفاه اجتماعی", "en": "DG Cooperatives, Labour and Welfare"}, "category": "driver",
   "duties": [{"id": "d-1", "title": "شناسایی مشاغل خانگی"}], "expert": {"post": "کارشناس مردمی‌سازی", "visits": [{"on": "1403-02-10"}]}},
  {"id": "a-2", "name": {"fa": "شرکت توزیع برق تبریز", "en": "Tabriz Power Distribution"}, "category": "infrastructure"},
  {"id": "a-3", "name": {"fa": "پارک فناوری استان", "en": "Technology Park"}, "category": "support", "updated": "1403-03-01"},
  {"id": "a-4", "name": {"fa": "آموزش فنی و حرفه‌ای", "en": "Vocational Training"}, "category": "mixed"}
],
"plans": [
  {"id": "pl-1", "agency": "a-1", "title": "برنامهٔ تعاون", "due": "1403-01-31", "state": "not-submitted",
   "follow_ups": [{"on": "1403-02-03", "step": "reminder"}, {"on": "1403-02-10", "step": "warning"}]},
  {"id": "pl-2", "agency": "a-2", "title": "برنامهٔ برق", "due": "1403-01-31", "extended_to": "1403-02-31", "state": "returned",
   "submitted": "1403-02-15", "returned": "1403-02-25"},
  {"id": "pl-3", "agency": "a-3", "title": "برنامهٔ پارک", "due": "1403-01-31", "state": "accepted", "submitted": "1403-02-05", "score": 81.5, "participation": true}
],
"enterprises": [{"id": "e-1", "name": {"fa": "تراکتورسازی", "en": "Tractor works"}, "sector": "خودرو", "county": "tabriz"}],
"meetings": [
  {"id": "mt-1", "number": 11, "body": "شورای برنامه‌ریزی", "on": "1403-02-05", "agenda": ["گزارش برنامه‌ها"]},
  {"id": "mt-2", "number": 12, "body": "شورای برنامه‌ریزی", "on": "1403-02-26"}
],
"decisions": [
  {"id": "d-1", "meeting": "mt-1", "number": 1, "text": "پرداخت سهم آورده", "agency": "a-1", "notified": "1403-02-08", "due": "1403-02-20", "state": "in-progress"},
  {"id": "d-2", "meeting": "mt-1", "number": 2, "text": "واگذاری زمین", "agency": "a-2", "due": "1403-03-05", "state": "decided"},
  {"id": "d-3", "meeting": "mt-2", "number": 1, "text": "تشکیل کارگروه", "agency": "a-3", "notified": "1403-02-28", "due": "1403-02-30", "state": "executed", "evidence": ["نامه"]}
],
"demands": [{"id": "dm-1", "raised_by": "اتاق بازرگانی", "topic": "قطعی برق شهرک", "text": "برق شهرک صنعتی قطع می‌شود", "agency": "a-2", "received": "1403-02-12", "due": "1403-02-27", "state": "referred"}],
"campaigns": [{"id": "c-1", "campaign_kind": "media", "title": "روایت تولید", "agency": "a-4", "start": "1403-02-01", "reach_planned": 2000, "reach": 2500, "state": "running"}],
"evaluations": [{"id": "ev-1", "subject_kind": "agency", "subject": "a-2", "on": "1403-02-26", "by": "شورا", "score": 64, "verdict": "نیازمند پیگیری"}],
"initiatives": [
  {"id": "i-1", "initiative_kind": "home-business", "title": "کارگاه قالی‌بافی خانگی", "county": "ahar", "stage": "empowered", "origin": "new",
   "identified": "1403-01-10", "jobs": {"claimed": 3, "verified": 2}, "sponsor": "e-1", "outreach": [{"on": "1403-01-20", "by": "e-1"}]},
  {"id": "i-2", "initiative_kind": "cooperative", "title": "تعاونی عسل", "county": "mianeh", "stage": "identified", "origin": "existing", "members": 7,
   "capital": {"committed": 2500000000}, "sponsor": "a-1"},
  {"id": "i-3", "initiative_kind": "digital-economy", "title": "Online bazaar", "county": "nowhere", "stage": "stalled", "origin": "new", "measure": "m-2"}
]}"#;

/// The document as JSON.
pub(crate) fn document() -> Value {
    serde_json::from_str(DOCUMENT).unwrap()
}

/// A board that holds a document on a day.
pub(crate) fn board_of(document: &Value, today: Day) -> Board {
    let mut board = Board::new(Settings::default(), today);
    let hq: Headquarters = serde_json::from_value(document["headquarters"].clone()).unwrap();
    let mut changes = vec![Change::Headquarters(Arc::new(hq))];
    for kind in Kind::ALL {
        let records = document[kind.plural()].as_array().into_iter().flatten();
        let records = records.map(|record| Record::from_json(*kind, &record.to_string()).unwrap());
        changes.push(Change::Whole(*kind, records.collect()));
    }
    board.apply(changes);
    board
}

/// The small headquarters on 2 Khordad 1403.
pub(crate) fn board() -> Board {
    board_of(&document(), crate::text::calendar::parse_date("1403-03-02").unwrap())
}
