//! Superfluid (2022-02): a forged context named another account as the sender.

use hostile::Behaviour;
use ink::scale::Encode;
use patronage::contracts;
use patronage_chain::{Call, Chain, Target};
use patronage_interfaces::{
    ownable::Ownable,
    vault::{Asset, PatronageVault, Share, VaultError},
};
use test_kit::vault_fixture::{VaultFixture, PRICE};

use super::input;

/// The host appended the sender to a call's data, and a caller could append its own. Here the sender is what the chain says,
/// and appended bytes mean nothing: they end no subscription of another account and give nobody's rights.
#[test]
fn appended_bytes_act_for_nobody_else() {
    let mut fixture = VaultFixture::default();
    let (ana, ben, creator, vault) = (fixture.env.ana, fixture.env.ben, fixture.env.creator, fixture.vault);
    fixture.subscribe(ana, 0, 3 * PRICE).value.unwrap();
    fixture.tip(ana, PRICE, b"").value.unwrap();
    let messages = || contracts::vault(vault);
    let shares = vec![Share { recipient: ben, bp: 10_000 }];
    let owner_only = [
        input(messages().set_splits(shares, 0)),
        input(messages().end_subscription(ana)),
        input(messages().set_paused(true)),
        input(contracts::ownable(vault).propose_owner(ben)),
    ];
    let of_another = [
        input(messages().cancel()),
        input(messages().claim(Asset::Native, 0)),
        input(messages().withdraw(Asset::Native)),
        input(messages().withdraw_stake()),
        input(messages().claim_stake_income(Asset::Native)),
    ];
    let (owed, held) = (fixture.obligations(), fixture.env.balance(vault));
    for data in owner_only.iter().chain(&of_another) {
        for victim in [ana, creator] {
            // The account itself, and as Superfluid's context: a length before it.
            for forged in [victim.encode(), victim.encode().encode(), [victim.encode(), victim.encode()].concat()] {
                let data = [&data[..], &forged].concat();
                let call = Call { target: Target::Contract(vault), value: 0, data: &data };
                fixture.env.chain.submit(&ben.into(), &call).ok();
                let relay = fixture.env.hostile(&Behaviour::Ask { contract: vault, input: data.clone() });
                let call = Call { target: Target::Contract(relay), value: 0, data: &[1, 2, 3, 4] };
                fixture.env.chain.submit(&ben.into(), &call).ok();
                assert_eq!(fixture.obligations(), owed);
                assert_eq!(fixture.env.balance(vault), held);
            }
        }
    }
    assert_eq!(fixture.env.ask(contracts::ownable(vault).pending_owner()), None);
    assert!(!fixture.env.ask(messages().settings()).paused);
    assert_eq!(fixture.cancel(ben).value, Err(VaultError::NotSubscribed.into()));
    assert_eq!(fixture.cancel(ana).value, Ok(3 * PRICE));
}
