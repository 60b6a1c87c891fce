use super::*;
use crate::testing::{any_size, bounded, many_cases};
use proptest::prelude::*;

const TERMS: SaleTerms = SaleTerms {
    decimals: 18,
    base_price: 500_000_000_000,
    slope: 1_000_000_000,
    cap: None,
    buy_fee_bp: 0,
    sell_fee_bp: 0,
    referral_bp: 0,
    launch_guard: None,
};

prop_compose! {
    /// A sale on terms of every size, on a chain with u128 or u64 balances.
    fn any_sale()(
        base_price in any_size(),
        slope in any_size(),
        decimals in 0..=MAX_DECIMALS,
        buy_fee_bp in 0..=MAX_FEE_BP,
        sell_fee_bp in 0..=MAX_FEE_BP,
        referral_bp in 0..=bp::WHOLE,
        max_balance in prop_oneof![Just(u128::MAX), Just(u64::MAX.into())],
        cap in proptest::option::of(any_size()),
    ) -> Sale {
        // Prices at which at least one smallest unit can be sold.
        let limit = max_balance >> 2;
        let (base_price, slope) = (bounded(base_price, limit).max(1), bounded(slope, limit));
        let terms = SaleTerms {
            decimals, base_price, slope, cap: None, buy_fee_bp, sell_fee_bp, referral_bp, launch_guard: None,
        };
        let sale = Sale::new(&terms, max_balance).unwrap();
        let cap = cap.map(|cap| bounded(cap, sale.cap).max(1));
        Sale::new(&SaleTerms { cap, ..terms }, max_balance).unwrap()
    }
}

/// A sale that has already sold a part of its tokens.
fn any_running_sale() -> impl Strategy<Value = Sale> {
    (any_sale(), any_size()).prop_map(|(mut sale, sold)| {
        let trade = sale.quote_buy_exact(bounded(sold, sale.available())).unwrap();
        sale.buy(&trade, false);
        sale
    })
}

/// One step of a history: a buy or a sale or a burn of some part of what is possible.
type Step = (u8, u128);

fn take(sale: &mut Sale, (kind, amount): Step) -> (u128, u128) {
    match kind % 4 {
        0 => {
            let trade = sale.quote_buy(amount).unwrap();
            assert!(trade.paid() <= amount);
            sale.buy(&trade, amount % 2 == 0);
            (trade.paid(), 0)
        }
        1 => {
            let trade = sale.quote_buy_exact(bounded(amount, sale.available())).unwrap();
            sale.buy(&trade, false);
            (trade.paid(), 0)
        }
        2 => {
            let trade = sale.quote_sell(bounded(amount, sale.supply())).unwrap();
            sale.sell(&trade);
            (0, trade.payout())
        }
        _ => {
            sale.burn(bounded(amount, sale.supply()) / 8);
            (0, 0)
        }
    }
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn the_reserve_covers_the_whole_supply_sold_back_in_any_order_and_split(
        sale in any_sale(),
        history in proptest::collection::vec((any::<u8>(), any_size()), 0..24),
        pieces in proptest::collection::vec(any_size(), 0..8),
    ) {
        let mut sale = sale;
        for step in history {
            take(&mut sale, step);
            prop_assert!(Some(sale.reserve) >= sale.curve.cost(0, sale.sold), "below the area under what is sold");
            prop_assert!(sale.sold <= sale.cap && sale.burned <= sale.sold);
        }
        let mut left = sale.reserve;
        for piece in pieces.into_iter().map(Some).chain([None]) {
            let tokens = piece.map_or(sale.supply(), |piece| bounded(piece, sale.supply()));
            let trade = sale.quote_sell(tokens).unwrap();
            prop_assert!(trade.area <= left, "the reserve runs dry");
            left -= trade.area;
            sale.sell(&trade);
        }
        prop_assert_eq!(sale.supply(), 0);
        prop_assert_eq!(sale.reserve, left);
        prop_assert_eq!(sale.sold, sale.burned);
        prop_assert!(Some(left) >= sale.curve.cost(0, sale.burned), "what burned tokens cost does not leave");
    }

    #[test]
    fn burning_changes_nothing_for_everyone_else(
        sale in any_running_sale(),
        burned in any_size(),
        tokens in any_size(),
        value in any_size(),
    ) {
        let mut after = sale;
        after.burn(bounded(burned, sale.supply()));
        let tokens = bounded(tokens, after.supply());
        prop_assert_eq!(after.quote_sell(tokens), sale.quote_sell(tokens));
        prop_assert_eq!(after.quote_buy(value), sale.quote_buy(value));
        prop_assert_eq!(after.spot_price(), sale.spot_price());
        prop_assert_eq!(after.reserve, sale.reserve);
        if let Some(more) = after.supply().checked_add(1) {
            prop_assert_eq!(after.quote_sell(more), None, "burned tokens are not bought back");
        }
    }

    #[test]
    fn fees_go_down_and_never_up(sale in any_running_sale(), buy_fee_bp in any::<u16>(), sell_fee_bp in any::<u16>()) {
        // Around the present fees as often as anywhere.
        for (buy, sell) in [(buy_fee_bp, sell_fee_bp), (buy_fee_bp % 1_100, sell_fee_bp % 1_100)] {
            let mut after = sale;
            let lower = buy <= sale.buy_fee_bp && sell <= sale.sell_fee_bp;
            prop_assert_eq!(after.lower_fees(buy, sell).is_ok(), lower);
            let (buy_fee_bp, sell_fee_bp) = if lower { (buy, sell) } else { (sale.buy_fee_bp, sale.sell_fee_bp) };
            prop_assert_eq!(after, Sale { buy_fee_bp, sell_fee_bp, ..sale });
        }
    }

    #[test]
    fn what_was_paid_in_is_reserve_plus_fees_plus_what_was_paid_out(
        sale in any_sale(),
        history in proptest::collection::vec((0u8..3, any_size()), 0..24),
    ) {
        let mut sale = Sale { referral_bp: 0, ..sale };
        let (mut paid_in, mut paid_out) = (0u128, 0u128);
        for (kind, amount) in history {
            // More money than that does not exist.
            if paid_in > u128::MAX >> 2 {
                break;
            }
            let (paid, payout) = take(&mut sale, (kind, amount));
            (paid_in, paid_out) = (paid_in + paid, paid_out + payout);
            prop_assert_eq!(paid_in, sale.reserve + sale.fees + paid_out);
        }
    }

    #[test]
    fn buying_then_selling_never_gains(sale in any_running_sale(), value in any_size(), pieces in 1u128..5) {
        let mut sale = sale;
        let bought = sale.quote_buy(value).unwrap();
        sale.buy(&bought, false);
        let mut back = 0;
        for piece in 0..pieces {
            let part = bought.tokens / pieces;
            let tokens = if piece + 1 == pieces { bought.tokens - part * piece } else { part };
            let sold = sale.quote_sell(tokens).unwrap();
            sale.sell(&sold);
            back += sold.payout();
        }
        prop_assert!(back <= bought.paid());
    }

    #[test]
    fn splitting_a_buy_never_makes_it_cheaper(sale in any_running_sale(), tokens in any_size(), part in any_size()) {
        let mut sale = sale;
        let tokens = bounded(tokens, sale.available());
        let part = bounded(part, tokens);
        let at_once = sale.quote_buy_exact(tokens).unwrap();
        let first = sale.quote_buy_exact(part).unwrap();
        sale.buy(&first, false);
        let second = sale.quote_buy_exact(tokens - part).unwrap();
        prop_assert!(first.paid() + second.paid() >= at_once.paid());
    }

    #[test]
    fn money_split_over_two_buys_never_buys_more(sale in any_running_sale(), value in any_size(), part in any_size()) {
        let mut sale = sale;
        let part = bounded(part, value);
        let at_once = sale.quote_buy(value).unwrap();
        let first = sale.quote_buy(part).unwrap();
        sale.buy(&first, false);
        let second = sale.quote_buy(value - part).unwrap();
        prop_assert!(first.tokens + second.tokens <= at_once.tokens);
    }

    #[test]
    fn a_buy_spends_all_that_buys_another_unit(sale in any_running_sale(), value in any_size()) {
        let trade = sale.quote_buy(value).unwrap();
        prop_assert!(trade.paid() <= value);
        prop_assert_eq!(Some(trade), sale.quote_buy_exact(trade.tokens));
        if trade.tokens < sale.available() {
            prop_assert!(sale.quote_buy_exact(trade.tokens + 1).unwrap().paid() > value);
        }
    }

    #[test]
    fn the_price_follows_the_position(sale in any_running_sale(), value in any_size(), burned in any_size()) {
        let mut sale = sale;
        let before = sale.spot_price();
        sale.burn(bounded(burned, sale.supply()));
        prop_assert_eq!(sale.spot_price(), before, "burning moves the price");
        let trade = sale.quote_buy(value).unwrap();
        sale.buy(&trade, false);
        prop_assert!(sale.spot_price() >= before);
    }

    #[test]
    fn a_referrer_is_paid_out_of_the_fee(sale in any_running_sale(), value in any_size()) {
        let (mut with, mut without) = (sale, sale);
        let trade = sale.quote_buy(value).unwrap();
        let share = with.buy(&trade, true);
        prop_assert_eq!(without.buy(&trade, false), 0);
        prop_assert!(share <= trade.fee);
        prop_assert_eq!(with.fees + share, without.fees);
        prop_assert_eq!(Sale { fees: 0, ..with }, Sale { fees: 0, ..without });
    }

    #[test]
    fn terms_are_refused_or_carry_every_trade_up_to_the_cap(
        base_price in any_size(), slope in any_size(), decimals in 0..MAX_DECIMALS + 2, cap in proptest::option::of(any_size()),
        buy_fee_bp in 0u16..1_100, sell_fee_bp in 0u16..1_100, referral_bp in 0u16..11_000,
        max_balance in prop_oneof![Just(u128::MAX), Just(u64::MAX.into())],
    ) {
        let terms = SaleTerms { decimals, base_price, slope, cap, buy_fee_bp, sell_fee_bp, referral_bp, launch_guard: None };
        let Ok(mut sale) = Sale::new(&terms, max_balance) else { return Ok(()) };
        let all = sale.quote_buy_exact(sale.cap).unwrap();
        prop_assert!(all.area.checked_add(all.fee).unwrap() <= max_balance);
        prop_assert_eq!(all.area + all.fee, all.paid());
        sale.buy(&all, false);
        prop_assert!(sale.spot_price() <= max_balance);
        prop_assert_eq!(sale.quote_buy(u128::MAX).unwrap().tokens, 0);
        prop_assert_eq!(sale.quote_buy_exact(1), None);
        let back = sale.quote_sell(sale.cap).unwrap();
        prop_assert_eq!(back.area - back.fee, back.payout());
        prop_assert_eq!(sale.quote_sell(sale.cap.saturating_add(1)).is_some(), sale.cap == u128::MAX);
    }
}

#[test]
fn each_bad_term_has_its_error() {
    let refused = |terms: SaleTerms| Sale::new(&terms, u128::MAX).unwrap_err();
    assert_eq!(refused(SaleTerms { decimals: 25, ..TERMS }), TermsError::TooManyDecimals { max: 24 });
    assert_eq!(refused(SaleTerms { base_price: 0, slope: 0, ..TERMS }), TermsError::PriceZero);
    assert_eq!(refused(SaleTerms { base_price: u128::MAX, ..TERMS }), TermsError::PriceTooHigh { max: u128::MAX >> 1 });
    assert_eq!(
        refused(SaleTerms { slope: u128::MAX, decimals: 0, ..TERMS }),
        TermsError::PriceTooHigh { max: u128::MAX >> 1 }
    );
    assert_eq!(refused(SaleTerms { cap: Some(0), ..TERMS }), TermsError::CapZero);
    assert_eq!(refused(SaleTerms { buy_fee_bp: 1_001, ..TERMS }), TermsError::FeeTooHigh { max_bp: 1_000 });
    assert_eq!(refused(SaleTerms { sell_fee_bp: 1_001, ..TERMS }), TermsError::FeeTooHigh { max_bp: 1_000 });
    assert_eq!(refused(SaleTerms { referral_bp: 10_001, ..TERMS }), TermsError::FeeTooHigh { max_bp: 10_000 });
    let max = Sale::new(&TERMS, u128::MAX).unwrap().cap;
    assert_eq!(refused(SaleTerms { cap: Some(max + 1), ..TERMS }), TermsError::CapTooHigh { max });
    assert_eq!(Sale::new(&SaleTerms { cap: Some(max), ..TERMS }, u128::MAX).unwrap().cap, max);
}

#[test]
fn extremes_are_refused_with_a_reason_or_work() {
    for max_balance in [u128::MAX, u64::MAX.into()] {
        let limit = max_balance >> 1;
        let prices = [0, 1, 2, limit - 1, limit, limit + 1, max_balance];
        for (base_price, slope) in prices.iter().flat_map(|price| prices.iter().map(move |slope| (*price, *slope))) {
            for (decimals, cap) in [(0, None), (24, None), (0, Some(1)), (24, Some(1))] {
                let fees = SaleTerms { buy_fee_bp: MAX_FEE_BP, sell_fee_bp: MAX_FEE_BP, ..TERMS };
                let terms = SaleTerms { base_price, slope, decimals, cap, ..fees };
                let mut sale = match Sale::new(&terms, max_balance) {
                    Ok(sale) => sale,
                    Err(TermsError::PriceZero) => {
                        assert_eq!((base_price, slope), (0, 0));
                        continue;
                    }
                    Err(error) => {
                        assert_eq!(error, TermsError::PriceTooHigh { max: limit }, "{terms:?}");
                        let unit = 10u128.pow(decimals.into());
                        assert!(base_price.saturating_add(slope.div_ceil(unit)) > limit, "{terms:?}");
                        continue;
                    }
                };
                let one = sale.quote_buy_exact(1).unwrap();
                assert!(one.area >= u128::from(base_price > 0) && one.paid() <= max_balance, "{terms:?}");
                sale.buy(&one, false);
                let rest = sale.quote_buy(u128::MAX).unwrap();
                assert_eq!(rest.tokens, sale.available(), "{terms:?}");
                assert!(rest.paid() <= max_balance, "{terms:?}");
                sale.buy(&rest, true);
                assert_eq!((sale.available(), sale.quote_buy_exact(1)), (0, None), "{terms:?}");
                assert!(sale.reserve <= limit + 1 && sale.spot_price() <= limit, "{terms:?}");
                let last = sale.quote_sell(1).unwrap();
                sale.sell(&last);
                let all = sale.quote_sell(sale.supply()).unwrap();
                sale.sell(&all);
                assert_eq!((sale.sold, sale.quote_sell(1)), (0, None), "{terms:?}");
            }
        }
    }
}

#[test]
fn fees_go_on_top_of_a_buy_and_come_off_a_sale() {
    let mut sale = Sale::new(&SaleTerms { buy_fee_bp: 250, sell_fee_bp: 100, ..TERMS }, u128::MAX).unwrap();
    let tokens = 100 * 10u128.pow(18);
    let bought = sale.quote_buy_exact(tokens).unwrap();
    assert_eq!((bought.area, bought.fee), (55_000_000_000_000, 1_375_000_000_000));
    assert_eq!(sale.quote_buy(bought.paid()), Some(bought));
    sale.buy(&bought, false);
    let sold = sale.quote_sell(tokens).unwrap();
    assert_eq!((sold.area, sold.payout()), (55_000_000_000_000, 54_450_000_000_000));
    sale.sell(&sold);
    assert_eq!((sale.sold, sale.reserve, sale.fees), (0, 0, 1_925_000_000_000));
}

#[test]
fn the_launch_guard_leaves_room_up_to_its_limit_and_ends_on_time() {
    let launch_guard = Some(LaunchGuard { until: 1_000, max_tokens: 50 });
    let sale = Sale::new(&SaleTerms { launch_guard, ..TERMS }, u128::MAX).unwrap();
    assert_eq!(sale.launch_room(999, 0), 50);
    assert_eq!(sale.launch_room(999, 50), 0);
    assert_eq!(sale.launch_room(999, 51), 0);
    assert_eq!(sale.launch_room(1_000, 51), u128::MAX);
}
