//! The header `Range`, compared with a second reader after RFC 9110, section 14, which counts in 128 bits.

use std::ops::Range;

use axum::http::{header, HeaderMap, HeaderValue};

use crate::gateway_server::readers::{select, Selection};

/// The ranges of a valid header, in order; `None` for each that selects nothing.
fn reference(value: &str, size: u128) -> Option<Vec<Option<Range<u128>>>> {
    let (unit, set) = value.split_at_checked(value.find('=')?)?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    let set = &set[1..];
    if set.starts_with([' ', '\t']) || set.ends_with([' ', '\t']) {
        return None;
    }
    let number = |digits: &str| -> Option<u128> {
        if digits.is_empty() || !digits.chars().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        Some(digits.bytes().fold(0, |sum: u128, digit| sum * 10 + u128::from(digit - b'0')))
    };
    let mut found = Vec::new();
    for element in set.split(',').map(|element| element.trim_matches([' ', '\t'])) {
        if element.is_empty() {
            continue;
        }
        let (first, last) = element.split_once('-')?;
        let range = match (first.is_empty(), last.is_empty()) {
            (true, _) => size.saturating_sub(number(last)?)..size,
            (false, true) => number(first)?..size,
            (false, false) => {
                let (first, last) = (number(first)?, number(last)?);
                if first > last {
                    return None;
                }
                first..last.saturating_add(1).min(size)
            }
        };
        found.push((range.start < range.end).then_some(range));
    }
    (!found.is_empty()).then_some(found)
}

/// The union of `ranges` in ascending order. None touches another.
fn union(mut ranges: Vec<Range<u128>>) -> Vec<Range<u128>> {
    ranges.sort_by_key(|range| range.start);
    let mut joined: Vec<Range<u128>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

/// Two bytes choose the size of the file, and the rest is the value of the header.
pub fn check(data: &[u8]) {
    let Some(([shift, low], rest)) = data.split_first_chunk() else { return };
    let size = match shift % 4 {
        0 => u64::from(*low),
        1 => u64::MAX - u64::from(*low),
        2 => 1 << (low % 64),
        _ => u64::from(*low) * 1_000,
    };
    let Ok(value) = HeaderValue::from_bytes(rest) else { return };
    let headers: HeaderMap = [(header::RANGE, value.clone())].into_iter().collect();
    let selected = select(&headers, size);
    // The second reader has no room for longer numbers.
    if rest.split(|byte| !byte.is_ascii_digit()).any(|digits| digits.len() > 38) {
        return;
    }
    let expected = value.to_str().ok().and_then(|text| reference(text, size.into()));
    match (&selected, expected) {
        (Selection::Whole, None) => {}
        (Selection::Whole, Some(specs)) => {
            // Permitted for many ranges, and the only answer for the end of an empty file.
            assert!(specs.len() > 1 || size == 0, "{value:?} of {size} is the whole file");
        }
        (selected, None) => panic!("{value:?} of {size} is malformed, but selects {selected:?}"),
        (Selection::Unsatisfiable, Some(specs)) => {
            assert!(specs.iter().all(Option::is_none), "{value:?} of {size} selects something");
        }
        (Selection::Parts(parts), Some(specs)) => {
            let mut parts: Vec<_> = parts.iter().map(|part| u128::from(part.start)..u128::from(part.end)).collect();
            assert!(parts.len() <= 16, "{value:?} of {size} has {} parts", parts.len());
            parts.sort_by_key(|part| part.start);
            assert_eq!(parts, union(specs.into_iter().flatten().collect()), "{value:?} of {size}");
        }
    }
    // A repeated header selects nothing.
    let twice: HeaderMap = [(header::RANGE, value.clone()), (header::RANGE, value)].into_iter().collect();
    assert_eq!(select(&twice, size), Selection::Whole);
}
