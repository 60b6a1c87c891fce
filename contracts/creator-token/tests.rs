//! Tests without a chain. `e2e-tests` tests payments on a chain.

use crate::{
    creator_token::CreatorToken,
    records::{Metadata, Roles},
};
use ink::{
    env::test::{self, EmittedEvent},
    primitives::AccountId,
    scale::{DecodeAll, Encode},
};
use ink_lite::testing::assert_read_back;
use patronage_core::ownership::Ownership;
use patronage_interfaces::{
    balance_to_u128,
    ownable::Ownable,
    token::{
        Bought, Claimed, CreatorToken as _, LaunchGuard, PSP22Metadata, Sold, TermsError, TokenError, TokenTerms,
        Trade, Utf8Bytes,
    },
    Balance, PatronageEnvironment as Env,
};
use psp22::{Transfer, PSP22};

/// A native unit has 12 decimals here. The first token costs half a unit, and each token sold adds a thousandth.
pub fn terms() -> TokenTerms {
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

const TOKEN: u128 = 1_000_000_000_000_000_000;

/// Terms with fees, of which a referrer gets a fifth.
fn terms_with_fees() -> TokenTerms {
    TokenTerms { buy_fee_bp: 250, sell_fee_bp: 100, referral_bp: 2_000, ..terms() }
}

struct Accounts {
    alice: AccountId,
    bob: AccountId,
    charlie: AccountId,
}

/// A token that alice has created.
fn token(terms: TokenTerms) -> (CreatorToken, Accounts) {
    let accounts = test::default_accounts::<Env>();
    test::set_caller::<Env>(accounts.alice);
    test::set_value_transferred::<Env>(0);
    let token = CreatorToken::new(terms).unwrap();
    (token, Accounts { alice: accounts.alice, bob: accounts.bob, charlie: accounts.charlie })
}

/// `caller` buys for itself with `value`, which is added to the contract's balance.
fn buy(
    token: &mut CreatorToken,
    caller: AccountId,
    value: Balance,
    referrer: Option<AccountId>,
) -> Result<Trade, Box<TokenError>> {
    let contract = test::callee::<Env>();
    let held = test::get_account_balance::<Env>(contract).unwrap();
    test::set_account_balance::<Env>(contract, held + value);
    test::set_caller::<Env>(caller);
    test::set_value_transferred::<Env>(value);
    let result = token.buy(caller, 0, referrer);
    test::set_value_transferred::<Env>(0);
    result
}

fn last_events<const N: usize>() -> [EmittedEvent; N] {
    let events: Vec<_> = test::recorded_events().collect();
    let start = events.len() - N;
    events.into_iter().skip(start).collect::<Vec<_>>().try_into().unwrap_or_else(|_| unreachable!())
}

fn decoded<E: DecodeAll>(event: &EmittedEvent) -> E {
    E::decode_all(&mut &event.data[..]).unwrap()
}

#[ink::test]
fn a_new_token_has_its_metadata_and_no_supply() {
    let (token, accounts) = token(terms());
    assert_eq!(token.token_name(), Some("Fan Club".into()));
    assert_eq!(token.token_symbol(), Some("FAN".into()));
    assert_eq!(token.token_decimals(), 18);
    assert_eq!(token.total_supply(), 0);
    assert_eq!(token.reserve(), 0);
    assert_eq!(token.spot_price(), 500_000_000_000);
    assert_eq!(token.owner(), accounts.alice);
}

#[ink::test]
fn invalid_terms_are_refused_with_the_reason() {
    let refused = |terms| CreatorToken::new(terms).err().map(|error| *error);
    let empty = Some(TokenError::InvalidTerms(TermsError::NameOrSymbolEmpty));
    assert_eq!(refused(TokenTerms { name: Utf8Bytes::default(), ..terms() }), empty);
    assert_eq!(refused(TokenTerms { symbol: Utf8Bytes::default(), ..terms() }), empty);
    let too_dear = TermsError::PriceTooHigh { max: balance_to_u128(Balance::MAX) / 2 };
    assert_eq!(refused(TokenTerms { base_price: Balance::MAX, ..terms() }), Some(too_dear.into()));
    let fee = TermsError::FeeTooHigh { max_bp: 1_000 };
    assert_eq!(refused(TokenTerms { sell_fee_bp: 1_001, ..terms() }), Some(fee.into()));
}

#[ink::test]
fn a_buy_matches_its_quote() {
    let (mut token, accounts) = token(terms());
    let contract = test::callee::<Env>();
    let before = test::get_account_balance::<Env>(contract).unwrap();
    let quote = token.quote_buy(55_000_000_000_000).unwrap();
    assert_eq!(quote, Trade { tokens: 100 * TOKEN, amount: 55_000_000_000_000, fee: 0 });
    assert_eq!(buy(&mut token, accounts.bob, 55_000_000_000_000, None), Ok(quote));
    assert_eq!(test::get_account_balance::<Env>(contract).unwrap(), before + token.reserve());
    assert_eq!(token.balance_of(accounts.bob), 100 * TOKEN);
    assert_eq!(token.total_supply(), 100 * TOKEN);

    let [transfer, bought] = last_events();
    let decoded_transfer: Transfer = decoded(&transfer);
    assert_eq!(decoded_transfer.from, None);
    assert_eq!(decoded_transfer.to, Some(accounts.bob));
    assert_eq!(decoded_transfer.value, 100 * TOKEN);
    assert_eq!(hex(&transfer.topics[0])[..8], *"990df076");
    assert_eq!(transfer.topics.len(), 3);
    let decoded_bought: Bought = decoded(&bought);
    assert_eq!(decoded_bought.buyer, accounts.bob);
    assert_eq!(decoded_bought.recipient, accounts.bob);
    assert_eq!(decoded_bought.tokens, 100 * TOKEN);
    assert_eq!(decoded_bought.paid, 55_000_000_000_000);
    assert_eq!(bought.topics.len(), 1);
}

#[ink::test]
fn a_buy_at_the_cap_gets_the_last_tokens_and_its_change() {
    let (mut token, accounts) = token(TokenTerms { cap: Some(100 * TOKEN), ..terms() });
    let contract = test::callee::<Env>();
    let before = test::get_account_balance::<Env>(contract).unwrap();
    let trade = buy(&mut token, accounts.bob, 99_000_000_000_000, None).unwrap();
    assert_eq!(trade.tokens, 100 * TOKEN);
    assert_eq!(trade.amount, 55_000_000_000_000);
    assert_eq!(test::get_account_balance::<Env>(contract).unwrap(), before + 55_000_000_000_000);
    assert_eq!(buy(&mut token, accounts.bob, 1, None), Err(TokenError::CapReached { available: 0 }.into()));
    assert_eq!(token.quote_buy(1), Err(TokenError::CapReached { available: 0 }.into()));
}

#[ink::test]
fn a_sale_matches_its_quote_and_empties_the_account() {
    let (mut token, accounts) = token(terms_with_fees());
    let bought = buy(&mut token, accounts.bob, 60_000_000_000_000, None).unwrap();
    let quote = token.quote_sell(bought.tokens).unwrap();
    assert!(quote.amount < bought.amount);
    assert_eq!(
        token.sell(bought.tokens, quote.amount + 1),
        Err(TokenError::PayoutTooLow { payout: quote.amount }.into())
    );
    assert_eq!(token.sell(bought.tokens, quote.amount), Ok(quote));
    assert_eq!(token.total_supply(), 0);
    assert_eq!(token.balance_of(accounts.bob), 0);
    let missing = TokenError::InsufficientBalance { balance: 0 };
    assert_eq!(token.sell(1, 0), Err(missing.into()));

    let [transfer, sold] = last_events();
    let transfer: Transfer = decoded(&transfer);
    assert_eq!(transfer.from, Some(accounts.bob));
    assert_eq!(transfer.to, None);
    assert_eq!(transfer.value, bought.tokens);
    assert_eq!(sold.topics.len(), 1);
    let sold: Sold = decoded(&sold);
    assert_eq!(sold.seller, accounts.bob);
    assert_eq!(sold.payout, quote.amount);
    assert_eq!(sold.fee, quote.fee);
}

#[ink::test]
fn a_sale_without_a_payout_is_refused() {
    let (mut token, accounts) = token(terms());
    buy(&mut token, accounts.bob, 1_000_000, None).unwrap();
    assert_eq!(token.sell(0, 0), Err(TokenError::PayoutTooLow { payout: 0 }.into()));
    assert_eq!(token.sell(1, 0), Err(TokenError::PayoutTooLow { payout: 0 }.into()));
    assert_eq!(token.quote_sell(1), Err(TokenError::PayoutTooLow { payout: 0 }.into()));
}

#[ink::test]
fn a_buy_of_no_tokens_or_below_its_minimum_is_refused() {
    let (mut token, accounts) = token(terms());
    assert_eq!(buy(&mut token, accounts.bob, 0, None), Err(TokenError::TooFewTokens { tokens: 0 }.into()));
    let tokens = token.quote_buy(1_000_000).unwrap().tokens;
    test::set_value_transferred::<Env>(1_000_000);
    let too_few = Err(TokenError::TooFewTokens { tokens }.into());
    assert_eq!(token.buy(accounts.bob, tokens + 1, None), too_few);
    assert_eq!(token.buy(accounts.bob, tokens, None).map(|trade| trade.tokens), Ok(tokens));
}

#[ink::test]
fn the_referrer_gets_a_share_of_the_fee_and_claims_it_separately() {
    let (mut token, accounts) = token(terms_with_fees());
    let trade = buy(&mut token, accounts.bob, 56_375_000_000_000, Some(accounts.charlie)).unwrap();
    assert_eq!(trade.tokens, 100 * TOKEN);
    assert_eq!(trade.fee, 1_375_000_000_000);
    assert_eq!(token.claimable(accounts.charlie), 275_000_000_000);
    assert_eq!(token.claimable(accounts.alice), 1_100_000_000_000);
    assert_eq!(token.claim(), Err(TokenError::NothingToClaim.into()), "the buyer has nothing to claim");

    for (account, amount) in [(accounts.charlie, 275_000_000_000), (accounts.alice, 1_100_000_000_000)] {
        test::set_caller::<Env>(account);
        assert_eq!(token.claim(), Ok(amount));
        let [event] = last_events();
        assert_eq!(event.topics.len(), 2);
        let claimed: Claimed = decoded(&event);
        assert_eq!(claimed.account, account);
        assert_eq!(claimed.amount, amount);
        assert_eq!(token.claimable(account), 0);
        assert_eq!(token.claim(), Err(TokenError::NothingToClaim.into()));
    }
    assert_eq!(token.reserve(), 55_000_000_000_000);
}

#[ink::test]
fn self_referrals_are_refused() {
    let (mut token, accounts) = token(terms_with_fees());
    assert_eq!(buy(&mut token, accounts.bob, 1_000_000, Some(accounts.bob)), Err(TokenError::SelfReferral.into()));
    test::set_value_transferred::<Env>(1_000_000);
    let for_charlie = token.buy(accounts.charlie, 0, Some(accounts.charlie));
    assert_eq!(for_charlie, Err(TokenError::SelfReferral.into()));
}

#[ink::test]
fn the_launch_guard_limits_each_account_until_its_end() {
    let launch_guard = LaunchGuard { until: 1_000, max_tokens: 10 * TOKEN };
    let (mut token, accounts) = token(TokenTerms { launch_guard, ..terms() });
    test::set_block_timestamp::<Env>(999);
    let limit = Err(TokenError::LaunchLimit { room: 10 * TOKEN }.into());
    assert_eq!(buy(&mut token, accounts.bob, 55_000_000_000_000, None), limit);
    let first = buy(&mut token, accounts.bob, 5_000_000_000_000, None).unwrap().tokens;
    let rest = Err(TokenError::LaunchLimit { room: 10 * TOKEN - first }.into());
    assert_eq!(buy(&mut token, accounts.bob, 5_000_000_000_000, None), rest);
    test::set_block_timestamp::<Env>(1_000);
    assert!(buy(&mut token, accounts.bob, 5_000_000_000_000, None).is_ok());
}

#[test]
fn records_are_read_as_they_were_written() {
    let [owner, candidate, fee_recipient] = [1, 2, 3].map(|byte| AccountId::from([byte; 32]));
    for candidate in [None, Some(candidate)] {
        let roles = Roles { ownership: Ownership { owner, candidate }, fee_recipient, fee_accepted: true };
        assert_read_back(&roles, &roles.encode());
    }
    let metadata = Metadata { name: "Fan Club".into(), symbol: "FAN".into(), decimals: 18 };
    assert_read_back(&metadata, &metadata.encode());
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
