//! Ranges that a request selects of a file (RFC 9110, section 14).
//!
//! The available libraries reject suffixes longer than the file, numbers above 64 bits, leading zeros, and units in
//! capitals. All of these are valid.

use std::{cmp::Ordering, ops::Range};

use axum::http::{header, HeaderMap};

/// The maximum number of parts of one answer. A request for more gets the whole file, as section 14.2 permits.
const MOST_PARTS: usize = 16;
/// The maximum number of overlapping pairs of ranges. Readers do not need more; attackers use them to multiply traffic.
const MOST_OVERLAPS: usize = 1;

/// What a request selects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Selection {
    /// The whole file: no range is requested, or only an invalid one.
    Whole,
    /// These ranges, in this order. There is at least one. None is empty, and none overlaps or touches another.
    Parts(Vec<Range<u64>>),
    /// Nothing that the file has.
    Unsatisfiable,
}

/// Returns what the header `Range` selects of a file with `size` bytes.
pub(super) fn select(headers: &HeaderMap, size: u64) -> Selection {
    let mut values = headers.get_all(header::RANGE).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return Selection::Whole };
    let Some(specs) = value.to_str().ok().and_then(parse) else { return Selection::Whole };
    let mut parts = Vec::new();
    let mut overlaps = 0_usize;
    for spec in specs {
        match spec.of(size) {
            Some(part) => overlaps = overlaps.saturating_add(add(&mut parts, part)),
            // A suffix of an empty file is valid and empty, and no range can express that.
            None if size == 0 && matches!(spec, Spec::Suffix(1..)) => return Selection::Whole,
            None => {}
        }
        if parts.len() > MOST_PARTS || overlaps > MOST_OVERLAPS {
            return Selection::Whole;
        }
    }
    match parts.is_empty() {
        true => Selection::Unsatisfiable,
        false => Selection::Parts(parts),
    }
}

/// One range of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spec {
    /// From the first to the last position, both included; without a last one, to the end.
    From(u64, Option<u64>),
    /// So many bytes at the end.
    Suffix(u64),
}

impl Spec {
    /// Returns the bytes that it selects of a file with `size` bytes, if any.
    fn of(self, size: u64) -> Option<Range<u64>> {
        let range = match self {
            Spec::From(first, last) => first..last.map_or(size, |last| last.saturating_add(1).min(size)),
            Spec::Suffix(length) => size.saturating_sub(length)..size,
        };
        (!range.is_empty()).then_some(range)
    }
}

/// Parses a set of byte ranges; `None` for another unit and for a malformed set.
fn parse(value: &str) -> Option<Vec<Spec>> {
    let (unit, set) = value.split_once('=')?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    // White space belongs to the commas: there is none before the first range and after the last.
    if set.trim_matches([' ', '\t']) != set {
        return None;
    }
    let elements = set.split(',').map(|element| element.trim_matches([' ', '\t']));
    let specs: Option<Vec<Spec>> = elements.filter(|element| !element.is_empty()).map(spec).collect();
    specs.filter(|specs| !specs.is_empty())
}

fn spec(text: &str) -> Option<Spec> {
    match text.split_once('-')? {
        ("", length) => number(length).map(Spec::Suffix),
        (first, "") => number(first).map(|first| Spec::From(first, None)),
        (first, last) => {
            let spec = Spec::From(number(first)?, Some(number(last)?));
            (by_digits(first, last) != Ordering::Greater).then_some(spec)
        }
    }
}

/// Parses a number. A number above 64 bits becomes the largest one, as no file is so long.
fn number(digits: &str) -> Option<u64> {
    let valid = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    valid.then(|| digits.parse().unwrap_or(u64::MAX))
}

/// Compares two numbers of any length.
fn by_digits(one: &str, other: &str) -> Ordering {
    let (one, other) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

/// Adds `part` to `parts`, merged with those that it overlaps or touches. Returns how many it overlaps.
fn add(parts: &mut Vec<Range<u64>>, mut part: Range<u64>) -> usize {
    let (mut place, mut passed, mut overlaps) = (None, 0_usize, 0_usize);
    parts.retain(|other| {
        if part.start > other.end || other.start > part.end {
            passed = passed.saturating_add(1);
            return true;
        }
        overlaps = overlaps.saturating_add(usize::from(part.start < other.end && other.start < part.end));
        place.get_or_insert(passed);
        part = part.start.min(other.start)..part.end.max(other.end);
        false
    });
    parts.insert(place.unwrap_or(parts.len()), part);
    overlaps
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(value: &str, size: u64) -> Selection {
        select(&value.parse().map(|value| (header::RANGE, value)).into_iter().collect(), size)
    }

    fn one(part: Range<u64>) -> Selection {
        Selection::Parts(Vec::from([part]))
    }

    // tests/http/ranges.rs tests requests over HTTP. These are numbers that no file of a test reaches.
    #[test]
    fn positions_of_any_length_are_compared_and_clamped() {
        assert_eq!(of("bytes=99999999999999999999998-99999999999999999999997", 10), Selection::Whole);
        assert_eq!(of("bytes=99999999999999999999997-99999999999999999999998", 10), Selection::Unsatisfiable);
        assert_eq!(of("bytes=1-0000000000000000000000000000000002", 10), one(1..3));
        assert_eq!(of("bytes=0-18446744073709551615", u64::MAX), one(0..u64::MAX));
        assert_eq!(of("bytes=-18446744073709551615", u64::MAX), one(0..u64::MAX));
    }

    #[test]
    fn many_parts_are_the_whole() {
        let set = |count: u64| (0..count).map(|at| format!("{}-{}", at * 3, at * 3)).collect::<Vec<_>>().join(",");
        assert!(matches!(of(&format!("bytes={}", set(16)), 100), Selection::Parts(parts) if parts.len() == 16));
        assert_eq!(of(&format!("bytes={}", set(17)), 100), Selection::Whole);
    }

    proptest! {
        #[test]
        fn parts_are_in_the_file_and_apart(value in "bytes=[0-9,-]{0,30}", size in 0..1000_u64) {
            if let Selection::Parts(parts) = of(&value, size) {
                prop_assert!(!parts.is_empty());
                for (at, part) in parts.iter().enumerate() {
                    prop_assert!(part.start < part.end && part.end <= size, "{part:?}");
                    for other in &parts[..at] {
                        prop_assert!(part.end < other.start || other.end < part.start, "{parts:?}");
                    }
                }
            }
        }
    }
}
