mod economy;

use super::*;
use crate::{
    testing::{any_size, area, bounded, many_cases, up},
    text::Utf8Bytes,
};
use economy::{any_chain, any_history, any_launch, any_sale, buy, buy_exact, record, refused, sell, Economy};
use primitive_types::U512;
use proptest::{collection::vec, prelude::*};

/// Terms without fees, cap and guard.
fn plain() -> TokenTerms {
    TokenTerms {
        name: "Fan Club".into(),
        symbol: "FAN".into(),
        decimals: 18,
        base_price: 500_000_000_000,
        slope: 1_000_000_000,
        cap: None,
        buy_fee_bp: 0,
        sell_fee_bp: 0,
        referral_bp: 0,
        launch_guard: LaunchGuard::default(),
    }
}

/// A sale on these terms, on a chain with balances up to `max_balance`.
fn sale_of(terms: &TokenTerms, max_balance: u128) -> Result<Sale, TermsError> {
    Sale::new(terms, &Limits { max_balance })
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn the_reserve_covers_the_whole_supply_sold_back_in_any_order_and_split(
        launch in any_launch(),
        history in any_history(),
        pieces in vec(any_size(), 0..8),
    ) {
        let mut economy = Economy::new(launch);
        for step in history {
            economy.execute(step);
        }
        for piece in pieces.into_iter().chain([u128::MAX]) {
            economy.sell(bounded(piece, economy.sale.supply()));
            economy.check();
        }
        let sale = economy.sale;
        // The rest cannot be sold: it is worth less than the smallest payout and its fee.
        prop_assert!(sale.supply() == 0 || sale.curve.worth(sale.sold, sale.supply()) <= 1);
        prop_assert!(U512::from(sale.reserve) >= up(area(&sale.curve, 0, sale.burned)), "what burned tokens cost leaves");
    }

    #[test]
    fn every_quote_is_the_exact_area_and_the_fee_on_it_rounded_up(sale in any_sale(), tokens in any_size()) {
        let fee = |money: U512, bp: u16| up((money * U512::from(bp), bp::WHOLE.into()));
        let count = bounded(tokens, sale.available());
        let bought = buy_exact(&sale, count);
        let cost = up(area(&sale.curve, sale.sold, count));
        prop_assert_eq!(bought.tokens, count);
        prop_assert_eq!(U512::from(bought.fee), fee(cost, sale.buy_fee_bp));
        prop_assert_eq!(U512::from(bought.amount), cost + fee(cost, sale.buy_fee_bp));

        let count = bounded(tokens, sale.supply());
        let sold = sell(&sale, count);
        let exact = area(&sale.curve, sale.sold - count, count);
        let worth = exact.0 / exact.1;
        let payout = worth - fee(worth, sale.sell_fee_bp);
        prop_assert_eq!(U512::from(sold.amount), payout);
        if !payout.is_zero() {
            prop_assert_eq!(sold.tokens, count);
            prop_assert_eq!(U512::from(sold.fee), fee(worth, sale.sell_fee_bp));
        }
    }

    #[test]
    fn quotes_are_refused_below_what_is_demanded_with_what_there_would_be(
        sale in any_sale(),
        value in any_size(),
        tokens in any_size(),
        demanded in any_size(),
    ) {
        if sale.available() > 0 {
            let trade = buy(&sale, value);
            for least in [demanded, trade.tokens.saturating_sub(1), trade.tokens, trade.tokens.saturating_add(1)] {
                let enough = trade.tokens >= least.max(1);
                let few = TokenError::TooFewTokens { tokens: trade.tokens };
                prop_assert_eq!(sale.quote_buy(value, least), if enough { Ok(trade) } else { refused(few) });
            }
        }
        let supply = sale.supply();
        let trade = sell(&sale, bounded(tokens, supply));
        for least in [demanded, trade.amount.saturating_sub(1), trade.amount, trade.amount.saturating_add(1)] {
            let enough = trade.amount >= least.max(1);
            let low = TokenError::PayoutTooLow { payout: trade.amount };
            let quote = sale.quote_sell(bounded(tokens, supply), supply, least);
            prop_assert_eq!(quote, if enough { Ok(trade) } else { refused(low) });
        }
        let balance = bounded(demanded, supply);
        if let Some(more) = balance.checked_add(tokens.max(1)) {
            prop_assert_eq!(sale.quote_sell(more, balance, 0), refused(TokenError::InsufficientBalance { balance }));
        }
    }

    #[test]
    fn a_pause_ends_buying_and_nothing_else(sale in any_sale(), value in any_size(), tokens in any_size()) {
        let paused = Sale { paused: true, ..sale };
        prop_assert_eq!(paused.quote_buy(value, 0), refused(TokenError::Paused));
        prop_assert_eq!(paused.quote_buy_exact(tokens), refused(TokenError::Paused));
        let tokens = bounded(tokens, sale.supply());
        prop_assert_eq!(paused.quote_sell(tokens, tokens, 0), sale.quote_sell(tokens, tokens, 0));
    }

    #[test]
    fn the_launch_guard_counts_what_was_bought_up_to_its_limit(
        bought in any_size(),
        tokens in any_size(),
        max_tokens in any_size(),
        (until, now) in any::<(u64, u64)>(),
    ) {
        let guard = LaunchGuard { until, max_tokens };
        prop_assert_eq!(guard.is_active(now), now < until);
        for (bought, tokens) in [(bought, tokens), (max_tokens, tokens), (bought, max_tokens.saturating_sub(bought))] {
            let room = max_tokens.saturating_sub(bought);
            match guard.count(bought, tokens) {
                Ok(sum) => prop_assert!(tokens <= room && sum == bought + tokens),
                Err(error) => {
                    prop_assert!(tokens > room);
                    prop_assert_eq!(*error, TokenError::LaunchLimit { room });
                }
            }
        }
    }

    #[test]
    fn burning_changes_nothing_for_everyone_else(
        sale in any_sale(),
        burned in any_size(),
        tokens in any_size(),
        value in any_size(),
    ) {
        let mut after = sale;
        after.burn(bounded(burned, sale.supply()));
        let tokens = bounded(tokens, after.supply());
        prop_assert_eq!(sell(&after, tokens), sell(&sale, tokens));
        prop_assert_eq!(buy(&after, value), buy(&sale, value));
        prop_assert_eq!(after.spot_price(), sale.spot_price());
        prop_assert_eq!(after.reserve, sale.reserve);
        let balance = after.supply();
        if let Some(more) = balance.checked_add(1) {
            let missing = refused(TokenError::InsufficientBalance { balance });
            prop_assert_eq!(after.quote_sell(more, balance, 0), missing, "burned tokens are not bought back");
        }
    }

    #[test]
    fn fees_go_down_and_never_up(sale in any_sale(), buy_fee_bp in any::<u16>(), sell_fee_bp in any::<u16>()) {
        // Most cases are near the present fees, or one of them is the present one.
        let (near_buy, near_sell) = (buy_fee_bp % 1_100, sell_fee_bp % 1_100);
        let same = [(sale.buy_fee_bp, sale.sell_fee_bp), (near_buy, sale.sell_fee_bp), (sale.buy_fee_bp, near_sell)];
        for (buy, sell) in [(buy_fee_bp, sell_fee_bp), (near_buy, near_sell)].into_iter().chain(same) {
            let mut after = sale;
            let lower = buy <= sale.buy_fee_bp && sell <= sale.sell_fee_bp;
            prop_assert_eq!(after.lower_fees(buy, sell).is_ok(), lower);
            let (buy_fee_bp, sell_fee_bp) = if lower { (buy, sell) } else { (sale.buy_fee_bp, sale.sell_fee_bp) };
            prop_assert_eq!(after, Sale { buy_fee_bp, sell_fee_bp, ..sale });
        }
    }

    #[test]
    fn buying_then_selling_never_gains(sale in any_sale(), value in any_size(), pieces in 1u128..5) {
        let mut sale = sale;
        let bought = buy(&sale, value);
        record(&mut sale, &bought, false);
        let mut back = 0;
        for piece in 0..pieces {
            let part = bought.tokens / pieces;
            let tokens = if piece + 1 == pieces { bought.tokens - part * piece } else { part };
            let sold = sell(&sale, tokens);
            sale.sell(&sold);
            back += sold.amount;
        }
        prop_assert!(back <= bought.amount);
    }

    #[test]
    fn splitting_a_buy_never_makes_it_cheaper(sale in any_sale(), tokens in any_size(), part in any_size()) {
        let mut sale = sale;
        let tokens = bounded(tokens, sale.available());
        let part = bounded(part, tokens);
        let at_once = buy_exact(&sale, tokens);
        let first = buy_exact(&sale, part);
        record(&mut sale, &first, false);
        let second = buy_exact(&sale, tokens - part);
        prop_assert!(first.amount + second.amount >= at_once.amount);
    }

    #[test]
    fn money_split_over_two_buys_never_buys_more(sale in any_sale(), value in any_size(), part in any_size()) {
        let mut sale = sale;
        let part = bounded(part, value);
        let at_once = buy(&sale, value);
        let first = buy(&sale, part);
        record(&mut sale, &first, false);
        let second = buy(&sale, value - part);
        prop_assert!(first.tokens + second.tokens <= at_once.tokens);
    }

    #[test]
    fn a_buy_spends_all_that_buys_another_unit(sale in any_sale(), value in any_size()) {
        let trade = buy(&sale, value);
        prop_assert!(trade.amount <= value);
        prop_assert_eq!(trade, buy_exact(&sale, trade.tokens));
        if trade.tokens < sale.available() {
            prop_assert!(buy_exact(&sale, trade.tokens + 1).amount > value);
        }
    }

    #[test]
    fn the_price_follows_the_position(sale in any_sale(), value in any_size(), burned in any_size()) {
        let mut sale = sale;
        let before = sale.spot_price();
        sale.burn(bounded(burned, sale.supply()));
        prop_assert_eq!(sale.spot_price(), before, "burning moves the price");
        let trade = buy(&sale, value);
        record(&mut sale, &trade, false);
        prop_assert!(sale.spot_price() >= before);
    }

    #[test]
    fn a_referrer_is_paid_out_of_the_fee(sale in any_sale(), value in any_size()) {
        let (mut with, mut without) = (sale, sale);
        let trade = buy(&sale, value);
        let share = record(&mut with, &trade, true);
        prop_assert_eq!(record(&mut without, &trade, false), 0);
        prop_assert_eq!(share, bp::share_down(trade.fee, sale.referral_bp));
        prop_assert!(share <= trade.fee);
        prop_assert_eq!(with.fees + share, without.fees);
        prop_assert_eq!(Sale { fees: 0, ..with }, Sale { fees: 0, ..without });
    }

    #[test]
    fn terms_are_refused_or_carry_every_trade_up_to_the_cap(
        (base_price, slope, cap) in (any_size(), any_size(), proptest::option::of(any_size())),
        decimals in 0..MAX_DECIMALS + 2,
        (buy_fee_bp, sell_fee_bp, referral_bp) in (0u16..1_100, 0u16..1_100, 0u16..11_000),
        all_money in any_chain(),
    ) {
        let terms = TokenTerms { decimals, base_price, slope, cap, buy_fee_bp, sell_fee_bp, referral_bp, ..plain() };
        let Ok(sale) = sale_of(&terms, all_money) else { return Ok(()) };
        let mut economy = Economy::new((sale, all_money));
        let all = buy_exact(&sale, sale.cap);
        prop_assert!(all.amount <= all_money);
        economy.buy(&all, false);
        economy.check();
        let sold_out = economy.sale;
        prop_assert!(sold_out.spot_price() <= all_money >> 1);
        prop_assert_eq!(sold_out.quote_buy(u128::MAX, 0), refused(TokenError::CapReached { available: 0 }));
        prop_assert_eq!(sold_out.quote_buy_exact(1), refused(TokenError::CapReached { available: 0 }));
        economy.sell(sale.cap);
        economy.check();
    }

    #[cfg(feature = "codec")]
    #[test]
    fn a_contract_reads_the_sale_that_it_wrote(
        sale in any_sale(),
        burned in any_size(),
        fees in any_size(),
        until in any::<u64>(),
        max_tokens in any_size(),
        paused in any::<bool>(),
    ) {
        use parity_scale_codec::Encode;
        let launch_guard = LaunchGuard { until, max_tokens };
        let sale = Sale { burned, fees, launch_guard, paused, ..sale };
        ink_lite::testing::assert_read_back(&launch_guard, &launch_guard.encode());
        ink_lite::testing::assert_read_back(&sale, &sale.encode());
    }
}

#[test]
fn each_bad_term_has_its_error() {
    let refused = |terms: TokenTerms| {
        let error = sale_of(&terms, u128::MAX).unwrap_err();
        assert_eq!(terms.validate(&Limits { max_balance: u128::MAX }), Err(error));
        error
    };
    assert_eq!(refused(TokenTerms { decimals: 25, ..plain() }), TermsError::TooManyDecimals { max: 24 });
    assert_eq!(refused(TokenTerms { base_price: 0, slope: 0, ..plain() }), TermsError::PriceZero);
    assert_eq!(
        refused(TokenTerms { base_price: u128::MAX, ..plain() }),
        TermsError::PriceTooHigh { max: u128::MAX >> 1 }
    );
    assert_eq!(
        refused(TokenTerms { slope: u128::MAX, decimals: 0, ..plain() }),
        TermsError::PriceTooHigh { max: u128::MAX >> 1 }
    );
    assert_eq!(refused(TokenTerms { cap: Some(0), ..plain() }), TermsError::CapZero);
    assert_eq!(refused(TokenTerms { buy_fee_bp: 1_001, ..plain() }), TermsError::FeeTooHigh { max_bp: 1_000 });
    assert_eq!(refused(TokenTerms { sell_fee_bp: 1_001, ..plain() }), TermsError::FeeTooHigh { max_bp: 1_000 });
    assert_eq!(refused(TokenTerms { referral_bp: 10_001, ..plain() }), TermsError::FeeTooHigh { max_bp: 10_000 });
    let max = sale_of(&plain(), u128::MAX).unwrap().cap;
    assert_eq!(refused(TokenTerms { cap: Some(max + 1), ..plain() }), TermsError::CapTooHigh { max });
    let largest = TokenTerms { cap: Some(max), ..plain() };
    assert_eq!(sale_of(&largest, u128::MAX).unwrap().cap, max);
    assert_eq!(largest.validate(&Limits { max_balance: u128::MAX }), Ok(()));
}

#[test]
fn name_and_symbol_have_1_to_256_bytes() {
    let named = |name: usize, symbol: usize| {
        let text = |length| Utf8Bytes(std::vec![b'x'; length]);
        sale_of(&TokenTerms { name: text(name), symbol: text(symbol), ..plain() }, u128::MAX).map(drop)
    };
    for (name, symbol) in [(1, 1), (256, 1), (1, 256), (256, 256)] {
        assert_eq!(named(name, symbol), Ok(()), "{name} and {symbol} bytes");
    }
    for (name, symbol) in [(0, 1), (1, 0), (0, 257)] {
        assert_eq!(named(name, symbol), Err(TermsError::NameOrSymbolEmpty), "{name} and {symbol} bytes");
    }
    for (name, symbol) in [(257, 1), (1, 257), (1_000, 1_000)] {
        assert_eq!(named(name, symbol), Err(TermsError::NameOrSymbolTooLong { max: 256 }), "{name} and {symbol} bytes");
    }
}

#[test]
fn extremes_are_refused_with_a_reason_or_work() {
    for max_balance in [u128::MAX, u64::MAX.into()] {
        let limit = max_balance >> 1;
        let prices = [0, 1, 2, limit - 1, limit, limit + 1, max_balance];
        for (base_price, slope) in prices.iter().flat_map(|price| prices.iter().map(move |slope| (*price, *slope))) {
            for (decimals, cap) in [(0, None), (24, None), (0, Some(1)), (24, Some(1))] {
                let fees = TokenTerms { buy_fee_bp: MAX_FEE_BP, sell_fee_bp: MAX_FEE_BP, ..plain() };
                let terms = TokenTerms { base_price, slope, decimals, cap, ..fees };
                let sale = match sale_of(&terms, max_balance) {
                    Ok(sale) => sale,
                    Err(TermsError::PriceZero) => {
                        assert_eq!(base_price, 0);
                        assert_eq!(slope, 0);
                        continue;
                    }
                    Err(error) => {
                        assert_eq!(error, TermsError::PriceTooHigh { max: limit }, "{terms:?}");
                        let unit = 10u128.pow(decimals.into());
                        assert!(base_price.saturating_add(slope.div_ceil(unit)) > limit, "{terms:?}");
                        continue;
                    }
                };
                let mut economy = Economy::new((sale, max_balance));
                let one = buy_exact(&sale, 1);
                assert!(one.amount >= u128::from(base_price > 0) && one.amount <= max_balance, "{terms:?}");
                economy.buy(&one, false);
                let rest = buy(&economy.sale, u128::MAX);
                assert_eq!(rest.tokens, economy.sale.available(), "{terms:?}");
                economy.buy(&rest, true);
                let sold_out = economy.sale;
                assert_eq!(sold_out.available(), 0, "{terms:?}");
                assert_eq!(sold_out.quote_buy_exact(1), refused(TokenError::CapReached { available: 0 }), "{terms:?}");
                assert!(sold_out.reserve <= limit + 1 && sold_out.spot_price() <= limit, "{terms:?}");
                economy.check();
                economy.sell(1);
                economy.sell(economy.sale.supply());
                economy.check();
                let worth = sale.curve.worth(sale.cap, sale.cap);
                assert_eq!(economy.sale.sold == 0, worth > 1, "{terms:?}");
            }
        }
    }
}

#[test]
fn fees_go_on_top_of_a_buy_and_come_off_a_sale() {
    let mut sale = sale_of(&TokenTerms { buy_fee_bp: 250, sell_fee_bp: 100, ..plain() }, u128::MAX).unwrap();
    let tokens = 100 * 10u128.pow(18);
    let bought = sale.quote_buy_exact(tokens).unwrap();
    assert_eq!(bought, Trade { tokens, amount: 56_375_000_000_000, fee: 1_375_000_000_000 });
    assert_eq!(sale.quote_buy(bought.amount, tokens), Ok(bought));
    record(&mut sale, &bought, false);
    assert_eq!(sale.reserve, 55_000_000_000_000);
    let sold = sale.quote_sell(tokens, tokens, 54_450_000_000_000).unwrap();
    assert_eq!(sold, Trade { tokens, amount: 54_450_000_000_000, fee: 550_000_000_000 });
    sale.sell(&sold);
    assert_eq!(sale.sold, 0);
    assert_eq!(sale.reserve, 0);
    assert_eq!(sale.fees, 1_925_000_000_000);
}

#[test]
fn the_launch_guard_leaves_room_up_to_its_limit_and_ends_on_time() {
    let guard = LaunchGuard { until: 1_000, max_tokens: 50 };
    let room = |room| refused(TokenError::LaunchLimit { room });
    assert_eq!(guard.count(0, 50), Ok(50));
    assert_eq!(guard.count(0, 51), room(50));
    assert_eq!(guard.count(40, 10), Ok(50));
    assert_eq!(guard.count(40, 11), room(10));
    assert_eq!(guard.count(50, 1), room(0));
    assert_eq!(guard.count(51, 0), Ok(51));
    assert!(guard.is_active(999));
    assert!(!guard.is_active(1_000));
    assert!(!LaunchGuard::default().is_active(0));
}

#[test]
fn the_spot_price_is_that_of_the_next_token_rounded_up() {
    let mut sale = sale_of(&plain(), u128::MAX).unwrap();
    assert_eq!(sale.spot_price(), 500_000_000_000);
    sale.sold = 3_000_000_000_000_000_000;
    assert_eq!(sale.spot_price(), 503_000_000_000);
    // A part of a token that raises the price by less than a planck counts as one.
    sale.sold += 1;
    assert_eq!(sale.spot_price(), 503_000_000_001);
}
