//! A list with a selection that survives refresh: the selection is a key, never a position.

/// From this height on a window jumps instead of moving row by row.
const JUMPING: usize = 8;

/// Keys in order, however they are kept.
pub trait Keys<K>: Default {
    /// How many there are.
    fn len(&self) -> usize;
    /// True without one.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The key at a position.
    fn get(&self, at: usize) -> Option<K>;
    /// The position of a key.
    fn position(&self, key: &K) -> Option<usize>;
    /// Puts in a key that is among them no more, at a position.
    fn insert(&mut self, at: usize, key: K);
    /// Takes out the key at a position.
    fn remove(&mut self, at: usize);
}

impl<K: Clone + PartialEq> Keys<K> for Vec<K> {
    fn len(&self) -> usize {
        self.len()
    }
    fn get(&self, at: usize) -> Option<K> {
        self.as_slice().get(at).cloned()
    }
    fn position(&self, key: &K) -> Option<usize> {
        self.iter().position(|k| k == key)
    }
    fn insert(&mut self, at: usize, key: K) {
        self.insert(at, key);
    }
    fn remove(&mut self, at: usize) {
        self.remove(at);
    }
}

/// Keys in order, the selected one, and the first visible position.
#[derive(Clone, Debug)]
pub struct Rows<K, S = Vec<K>> {
    keys: S,
    key: std::marker::PhantomData<K>,
    index: usize,
    top: usize,
    gone: Option<Gone>,
    /// True once the operator has chosen a row; until then the first row is selected, whatever it is.
    chosen: bool,
}

/// The row that vanished under the selection: it stays in its place, named, until the selection moves.
#[derive(Clone, Debug)]
pub struct Gone {
    /// Its position among the keys.
    pub index: usize,
    /// What it was called.
    pub title: String,
}

impl<K, S: Default> Default for Rows<K, S> {
    fn default() -> Self {
        Self {
            keys: S::default(),
            key: std::marker::PhantomData,
            index: 0,
            top: 0,
            gone: None,
            chosen: false,
        }
    }
}

impl<K> Rows<K> {
    /// All keys in order, a vanished one included while it is shown.
    pub fn keys(&self) -> &[K] {
        &self.keys
    }

    /// The selected key.
    pub fn selected(&self) -> Option<&K> {
        self.keys.as_slice().get(self.index)
    }
}

impl<K: Clone + PartialEq, S: Keys<K>> Rows<K, S> {
    /// The keys as they are kept.
    pub fn kept(&self) -> &S {
        &self.keys
    }

    /// The key at a position.
    pub fn get(&self, at: usize) -> Option<K> {
        self.keys.get(at)
    }

    /// The selected key, as one of the caller's own.
    pub fn current(&self) -> Option<K> {
        self.keys.get(self.index)
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// True without a row.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Position of the selection, from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The vanished row that still stands in its place.
    pub fn gone(&self) -> Option<&Gone> {
        self.gone.as_ref()
    }

    /// Takes the keys of a newer board. The selection stays on its key and the key on its line of the screen; a
    /// vanished selection keeps its place and is named by `title`.
    pub fn reconcile(&mut self, mut keys: S, title: impl FnOnce(&K) -> Option<String>) {
        let selected = self.current().filter(|_| self.chosen);
        let line = self.index.saturating_sub(self.top);
        // A row that is already named as gone keeps its name: the newer board knows it no more than the last one did.
        let named = self.gone.take().filter(|gone| gone.index == self.index);
        if !self.chosen {
            self.index = 0;
        }
        if let Some(key) = selected {
            match keys.position(&key) {
                Some(at) => self.index = at,
                None => {
                    self.index = self.index.min(keys.len());
                    if let Some(title) = title(&key).or(named.map(|gone| gone.title)) {
                        keys.insert(self.index, key);
                        self.gone = Some(Gone {
                            index: self.index,
                            title,
                        });
                    }
                }
            }
        }
        self.keys = keys;
        self.index = self.index.min(self.keys.len().saturating_sub(1));
        self.top = self.index.saturating_sub(line);
    }

    /// Takes other keys altogether (another filter or order): the selection stays on its key if that is among them,
    /// else it goes to the first row.
    pub fn replace(&mut self, keys: S) {
        let selected = self.current().filter(|_| self.chosen);
        self.gone = None;
        self.index = selected.and_then(|key| keys.position(&key)).unwrap_or(0);
        self.keys = keys;
        self.top = self.top.min(self.index);
    }

    /// Selects a key; true when it is there.
    pub fn select(&mut self, key: &K) -> bool {
        match self.keys.position(key) {
            Some(at) => {
                self.go(at);
                self.chosen = true;
                true
            }
            None => false,
        }
    }

    /// Holds on to the selected row from now on, whatever comes before it.
    pub fn choose(&mut self) {
        self.chosen = true;
    }

    /// Selects the row at a position, held within the list.
    pub fn go(&mut self, index: usize) {
        self.chosen = true;
        let index = index.min(self.keys.len().saturating_sub(1));
        // A vanished row that stands alone goes with the first key: there is nowhere else to move.
        if (index != self.index || self.keys.len() == 1)
            && let Some(gone) = self.gone.take()
        {
            self.keys.remove(gone.index);
            let shifted = if index > gone.index { index - 1 } else { index };
            self.index = shifted.min(self.keys.len().saturating_sub(1));
            return;
        }
        self.index = index;
    }

    /// Moves the selection by so many rows, held at the ends.
    pub fn step(&mut self, rows: isize) {
        self.go(self.index.saturating_add_signed(rows));
    }

    /// The visible positions when `height` rows fit, remembered: moved only as far as the selection needs.
    pub fn window(&mut self, height: usize) -> std::ops::Range<usize> {
        let window = self.visible(height);
        self.top = window.start;
        window
    }

    /// The visible positions when `height` rows fit, for drawing.
    pub fn visible(&self, height: usize) -> std::ops::Range<usize> {
        let height = height.max(1);
        let mut top = self.top;
        // Past an edge the window jumps by half its height: one row further with every key would send every row with every
        // key, and over a slow link that is what one waits for. A low window moves row by row.
        let jump = if height < JUMPING { 0 } else { height / 2 };
        if self.index < top {
            top = self.index.saturating_sub(jump);
        } else if self.index >= top + height {
            top = self.index + 1 - height + jump;
        }
        // After a list shrank, no empty lines below while rows are hidden above.
        top = top.min(self.keys.len().saturating_sub(height));
        top..(top + height).min(self.keys.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(keys: &[u32]) -> Rows<u32> {
        let mut rows = Rows::default();
        rows.replace(keys.to_vec());
        rows
    }

    #[test]
    fn the_selection_stays_on_its_key_and_its_line_when_rows_come_before_it() {
        let mut rows = rows(&[1, 2, 3, 4, 5, 6]);
        rows.go(4);
        assert_eq!(rows.window(3), 2..5);
        rows.reconcile(vec![9, 8, 1, 2, 3, 4, 5, 6], |_| None);
        assert_eq!(rows.selected(), Some(&5));
        assert_eq!(rows.window(3), 4..7);
    }

    #[test]
    fn a_high_window_jumps_by_half_its_height_and_stays_put_in_between() {
        let keys: Vec<u32> = (0..100).collect();
        let mut rows = rows(&keys);
        let mut moves = 0;
        let mut last = rows.window(10);
        for n in 1..100 {
            rows.step(1);
            let window = rows.window(10);
            assert!(window.contains(&n), "{n} {window:?}");
            moves += usize::from(window != last);
            last = window;
        }
        // Six rows further at a time: the row that was asked for, and half the window.
        assert_eq!((last, moves), (90..100, 15));
        rows.go(89);
        assert_eq!(rows.window(10), 84..94);
    }

    #[test]
    fn before_anything_was_chosen_the_first_row_is_selected_whatever_it_is() {
        let mut rows = rows(&[5, 6]);
        rows.reconcile(vec![1, 5, 6], |_| Some("gone".into()));
        assert_eq!(rows.selected(), Some(&1));
        rows.reconcile(vec![2], |_| Some("gone".into()));
        assert_eq!((rows.selected(), rows.len()), (Some(&2), 1));
    }

    #[test]
    fn a_vanished_row_is_named_in_its_place_until_the_selection_moves() {
        let mut rows = rows(&[1, 2, 3]);
        rows.go(1);
        rows.reconcile(vec![1, 3], |key| Some(format!("row {key}")));
        assert_eq!(rows.keys(), &[1, 2, 3]);
        assert_eq!(rows.gone().map(|g| (g.index, g.title.as_str())), Some((1, "row 2")));
        rows.step(1);
        assert_eq!((rows.keys(), rows.selected()), (&[1, 3][..], Some(&3)));
        assert!(rows.gone().is_none());
    }

    #[test]
    fn a_vanished_row_keeps_its_name_through_further_refreshes() {
        let mut rows = rows(&[1, 2, 3]);
        rows.go(1);
        rows.reconcile(vec![1, 3], |key| Some(format!("row {key}")));
        rows.reconcile(vec![0, 1, 3], |_| None);
        assert_eq!(rows.gone().map(|g| g.title.as_str()), Some("row 2"));
        assert_eq!(rows.selected(), Some(&2));
        rows.reconcile(vec![0, 1, 2, 3], |_| None);
        assert!(rows.gone().is_none(), "it came back");
        assert_eq!((rows.keys(), rows.selected()), (&[0, 1, 2, 3][..], Some(&2)));
    }

    #[test]
    fn the_last_row_vanishing_leaves_an_empty_list_after_a_step() {
        let mut rows = rows(&[7]);
        rows.go(0);
        rows.reconcile(vec![], |_| Some("gone".into()));
        assert_eq!(rows.len(), 1);
        rows.step(-1);
        assert!(rows.is_empty());
        assert_eq!(rows.selected(), None);
    }

    #[test]
    fn the_window_moves_only_as_far_as_the_selection_needs() {
        let mut rows = rows(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        rows.go(9);
        assert_eq!(rows.window(4), 6..10);
        rows.go(7);
        assert_eq!(rows.window(4), 6..10);
        rows.go(2);
        assert_eq!(rows.window(4), 2..6);
        assert_eq!(rows.visible(4), 2..6);
        rows.replace(vec![2]);
        assert_eq!(rows.window(4), 0..1);
    }
}
