//! Content that is sold: what a buyer pays, who is paid, and that a purchase stays valid.

use hostile::Behaviour;
use patronage::contracts;
use patronage_chain::Receipt;
use patronage_interfaces::{
    patronage::PayError,
    registry::{
        Access, Audience, Condition, ContentId, ContentRegistry, Grant, Missing, Purchased, RegistryError, Shortfall,
        Terms,
    },
    vault::{Asset, Paid, PatronageVault},
    AccountId,
};
use test_kit::{
    access::{answer, any_of, by_rule, file, holds},
    assert_events, event, field_topic, tier_terms, vault_terms, TestEnv, DAY, UNIT,
};

const PRICE: u128 = 3 * UNIT;
/// Existential deposit of the chain, in planck.
const EXISTENTIAL_DEPOSIT: u128 = 1;
const BOUGHT: Access = Access::Granted(Grant::Purchase);

/// A registry with content 0 for `PRICE`. Purchases are paid to the vault, whose income ben and cleo share.
struct SaleFixture {
    env: TestEnv,
    vault: AccountId,
    registry: AccountId,
}

fn for_sale() -> Terms {
    Terms { price: Some(PRICE), ..Audience::Nobody.into() }
}

impl SaleFixture {
    fn new() -> Self {
        let mut env = TestEnv::default();
        let shares = [(env.ben, 7_500), (env.cleo, 2_500)];
        let vault = env.vault(&vault_terms(vec![tier_terms(UNIT, 1)], &shares));
        Self::paying(env, vault)
    }

    fn paying(mut env: TestEnv, vault: AccountId) -> Self {
        let registry = env.registry_for(Some(vault));
        assert_eq!(env.publish_on(registry, for_sale()), 0);
        Self { env, vault, registry }
    }

    fn buy(
        &mut self,
        payer: AccountId,
        sent: u128,
        id: ContentId,
        recipient: AccountId,
        max_price: u128,
    ) -> Receipt<Result<(), Box<RegistryError>>> {
        self.env.call(payer, sent, contracts::registry(self.registry).purchase(id, recipient, max_price, u64::MAX))
    }

    fn access(&mut self, id: ContentId, who: AccountId) -> Access {
        self.env.access(self.registry, id, who)
    }

    fn has_bought(&mut self, id: ContentId, who: AccountId) -> bool {
        self.env.ask(contracts::registry(self.registry).has_bought(id, who))
    }

    /// Asserts that the purchase of content `id` by ana fails with `error`, and that nothing changes.
    #[track_caller]
    fn assert_refused(&mut self, sent: u128, id: ContentId, max_price: u128, error: RegistryError) {
        let (ana, before) = (self.env.ana, self.env.balance(self.env.ana));
        let had = self.has_bought(id, ana);
        let receipt = self.buy(ana, sent, id, ana, max_price);
        assert_eq!(receipt.value, Err(error.into()));
        assert_eq!(receipt.events, vec![]);
        assert_eq!(receipt.deposit, 0);
        assert_eq!(self.env.balance(ana), before);
        assert_eq!(self.has_bought(id, ana), had);
    }
}

fn to_buy(price: Option<u128>) -> Missing {
    Missing { condition: Condition::Bought { content: 0 }, shortfall: Shortfall::Purchase { price } }
}

#[test]
fn a_purchase_is_paid_to_the_vaults_recipients_and_opens_at_once() {
    let mut fixture = SaleFixture::new();
    let (ana, ben, cleo, vault, registry) =
        (fixture.env.ana, fixture.env.ben, fixture.env.cleo, fixture.vault, fixture.registry);
    assert_eq!(fixture.access(0, ana), Access::Denied(vec![vec![to_buy(Some(PRICE))]]));
    let (before, kept) = (fixture.env.balance(ana), fixture.env.balance(registry));
    let receipt = fixture.buy(ana, PRICE, 0, ana, PRICE);
    assert_eq!(receipt.value, Ok(()));
    let deposit = u128::try_from(receipt.deposit).unwrap();
    assert_eq!(fixture.env.balance(ana), before - PRICE - deposit);
    assert_eq!(fixture.env.balance(registry), kept);
    assert_eq!(fixture.access(0, ana), BOUGHT);
    assert!(fixture.has_bought(0, ana) && !fixture.has_bought(0, ben) && !fixture.has_bought(1, ana));

    let purchased = Purchased { id: 0, recipient: ana, payer: ana, price: PRICE };
    let paid = Paid { payer: registry, purpose: 0, amount: PRICE };
    assert_events(&receipt, registry, &[event(&purchased, &[field_topic(&0_u32), field_topic(&ana)])]);
    assert_events(&receipt, vault, &[event(&paid, &[field_topic(&registry)])]);
    for (who, share) in [(ben, PRICE / 4 * 3), (cleo, PRICE / 4)] {
        assert_eq!(fixture.env.ask(contracts::vault(vault).claimable_of(who, Asset::Native, 0)), share);
    }
}

#[test]
fn a_gift_opens_for_the_recipient_and_the_payer_gets_the_change() {
    let mut fixture = SaleFixture::new();
    let (ana, ben) = (fixture.env.ana, fixture.env.ben);
    let (before, of_ben) = (fixture.env.balance(ana), fixture.env.balance(ben));
    let receipt = fixture.buy(ana, PRICE + 17, 0, ben, u128::MAX);
    assert_eq!(receipt.value, Ok(()));
    let deposit = u128::try_from(receipt.deposit).unwrap();
    assert_eq!(fixture.env.balance(ana), before - PRICE - deposit);
    assert_eq!(fixture.env.balance(ben), of_ben);
    let purchased = Purchased { id: 0, recipient: ben, payer: ana, price: PRICE };
    assert_events(&receipt, fixture.registry, &[event(&purchased, &[field_topic(&0_u32), field_topic(&ben)])]);
    assert_eq!(fixture.access(0, ben), BOUGHT);
    assert!(!fixture.access(0, ana).is_granted());
}

#[test]
fn an_impossible_purchase_is_refused_with_the_reason() {
    let mut fixture = SaleFixture::new();
    let (ana, registry) = (fixture.env.ana, fixture.registry);
    fixture.assert_refused(PRICE, 1, PRICE, RegistryError::UnknownContent);
    fixture.assert_refused(PRICE, 0, PRICE - 1, RegistryError::PriceTooHigh { price: PRICE });
    fixture.assert_refused(PRICE - 1, 0, PRICE, RegistryError::PaymentTooSmall { least: PRICE });
    fixture.assert_refused(0, 0, PRICE, RegistryError::PaymentTooSmall { least: PRICE });
    let free = fixture.env.publish(registry, Audience::Everyone);
    fixture.assert_refused(PRICE, free, PRICE, RegistryError::NotForSale);
    let retired = fixture.env.publish_on(registry, Terms { retired: true, ..for_sale() });
    fixture.assert_refused(PRICE, retired, PRICE, RegistryError::NotForSale);
    fixture.buy(ana, PRICE, 0, ana, PRICE).value.unwrap();
    fixture.assert_refused(PRICE, 0, PRICE, RegistryError::AlreadyBought);

    let (creator, next) = (fixture.env.creator, fixture.env.publish_on(registry, for_sale()));
    fixture.env.call(creator, 0, contracts::registry(registry).set_vault(None)).value.unwrap();
    fixture.assert_refused(PRICE, next, PRICE, RegistryError::NoVault);
}

#[test]
fn a_purchase_stays_valid_whatever_the_terms_become() {
    let mut fixture = SaleFixture::new();
    let (ana, ben, registry) = (fixture.env.ana, fixture.env.ben, fixture.registry);
    fixture.buy(ana, PRICE, 0, ana, PRICE).value.unwrap();
    for terms in [
        Terms { price: Some(2 * PRICE), ..for_sale() },
        Terms { price: None, ..for_sale() },
        Terms { retired: true, ..for_sale() },
        any_of(&[&[holds([7; 32].into(), 1)]]).into(),
    ] {
        fixture.env.change_terms(registry, 0, terms);
        assert_eq!(fixture.access(0, ana), BOUGHT);
        assert!(!fixture.access(0, ben).is_granted());
    }
    fixture.env.change_terms(registry, 0, Audience::Everyone.into());
    assert_eq!(fixture.access(0, ana), BOUGHT);
    assert_eq!(fixture.access(0, ben), Access::Granted(Grant::Everyone));
}

#[test]
fn retired_content_cannot_be_bought_any_more() {
    let mut fixture = SaleFixture::new();
    let (ben, registry) = (fixture.env.ben, fixture.registry);
    let now = Condition::NotBefore { time: 0 };
    fixture.env.change_terms(registry, 0, Terms { retired: true, price: Some(1), ..any_of(&[&[now]]).into() });
    assert_eq!(fixture.access(0, ben), Access::Denied(vec![]));
    fixture.env.change_terms(registry, 0, any_of(&[&[now]]).into());
    assert_eq!(fixture.access(0, ben), by_rule(0));
}

#[test]
fn content_can_be_bought_before_its_release_and_opened_after_it() {
    let mut fixture = SaleFixture::new();
    let (ana, ben, registry) = (fixture.env.ana, fixture.env.ben, fixture.registry);
    let release = fixture.env.chain.now() + DAY;
    fixture.env.change_terms(registry, 0, Terms { release, ..for_sale() });
    let wait =
        |wait| Missing { condition: Condition::NotBefore { time: release }, shortfall: Shortfall::Time { wait } };
    assert_eq!(fixture.access(0, ana), Access::Denied(vec![vec![to_buy(Some(PRICE)), wait(DAY)]]));
    fixture.buy(ana, PRICE, 0, ana, PRICE).value.unwrap();
    assert_eq!(fixture.access(0, ana), Access::Denied(vec![vec![wait(DAY)]]));
    fixture.env.chain.advance(DAY - 1);
    assert_eq!(fixture.access(0, ana), Access::Denied(vec![vec![wait(1)]]));
    fixture.env.chain.advance(1);
    assert_eq!(fixture.access(0, ana), BOUGHT);
    assert!(!fixture.access(0, ben).is_granted());
}

#[test]
fn a_song_opens_for_buyers_of_the_album() {
    let mut fixture = SaleFixture::new();
    let (ana, registry) = (fixture.env.ana, fixture.registry);
    let album = Condition::Bought { content: 0 };
    let song = fixture.env.publish_on(registry, Terms { price: Some(UNIT), ..any_of(&[&[album]]).into() });
    let alone = Missing {
        condition: Condition::Bought { content: song },
        shortfall: Shortfall::Purchase { price: Some(UNIT) },
    };
    assert_eq!(fixture.access(song, ana), Access::Denied(vec![vec![to_buy(Some(PRICE))], vec![alone]]));
    fixture.env.change_terms(registry, 0, Audience::Nobody.into());
    assert_eq!(fixture.access(song, ana), Access::Denied(vec![vec![to_buy(None)], vec![alone]]));
    fixture.env.change_terms(registry, 0, for_sale());
    fixture.buy(ana, PRICE, 0, ana, PRICE).value.unwrap();
    assert_eq!(fixture.access(song, ana), by_rule(0));
    assert_eq!(fixture.access(0, ana), BOUGHT);
}

#[test]
fn a_vault_of_another_project_is_paid_and_its_errors_are_returned() {
    let mut env = TestEnv::default();
    let none: Vec<(AccountId, patronage_interfaces::patronage::Standing)> = vec![];
    let vault = env.deploy("foreign_vault", &(none, PRICE + 1));
    let mut fixture = SaleFixture::paying(env, vault);
    let ana = fixture.env.ana;
    fixture.buy(ana, PRICE, 0, ana, PRICE).value.unwrap();
    assert_eq!(fixture.env.balance(vault), EXISTENTIAL_DEPOSIT + PRICE);
    let id = fixture.env.publish_on(fixture.registry, Terms { price: Some(PRICE + 1), ..for_sale() });
    fixture.assert_refused(PRICE + 1, id, PRICE + 1, RegistryError::Refused(PayError::Overflow));
}

#[test]
fn a_paused_vault_is_not_paid() {
    let mut fixture = SaleFixture::new();
    let creator = fixture.env.creator;
    fixture.env.call(creator, 0, contracts::vault(fixture.vault).set_paused(true)).value.unwrap();
    fixture.assert_refused(PRICE, 0, PRICE, RegistryError::Refused(PayError::Paused));
}

#[test]
fn a_vault_that_does_not_confirm_the_payment_is_not_paid() {
    let error: Result<(), PayError> = Err(PayError::Paused);
    for behaviour in [
        Behaviour::Trap,
        Behaviour::Answer(vec![]),
        Behaviour::Answer(vec![0, 0, 0]),
        Behaviour::Answer(answer(error)),
        Behaviour::Answer(answer(7_u128)),
        Behaviour::Revert(vec![]),
        Behaviour::Revert(vec![0, 0]),
        Behaviour::Revert(vec![0, 1, 3]),
    ] {
        let mut env = TestEnv::default();
        let vault = env.hostile(&behaviour);
        let mut fixture = SaleFixture::paying(env, vault);
        fixture.assert_refused(PRICE, 0, PRICE, RegistryError::VaultFailed);
        assert_eq!(fixture.env.balance(vault), EXISTENTIAL_DEPOSIT, "{behaviour:?}");
    }
    // An account without a contract.
    for vault in [AccountId::from([0; 32]), TestEnv::default().ana] {
        SaleFixture::paying(TestEnv::default(), vault).assert_refused(PRICE, 0, PRICE, RegistryError::VaultFailed);
    }
}

#[test]
fn a_price_is_within_the_chains_balances_and_needs_a_vault() {
    let mut fixture = SaleFixture::new();
    let (creator, registry) = (fixture.env.creator, fixture.registry);
    let zero = || Terms { price: Some(0), ..for_sale() };
    let out_of_range = RegistryError::PriceOutOfRange { most: u128::MAX };
    let publish = contracts::registry(registry).publish(file(), zero());
    assert_eq!(fixture.env.call(creator, 0, publish).value, Err(out_of_range.into()));
    let change = contracts::registry(registry).change_terms(0, zero());
    assert_eq!(fixture.env.call(creator, 0, change).value, Err(out_of_range.into()));

    let without = fixture.env.registry();
    let publish = contracts::registry(without).publish(file(), for_sale());
    assert_eq!(fixture.env.call(creator, 0, publish).value, Err(RegistryError::NoVault.into()));
    let id = fixture.env.publish(without, Audience::Nobody);
    let change = contracts::registry(without).change_terms(id, for_sale());
    assert_eq!(fixture.env.call(creator, 0, change).value, Err(RegistryError::NoVault.into()));
}

#[test]
fn the_release_of_sold_content_cannot_be_postponed() {
    let mut fixture = SaleFixture::new();
    let (ana, creator, registry) = (fixture.env.ana, fixture.env.creator, fixture.registry);
    let now = fixture.env.chain.now();
    let change = |fixture: &mut SaleFixture, release| {
        let terms = Terms { release, ..for_sale() };
        fixture.env.call(creator, 0, contracts::registry(registry).change_terms(0, terms))
    };
    // Before the first purchase the creator can change it.
    for release in [now + 2 * DAY, now + DAY] {
        assert_eq!(change(&mut fixture, release).value, Ok(()));
    }
    assert_eq!(fixture.buy(ana, PRICE, 0, ana, PRICE).value, Ok(()));
    for later in [now + DAY + 1, u64::MAX] {
        let refused = change(&mut fixture, later);
        assert_eq!(refused.value, Err(RegistryError::ReleaseSold { latest: now + DAY }.into()));
        assert_eq!(refused.events, vec![]);
        assert_eq!(refused.deposit, 0);
    }
    assert_eq!(change(&mut fixture, now + DAY).value, Ok(()));
    fixture.env.chain.advance(DAY);
    assert_eq!(fixture.access(0, ana), BOUGHT);
    let refused = change(&mut fixture, now + DAY + 1);
    assert_eq!(refused.value, Err(RegistryError::ReleaseSold { latest: now + DAY }.into()));
    assert_eq!(fixture.access(0, ana), BOUGHT);
}

#[test]
fn a_purchase_names_the_latest_release_that_it_accepts() {
    let mut fixture = SaleFixture::new();
    let (ana, creator, registry) = (fixture.env.ana, fixture.env.creator, fixture.registry);
    let release = fixture.env.chain.now() + DAY;
    let terms = Terms { release, ..for_sale() };
    fixture.env.call(creator, 0, contracts::registry(registry).change_terms(0, terms)).value.unwrap();
    let buy = |fixture: &mut SaleFixture, latest| {
        fixture.env.call(ana, PRICE, contracts::registry(registry).purchase(0, ana, PRICE, latest))
    };
    let before = fixture.env.balance(ana);
    let refused = buy(&mut fixture, release - 1);
    assert_eq!(refused.value, Err(RegistryError::ReleasedTooLate { release }.into()));
    assert_eq!(fixture.env.balance(ana), before);
    assert_eq!(refused.deposit, 0);
    assert_eq!(buy(&mut fixture, release).value, Ok(()));
}
