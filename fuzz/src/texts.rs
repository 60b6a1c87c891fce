//! Short texts of people and of other programs: amounts, durations, times, shares, addresses, names, hashes, and text of any encoding.

use patronage::{
    escape,
    launch::parse_hash,
    references::{self, Kind},
};
use patronage_chain::{
    accounts::{address, named_account, parse_address},
    units::{
        format_amount, format_basis_points, format_duration, format_time, parse_amount, parse_date, parse_duration,
        parse_part, parse_time, Unit,
    },
};
use patronage_text::{bare, decode, NotText};
use sp_core::crypto::{AccountId32, Ss58Codec};

use crate::world::NOW;

/// The first byte is a number of decimals, and the rest is the text.
pub fn check(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    encodings(rest);
    let Ok(text) = std::str::from_utf8(rest) else { return };
    amounts(text, first % 39);
    times(text);
    shown(text);
    names(text);
    addresses(text);
    if let Ok(hash) = parse_hash(text) {
        assert_eq!(hex::encode(hash), text.strip_prefix("0x").unwrap_or(text).to_ascii_lowercase());
    }
}

fn amounts(text: &str, decimals: u8) {
    if let Ok(amount) = parse_amount(text, decimals) {
        let unit = Unit::of_token("UNIT", decimals);
        let plain = unit.plain(amount);
        assert_eq!(parse_amount(&plain, decimals), Ok(amount), "{text} is {plain}");
        assert_eq!(format_amount(amount, decimals).replace(',', ""), plain);
        // A second reader: the digits without the point are the amount, followed by zeros.
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let fraction = fraction.trim_end_matches('0');
        assert!(fraction.len() <= usize::from(decimals));
        let mut digits = format!("{whole}{fraction}");
        digits.extend(std::iter::repeat_n('0', usize::from(decimals) - fraction.len()));
        assert_eq!(digits.trim_start_matches('0'), amount.to_string().trim_start_matches('0'), "{text}");
        // A chain with less room never accepts more.
        let narrow = Unit { max: u64::MAX.into(), ..unit };
        if let Ok(parsed) = narrow.parse(text) {
            assert!(parsed == amount && parsed <= u64::MAX.into());
        }
    }
    if let Ok(points) = parse_part(text) {
        assert!(points <= 10_000);
        assert_eq!(parse_part(&format_basis_points(points)), Ok(points), "{text}");
    }
}

fn times(text: &str) {
    if let Ok(duration) = parse_duration(text) {
        assert!(duration > 0);
        // The form for people is rounded down to two units.
        let shown = format_duration(duration);
        let again = parse_duration(&shown).unwrap_or_else(|error| panic!("{text} is shown as {shown}: {error}"));
        assert!(again <= duration && again > duration / 2, "{text} is shown as {shown}");
        assert_eq!(format_duration(again), shown);
        match parse_date(text) {
            Ok(date) => assert_eq!(parse_time(text, NOW), Ok(date)),
            Err(_) => assert_eq!(parse_time(text, NOW).ok(), NOW.checked_add(duration)),
        }
    }
    if let Ok(date) = parse_date(text) {
        assert_eq!(parse_date(&format_time(date)), Ok(date / 1_000 * 1_000), "{text}");
        assert_eq!(parse_time(text, NOW), Ok(date));
    }
}

/// What reaches a terminal, a table or JSON hides nothing.
fn shown(text: &str) {
    let terminal = escape::for_terminal(text);
    assert!(escape::is_plain(&terminal), "{terminal:?}");
    assert!(!terminal.chars().any(char::is_control), "{terminal:?}");
    assert_eq!(escape::is_plain(text), terminal == text);
    let cell = escape::for_table(text);
    assert!(escape::is_plain(&cell), "{cell:?}");
    let begin = cell.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '"');
    assert!(!begin.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']), "{cell:?} is a formula");
    let value = serde_json::json!({ "text": text });
    let document = value.to_string();
    let json = escape::for_json(&document);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&json).ok(), Some(value), "{json:?}");
}

/// Each line is a name, and the first one is a reference.
fn names(text: &str) {
    let mut lines = text.split('\n');
    let reference = lines.next().unwrap_or_default();
    let mut names: Vec<String> = Vec::new();
    for line in lines.take(8) {
        if references::check_new(Kind::Tier, line, &names).is_ok() {
            names.push(line.to_owned());
        }
    }
    assert_eq!(references::check_all(Kind::Tier, &names), Ok(()));
    let count = u32::try_from(names.len()).expect("few names");
    for (number, name) in (0_u32..).zip(&names) {
        // A name refers to its own thing, however it is typed.
        assert_eq!(references::resolve(Kind::Tier, name, &names, count), Ok(number), "{name:?} of {names:?}");
        let typed = references::argument(number, &names);
        let plain = typed.trim_matches(['"', '\'']);
        assert_eq!(references::resolve(Kind::Tier, plain, &names, count), Ok(number), "{typed} of {names:?}");
        assert!(!typed.contains(['$', '`', '\\', ';', '&', '|', '<', '>', '\n']), "{typed}");
    }
    if let Ok(number) = references::resolve(Kind::Tier, reference, &names, count) {
        assert!(number < count);
    }
    if let Ok(number) = references::parse_number(reference) {
        assert_eq!(reference.strip_prefix('#').unwrap_or(reference), number.to_string());
    }
}

fn addresses(text: &str) {
    let read = parse_address(text);
    if let Ok(account) = read {
        assert_eq!(parse_address(&address(&account)), Ok(account));
        assert_eq!(named_account(text, true), Ok(account));
    }
    // The reader of Substrate's tools, for what has no blanks and quotation marks around it.
    if bare(text) == text {
        let general = AccountId32::from_ss58check_with_version(text).ok();
        let general = general.map(|(account, _)| <[u8; 32]>::from(account).into());
        assert_eq!(read.ok(), general, "{text}");
    }
    if text.len() < 40 {
        if let Ok(account) = named_account(text, true) {
            assert_eq!(named_account(&format!(" \"{text}\"\r\n"), true), Ok(account));
        }
    }
}

fn encodings(bytes: &[u8]) {
    let read = decode(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => {
            assert_eq!(read.as_ref().map(|read| read.as_str()), Ok(text.strip_prefix('\u{feff}').unwrap_or(text)));
        }
        _ => {}
    }
    if let Ok(text) = &read {
        assert!(!text.contains('\0'));
        // The same text in the other encodings, each with its mark.
        let units = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect()
        };
        for encoded in [units(u16::to_le_bytes), units(u16::to_be_bytes), format!("\u{feff}{}", **text).into_bytes()] {
            assert_eq!(decode(&encoded).as_ref(), Ok(text));
        }
        let inner = bare(text);
        assert_eq!(bare(inner), inner);
        assert!(text.contains(inner));
    } else {
        assert_eq!(read, Err(NotText));
    }
}
