//! JSON out: one object with a list of rows, each on its own line. It must not know what a row means.

use super::safe;
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};
use std::io::{self, Write};

/// serde_json's compact form with every string and member name made safe.
struct Safe(CompactFormatter);

impl Formatter for Safe {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        self.0.write_string_fragment(writer, &safe(fragment))
    }
}

/// Writes one value in one line, without the line's end.
///
/// # Errors
/// Whatever writing gives.
pub fn value(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(out, Safe(CompactFormatter)))?;
    Ok(())
}

/// Writes `{ members…, "list": [ rows… ] }` row by row.
pub struct Writer<W> {
    out: W,
    rows: usize,
}

impl<W: Write> Writer<W> {
    /// Begins with the members before the list, in their order.
    ///
    /// # Errors
    /// Whatever writing gives.
    pub fn new(mut out: W, members: &[(&str, serde_json::Value)], list: &str) -> io::Result<Self> {
        out.write_all(b"{")?;
        for (name, member) in members {
            value(&mut out, name)?;
            out.write_all(b":")?;
            value(&mut out, member)?;
            out.write_all(b",")?;
        }
        value(&mut out, &list)?;
        out.write_all(b":[")?;
        Ok(Self { out, rows: 0 })
    }

    /// Writes one row.
    ///
    /// # Errors
    /// Whatever writing gives.
    pub fn row(&mut self, row: &impl Serialize) -> io::Result<()> {
        self.out.write_all(if self.rows == 0 { b"\n" } else { b",\n" })?;
        self.rows += 1;
        value(&mut self.out, row)
    }

    /// Ends the list and the object.
    ///
    /// # Errors
    /// Whatever writing gives.
    pub fn end(mut self) -> io::Result<()> {
        self.out.write_all(if self.rows == 0 { b"]}\n" } else { b"\n]}\n" })?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use serde_json::json;

    fn written(rows: &[serde_json::Value]) -> String {
        let mut out = Vec::new();
        let members = [("as_of", json!("2024-05-22")), ("total", json!(rows.len()))];
        let mut writer = Writer::new(&mut out, &members, "rows").unwrap();
        for row in rows {
            writer.row(row).unwrap();
        }
        writer.end().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_row_has_its_own_line() {
        assert_eq!(written(&[]), "{\"as_of\":\"2024-05-22\",\"total\":0,\"rows\":[]}\n");
        assert_eq!(
            written(&[json!({"id": "p-1"}), json!({"id": "p-2", "عنوان": null})]),
            "{\"as_of\":\"2024-05-22\",\"total\":2,\"rows\":[\n{\"id\":\"p-1\"},\n{\"id\":\"p-2\",\"عنوان\":null}\n]}\n"
        );
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_is_json_and_safe(key in ".*", text in ".*") {
            let out = written(&[json!({ &*key: text, "n": 1.5 })]);
            let back: serde_json::Value = serde_json::from_str(&out).unwrap();
            proptest::prop_assert!(!out.contains(crate::text::visible::is_forbidden));
            let key = safe(&key).into_owned();
            if key != "n" {
                // A control character is escaped, so it comes back as it was and never touched a terminal.
                let got = back["rows"][0].as_object().unwrap().iter().next().unwrap().1.as_str().unwrap().to_owned();
                proptest::prop_assert_eq!(safe(&got), safe(&text));
            }
        }
    }
}
