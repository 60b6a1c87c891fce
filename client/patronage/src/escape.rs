//! Escapes untrusted text for terminals, tables and JSON.
//!
//! Names, titles, memos, symbols and answers of nodes and gateways are untrusted. They are stored unchanged, and escaped once on
//! output. Only [`for_terminal`], [`for_table`] and [`for_json`] escape text.
//!
//! Invisible characters are written as visible escapes, such as `\u{202e}`:
//!
//! - control characters, and line and paragraph separators, so that text can't add lines or control the terminal;
//! - format characters (bidirectional overrides, embeddings and isolates, zero-width characters, soft hyphens, tags), other
//!   ignorable characters (`Default_Ignorable_Code_Point`), and private and unassigned ones;
//! - combining marks beyond [`MAX_MARKS`] on one letter, which would cover other lines.
//!
//! Ordinary text in every script stays readable. Two kinds of invisible characters are kept where they have a meaning: joiners
//! between two emoji, between letters of cursive scripts, or after a virama; and variation selectors after an emoji. Letters that
//! are written from right to left are kept too. A terminal may reorder digits beside them.

use std::{borrow::Cow, fmt::Write};

use icu_properties::{
    props::{
        CanonicalCombiningClass, DefaultIgnorableCodePoint, EmojiModifier, ExtendedPictographic, GeneralCategory,
        JoiningType,
    },
    CodePointMapData, CodePointSetData,
};

/// Maximum number of combining marks on one letter. No script in use needs more.
pub const MAX_MARKS: usize = 4;

const NON_JOINER: char = '\u{200c}';
const JOINER: char = '\u{200d}';
const VARIATIONS: [char; 2] = ['\u{fe0e}', '\u{fe0f}'];
/// Turns the digit before it into a keycap emoji: `1`, a variation selector, and this.
const KEYCAP: char = '\u{20e3}';
/// A Braille cell without dots. It is displayed as a space, but is not in the category of spaces.
const EMPTY_CELL: char = '\u{2800}';

/// Escapes `text` for one line of a terminal. Line breaks are escaped too. A caller with several lines passes each line.
pub fn for_terminal(text: &str) -> Cow<'_, str> {
    escaped(text, |letter, shown| match letter {
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push_str("\\t"),
        // Writing to a string can't fail.
        letter => write!(shown, "\\u{{{:x}}}", u32::from(letter)).unwrap_or(()),
    })
}

/// Escapes `text` for a cell of a spreadsheet: as for a terminal, and with an apostrophe before the beginning of a formula. A formula
/// can also begin after a semicolon, which separates cells in many countries.
pub fn for_table(text: &str) -> String {
    let line = for_terminal(text);
    let mut cell = String::with_capacity(line.len());
    let mut begins = true;
    for letter in line.chars() {
        if begins && is_formula(letter) {
            cell.push('\'');
        }
        begins = letter == ';' || (begins && (letter.is_whitespace() || letter == '"'));
        cell.push(letter);
    }
    cell
}

/// Escapes invisible characters in the JSON document `text`, which a serializer made. Uses JSON's own escapes, so a parser reads the same
/// strings. Line breaks between values stay.
pub fn for_json(text: &str) -> Cow<'_, str> {
    escaped(text, |letter, shown| match letter {
        // A serializer writes no line breaks inside strings.
        '\n' => shown.push('\n'),
        letter => {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                write!(shown, "\\u{unit:04x}").unwrap_or(());
            }
        }
    })
}

/// Whether `text` needs no escapes.
pub fn is_plain(text: &str) -> bool {
    matches!(for_terminal(text), Cow::Borrowed(_))
}

/// Whether a spreadsheet reads a cell that begins with `letter` as a formula. Some input methods produce the wide forms.
fn is_formula(letter: char) -> bool {
    matches!(letter, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '﹢' | '﹣' | '﹦' | '﹫')
}

/// Applies `escape` to each character of `text` that must not be shown.
fn escaped(text: &str, escape: impl Fn(char, &mut String)) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return Cow::Borrowed(text);
    }
    let letters: Vec<char> = text.chars().collect();
    let mut shown = String::with_capacity(text.len());
    let (mut changed, mut marks) = (false, 0);
    for (index, letter) in letters.iter().enumerate() {
        let (before, after) = letters.split_at(index);
        let after = after.get(1..).unwrap_or_default();
        marks = match is_mark(*letter) {
            true => marks + 1_usize,
            false => 0,
        };
        if marks <= MAX_MARKS && is_shown(before, *letter, after) {
            shown.push(*letter);
        } else {
            changed = true;
            escape(*letter, &mut shown);
        }
    }
    match changed {
        true => Cow::Owned(shown),
        false => Cow::Borrowed(text),
    }
}

/// Whether `letter` is visible, or changes how its neighbours are displayed.
fn is_shown(before: &[char], letter: char, after: &[char]) -> bool {
    match letter {
        JOINER if is_between(before, after, is_pictograph) => true,
        JOINER | NON_JOINER => {
            is_between(before, after, is_cursive) || before.last().is_some_and(|last| is_virama(*last))
        }
        letter if VARIATIONS.contains(&letter) => match before.last() {
            Some('0'..='9' | '#' | '*') => after.first() == Some(&KEYCAP),
            last => last.is_some_and(|last| is_pictograph(*last)),
        },
        letter => is_visible(letter),
    }
}

fn is_visible(letter: char) -> bool {
    use GeneralCategory as Category;
    let category = CodePointMapData::<Category>::new().get(letter);
    !matches!(
        category,
        Category::Control
            | Category::Format
            | Category::Surrogate
            | Category::PrivateUse
            | Category::Unassigned
            | Category::LineSeparator
            | Category::ParagraphSeparator
    ) && !CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(letter)
        && letter != EMPTY_CELL
}

/// Whether the nearest characters on both sides are `of_kind`. Skips marks, variation selectors and emoji modifiers.
fn is_between(before: &[char], after: &[char], of_kind: impl Fn(char) -> bool) -> bool {
    let varies = |letter: char| {
        VARIATIONS.contains(&letter) || CodePointSetData::new::<EmojiModifier>().contains(letter) || is_mark(letter)
    };
    let last = before.iter().rev().find(|letter| !varies(**letter));
    let first = after.iter().find(|letter| !is_mark(**letter));
    last.is_some_and(|letter| of_kind(*letter)) && first.is_some_and(|letter| of_kind(*letter))
}

fn is_mark(letter: char) -> bool {
    use GeneralCategory as Category;
    // Variation selectors have the category of marks, but are not displayed.
    let category = CodePointMapData::<Category>::new().get(letter);
    matches!(category, Category::NonspacingMark | Category::EnclosingMark) && !VARIATIONS.contains(&letter)
}

fn is_pictograph(letter: char) -> bool {
    // Some that Unicode has not assigned yet are counted among them, and are escaped themselves.
    CodePointSetData::new::<ExtendedPictographic>().contains(letter) && is_visible(letter)
}

fn is_cursive(letter: char) -> bool {
    let joining = CodePointMapData::<JoiningType>::new().get(letter);
    [JoiningType::DualJoining, JoiningType::LeftJoining, JoiningType::RightJoining].contains(&joining)
}

fn is_virama(letter: char) -> bool {
    CodePointMapData::<CanonicalCombiningClass>::new().get(letter) == CanonicalCombiningClass::Virama
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Characters that hide, move or forge text, and some that do not.
    fn letters() -> impl Strategy<Value = char> {
        let hostile = "\u{1b}\u{7}\u{7f}\u{9b}\r\n\t\u{ad}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\
                       \u{202e}\u{2066}\u{2069}\u{feff}\u{fe0f}\u{e0041}\u{3164}\u{2800}\u{e000}\u{301}\u{20e0}=+-@＝;'\"\\ a1ب👩";
        prop_oneof![any::<char>(), proptest::sample::select(hostile.chars().collect::<Vec<_>>())]
    }

    fn texts() -> impl Strategy<Value = String> {
        proptest::collection::vec(letters(), 0..40).prop_map(|letters| letters.into_iter().collect())
    }

    proptest! {
        #[test]
        fn nothing_that_nobody_sees_reaches_a_terminal(text in texts()) {
            let shown = for_terminal(&text);
            for letter in shown.chars() {
                prop_assert!(!letter.is_control(), "{shown:?}");
                let joins = [JOINER, NON_JOINER].contains(&letter) || VARIATIONS.contains(&letter);
                prop_assert!(joins || is_visible(letter), "{shown:?}");
            }
            prop_assert!(is_plain(&shown), "what was escaped once needs no more escapes: {shown:?}");
            let hidden = shown.contains(concat!("\u{200d}", "\u{200d}")) || shown.contains(concat!("\u{200c}", "\u{200c}"));
            prop_assert!(!hidden, "joiners in a row: {shown:?}");
        }

        #[test]
        fn what_everybody_sees_stays_as_it_is(text in "[a-zA-Z0-9 .,äßéλжяñ東京한국ไทย]{0,40}") {
            prop_assert_eq!(for_terminal(&text), text.as_str());
            prop_assert_eq!(for_json(&text), text.as_str());
        }

        #[test]
        fn json_stays_the_same_data(text in texts()) {
            let value = serde_json::json!({ "title": text, "all": [text.clone()] });
            let document = format!("{value:#}");
            let sent = for_json(&document);
            prop_assert!(sent.chars().all(|letter| letter == '\n' || !letter.is_control()));
            prop_assert!(sent.lines().all(is_plain), "{sent:?}");
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&sent).unwrap(), value);
        }

        #[test]
        fn no_cell_is_a_formula_wherever_a_spreadsheet_splits_the_line(text in texts()) {
            let cell = for_table(&text);
            prop_assert!(is_plain(&cell), "{cell:?}");
            for part in cell.split(';') {
                let begin = part.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '"');
                prop_assert!(!begin.starts_with(is_formula), "{cell:?}");
            }
        }
    }

    #[test]
    fn what_steers_a_terminal_is_shown_as_an_escape() {
        assert_eq!(for_terminal("a\u{1b}[2J\u{7}b"), "a\\u{1b}[2J\\u{7}b");
        assert_eq!(for_terminal("two\nlines\r\t"), "two\\nlines\\r\\t");
        assert_eq!(for_terminal("gpj.\u{202e}exe"), "gpj.\\u{202e}exe");
        assert_eq!(for_terminal("a\u{200b}b\u{2028}c\u{feff}"), "a\\u{200b}b\\u{2028}c\\u{feff}");
        assert_eq!(for_terminal("x\u{e0041}y\u{ad}\u{3164}"), "x\\u{e0041}y\\u{ad}\\u{3164}");
        assert_eq!(for_json("\"\u{202e}\u{e0041}\""), "\"\\u202e\\udb40\\udc41\"");
    }

    #[test]
    fn every_script_stays_readable() {
        for text in [
            "Mira's Circle – \"Größe\" … ½ €",
            "شبكة الموسيقى",
            "می\u{200c}خواهم",
            "שָׁלוֹם עוֹלָם",
            "क्\u{200d}ष नमस्ते",
            "ක්\u{200d}ෂ",
            "ที่นี่มีน้ำ",
            "Việt Nam, Vie\u{302}\u{323}t",
            "日本語　テスト",
            "👩\u{200d}👩\u{200d}👧 👩🏽\u{200d}🚀 ❤\u{fe0f}\u{200d}🔥 1\u{fe0f}\u{20e3} 🇪🇺",
        ] {
            assert_eq!(for_terminal(text), text);
        }
    }

    #[test]
    fn joiners_and_marks_are_kept_where_they_have_a_meaning_and_only_there() {
        assert_eq!(for_terminal("pay\u{200d}pal\u{200c}"), "pay\\u{200d}pal\\u{200c}");
        assert_eq!(for_terminal("👩\u{200d}"), "👩\\u{200d}");
        assert_eq!(for_terminal("👩\u{200d}\u{1fc69}"), "👩\\u{200d}\\u{1fc69}");
        assert_eq!(for_terminal("\u{1fc69}\u{fe0f}"), "\\u{1fc69}\\u{fe0f}");
        assert_eq!(for_terminal("a\u{fe0f}1\u{fe0f}"), "a\\u{fe0f}1\\u{fe0f}");
        assert_eq!(for_terminal(&format!("e{}", "\u{301}".repeat(6))), "e\u{301}\u{301}\u{301}\u{301}\\u{301}\\u{301}");
    }

    #[test]
    fn no_cell_is_taken_for_a_formula() {
        for (text, cell) in [
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("＝1", "'＝1"),
            ("－1", "'－1"),
            ("＋1", "'＋1"),
            ("＠SUM(1)", "'＠SUM(1)"),
            (" @SUM(1)", " '@SUM(1)"),
            ("\u{a0}=1", "\u{a0}'=1"),
            ("\u{200b}=1", "\\u{200b}=1"),
            ("\t=1", "\\t=1"),
            ("\r\n=1", "\\r\\n=1"),
            ("\"=1", "\"'=1"),
            ("hello;=1", "hello;'=1"),
            ("2026-01-01 00:00:00 UTC", "2026-01-01 00:00:00 UTC"),
            ("a = b, c - d", "a = b, c - d"),
        ] {
            assert_eq!(for_table(text), cell);
        }
    }
}
