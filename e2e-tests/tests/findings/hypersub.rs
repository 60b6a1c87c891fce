//! Hypersub v1 (Fabric's subscription token), audited by Quantstamp in 2023-10.
//!
//! Of the report only the summary was read: SUB-1 is in it. SUB-2, SUB-3, SUB-9 and commit cb5470d were not read, so nothing
//! here is named after them.

use patronage::contracts;
use patronage_interfaces::vault::{Asset, Obligations, PatronageVault, Share, VaultError};
use test_kit::{
    vault_fixture::{VaultFixture, COOLDOWN},
    DAY, TOKEN, UNIT,
};

/// A vault at midnight whose stakers get a fifth of the income.
fn shared() -> VaultFixture {
    let (mut fixture, _) = VaultFixture::with_token();
    let (creator, vault) = (fixture.env.creator, fixture.vault);
    let shares = vec![Share { recipient: creator, bp: 8_000 }];
    fixture.send(creator, 0, contracts::vault(vault).set_splits(shares, 2_000)).value.unwrap();
    let to_midnight = DAY - fixture.now() % DAY;
    fixture.wait(to_midnight);
    fixture
}

/// SUB-1: when the sum of reward points fell, rewards were distributed wrongly and a part of them stayed in the contract for
/// good. Here each day's part is divided by the stakes that count on that day, and a day without one returns its part.
#[test]
fn sub_1_stakes_that_fall_lock_up_no_rewards() {
    let mut fixture = shared();
    let (ana, ben, cleo, creator, vault) =
        (fixture.env.ana, fixture.env.ben, fixture.env.cleo, fixture.env.creator, fixture.vault);
    let messages = || contracts::vault(vault);
    fixture.send(ana, 0, messages().stake(30 * TOKEN)).value.unwrap();
    fixture.send(ben, 0, messages().stake(10 * TOKEN)).value.unwrap();
    fixture.wait(DAY);
    fixture.tip(cleo, 100 * UNIT, b"").value.unwrap();
    fixture.wait(DAY);
    // The sum falls by three quarters, and then to nothing, while there are unclaimed rewards.
    fixture.tip(cleo, 100 * UNIT, b"").value.unwrap();
    fixture.send(ana, 0, messages().unstake(30 * TOKEN)).value.unwrap();
    fixture.wait(DAY);
    fixture.tip(cleo, 100 * UNIT, b"").value.unwrap();
    fixture.send(ben, 0, messages().unstake(10 * TOKEN)).value.unwrap();
    fixture.wait(DAY);
    let claim = || messages().claim_stake_income(Asset::Native);
    assert_eq!(fixture.send(ben, 0, claim()).value, Ok(25 * UNIT));
    assert_eq!(fixture.send(ana, 0, claim()).value, Ok(15 * UNIT));
    for who in [ana, ben] {
        assert_eq!(fixture.send(who, 0, claim()).value, Err(VaultError::NothingToClaim.into()));
    }
    // The last day had no stake to its end, so its part is the creator's.
    assert_eq!(fixture.send(creator, 0, messages().claim(Asset::Native, 1)).value, Ok(260 * UNIT));
    fixture.wait(COOLDOWN);
    assert_eq!(fixture.send(ana, 0, messages().withdraw_stake()).value, Ok(30 * TOKEN));
    assert_eq!(fixture.send(ben, 0, messages().withdraw_stake()).value, Ok(10 * TOKEN));
    assert_eq!(fixture.obligations(), Obligations::default());
}

/// The creator of a Hypersub could withdraw money whose refund was still possible, and then had to send it back for refunds.
/// Here the owner's own calls can't reach it, whatever is called first.
#[test]
fn refunds_do_not_depend_on_money_that_the_creator_sends_back() {
    let mut fixture = shared();
    let (ana, ben, cleo, creator, vault) =
        (fixture.env.ana, fixture.env.ben, fixture.env.cleo, fixture.env.creator, fixture.vault);
    for fan in [ana, ben, cleo] {
        fixture.subscribe(fan, 0, 90 * UNIT).value.unwrap();
    }
    fixture.wait(DAY / 2);
    let all = vec![Share { recipient: creator, bp: 10_000 }];
    fixture.send(creator, 0, contracts::vault(vault).set_splits(all, 0)).value.unwrap();
    for tier in [0, 1, 2] {
        fixture.collect(tier, u32::MAX).value.unwrap();
    }
    for version in [0, 1, 2] {
        fixture.send(creator, 0, contracts::vault(vault).claim(Asset::Native, version)).value.ok();
    }
    for fan in [ana, ben, cleo] {
        assert_eq!(fixture.cancel(fan).value, Ok(90 * UNIT - UNIT / 2));
    }
}
