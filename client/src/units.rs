//! Amounts and durations as people write them, and back.

use time::{format_description::well_known::Rfc3339, OffsetDateTime};

/// How a token, or a chain's own, names and divides itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Symbol.
    pub symbol: String,
    /// Decimals of a whole unit.
    pub decimals: u8,
    /// The most smallest units that can be counted: on a chain with balances of 64 bits, fewer of its own token than of others.
    pub most: u128,
}

impl Unit {
    /// That of a PSP22 token, whose amounts have 128 bits on every chain.
    pub fn of_token(symbol: impl Into<String>, decimals: u8) -> Self {
        Self { symbol: symbol.into(), decimals, most: u128::MAX }
    }

    /// `amount` smallest units as whole ones with the symbol, such as `1.5 UNIT`.
    pub fn format(&self, amount: u128) -> String {
        format!("{} {}", format_amount(amount, self.decimals), self.symbol)
    }

    /// `text`, an amount in whole units, in smallest ones.
    ///
    /// # Errors
    ///
    /// As for [`parse_amount`], and when it is more than there can be.
    pub fn parse(&self, text: &str) -> Result<u128, String> {
        let amount = read_amount(text, self.decimals)?.filter(|amount| *amount <= self.most);
        amount.ok_or_else(|| {
            format!("\"{text}\" is not an amount: it is too large, as there can be at most {}", self.format(self.most))
        })
    }
}

/// The units of a creator's suite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Units {
    /// The chain's own token.
    pub native: Unit,
    /// The creator token.
    pub token: Unit,
}

/// Decimals of the embedded chain's native token.
pub const NATIVE_DECIMALS: u8 = 12;
/// Name of the embedded chain's native token.
pub const NATIVE_SYMBOL: &str = "UNIT";

/// `text`, an amount in whole units such as `12` or `0.05`, in smallest units of a token with `decimals`.
///
/// # Errors
///
/// In words, when it is no such number, negative, finer than the token's smallest unit, or too large.
pub fn parse_amount(text: &str, decimals: u8) -> Result<u128, String> {
    read_amount(text, decimals)?.ok_or_else(|| format!("\"{text}\" is not an amount: it is too large"))
}

/// As [`parse_amount`], and `None` when it is too large.
fn read_amount(text: &str, decimals: u8) -> Result<Option<u128>, String> {
    let fail = |why: &str| Err(format!("\"{text}\" is not an amount: {why}"));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if text.starts_with('-') {
        return fail("it is negative");
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || !digits(whole) || !digits(fraction) || text.ends_with('.') {
        return fail("write a number of whole units, such as 12 or 0.05");
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > usize::from(decimals) {
        return fail(&format!("the smallest unit has {decimals} decimals"));
    }
    let padded = format!("{whole}{fraction:0<width$}", width = usize::from(decimals));
    // Of digits alone, nothing else can be wrong with it.
    Ok(padded.parse().ok())
}

/// `amount` smallest units of a token with `decimals`, in whole units, grouped by thousands and without needless zeros.
pub fn format_amount(amount: u128, decimals: u8) -> String {
    let decimals = usize::from(decimals);
    let digits = format!("{amount:0>width$}", width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        grouped
    } else {
        format!("{grouped}.{fraction}")
    }
}

/// `amount` planck with the name of the chain's token, such as `1.5 UNIT`.
pub fn format_native(amount: u128) -> String {
    format!("{} {NATIVE_SYMBOL}", format_amount(amount, NATIVE_DECIMALS))
}

const DURATIONS: [(&str, u64); 5] =
    [("w", 7 * 86_400_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)];

/// `text`, a duration such as `30d`, `12h` or `90s`, in milliseconds.
///
/// # Errors
///
/// In words, when it is no such duration, zero, or too long.
pub fn parse_duration(text: &str) -> Result<u64, String> {
    let (number, factor) = DURATIONS
        .iter()
        .find_map(|(unit, factor)| text.strip_suffix(unit).map(|number| (number, *factor)))
        .ok_or_else(|| format!("\"{text}\" is not a duration: write a number and w, d, h, m or s, such as 30d"))?;
    let count: u64 = number
        .parse()
        .map_err(|_| format!("\"{text}\" is not a duration: \"{number}\" is not a whole number of at least 1"))?;
    match count.checked_mul(factor) {
        Some(0) => Err(format!("\"{text}\" is not a duration: it must be longer than nothing")),
        Some(milliseconds) => Ok(milliseconds),
        None => Err(format!("\"{text}\" is too long")),
    }
}

/// `milliseconds` in the largest two units that say something, such as `30 d` or `1 d 12 h`.
pub fn format_duration(milliseconds: u64) -> String {
    let mut rest = milliseconds;
    let mut parts = Vec::new();
    for (unit, factor) in DURATIONS.iter().skip(1) {
        if rest >= *factor {
            parts.push(format!("{} {unit}", rest / factor));
            rest %= factor;
        }
    }
    match parts.len() {
        0 => format!("{milliseconds} ms"),
        _ => parts.into_iter().take(2).collect::<Vec<_>>().join(" "),
    }
}

/// `time`, milliseconds since 1970, as a date and time of UTC to the second, such as `2026-01-31 12:00:00 UTC`.
pub fn format_time(time: u64) -> String {
    let seconds =
        i64::try_from(time / 1_000).ok().and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    match seconds {
        Some(when) => format!(
            "{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC",
            when.year(),
            u8::from(when.month()),
            when.day(),
            when.hour(),
            when.minute(),
            when.second()
        ),
        // Ten thousand years from now, where no date has four digits.
        None => format!("{time} ms"),
    }
}

/// `text` as a time in milliseconds since 1970: a day or a time of UTC, such as `2026-12-24` or `2026-12-24T18:00:00Z`.
///
/// # Errors
///
/// In words, when it is none of these, or before 1970.
pub fn parse_date(text: &str) -> Result<u64, String> {
    let day = || OffsetDateTime::parse(&format!("{text}T00:00:00Z"), &Rfc3339);
    let time = OffsetDateTime::parse(text, &Rfc3339).or_else(|_| day()).map_err(|_| {
        format!("\"{text}\" is no time: write a day or a time of UTC, such as 2026-12-24 or 2026-12-24T18:00:00Z")
    })?;
    u64::try_from(time.unix_timestamp_nanos() / 1_000_000)
        .map_err(|_| format!("\"{text}\" is before 1970: write a later day"))
}

/// `text` as a time in milliseconds since 1970: as [`parse_date`], or how long after `now` (ms), such as `7d`.
///
/// # Errors
///
/// In words, when it is none of these, before 1970, or too far away.
pub fn parse_time(text: &str, now: u64) -> Result<u64, String> {
    match (parse_date(text), parse_duration(text)) {
        (Ok(time), _) => Ok(time),
        (_, Ok(wait)) => now.checked_add(wait).ok_or_else(|| format!("\"{text}\" is too long")),
        (Err(error), _) => Err(format!("{error}, or how long from now, such as 7d")),
    }
}

/// `basis_points` as a percentage, such as `2.5 %`.
pub fn format_basis_points(basis_points: u16) -> String {
    format!("{} %", format_amount(u128::from(basis_points), 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_to_the_smallest_unit() {
        assert_eq!(parse_amount("12", 12), Ok(12_000_000_000_000));
        assert_eq!(parse_amount("0.05", 12), Ok(50_000_000_000));
        assert_eq!(parse_amount("0.000000000001", 12), Ok(1));
        assert_eq!(parse_amount("7.0", 0), Ok(7));
    }

    #[test]
    fn what_is_no_amount_is_refused_with_the_reason() {
        for (text, reason) in [
            ("-1", "negative"),
            ("", "write a number"),
            (".5", "write a number"),
            ("5.", "write a number"),
            ("1e3", "write a number"),
            ("1,000", "write a number"),
            ("0.0000000000001", "smallest unit"),
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
    fn a_duration_needs_a_number_and_a_unit() {
        assert_eq!(parse_duration("30d"), Ok(2_592_000_000));
        assert_eq!(parse_duration("90s"), Ok(90_000));
        for text in ["30", "d", "-1d", "1.5d", "0d", "99999999999999w", "30 days"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_duration_is_written_in_its_two_largest_units() {
        assert_eq!(format_duration(2_592_000_000), "30 d");
        assert_eq!(format_duration(129_600_000 + 60_000), "1 d 12 h");
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
        assert!(parse_time("7d", u64::MAX).is_err());
        assert_eq!(parse_date("2026-01-01"), Ok(now));
        assert!(parse_date("7d").is_err());
    }

    #[test]
    fn basis_points_are_hundredths_of_a_percent() {
        assert_eq!(format_basis_points(250), "2.5 %");
        assert_eq!(format_basis_points(1_000), "10 %");
    }
}
