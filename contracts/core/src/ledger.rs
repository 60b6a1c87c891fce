//! What a vault holds of one asset, and for whom.
//!
//! Every method returns `None`, and has changed nothing, where a number would leave 128 bits: too much came in, or more
//! would go out than is there.

/// The money of a vault in one asset. What it owes is `streams + unclaimed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub struct Ledger {
    /// Paid for streams, and neither refunded nor collected.
    pub streams: u128,
    /// Income that was not claimed yet.
    pub unclaimed: u128,
    /// All income that ever came in under the splits that are valid now.
    pub income: u128,
}

impl Ledger {
    /// Someone pays ahead for a stream.
    pub fn prepay(&mut self, amount: u128) -> Option<()> {
        self.streams = self.streams.checked_add(amount)?;
        Some(())
    }

    /// Money that was paid ahead goes back.
    pub fn refund(&mut self, amount: u128) -> Option<()> {
        self.streams = self.streams.checked_sub(amount)?;
        Some(())
    }

    /// Income comes in.
    pub fn earn(&mut self, amount: u128) -> Option<()> {
        let income = self.income.checked_add(amount)?;
        self.unclaimed = self.unclaimed.checked_add(amount)?;
        self.income = income;
        Some(())
    }

    /// What was paid ahead is earned, and becomes income.
    pub fn collect(&mut self, amount: u128) -> Option<()> {
        let streams = self.streams.checked_sub(amount)?;
        self.earn(amount)?;
        self.streams = streams;
        Some(())
    }

    /// A recipient takes income out.
    pub fn pay_out(&mut self, amount: u128) -> Option<()> {
        self.unclaimed = self.unclaimed.checked_sub(amount)?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_moves_from_streams_to_income_to_recipients() {
        let mut ledger = Ledger::default();
        assert_eq!(ledger.prepay(100), Some(()));
        assert_eq!(ledger.collect(30), Some(()));
        assert_eq!(ledger.refund(60), Some(()));
        assert_eq!(ledger.earn(5), Some(()));
        assert_eq!(ledger.pay_out(20), Some(()));
        assert_eq!(ledger, Ledger { streams: 10, unclaimed: 15, income: 35 });
    }

    #[test]
    fn more_than_is_there_does_not_leave_and_nothing_changes() {
        let before = Ledger { streams: 10, unclaimed: 15, income: 35 };
        let mut ledger = before;
        assert_eq!(ledger.collect(11), None);
        assert_eq!(ledger.refund(11), None);
        assert_eq!(ledger.pay_out(16), None);
        assert_eq!(ledger, before);
    }

    #[test]
    fn more_than_can_be_counted_does_not_come_in_and_nothing_changes() {
        let before = Ledger { streams: 1, unclaimed: 1, income: u128::MAX };
        let mut ledger = before;
        assert_eq!(ledger.earn(1), None);
        assert_eq!(ledger.collect(1), None);
        assert_eq!(ledger.prepay(u128::MAX), None);
        assert_eq!(ledger, before);
        let before = Ledger { streams: 0, unclaimed: u128::MAX, income: 0 };
        let mut ledger = before;
        assert_eq!(ledger.earn(1), None);
        assert_eq!(ledger, before);
    }
}
