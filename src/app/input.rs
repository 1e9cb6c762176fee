//! A line being typed: logical text and a logical cursor. Where the cursor is drawn is the view's matter.

/// Longest line one can type, in characters; longer pastes are cut.
pub const MAX_CHARS: usize = 500;

/// A line of typed text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    text: String,
    cursor: usize,
}

impl Input {
    /// A line that already holds text, the cursor at its end.
    pub fn with(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            cursor: text.len(),
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The cursor as a byte offset, always between characters.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Types a character at the cursor.
    pub fn insert(&mut self, c: char) {
        if self.text.chars().count() < MAX_CHARS && !(c.is_control()) {
            self.text.insert(self.cursor, c);
            self.cursor += c.len_utf8();
        }
    }

    /// Types a whole text; line breaks and tabs become spaces.
    pub fn paste(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\n' | '\r' | '\t' => self.insert(' '),
                c => self.insert(c),
            }
        }
    }

    /// Deletes the character before the cursor.
    pub fn backspace(&mut self) {
        if let Some((at, _)) = self.text[..self.cursor].char_indices().next_back() {
            self.text.remove(at);
            self.cursor = at;
        }
    }

    /// Deletes the character at the cursor.
    pub fn delete(&mut self) {
        if self.cursor < self.text.len() {
            self.text.remove(self.cursor);
        }
    }

    /// Deletes the word before the cursor.
    pub fn delete_word(&mut self) {
        let before = self.text[..self.cursor].trim_end();
        let at = before
            .rfind(char::is_whitespace)
            .map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8));
        self.text.replace_range(at..self.cursor, "");
        self.cursor = at;
    }

    /// Deletes everything.
    pub fn clear(&mut self) {
        self.text.clear();
        self.cursor = 0;
    }

    /// One character towards the start of the text.
    pub fn backward(&mut self) {
        if let Some((at, _)) = self.text[..self.cursor].char_indices().next_back() {
            self.cursor = at;
        }
    }

    /// One character towards the end of the text.
    pub fn forward(&mut self) {
        if let Some(c) = self.text[self.cursor..].chars().next() {
            self.cursor += c.len_utf8();
        }
    }

    /// To the start of the text.
    pub fn home(&mut self) {
        self.cursor = 0;
    }

    /// To the end of the text.
    pub fn end(&mut self) {
        self.cursor = self.text.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persian_is_typed_and_deleted_character_by_character() {
        let mut input = Input::default();
        input.paste("دانش\u{200c}بنیان");
        input.backspace();
        assert_eq!(input.text(), "دانش\u{200c}بنیا");
        input.home();
        input.delete();
        input.insert('د');
        assert_eq!((input.text(), input.cursor()), ("دانش\u{200c}بنیا", 2));
    }

    #[test]
    fn a_word_is_deleted_with_the_blanks_behind_it() {
        let mut input = Input::with("کارگاه قالی  ");
        input.delete_word();
        assert_eq!(input.text(), "کارگاه ");
        input.delete_word();
        assert_eq!((input.text(), input.cursor()), ("", 0));
        input.delete_word();
    }

    #[test]
    fn a_paste_keeps_no_control_character_and_is_cut_at_the_limit() {
        let mut input = Input::default();
        input.paste("a\u{1b}[31mb\nc");
        assert_eq!(input.text(), "a[31mb c");
        input.paste(&"ب".repeat(10_000));
        assert_eq!(input.text().chars().count(), MAX_CHARS);
    }
}
