//! Text as other programs leave it: invisible characters that editors, shells and copying add.

use zeroize::Zeroizing;

/// The bytes are not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not text in UTF-8 or UTF-16: save it as UTF-8")]
pub struct NotText;

/// Quotation marks: an opening one, and those that can close it.
const QUOTES: [(char, &[char]); 13] = [
    ('"', &['"']),
    ('\'', &['\'']),
    ('`', &['`', '\'']),
    ('´', &['´']),
    ('“', &['”']),
    ('”', &['”']),
    ('„', &['“', '”']),
    ('‘', &['’']),
    ('’', &['’']),
    ('‚', &['‘', '’']),
    ('«', &['»']),
    ('»', &['«']),
    ('‹', &['›']),
];

/// Decodes `bytes` in UTF-8 or UTF-16, with or without a byte-order mark, which is removed. The text is wiped from memory
/// on drop.
///
/// # Errors
/// `NotText` for other encodings, and for bytes that are not text.
pub fn decode(bytes: &[u8]) -> Result<Zeroizing<String>, NotText> {
    let text = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        // Without a mark: the texts that are read here begin with an ASCII letter.
        [1..=0xff, 0, ..] => utf16(bytes, u16::from_le_bytes),
        [0, 1..=0xff, ..] => utf16(bytes, u16::from_be_bytes),
        _ => utf8(bytes),
    };
    text.filter(|text| !text.contains('\0')).ok_or(NotText)
}

fn utf8(bytes: &[u8]) -> Option<Zeroizing<String>> {
    std::str::from_utf8(bytes).ok().map(|text| Zeroizing::new(text.to_owned()))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<Zeroizing<String>> {
    let pairs = bytes.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    let units = pairs.filter_map(|pair| pair.try_into().map(unit).ok());
    // The capacity is enough (a unit takes at most three bytes), so the text is never moved and leaves no copies behind.
    let mut text = Zeroizing::new(String::with_capacity(bytes.len().saturating_mul(2)));
    for letter in char::decode_utf16(units) {
        text.push(letter.ok()?);
    }
    Some(text)
}

/// Whether `letter` is white space of any kind, or invisible, such as a byte-order mark inside a text.
pub fn is_blank(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(letter, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(letter, '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Removes blanks and matching quotation marks around `text`.
pub fn bare(text: &str) -> &str {
    let text = text.trim_matches(is_blank);
    let quoted = QUOTES.iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close));
    match quoted {
        Some(inner) => bare(inner),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encoded(text: &str, form: u8) -> Vec<u8> {
        let units = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        match form {
            0 => text.as_bytes().to_vec(),
            1 => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            2 => [&b"\xff\xfe"[..], &units(u16::to_le_bytes)].concat(),
            3 => [&b"\xfe\xff"[..], &units(u16::to_be_bytes)].concat(),
            4 => units(u16::to_le_bytes),
            _ => units(u16::to_be_bytes),
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for bytes in
            [&b"\xff\xff"[..], b"caf\xe9", b"\xff\xfea", b"\xff\xfe\x00\xd8", b"a\0b", b"\0\0", b"\xff\xfea\0\0\0"]
        {
            assert_eq!(decode(bytes), Err(NotText), "{bytes:?}");
        }
        for bytes in [&b""[..], b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"] {
            assert_eq!(&**decode(bytes).unwrap(), "", "{bytes:?}");
        }
    }

    #[test]
    fn blanks_and_quotes_that_belong_together_are_no_part_of_a_text() {
        for text in [
            "a b",
            " a b\r\n",
            "\u{feff}a b",
            "\u{a0}a b\u{3000}",
            "\"a b\"",
            "'a b'",
            "“a b”",
            "„a b“",
            "«a b»",
            "‘a b’",
            "`a b`",
            " \" ' a b ' \" ",
            "\u{200b}\"a b\"\u{2060}",
        ] {
            assert_eq!(bare(text), "a b", "{text:?}");
        }
        for text in ["\"a b", "a b'", "\"a b'", "”a b“", "\""] {
            assert_eq!(bare(text), text);
        }
        assert_eq!(bare("\"\""), "");
    }

    proptest! {
        #[test]
        fn a_text_is_the_same_in_every_encoding(text in "(?s)[a-zA-Z0-9/{\"][^\0\u{feff}]{0,60}", form in 0..6_u8) {
            prop_assert_eq!(&**decode(&encoded(&text, form)).unwrap(), &text);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..60), text in "(?s).{0,40}") {
            let _ = decode(&bytes);
            let _ = bare(&text);
        }
    }
}
