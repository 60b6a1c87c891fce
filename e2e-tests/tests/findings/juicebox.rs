//! Juicebox: payouts to splits, and terms that change before a payment.

use hostile::Behaviour;
use patronage::contracts;
use patronage_interfaces::vault::{Asset, PatronageVault, Share, TierTerms, VaultError};
use test_kit::{
    tier_terms,
    vault_fixture::{VaultFixture, PRICE},
    TOKEN, UNIT,
};

/// One split that reverted blocked the payout of all. Here each recipient claims alone.
#[test]
fn a_recipient_that_reverts_blocks_no_other_payout() {
    let mut fixture = VaultFixture::default();
    let (ana, ben, creator, vault) = (fixture.env.ana, fixture.env.ben, fixture.env.creator, fixture.vault);
    let bad = [Behaviour::Trap, Behaviour::Revert(vec![]), Behaviour::BurnGas].map(|how| fixture.env.hostile(&how));
    let mut shares: Vec<_> = bad.iter().map(|recipient| Share { recipient: *recipient, bp: 2_000 }).collect();
    shares.extend([Share { recipient: creator, bp: 3_000 }, Share { recipient: ben, bp: 1_000 }]);
    fixture.send(creator, 0, contracts::vault(vault).set_splits(shares, 0)).value.unwrap();
    fixture.tip(ana, 10 * UNIT, b"").value.unwrap();
    let claim = || contracts::vault(vault).claim(Asset::Native, 1);
    assert_eq!(fixture.send(ben, 0, claim()).value, Ok(UNIT));
    assert_eq!(fixture.send(creator, 0, claim()).value, Ok(3 * UNIT));
    for recipient in bad {
        let waits = fixture.env.ask(contracts::vault(vault).claimable_of(recipient, Asset::Native, 1));
        assert_eq!(waits, 2 * UNIT);
    }
    // They do not stop later splits either.
    let all = vec![Share { recipient: ben, bp: 10_000 }];
    fixture.send(creator, 0, contracts::vault(vault).set_splits(all, 0)).value.unwrap();
}

/// The owner could change the token or the rate just before a payment, which then bought something else. Here a payment names
/// the tier, whose asset, period and level never change, and the highest price. A change makes the payment fail.
#[test]
fn terms_that_change_before_a_payment_make_it_fail() {
    let (mut fixture, token) = VaultFixture::with_token();
    let (ana, creator, vault) = (fixture.env.ana, fixture.env.creator, fixture.vault);
    let messages = || contracts::vault(vault);
    let dearer = |tier, price| messages().update_tier(tier, price, None, true, vec![]);
    fixture.send(creator, 0, dearer(0, PRICE + 1)).value.unwrap();
    fixture.send(creator, 0, dearer(2, 31 * TOKEN)).value.unwrap();
    let native = fixture.send(ana, 2 * PRICE, messages().subscribe(0, ana, 0, PRICE));
    assert_eq!(native.value, Err(VaultError::PriceTooHigh { price: PRICE + 1 }.into()));
    let tokens = fixture.send(ana, 0, messages().subscribe(2, ana, 60 * TOKEN, 30 * TOKEN));
    assert_eq!(tokens.value, Err(VaultError::PriceTooHigh { price: 31 * TOKEN }.into()));
    // A new tier in another asset has another number, and the asset of a tier can't be mistaken.
    let other = TierTerms { asset: Asset::Psp22(token), ..tier_terms(PRICE, 1) };
    assert_eq!(fixture.send(creator, 0, messages().add_tier(other)).value, Ok(3));
    for (tier, value, amount) in [(0, 0, 60 * TOKEN), (2, 2 * PRICE, 0), (3, 2 * PRICE, 0)] {
        let wrong = fixture.send(ana, value, messages().subscribe(tier, ana, amount, u128::MAX));
        assert_eq!(wrong.value, Err(VaultError::WrongAsset.into()), "tier {tier}");
    }
}
