//! Parses and formats amounts, durations, times and shares.

use time::{format_description::well_known::Rfc3339, OffsetDateTime};

/// The unit of a token: symbol and decimals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Symbol.
    pub symbol: String,
    /// Decimals.
    pub decimals: u8,
    /// Maximum amount in smallest units. It is lower for the own token of a chain with 64-bit balances.
    pub max: u128,
}

impl Unit {
    /// Unit of a PSP22 token, whose amounts have 128 bits on every chain.
    pub fn of_token(symbol: impl Into<String>, decimals: u8) -> Self {
        Self { symbol: symbol.into(), decimals, max: u128::MAX }
    }

    /// Formats `amount` smallest units in whole units with the symbol, such as `1.5 UNIT`.
    pub fn format(&self, amount: u128) -> String {
        format!("{} {}", format_amount(amount, self.decimals), self.symbol)
    }

    /// Formats `amount` smallest units for an argument: in whole units, without separators and symbol.
    pub fn plain(&self, amount: u128) -> String {
        format_amount(amount, self.decimals).replace(',', "")
    }

    /// Parses an amount in whole units. Returns smallest units.
    ///
    /// # Errors
    ///
    /// As for [`parse_amount`], and if it exceeds the maximum.
    pub fn parse(&self, text: &str) -> Result<u128, String> {
        if self.decimals == 0 && text.contains('.') {
            return Err(format!("\"{text}\" is not an amount: write a whole number of {}", self.symbol));
        }
        let amount = read_amount(text, self.decimals)?.filter(|amount| *amount <= self.max);
        amount.ok_or_else(|| {
            format!("\"{text}\" is not an amount: it is too large, write at most {}", self.format(self.max))
        })
    }
}

/// The units of a creator's contracts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Units {
    /// Unit of the chain's own token.
    pub native: Unit,
    /// Unit of the creator token.
    pub token: Unit,
}

/// Parses an amount in whole units, such as `12` or `0.05`. Returns smallest units of a token with `decimals`.
///
/// # Errors
///
/// A message if it is not a number, negative, has too many decimals, or is too large. Also if its point could be a thousands separator,
/// as in `1.000`.
pub fn parse_amount(text: &str, decimals: u8) -> Result<u128, String> {
    read_amount(text, decimals)?.ok_or_else(|| format!("\"{text}\" is not an amount: it is too large"))
}

/// As [`parse_amount`]. Returns `None` if the amount is too large.
fn read_amount(text: &str, decimals: u8) -> Result<Option<u128>, String> {
    let fail = |why: &str| Err(format!("\"{text}\" is not an amount: {why}"));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if text.starts_with('-') {
        return fail("it is negative");
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || !digits(whole) || !digits(fraction) || text.ends_with('.') {
        return fail(match text.contains([',', '_', '\'', ' ']) && text.contains(|letter: char| letter.is_ascii_digit()) {
            true => "write the digits of a number of whole units without separators or symbol, such as 1200, and a point \
                     before decimals, such as 0.05",
            false => "write a number of whole units, such as 12 or 0.05",
        });
    }
    let shortened = fraction.trim_end_matches('0');
    // In countries where a point separates thousands, 1.500 is fifteen hundred. Trailing zeros make it ambiguous.
    if fraction.len() == 3 && shortened.len() < 3 && whole.len() <= 3 && !whole.starts_with('0') {
        let decimal = if shortened.is_empty() { whole.to_owned() } else { format!("{whole}.{shortened}") };
        return fail(&format!("it can mean {decimal} or {whole}{fraction}: write one of them"));
    }
    if shortened.len() > usize::from(decimals) {
        return fail(&format!("it has too many decimals: write at most {decimals}"));
    }
    let padded = format!("{whole}{shortened:0<width$}", width = usize::from(decimals));
    // It consists of digits only, so parsing fails only if it is too large.
    Ok(padded.parse().ok())
}

/// Formats `amount` smallest units of a token with `decimals` in whole units, with thousands separators and without trailing zeros.
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

/// Units of durations, with their lengths in ms. Minutes are `min`, as `m` could mean months.
const DURATIONS: [(&str, u64); 6] =
    [("w", 7 * 86_400_000), ("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1_000), ("ms", 1)];

/// A day in ms. The command asks for confirmation of a shorter subscription period.
pub const DAY: u64 = 86_400_000;

/// Parses a duration such as `30d`, `12h`, `90min` or `1 d 12 h`. Returns milliseconds.
///
/// # Errors
///
/// A message if it is not a duration, zero, or too long. Also for months and years, which have no fixed length.
pub fn parse_duration(text: &str) -> Result<u64, String> {
    let fail = |why: &str| format!("\"{text}\" is not a duration: {why}");
    let mut rest = text.trim();
    let mut sum: u64 = 0;
    let mut shortest = u64::MAX;
    while !rest.is_empty() {
        let (number, after) = rest.split_at(rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len()));
        let after = after.trim_start();
        let end = after.find(|letter: char| !letter.is_alphabetic()).unwrap_or(after.len());
        let (unit, further) = after.split_at(end);
        if number.is_empty() || (unit.is_empty() && !further.is_empty()) {
            return Err(fail("write a whole number and w, d, h, min or s, such as 30d, 12h or 90min"));
        }
        let unknown = || format!("\"{unit}\" is not a unit: write w, d, h, min or s, such as 30d, 12h or 90min");
        let factor = length_of(number, unit).unwrap_or_else(|| Err(unknown())).map_err(|why| fail(&why))?;
        // Units must be in descending order, each at most once. Anything else is likely a mistake.
        if factor >= shortest {
            return Err(fail("write the larger unit first and each once, such as 1d 12h"));
        }
        shortest = factor;
        let too_long = || format!("\"{text}\" is too long: write a shorter duration");
        let count: u64 = number.parse().map_err(|_| too_long())?;
        sum = count.checked_mul(factor).and_then(|part| sum.checked_add(part)).ok_or_else(too_long)?;
        rest = further.trim_start();
    }
    match (sum, text.trim()) {
        (_, "") => Err(fail("write a whole number and w, d, h, min or s, such as 30d, 12h or 90min")),
        (0, _) => Err(fail("it must be longer than 0")),
        (sum, _) => Ok(sum),
    }
}

/// Length in ms of the `unit` after `number`, or a message with the correct spelling. `None` for an unknown unit.
fn length_of(number: &str, unit: &str) -> Option<Result<u64, String>> {
    if let Some((_, factor)) = DURATIONS.iter().find(|(name, _)| *name == unit) {
        return Some(Ok(*factor));
    }
    let instead = |unit: &str| Err(format!("write {number}{unit}"));
    Some(match unit.to_lowercase().as_str() {
        "" => Err(format!("it has no unit: write {number}d for days, {number}h for hours or {number}min for minutes")),
        "m" => Err(format!(
            "it can mean minutes or months: write {number}min for minutes; months have no fixed length, so write days, such as \
             30d"
        )),
        "mo" | "mon" | "mth" | "month" | "months" => {
            Err("months have no fixed length: write days, such as 30d".to_owned())
        }
        "y" | "yr" | "yrs" | "year" | "years" => {
            Err("years have no fixed length: write days, such as 365d".to_owned())
        }
        "w" | "wk" | "wks" | "week" | "weeks" => instead("w"),
        "d" | "day" | "days" => instead("d"),
        "h" | "hr" | "hrs" | "hour" | "hours" => instead("h"),
        "min" | "mins" | "minute" | "minutes" => instead("min"),
        "s" | "sec" | "secs" | "second" | "seconds" => instead("s"),
        "ms" => instead("ms"),
        _ => return None,
    })
}

/// Formats `milliseconds` in the two largest units that are not 0, such as `30 d` or `1 d 12 h`. [`parse_duration`] reads this form.
pub fn format_duration(milliseconds: u64) -> String {
    let mut rest = milliseconds;
    let mut parts = Vec::new();
    let whole = DURATIONS.iter().filter(|(unit, _)| !matches!(*unit, "w" | "ms"));
    for (unit, factor) in whole {
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

/// Formats `time`, in milliseconds since 1970, in UTC to the second, such as `2026-01-31 12:00:00 UTC`.
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
        // Years after 9999.
        None => format!("{time} ms"),
    }
}

/// Parses a day or a time, such as `2026-12-24` or `2026-12-24T18:00:00Z`, or the form of [`format_time`]. Returns milliseconds since 1970.
///
/// # Errors
///
/// A message if it is not a time, or before 1970.
pub fn parse_date(text: &str) -> Result<u64, String> {
    let zoned = text.strip_suffix(" UTC").map(|time| format!("{}Z", time.replacen(' ', "T", 1)));
    let read = |text: &str| OffsetDateTime::parse(text, &Rfc3339);
    let day = || read(&format!("{text}T00:00:00Z"));
    let time = read(zoned.as_deref().unwrap_or(text)).or_else(|_| day()).map_err(|_| {
        // A time without a time zone.
        let why = match read(&format!("{}Z", text.replacen(' ', "T", 1))) {
            Ok(_) => "it has no time zone: ",
            Err(_) => "",
        };
        format!(
            "\"{text}\" is not a time: {why}write year, month and day, or a time in UTC, such as 2026-12-24 or \
             2026-12-24T18:00:00Z"
        )
    })?;
    u64::try_from(time.unix_timestamp_nanos() / 1_000_000)
        .map_err(|_| format!("\"{text}\" is before 1970: write a later day"))
}

/// Parses a time as [`parse_date`], or a duration after `now` (ms), such as `7d`. Returns milliseconds since 1970.
///
/// # Errors
///
/// A message if it is neither, before 1970, or too far in the future.
pub fn parse_time(text: &str, now: u64) -> Result<u64, String> {
    // A number with a unit is an attempt to write a duration.
    let unit = text.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ' ');
    let counts = unit.len() < text.len() && !unit.is_empty() && length_of("", unit).is_some();
    match (parse_date(text), parse_duration(text)) {
        (Ok(time), _) => Ok(time),
        (_, Ok(wait)) => {
            now.checked_add(wait).ok_or_else(|| format!("\"{text}\" is too long: write a shorter duration"))
        }
        (_, Err(error)) if counts => Err(error),
        (Err(error), _) => Err(format!("{error}, or a duration from now, such as 7d")),
    }
}

/// The whole in basis points.
const WHOLE_BP: u16 = 10_000;

/// Parses a share with its unit, such as `2.5%` or `250bp`. Returns basis points, which are hundredths of a percent.
///
/// # Errors
///
/// A message if it is not a share, has no unit, is finer than a basis point, or more than the whole.
pub fn parse_part(text: &str) -> Result<u16, String> {
    let fail = |why: &str| format!("\"{text}\" is not a share: {why}");
    let trimmed = text.trim();
    // 0 needs no unit.
    if trimmed == "0" {
        return Ok(0);
    }
    let (number, decimals) = if let Some(percent) = trimmed.strip_suffix('%') {
        (percent, 2)
    } else if let Some(points) = trimmed.strip_suffix("bp") {
        (points, 0)
    } else if let (Ok(percent), false) = (parse_amount(trimmed, 2), trimmed.is_empty()) {
        // A number without a unit could be percent or basis points.
        let message = match (u16::try_from(percent), trimmed.parse::<u16>()) {
            (Ok(percent), Ok(points)) if percent <= WHOLE_BP => format!(
                "it has no unit: write {trimmed}% ({percent}bp), or {trimmed}bp ({})",
                format_basis_points(points)
            ),
            (_, Ok(points)) if points <= WHOLE_BP => {
                format!("it has no unit: write {trimmed}bp, or {}", format_basis_points(points))
            }
            _ => "it has no unit: write 2.5% or 250bp".to_owned(),
        };
        return Err(fail(&message));
    } else {
        return Err(fail("write 2.5% or 250bp"));
    };
    let points = parse_amount(number.trim_end(), decimals).map_err(|_| match decimals {
        0 => fail("basis points are whole numbers: write 250bp or 2.5%"),
        _ => fail("a percentage has at most two decimals: write 2.5% or 250bp"),
    })?;
    match u16::try_from(points) {
        Ok(points) if points <= WHOLE_BP => Ok(points),
        _ => Err(fail("it is more than the whole: write at most 100% or 10000bp")),
    }
}

/// Formats `basis_points` as a percentage, such as `2.5 %`. [`parse_part`] reads this form.
pub fn format_basis_points(basis_points: u16) -> String {
    format!("{} %", format_amount(u128::from(basis_points), 2))
}

#[cfg(test)]
mod tests;
