use proptest::prelude::*;

use super::*;

const PHRASE: &str = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
const SEED: &str = "0xfac7959dbfe72f052e5a0c3c8d6530f202b02fd8f9f5ca3580ec8deb7797479e";

/// The account of a secret URI, as derived by `sp-core`. Takes a tenth of a second or more.
fn account(uri: &str) -> [u8; 32] {
    sr25519::Pair::from_string(uri, None).unwrap().public().0
}

/// The canonical form of a secret. Equal forms have the same key.
fn read(text: &str) -> Result<String, SecretError> {
    canonical(text).map(|uri| uri.to_string())
}

#[test]
fn the_key_is_that_of_the_chains_library() {
    for (text, uri) in [
        (format!("\u{feff}“{}”\r\n", PHRASE.to_uppercase()), PHRASE.to_owned()),
        (format!("{}//Alice///Pass word", columns()), format!("{PHRASE}//Alice///Pass word")),
        (SEED.to_uppercase(), SEED.to_owned()),
        (" //Alice\n".to_owned(), "//Alice".to_owned()),
    ] {
        assert_eq!(key(&text).unwrap().public().0, account(&uri), "{text:?}");
    }
}

fn each(with: impl Fn(usize, &str) -> String) -> String {
    PHRASE.split(' ').enumerate().map(|(at, word)| with(at, word)).collect()
}

/// The phrase with its words numbered, in two columns.
fn columns() -> String {
    let words: Vec<&str> = PHRASE.split(' ').collect();
    (0..6).map(|row| format!(" {}. {}\t\t{}. {}\r\n", row + 1, words[row], row + 7, words[row + 6])).collect()
}

#[test]
fn a_phrase_is_read_in_every_common_form() {
    for text in [
        PHRASE.to_owned(),
        format!("\u{feff}{PHRASE}\r\n"),
        format!("  {PHRASE}\n\n"),
        PHRASE.replace(' ', "\n"),
        PHRASE.replace(' ', "\r\n"),
        PHRASE.replace(' ', "\t"),
        PHRASE.replace(' ', "\u{a0}"),
        PHRASE.replace(' ', "\u{3000}"),
        PHRASE.replace(' ', " \u{200b}"),
        PHRASE.replace(' ', ", "),
        PHRASE.replace(' ', "   "),
        PHRASE.to_uppercase(),
        each(|_, word| format!("{}{} ", word[..1].to_uppercase(), &word[1..])),
        format!("\"{PHRASE}\""),
        format!("'{PHRASE}'\n"),
        format!("“{PHRASE}”"),
        format!("„{PHRASE}“"),
        format!("«{PHRASE}»"),
        format!("[\"{}\"]", PHRASE.replace(' ', "\",\"")),
        each(|at, word| format!("{}. {word} ", at + 1)),
        each(|at, word| format!("{}.{word}\n", at + 1)),
        each(|at, word| format!("{}) {word}\n", at + 1)),
        each(|at, word| format!("#{:02}: {word}\n", at + 1)),
        each(|at, word| format!("{}{word} ", at + 1)),
        each(|_, word| format!("- {word}\n")),
        columns(),
        // Letters of another width, as some keyboards have them.
        PHRASE
            .chars()
            .map(|letter| if letter == ' ' { letter } else { char::from_u32(u32::from(letter) + 0xfee0).unwrap() })
            .collect(),
    ] {
        assert_eq!(read(&text), Ok(PHRASE.to_owned()), "{text:?}");
    }
}

#[test]
fn every_character_of_the_path_counts() {
    for path in
        ["//Alice", "//alice", "//Alice//stash", "//Alice/soft//0///pass Word", "///p  w\u{a0}\"x", "/1///", "//“A”"]
    {
        let uri = format!("{PHRASE}{path}");
        assert_eq!(read(&uri), Ok(uri.clone()), "{path}");
        for text in [
            format!("\"{uri}\""),
            format!("\u{feff}{}{path}\r\n", PHRASE.to_uppercase().replace(' ', "\r\n")),
            format!("{PHRASE} {path}"),
            format!("{}\n{path}\n", columns()),
            format!("'{PHRASE}'{path}"),
        ] {
            assert_eq!(read(&text), Ok(uri.clone()), "{text:?}");
        }
    }
    assert_eq!(read(" //Alice\n"), Ok("//Alice".to_owned()));
    assert_eq!(read("\"//Alice\""), Ok("//Alice".to_owned()));
}

#[test]
fn a_seed_is_read_in_every_common_form() {
    for text in [
        SEED.to_owned(),
        SEED.to_uppercase(),
        format!("\"{SEED}\"\r\n"),
        format!("\u{feff}{}\n{}", &SEED[..34], &SEED[34..]),
        format!("0x{}", SEED[2..].to_uppercase()),
    ] {
        assert_eq!(read(&text), Ok(SEED.to_owned()), "{text:?}");
        assert_eq!(read(&format!("{text}//Alice")), Ok(format!("{SEED}//Alice")), "{text:?}");
    }
}

#[test]
fn phrases_of_every_length_are_read() {
    for entropy in [16, 20, 24, 28, 32] {
        let phrase = Mnemonic::from_entropy_in(Language::English, &vec![7; entropy]).unwrap().to_string();
        assert_eq!(read(&phrase.to_uppercase()), Ok(phrase.clone()), "{phrase}");
    }
}

#[test]
fn invalid_secrets_are_described_and_not_shown() {
    let twice = format!("{PHRASE} {PHRASE} {PHRASE}");
    let words = |count: usize| PHRASE.split(' ').take(count).collect::<Vec<_>>().join(" ");
    for (text, error, says) in [
        (String::new(), SecretError::Empty, "is empty"),
        ("\u{feff} \r\n".to_owned(), SecretError::Empty, "is empty"),
        ("\"\"".to_owned(), SecretError::Empty, "is empty"),
        (words(11), SecretError::WordCount(11), "11 words: a phrase has 12, 15, 18, 21 or 24"),
        (words(1), SecretError::WordCount(1), "1 word:"),
        (format!("{PHRASE} //Alice extra\nwords"), SecretError::PathLine, "line break"),
        (format!("{PHRASE} extra"), SecretError::WordCount(13), "13 words"),
        (twice, SecretError::WordCount(36), "36 words"),
        (PHRASE.replace("basket", "baskett"), SecretError::UnknownWord(7), "word 7 is not in the English list"),
        (PHRASE.replace("walk", "wálk"), SecretError::UnknownWord(12), "word 12"),
        (PHRASE.replace("walk", "lonely"), SecretError::Checksum, "checksum"),
        (PHRASE.replace("bottom drive", "drive bottom"), SecretError::Checksum, "two exchanged words"),
        (each(|_, _| "hunter ".to_owned()), SecretError::OtherLanguage(12), "none is in the English list"),
        (each(|_, _| "слово ".to_owned()), SecretError::OtherLanguage(12), "12 words"),
        (each(|at, word| format!("{}. {word} ", at + 2)), SecretError::Numbers(12), "from 1 to 12 once"),
        (each(|at, word| format!("{word} {} ", at + 1)), SecretError::Numbers(12), "write the words alone"),
        (PHRASE.replace("race", "3 race"), SecretError::Numbers(12), "numbers"),
        ("hunter2".to_owned(), SecretError::WordCount(1), "1 word"),
        (SEED[..40].to_owned(), SecretError::HexLength(38), "38 hexadecimal digits: a seed has 64"),
        (SEED[..42].to_owned(), SecretError::HexLength(40), "address of Ethereum"),
        (format!("{SEED}{}", &SEED[2..]), SecretError::HexLength(128), "128"),
        (SEED.replace('f', "g"), SecretError::HexDigits, "not only hexadecimal digits"),
        (SEED[2..].to_owned(), SecretError::BareHex, "write 0x before it"),
        (format!("{PHRASE}//Alice\n//stash"), SecretError::PathLine, "one line"),
        (format!("{PHRASE}//"), SecretError::Path, "//hard/soft///password"),
        ("/home/mira/key".to_owned(), SecretError::FilePath, "--key"),
        ("/soft".to_owned(), SecretError::FilePath, "--key"),
        (
            "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY\n".to_owned(),
            SecretError::Other("the address of an account, which is public"),
            "public",
        ),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n".to_owned(), SecretError::Other("an SSH key"), "an SSH key"),
        (
            "# public key: age1x\nAGE-SECRET-KEY-1ABC\n".to_owned(),
            SecretError::Other("the key of a content, not of an account"),
            "of a content",
        ),
        ("https://example.org/".to_owned(), SecretError::Other("an address of the web"), "of the web"),
        (
            format!("[{}]", vec!["17"; 64].join(",")),
            SecretError::Other("a list, as other chains write keys"),
            "other chains",
        ),
    ] {
        let got = key(&text).err().unwrap();
        assert_eq!(got, error, "{text:?}");
        let (told, debug) = (got.to_string(), format!("{got:?}"));
        assert!(told.contains(says), "{told}");
        // The message contains no part of the text, except words that its error has for every text.
        let general = ["a", "word", "words", "12", "13", "once", "17", "public", "key", "of", "hard", "extra", "soft"];
        let part = text
            .split(|letter: char| !letter.is_alphanumeric())
            .find(|part| part.len() > 3 && !general.contains(part) && (told.contains(part) || debug.contains(part)));
        assert_eq!(part, None, "{told}");
    }
}

#[test]
fn texts_that_resemble_secrets_are_recognized() {
    for text in [PHRASE, &PHRASE.to_uppercase().replace(' ', "\n"), SEED, &SEED[2..], &format!("\"{SEED}\"")] {
        assert!(resembles(text), "{text}");
        for path in ["//x", "/soft", "//hard/soft///password", " //x"] {
            assert!(resembles(&format!("{text}{path}")), "{text}{path}");
        }
    }
    for text in
        ["alice", "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY", "", "//Alice", "a b c d e f g h i j k l m n"]
    {
        assert!(!resembles(text), "{text}");
    }
}

/// A separator between two words.
fn separator() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ \t\r\n\u{a0}\u{2003}\u{3000}]{1,4}",
        Just(", ".to_owned()),
        Just("\u{200b} \u{feff}".to_owned()),
        Just(" - ".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn no_decoration_changes_the_key(
        entropy in prop::sample::select(vec![16_usize, 20, 24, 28, 32]), byte in any::<u8>(),
        separators in prop::collection::vec(separator(), 24), capitals in any::<u64>(), numbered in any::<bool>(),
        path in "(//[a-zA-Z0-9]{1,8}){0,2}(///[a-zA-Z0-9 ]{0,6}[a-zA-Z0-9])?",
        (open, close) in prop::sample::select(vec![("", ""), ("\"", "\""), ("“", "”"), ("'", "'"), ("«", "»"), (" \u{feff}", "\r\n")]),
    ) {
        let bytes: Vec<u8> = (0..entropy).map(|at| byte.wrapping_mul(31).wrapping_add(at as u8)).collect();
        let phrase = Mnemonic::from_entropy_in(Language::English, &bytes).unwrap().to_string();
        let words: String = phrase.split(' ').enumerate().map(|(at, word)| {
            let word = match capitals >> (at % 64) & 1 { 0 => word.to_owned(), _ => word.to_uppercase() };
            let number = if numbered { format!("{}. ", at + 1) } else { String::new() };
            let separator = if at == 0 { "" } else { &separators[at] };
            format!("{separator}{number}{word}")
        }).collect();
        let decorated = format!("{open}{words}{path}{close}");
        prop_assert_eq!(read(&decorated), Ok(format!("{phrase}{path}")), "{:?}", decorated);
    }

    #[test]
    fn no_text_makes_it_panic_or_shows(text in "(?s).{0,80}", near in "(0x)?[0-9a-f /\"\n.]{0,80}") {
        for text in [text, near] {
            let _ = resembles(&text);
            if let Err(error) = read(&text) {
                let told = error.to_string();
                prop_assert!(text.chars().count() < 12 || !told.contains(&text), "{}", told);
            }
        }
    }
}
