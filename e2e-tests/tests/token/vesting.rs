//! Tokens that become free with time.

use ::psp22::PSP22 as _;
use patronage::contracts::psp22;
use patronage_embedded::GENESIS_TIME;
use patronage_interfaces::token::{Schedule, TokenError, Vesting, VestingReleased, VestingStarted};
use test_kit::{assert_events, assert_returned, event, field_topic, market::Market, DAY, TOKEN, UNIT};

use crate::psp22::transfer;

/// Ten days from now on, nothing in the first two.
const SCHEDULE: Schedule =
    Schedule { start: GENESIS_TIME, cliff: GENESIS_TIME + 2 * DAY, end: GENESIS_TIME + 10 * DAY };

/// A market in which ana has tokens.
fn market() -> (Market, u128) {
    let mut market = Market::default();
    let tokens = market.buy(market.world.ana, 100 * UNIT).tokens;
    (market, tokens)
}

#[test]
fn vested_tokens_leave_the_grantor_and_everyone_sees_whose_they_become() {
    let (mut market, tokens) = market();
    let (ana, ben) = (market.world.ana, market.world.ben);
    let vested = market.vest(ana, ben, 10 * TOKEN, SCHEDULE);
    assert_eq!(vested.value, Ok(()));
    let said = VestingStarted { grantor: ana, beneficiary: ben, tokens: 10 * TOKEN, schedule: SCHEDULE };
    let expected = [transfer(ana, market.token, 10 * TOKEN), event(&said, &[field_topic(&ben)])];
    assert_events(&vested, market.token, &expected);
    let token = market.token;
    assert_eq!([ana, ben, token].map(|who| market.tokens_of(who)), [tokens - 10 * TOKEN, 0, 10 * TOKEN]);
    assert_eq!(market.supply(), tokens);
    assert_eq!(market.vesting_of(ana, ben), Some(Vesting { tokens: 10 * TOKEN, released: 0, schedule: SCHEDULE }));
    assert_eq!(market.vesting_of(ben, ana), None);
}

#[test]
fn tokens_become_free_along_a_line_after_the_cliff() {
    let (mut market, _) = market();
    let (ana, ben, cleo, token) = (market.world.ana, market.world.ben, market.world.cleo, market.token);
    // Ten days and one smallest unit: the line is rounded down.
    market.vest(ana, ben, 10 * TOKEN + 1, SCHEDULE).value.unwrap();
    market.world.chain.advance(2 * DAY - 1);
    let early = market.release(ben, ana, ben);
    Market::assert_refused(early, TokenError::NothingToRelease);
    market.world.chain.advance(1);
    let first = market.release(ben, ana, ben);
    assert_eq!(first.value, Ok(2 * TOKEN));
    let said = VestingReleased { grantor: ana, beneficiary: ben, tokens: 2 * TOKEN };
    assert_events(&first, token, &[transfer(token, ben, 2 * TOKEN), event(&said, &[])]);
    let again = market.release(ben, ana, ben);
    Market::assert_refused(again, TokenError::NothingToRelease);
    assert_eq!(market.vesting_of(ana, ben).map(|vesting| vesting.released), Some(2 * TOKEN));

    // Anyone can call, and it goes to the beneficiary all the same.
    market.world.chain.advance(3 * DAY);
    assert_eq!(market.release(cleo, ana, ben).value, Ok(3 * TOKEN));
    assert_eq!([ben, cleo].map(|who| market.tokens_of(who)), [5 * TOKEN, 0]);
}

#[test]
fn the_last_release_pays_the_rest_and_frees_the_deposit() {
    let (mut market, _) = market();
    let (ana, ben, token) = (market.world.ana, market.world.ben, market.token);
    // Ana's and the contract's balance are there before and after, so that the record is all that needs a deposit.
    market.world.call(ana, 0, psp22(token).transfer(token, 1, vec![])).value.unwrap();
    market.world.call(ana, 0, psp22(token).transfer(ben, 1, vec![])).value.unwrap();
    let vested = market.vest(ana, ben, 10 * TOKEN + 1, SCHEDULE);
    market.world.chain.advance(9 * DAY);
    market.release(ben, ana, ben).value.unwrap();
    market.world.chain.advance(100 * DAY);
    let last = market.release(ben, ana, ben);
    assert_eq!(last.value, Ok(TOKEN + 1));
    assert_returned(vested.deposit, &[last.deposit]);
    assert_eq!([ben, token].map(|who| market.tokens_of(who)), [10 * TOKEN + 2, 1]);
    assert_eq!(market.vesting_of(ana, ben), None);
    let over = market.release(ben, ana, ben);
    Market::assert_refused(over, TokenError::NothingToRelease);
    // The place is free for another.
    let schedule = Schedule { end: GENESIS_TIME + 200 * DAY, ..SCHEDULE };
    assert_eq!(market.vest(ana, ben, TOKEN, schedule).value, Ok(()));
}

#[test]
fn nobody_blocks_the_vesting_of_somebody_else() {
    let (mut market, _) = market();
    let (creator, ana, ben) = (market.world.creator, market.world.ana, market.world.ben);
    market.buy(creator, 10 * UNIT);
    let dust = Schedule { end: GENESIS_TIME + 36_525 * DAY, cliff: GENESIS_TIME + 36_525 * DAY, ..SCHEDULE };
    market.vest(ana, ben, 1, dust).value.unwrap();
    assert_eq!(market.vest(creator, ben, TOKEN, SCHEDULE).value, Ok(()));
    assert_eq!(market.vest(creator, creator, TOKEN, SCHEDULE).value, Ok(()), "for oneself");
    let second = market.vest(creator, ben, TOKEN, SCHEDULE);
    Market::assert_refused(second, TokenError::AlreadyVesting);
    market.world.chain.advance(10 * DAY);
    for (beneficiary, held) in [(ben, TOKEN), (creator, market.tokens_of(creator) + TOKEN)] {
        assert_eq!(market.release(beneficiary, creator, beneficiary).value, Ok(TOKEN));
        assert_eq!(market.tokens_of(beneficiary), held);
    }
    assert_eq!(market.tokens_of(market.token), 1);
}

#[test]
fn impossible_vestings_are_refused() {
    let (mut market, tokens) = market();
    let (ana, ben) = (market.world.ana, market.world.ben);
    let Schedule { start, cliff, end } = SCHEDULE;
    for schedule in [
        Schedule { start: end, cliff: end, end },
        Schedule { cliff: start - 1, ..SCHEDULE },
        Schedule { cliff: end + 1, ..SCHEDULE },
        Schedule { start, cliff, end: start + 36_525 * DAY + 1 },
        Schedule { start, cliff, end: u64::MAX },
    ] {
        let refused = market.vest(ana, ben, TOKEN, schedule);
        Market::assert_refused(refused, TokenError::InvalidSchedule);
    }
    let nothing = market.vest(ana, ben, 0, SCHEDULE);
    Market::assert_refused(nothing, TokenError::InvalidSchedule);
    let too_many = market.vest(ana, ben, tokens + 1, SCHEDULE);
    Market::assert_refused(too_many, TokenError::InsufficientBalance { balance: tokens });
    let none = market.release(ben, ana, ben);
    Market::assert_refused(none, TokenError::NothingToRelease);
    assert_eq!(market.tokens_of(ana), tokens);
}
