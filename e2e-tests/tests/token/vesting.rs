//! Vesting: tokens that are released over time.

use ::psp22::PSP22 as _;
use patronage::contracts::psp22;
use patronage_embedded::GENESIS_TIME;
use patronage_interfaces::token::{Schedule, TokenError, Vesting, VestingReleased, VestingStarted};
use test_kit::{assert_events, assert_returned, event, field_topic, token_fixture::TokenFixture, DAY, TOKEN, UNIT};

use crate::psp22::transfer;

/// Ten days from now, with a cliff of two days.
const SCHEDULE: Schedule =
    Schedule { start: GENESIS_TIME, cliff: GENESIS_TIME + 2 * DAY, end: GENESIS_TIME + 10 * DAY };

/// A token that ana holds.
fn fixture() -> (TokenFixture, u128) {
    let mut fixture = TokenFixture::default();
    let tokens = fixture.buy(fixture.env.ana, 100 * UNIT).tokens;
    (fixture, tokens)
}

#[test]
fn vested_tokens_leave_the_grantor_and_the_schedule_is_public() {
    let (mut fixture, tokens) = fixture();
    let (ana, ben) = (fixture.env.ana, fixture.env.ben);
    let vested = fixture.vest(ana, ben, 10 * TOKEN, SCHEDULE);
    assert_eq!(vested.value, Ok(()));
    let said = VestingStarted { grantor: ana, beneficiary: ben, tokens: 10 * TOKEN, schedule: SCHEDULE };
    let expected = [transfer(ana, fixture.token, 10 * TOKEN), event(&said, &[field_topic(&ben)])];
    assert_events(&vested, fixture.token, &expected);
    let token = fixture.token;
    assert_eq!([ana, ben, token].map(|who| fixture.tokens_of(who)), [tokens - 10 * TOKEN, 0, 10 * TOKEN]);
    assert_eq!(fixture.supply(), tokens);
    assert_eq!(fixture.vesting_of(ana, ben), Some(Vesting { tokens: 10 * TOKEN, released: 0, schedule: SCHEDULE }));
    assert_eq!(fixture.vesting_of(ben, ana), None);
}

#[test]
fn tokens_vest_linearly_after_the_cliff() {
    let (mut fixture, _) = fixture();
    let (ana, ben, cleo, token) = (fixture.env.ana, fixture.env.ben, fixture.env.cleo, fixture.token);
    // Ten days and one smallest unit: the linear part is rounded down.
    fixture.vest(ana, ben, 10 * TOKEN + 1, SCHEDULE).value.unwrap();
    fixture.env.chain.advance(2 * DAY - 1);
    let early = fixture.release(ben, ana, ben);
    TokenFixture::assert_refused(early, TokenError::NothingToRelease);
    fixture.env.chain.advance(1);
    let first = fixture.release(ben, ana, ben);
    assert_eq!(first.value, Ok(2 * TOKEN));
    let said = VestingReleased { grantor: ana, beneficiary: ben, tokens: 2 * TOKEN };
    assert_events(&first, token, &[transfer(token, ben, 2 * TOKEN), event(&said, &[])]);
    let again = fixture.release(ben, ana, ben);
    TokenFixture::assert_refused(again, TokenError::NothingToRelease);
    assert_eq!(fixture.vesting_of(ana, ben).map(|vesting| vesting.released), Some(2 * TOKEN));

    // Anyone can release. The beneficiary gets the tokens.
    fixture.env.chain.advance(3 * DAY);
    assert_eq!(fixture.release(cleo, ana, ben).value, Ok(3 * TOKEN));
    assert_eq!([ben, cleo].map(|who| fixture.tokens_of(who)), [5 * TOKEN, 0]);
}

#[test]
fn the_last_release_pays_the_rest_and_returns_the_deposit() {
    let (mut fixture, _) = fixture();
    let (ana, ben, token) = (fixture.env.ana, fixture.env.ben, fixture.token);
    // The balances of ana and of the contract exist before and after, so only the vesting's record needs a deposit.
    fixture.env.call(ana, 0, psp22(token).transfer(token, 1, vec![])).value.unwrap();
    fixture.env.call(ana, 0, psp22(token).transfer(ben, 1, vec![])).value.unwrap();
    let vested = fixture.vest(ana, ben, 10 * TOKEN + 1, SCHEDULE);
    fixture.env.chain.advance(9 * DAY);
    fixture.release(ben, ana, ben).value.unwrap();
    fixture.env.chain.advance(100 * DAY);
    let last = fixture.release(ben, ana, ben);
    assert_eq!(last.value, Ok(TOKEN + 1));
    assert_returned(vested.deposit, &[last.deposit]);
    assert_eq!([ben, token].map(|who| fixture.tokens_of(who)), [10 * TOKEN + 2, 1]);
    assert_eq!(fixture.vesting_of(ana, ben), None);
    let over = fixture.release(ben, ana, ben);
    TokenFixture::assert_refused(over, TokenError::NothingToRelease);
    // Another vesting is possible now.
    let schedule = Schedule { end: GENESIS_TIME + 200 * DAY, ..SCHEDULE };
    assert_eq!(fixture.vest(ana, ben, TOKEN, schedule).value, Ok(()));
}

#[test]
fn nobody_can_block_the_vesting_of_another_grantor() {
    let (mut fixture, _) = fixture();
    let (creator, ana, ben) = (fixture.env.creator, fixture.env.ana, fixture.env.ben);
    fixture.buy(creator, 10 * UNIT);
    let dust = Schedule { end: GENESIS_TIME + 36_525 * DAY, cliff: GENESIS_TIME + 36_525 * DAY, ..SCHEDULE };
    fixture.vest(ana, ben, 1, dust).value.unwrap();
    assert_eq!(fixture.vest(creator, ben, TOKEN, SCHEDULE).value, Ok(()));
    assert_eq!(fixture.vest(creator, creator, TOKEN, SCHEDULE).value, Ok(()), "for oneself");
    let second = fixture.vest(creator, ben, TOKEN, SCHEDULE);
    TokenFixture::assert_refused(second, TokenError::AlreadyVesting);
    fixture.env.chain.advance(10 * DAY);
    for (beneficiary, held) in [(ben, TOKEN), (creator, fixture.tokens_of(creator) + TOKEN)] {
        assert_eq!(fixture.release(beneficiary, creator, beneficiary).value, Ok(TOKEN));
        assert_eq!(fixture.tokens_of(beneficiary), held);
    }
    assert_eq!(fixture.tokens_of(fixture.token), 1);
}

#[test]
fn invalid_vestings_are_refused() {
    let (mut fixture, tokens) = fixture();
    let (ana, ben) = (fixture.env.ana, fixture.env.ben);
    let Schedule { start, cliff, end } = SCHEDULE;
    for schedule in [
        Schedule { start: end, cliff: end, end },
        Schedule { cliff: start - 1, ..SCHEDULE },
        Schedule { cliff: end + 1, ..SCHEDULE },
        Schedule { start, cliff, end: start + 36_525 * DAY + 1 },
        Schedule { start, cliff, end: u64::MAX },
    ] {
        let refused = fixture.vest(ana, ben, TOKEN, schedule);
        TokenFixture::assert_refused(refused, TokenError::InvalidSchedule);
    }
    let nothing = fixture.vest(ana, ben, 0, SCHEDULE);
    TokenFixture::assert_refused(nothing, TokenError::InvalidSchedule);
    let too_many = fixture.vest(ana, ben, tokens + 1, SCHEDULE);
    TokenFixture::assert_refused(too_many, TokenError::InsufficientBalance { balance: tokens });
    let none = fixture.release(ben, ana, ben);
    TokenFixture::assert_refused(none, TokenError::NothingToRelease);
    assert_eq!(fixture.tokens_of(ana), tokens);
}
