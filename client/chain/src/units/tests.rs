use super::*;

#[test]
fn an_amount_is_read_to_the_smallest_unit() {
    assert_eq!(parse_amount("12", 12), Ok(12_000_000_000_000));
    assert_eq!(parse_amount("0.05", 12), Ok(50_000_000_000));
    assert_eq!(parse_amount("0.000000000001", 12), Ok(1));
    assert_eq!(parse_amount("7.0", 0), Ok(7));
    // No thousands have such digits.
    assert_eq!(parse_amount("0.500", 2), Ok(50));
    assert_eq!(parse_amount("1.125", 3), Ok(1_125));
    assert_eq!(parse_amount("1000.500", 1), Ok(10_005));
}

#[test]
fn what_is_no_amount_is_refused_with_the_reason() {
    for (text, reason) in [
        ("-1", "negative"),
        ("", "write a number"),
        (".5", "write a number"),
        ("5.", "write a number"),
        ("1e3", "write a number"),
        ("1,000", "without separators"),
        ("1 000", "without separators"),
        ("12 UNIT", "without separators or symbol"),
        ("1.000", "can mean 1 or 1000"),
        ("12.500", "can mean 12.5 or 12500"),
        ("1.000.000", "write a number"),
        ("0.0000000000001", "too many decimals"),
        ("400000000000000000000000000000", "too large"),
    ] {
        let error = parse_amount(text, 12).unwrap_err();
        assert!(error.contains(reason), "{text}: {error}");
    }
}

#[test]
fn an_amount_is_written_without_needless_zeros() {
    assert_eq!(format_amount(0, 12), "0");
    assert_eq!(format_amount(1, 12), "0.000000000001");
    assert_eq!(format_amount(1_234_567_500_000_000_000, 12), "1,234,567.5");
    assert_eq!(format_amount(42, 0), "42");
}

#[test]
fn what_is_written_reads_back_as_the_same() {
    for amount in [0, 1, 999, 10_u128.pow(12), u128::MAX] {
        let text = format_amount(amount, 12).replace(',', "");
        assert_eq!(parse_amount(&text, 12), Ok(amount));
    }
}

#[test]
fn a_duration_needs_numbers_and_units() {
    for (text, milliseconds) in [
        ("30d", 30 * DAY),
        ("90s", 90_000),
        ("90min", 5_400_000),
        ("2w", 14 * DAY),
        ("12 h", DAY / 2),
        ("1d12h", DAY * 3 / 2),
        ("1 d 12 h", DAY * 3 / 2),
        ("5 ms", 5),
    ] {
        assert_eq!(parse_duration(text), Ok(milliseconds), "{text}");
    }
    for text in
        ["", " ", "d", "-1d", "+1d", "1.5d", "0d", "99999999999999w", "1h 1d", "1d 1d", "1d 12", "30 d!", "\u{663}d"]
    {
        assert!(parse_duration(text).is_err(), "{text}");
    }
}

#[test]
fn ambiguous_durations_are_refused_with_what_to_write() {
    for (text, reason) in [
        ("1m", "write 1min for minutes; months have no fixed length, so write days, such as 30d"),
        ("1M", "can mean minutes or months"),
        ("1d 5m", "can mean minutes or months"),
        ("1mo", "months have no fixed length: write days, such as 30d"),
        ("2 months", "months have no fixed length"),
        ("1y", "years have no fixed length: write days, such as 365d"),
        ("1Y", "years have no fixed length"),
        ("30", "it has no unit: write 30d for days"),
        ("30D", "write 30d"),
        ("12H", "write 12h"),
        ("5MIN", "write 5min"),
        ("30 days", "write 30d"),
        ("30 Tage", "\"Tage\" is not a unit"),
    ] {
        let error = parse_duration(text).unwrap_err();
        assert!(error.contains(reason), "{text}: {error}");
    }
}

#[test]
fn a_duration_reads_back_as_it_is_written() {
    for milliseconds in [5, 1_000, 60_000, 90_000, DAY / 2, 30 * DAY, DAY + 60_000, DAY * 3 / 2, 36_525 * DAY] {
        assert_eq!(parse_duration(&format_duration(milliseconds)), Ok(milliseconds));
    }
}

#[test]
fn a_duration_is_written_in_its_two_largest_units() {
    assert_eq!(format_duration(2_592_000_000), "30 d");
    assert_eq!(format_duration(129_600_000 + 60_000), "1 d 12 h");
    assert_eq!(format_duration(90_000), "1 min 30 s");
    assert_eq!(format_duration(5), "5 ms");
}

#[test]
fn a_time_is_written_as_a_date_of_utc() {
    assert_eq!(format_time(1_767_225_600_000), "2026-01-01 00:00:00 UTC");
    assert_eq!(format_time(u64::MAX), "18446744073709551615 ms");
}

#[test]
fn a_time_is_a_day_an_hour_or_so_long_from_now() {
    let now = 1_767_225_600_000;
    assert_eq!(parse_time("2026-01-01", 0), Ok(now));
    assert_eq!(parse_time("2026-01-01T01:30:00+01:00", 0), Ok(now + 30 * 60_000));
    assert_eq!(parse_time("7d", now), Ok(now + 7 * 86_400_000));
    for text in ["", "soon", "2026-13-01", "2026-1-1", "1969-12-31", "7", "2026-01-01T00:00:00"] {
        assert!(parse_time(text, now).is_err(), "{text}");
    }
    assert_eq!(parse_date(&format_time(now)), Ok(now));
    for (text, reason) in [
        ("03-05-2026", "write year, month and day"),
        ("2026-01-01T00:00:00", "it has no time zone"),
        ("2026-01-01 00:00:00", "it has no time zone"),
        ("7m", "can mean minutes or months"),
        ("7D", "write 7d"),
    ] {
        let error = parse_time(text, now).unwrap_err();
        assert!(error.contains(reason), "{text}: {error}");
    }
    assert!(parse_time("7d", u64::MAX).is_err());
    assert_eq!(parse_date("2026-01-01"), Ok(now));
    assert!(parse_date("7d").is_err());
}

#[test]
fn basis_points_are_hundredths_of_a_percent() {
    assert_eq!(format_basis_points(250), "2.5 %");
    assert_eq!(format_basis_points(1_000), "10 %");
}

#[test]
fn a_part_carries_its_unit() {
    for (text, basis_points) in [
        ("2%", 200),
        ("2.5%", 250),
        ("2.5 %", 250),
        ("0%", 0),
        ("0", 0),
        ("200bp", 200),
        ("200 bp", 200),
        ("100%", 10_000),
    ] {
        assert_eq!(parse_part(text), Ok(basis_points), "{text}");
    }
    for (text, reason) in [
        ("2", "it has no unit: write 2% (200bp), or 2bp (0.02 %)"),
        ("2.5", "it has no unit"),
        ("8000", "write 8000bp, or 80 %"),
        ("70000", "it has no unit"),
        ("", "write 2.5% or 250bp"),
        ("%", "at most two decimals"),
        ("2.505%", "at most two decimals"),
        ("2,5%", "write 2.5%"),
        ("-2%", "write 2.5%"),
        ("2.5bp", "basis points are whole numbers"),
        ("100.01%", "more than the whole"),
        ("10001bp", "more than the whole"),
        ("2BP", "write 2.5% or 250bp"),
        ("two percent", "write 2.5% or 250bp"),
    ] {
        let error = parse_part(text).unwrap_err();
        assert!(error.contains(reason), "{text}: {error}");
    }
    for basis_points in [0, 1, 250, 10_000] {
        assert_eq!(parse_part(&format_basis_points(basis_points)), Ok(basis_points));
    }
}
