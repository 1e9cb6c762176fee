//! Copying through the terminal: OSC 52, also through a multiplexer.
//!
//! Pure: text in, bytes out. Whether the terminal obeys cannot be known; a copy that must not be lost goes to a file as well.

use super::detect::Layer;
use base64::Engine;

/// The longest text that is sent, in bytes: terminals drop sequences beyond about 100 kB, and say nothing.
pub const COPY_LIMIT: usize = 74_000;

/// The sequence that puts a text on the clipboard, or nothing when it is longer than [`COPY_LIMIT`].
pub fn sequence(text: &str, layer: Option<Layer>) -> Option<Vec<u8>> {
    if text.len() > COPY_LIMIT {
        return None;
    }
    let copy = format!(
        "\x1b]52;c;{}\x07",
        base64::engine::general_purpose::STANDARD.encode(text)
    );
    let wrapped = match layer {
        None => copy,
        // Which of the two gets through depends on `set-clipboard` and `allow-passthrough`; twice the same does no harm.
        Some(Layer::Tmux) => format!("{copy}\x1bPtmux;{}\x1b\\", copy.replace('\x1b', "\x1b\x1b")),
        // screen takes at most 768 bytes in one string, and joins the pieces by writing them on one after the other.
        Some(Layer::Screen) => copy
            .as_bytes()
            .chunks(700)
            .map(|piece| format!("\x1bP{}\x1b\\", String::from_utf8_lossy(piece)))
            .collect(),
    };
    Some(wrapped.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str, layer: Option<Layer>) -> String {
        String::from_utf8_lossy(&sequence(text, layer).unwrap_or_default()).into_owned()
    }

    #[test]
    fn persian_is_copied_as_it_is_spelt() {
        assert_eq!(text("رصد", None), "\x1b]52;c;2LHYtdiv\x07");
    }

    #[test]
    fn tmux_gets_it_plain_and_wrapped_with_its_escapes_doubled() {
        assert_eq!(
            text("a", Some(Layer::Tmux)),
            "\x1b]52;c;YQ==\x07\x1bPtmux;\x1b\x1b]52;c;YQ==\x07\x1b\\"
        );
    }

    #[test]
    fn screen_gets_it_in_pieces_it_can_hold() {
        let long = text(&"ق".repeat(2_000), Some(Layer::Screen));
        let pieces: Vec<_> = long.split_terminator("\x1b\\").collect();
        assert!(
            pieces.len() > 5
                && pieces
                    .iter()
                    .all(|piece| piece.starts_with("\x1bP") && piece.len() <= 768)
        );
        let joined: String = pieces.iter().filter_map(|piece| piece.strip_prefix("\x1bP")).collect();
        assert_eq!(joined, text(&"ق".repeat(2_000), None));
    }

    #[test]
    fn too_long_a_text_is_not_cut_but_refused() {
        assert_eq!(sequence(&"x".repeat(COPY_LIMIT + 1), None), None);
        assert!(sequence(&"x".repeat(COPY_LIMIT), None).is_some());
    }
}
