use std::collections::BTreeMap;

use patronage_interfaces::{vault::Asset, Timestamp};

use crate::{
    apply::{column, DAY},
    model::{Kind, Total},
    stored::{amount_of, asset_of, asset_text, integer, number},
    CreatorId, Index, IndexError,
};

/// A span of time over which income is added up, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// A day.
    Day,
    /// A month of the calendar.
    Month,
}

impl Index {
    /// Income and payouts from `from` to before `to`, added up by `span`, asset and kind, oldest first. The days that contain the two times
    /// count as a whole.
    ///
    /// # Errors
    ///
    /// If the database can't be used.
    pub async fn totals(
        &self,
        creator: CreatorId,
        span: Span,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
    ) -> Result<Vec<Total>, IndexError> {
        let first = from.map_or(0, |from| integer(from / DAY));
        let last = to.map_or(i64::MAX, |to| integer(to.div_ceil(DAY)));
        let query =
            sqlx::query("SELECT * FROM days WHERE creator = $1 AND day >= $2 AND day < $3 ORDER BY day, asset, kind")
                .bind(creator.0)
                .bind(first)
                .bind(last);
        let found = query.fetch_all(&self.pool).await.map_err(|error| self.failed(&error))?;
        let mut totals: BTreeMap<(u64, String, Kind), (Asset, u128, u64)> = BTreeMap::new();
        for row in &found {
            let day: u64 = number(column(row, "day")?)?;
            let kind: &str = column(row, "kind")?;
            let kind =
                Kind::named(kind).ok_or_else(|| IndexError::Damaged(format!("\"{kind}\" is no kind of event")))?;
            let asset = asset_of(column(row, "asset")?)?;
            let begin = match span {
                Span::Day => day,
                Span::Month => month_of(day),
            };
            let entry = totals.entry((begin, asset_text(&asset), kind)).or_insert((asset, 0, 0));
            entry.1 = entry.1.saturating_add(amount_of(column(row, "amount")?)?);
            entry.2 = entry.2.saturating_add(number(column(row, "events")?)?);
        }
        let total = |((day, _, kind), (asset, amount, events))| Total {
            time: u64::saturating_mul(day, DAY),
            asset,
            kind,
            amount,
            events,
        };
        Ok(totals.into_iter().map(total).collect())
    }
}

/// The first day of the month of `day`, both in days since 1970-01-01. By `civil_from_days` of Howard Hinnant's "chrono-Compatible Low-Level
/// Date Algorithms": the day of the month, counted in eras of 400 years that begin in March.
fn month_of(day: u64) -> u64 {
    // Days since 0000-03-01, of which 1970-01-01 is number 719,468. All values stay far below 2^64.
    let shifted = day.saturating_add(719_468);
    let of_era = shifted % 146_097;
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5;
    day.saturating_sub(of_month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_begin_on_their_first_day() {
        // 1970-01-01, 1970-02-01, 1970-03-01, 2000-02-01, 2000-03-01, 2024-02-01, 2024-03-01, 2026-11-01.
        let firsts = [0, 31, 59, 10_988, 11_017, 19_754, 19_783, 20_758];
        for first in firsts {
            assert_eq!(month_of(first), first);
            assert_eq!(month_of(first + 27), first);
        }
        assert_eq!(month_of(11_016), 10_988, "a leap day belongs to February");
        assert_eq!(month_of(30), 0);
    }
}
