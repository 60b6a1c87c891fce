use patronage_interfaces::vault::Claimed;
use test_kit::{assert_events, event, field_topic, tier_terms, DAY};

use super::*;

/// A vault with three recipients of about a third each, in basis points.
fn thirds() -> (VaultFixture, [AccountId; 3]) {
    let env = TestEnv::default();
    // One of them is also a fan, and one has no account on the chain yet.
    let recipients = [env.creator, env.cleo, stranger(9)];
    let shares: Vec<_> = recipients.into_iter().zip([3_334, 3_333, 3_333]).collect();
    let terms = vault_terms(vec![tier_terms(PRICE, 1)], &shares);
    (VaultFixture::on(env, &terms), recipients)
}

#[test]
fn a_recipient_claims_its_part_and_emits_an_event() {
    let (mut fixture, [creator, _, newcomer]) = thirds();
    assert!(fixture.tip(fixture.env.ana, 10_000, b"").value.is_ok());
    let before = fixture.env.balance(creator);
    let receipt = fixture.claim(creator);
    assert_eq!(receipt.value, Ok(3_334));
    let claimed = |recipient, amount| {
        let claimed = Claimed { recipient, asset: Asset::Native, version: 0, amount };
        event(&claimed, &[field_topic(&recipient)])
    };
    assert_events(&receipt, fixture.vault, &[claimed(creator, 3_334)]);
    assert_eq!(fixture.env.balance(creator), before + 3_334 - receipt.deposit.unsigned_abs());
    assert_eq!(fixture.obligations(), Obligations { streams: 0, unclaimed: 6_666, ..Obligations::default() });
    // The recipient without an account has one now.
    assert_eq!(fixture.env.balance(newcomer), 0);
    fixture.env.chain.fund(&newcomer, 1_000).unwrap();
    let receipt = fixture.claim(newcomer);
    assert_eq!(receipt.value, Ok(3_333));
    assert_events(&receipt, fixture.vault, &[claimed(newcomer, 3_333)]);
    assert_eq!(fixture.env.balance(newcomer), 1_000 + 3_333 - receipt.deposit.unsigned_abs());
    // The second claim finds its record.
    assert!(fixture.tip(fixture.env.ana, 10_000, b"").value.is_ok());
    assert_eq!(fixture.claim(creator).deposit, 0);
}

#[test]
fn rounding_leaves_less_than_a_planck_each_which_is_paid_later() {
    let (mut fixture, [a, b, c]) = thirds();
    let fan = fixture.env.ana;
    // A third of one planck is not payable yet.
    assert!(fixture.tip(fan, 1, b"").value.is_ok());
    for who in [a, b, c] {
        assert_eq!(fixture.claim(who).value, Err(VaultError::NothingToClaim.into()));
    }
    assert!(fixture.tip(fan, 1, b"").value.is_ok());
    assert!(fixture.tip(fan, 1, b"").value.is_ok());
    // 1.0002, 0.9999 and 0.9999.
    assert_eq!([a, b, c].map(|who| fixture.claimable(who)), [1, 0, 0]);
    assert_eq!(fixture.claim(a).value, Ok(1));
    assert_eq!(fixture.obligations().unclaimed, 2);
    assert!(fixture.tip(fan, 9_997, b"").value.is_ok());
    // Frequent claims do not change the sum of each recipient.
    assert_eq!([a, b, c].map(|who| fixture.claimable(who)), [3_333, 3_333, 3_333]);
    fixture.env.chain.fund(&c, 1_000).unwrap();
    for who in [a, b, c] {
        assert_eq!(fixture.claim(who).value, Ok(3_333));
    }
    assert_eq!(fixture.obligations(), Obligations::default());
}

#[test]
fn recipients_claim_independently_of_each_other() {
    let (mut fixture, [a, b, c]) = thirds();
    assert!(fixture.subscribe(fixture.env.ana, 0, PRICE).value.is_ok());
    let part = |income: u128, bp: u128| income * bp / 10_000;
    let mut taken = 0;
    for day in 1..=10u128 {
        fixture.wait(DAY);
        assert_eq!(fixture.collect(0, 1).value.unwrap().amount, UNIT);
        // One of them claims each day, and one never does.
        taken += fixture.claim(a).value.unwrap();
        assert_eq!(taken, part(day * UNIT, 3_334));
        assert_eq!([b, c].map(|who| fixture.claimable(who)), [part(day * UNIT, 3_333); 2]);
    }
    assert_eq!(fixture.claim(b).value, Ok(part(10 * UNIT, 3_333)));
    assert_eq!(fixture.claimable(c), part(10 * UNIT, 3_333));
    assert_eq!(fixture.obligations().unclaimed, part(10 * UNIT, 3_333));
}

#[test]
fn only_recipients_can_claim_and_only_once() {
    let (mut fixture, [creator, ..]) = thirds();
    let (ana, vault) = (fixture.env.ana, fixture.vault);
    assert!(fixture.tip(ana, 10_000, b"").value.is_ok());
    assert_eq!(fixture.claim(ana).value, Err(VaultError::NothingToClaim.into()));
    assert_eq!(fixture.claimable(ana), 0);
    assert_eq!(fixture.claim(creator).value, Ok(3_334));
    assert_eq!(fixture.claim(creator).value, Err(VaultError::NothingToClaim.into()));
    // There are no other splits, and no other asset is held.
    let elsewhere = [(Asset::Native, 1), (Asset::Native, u32::MAX), (Asset::Psp22(vault), 0)];
    for (asset, version) in elsewhere {
        let receipt = fixture.send(fixture.env.cleo, 0, contracts::vault(vault).claim(asset, version));
        assert_eq!(receipt.value, Err(VaultError::NothingToClaim.into()));
        assert_eq!(fixture.env.ask(contracts::vault(vault).claimable_of(fixture.env.cleo, asset, version)), 0);
    }
    assert_eq!(fixture.env.ask(contracts::vault(vault).obligations(Asset::Psp22(vault))), Obligations::default());
}

#[test]
fn the_creator_cannot_claim_what_is_not_earned() {
    let mut fixture = VaultFixture::default();
    let (fan, creator) = (fixture.env.ana, fixture.env.creator);
    assert!(fixture.subscribe(fan, 0, 12 * PRICE).value.is_ok());
    assert_eq!(fixture.claim(creator).value, Err(VaultError::NothingToClaim.into()));
    fixture.wait(90 * DAY);
    assert_eq!(fixture.collect(0, 1_000).value.unwrap().amount, 3 * PRICE);
    assert_eq!(fixture.claim(creator).value, Ok(3 * PRICE));
    assert_eq!(fixture.cancel(fan).value, Ok(9 * PRICE));
    assert_eq!(fixture.obligations(), Obligations::default());
}
