//! Telling of news beside the screen: the bell, or a notice of the desktop. Pure: a sentence in, bytes out.

use super::detect::Layer;
use crate::config::Alert;

/// Longest notice in characters; desktops cut longer ones, and some terminals drop them.
const LONGEST: usize = 120;

/// The bytes that tell of it; nothing when nothing is to be told.
pub fn sequence(alert: Alert, said: &str, layer: Option<Layer>) -> Vec<u8> {
    // A separator of the sequence itself must not come from the data, nor may anything end it.
    let said: String = said
        .chars()
        .filter(|c| !c.is_control() && !crate::text::visible::is_forbidden(*c))
        .map(|c| if c == ';' { ',' } else { c })
        .take(LONGEST)
        .collect();
    let notice = match alert {
        Alert::Off => return Vec::new(),
        Alert::Bell => return b"\x07".to_vec(),
        Alert::Osc9 => format!("\x1b]9;{said}\x07"),
        Alert::Osc777 => format!("\x1b]777;notify;rasad;{said}\x07"),
    };
    match layer {
        Some(Layer::Tmux) => format!("\x1bPtmux;{}\x1b\\", notice.replace('\x1b', "\x1b\x1b")),
        Some(Layer::Screen) => format!("\x1bP{notice}\x1b\\"),
        None => notice,
    }
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(alert: Alert, said: &str, layer: Option<Layer>) -> String {
        String::from_utf8_lossy(&sequence(alert, said, layer)).into_owned()
    }

    #[test]
    fn each_way_has_its_own_bytes() {
        assert_eq!(text(Alert::Off, "یافته", None), "");
        assert_eq!(text(Alert::Bell, "یافته", None), "\x07");
        assert_eq!(text(Alert::Osc9, "یافته", None), "\x1b]9;یافته\x07");
        assert_eq!(text(Alert::Osc777, "یافته", None), "\x1b]777;notify;rasad;یافته\x07");
        assert_eq!(
            text(Alert::Osc9, "a", Some(Layer::Tmux)),
            "\x1bPtmux;\x1b\x1b]9;a\x07\x1b\\"
        );
    }

    #[test]
    fn nothing_of_the_data_ends_the_sequence_or_adds_to_it() {
        let said = text(Alert::Osc777, "a\x07\x1b]52;c;x\x1b\\;b\u{9c}\n", None);
        assert_eq!(said, "\x1b]777;notify;rasad;a]52,c,x\\,b\x07");
        assert_eq!(text(Alert::Osc9, &"ق".repeat(500), None).chars().count(), LONGEST + 5);
    }
}
