//! Content that is sold: what a buyer pays, where the money goes, and that nobody loses what was bought.

use hostile::Behaviour;
use patronage::contracts as suite;
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
    assert_events, event, field_topic, tier_terms, vault_terms, World, DAY, UNIT,
};

const PRICE: u128 = 3 * UNIT;
/// What an account of the chain must hold, in planck.
const EXISTENTIAL_DEPOSIT: u128 = 1;
const BOUGHT: Access = Access::Granted(Grant::Purchase);

/// A registry with content 0 for `PRICE`, and the vault that is paid, whose income ben and cleo share.
struct Shop {
    world: World,
    vault: AccountId,
    registry: AccountId,
}

fn for_sale() -> Terms {
    Terms { price: Some(PRICE), ..Audience::Nobody.into() }
}

impl Shop {
    fn new() -> Self {
        let mut world = World::default();
        let shares = [(world.ben, 7_500), (world.cleo, 2_500)];
        let vault = world.vault(&vault_terms(vec![tier_terms(UNIT, 1)], &shares));
        Self::paying(world, vault)
    }

    fn paying(mut world: World, vault: AccountId) -> Self {
        let registry = world.registry_for(Some(vault));
        assert_eq!(world.publish_on(registry, for_sale()), 0);
        Self { world, vault, registry }
    }

    fn buy(
        &mut self,
        payer: AccountId,
        sent: u128,
        id: ContentId,
        recipient: AccountId,
        max_price: u128,
    ) -> Receipt<Result<(), Box<RegistryError>>> {
        self.world.call(payer, sent, suite::registry(self.registry).purchase(id, recipient, max_price, u64::MAX))
    }

    fn access(&mut self, id: ContentId, who: AccountId) -> Access {
        self.world.access(self.registry, id, who)
    }

    fn has_bought(&mut self, id: ContentId, who: AccountId) -> bool {
        self.world.ask(suite::registry(self.registry).has_bought(id, who))
    }

    /// Asserts that buying content `id` for ana, as her, is refused with `error`, and nothing has happened.
    #[track_caller]
    fn assert_refused(&mut self, sent: u128, id: ContentId, max_price: u128, error: RegistryError) {
        let (ana, before) = (self.world.ana, self.world.balance(self.world.ana));
        let had = self.has_bought(id, ana);
        let receipt = self.buy(ana, sent, id, ana, max_price);
        assert_eq!(receipt.value, Err(error.into()));
        assert_eq!(receipt.events, vec![]);
        assert_eq!(receipt.deposit, 0);
        assert_eq!(self.world.balance(ana), before);
        assert_eq!(self.has_bought(id, ana), had);
    }
}

fn to_buy(price: Option<u128>) -> Missing {
    Missing { condition: Condition::Bought { content: 0 }, shortfall: Shortfall::Purchase { price } }
}

#[test]
fn what_is_paid_is_the_recipients_of_the_vault_and_opens_at_once() {
    let mut shop = Shop::new();
    let (ana, ben, cleo, vault, registry) =
        (shop.world.ana, shop.world.ben, shop.world.cleo, shop.vault, shop.registry);
    assert_eq!(shop.access(0, ana), Access::Denied(vec![vec![to_buy(Some(PRICE))]]));
    let (before, kept) = (shop.world.balance(ana), shop.world.balance(registry));
    let receipt = shop.buy(ana, PRICE, 0, ana, PRICE);
    assert_eq!(receipt.value, Ok(()));
    let deposit = u128::try_from(receipt.deposit).unwrap();
    assert_eq!(shop.world.balance(ana), before - PRICE - deposit);
    assert_eq!(shop.world.balance(registry), kept);
    assert_eq!(shop.access(0, ana), BOUGHT);
    assert!(shop.has_bought(0, ana) && !shop.has_bought(0, ben) && !shop.has_bought(1, ana));

    let purchased = Purchased { id: 0, recipient: ana, payer: ana, price: PRICE };
    let paid = Paid { payer: registry, purpose: 0, amount: PRICE };
    assert_events(&receipt, registry, &[event(&purchased, &[field_topic(&0_u32), field_topic(&ana)])]);
    assert_events(&receipt, vault, &[event(&paid, &[field_topic(&registry)])]);
    for (who, share) in [(ben, PRICE / 4 * 3), (cleo, PRICE / 4)] {
        assert_eq!(shop.world.ask(suite::vault(vault).claimable_of(who, Asset::Native, 0)), share);
    }
}

#[test]
fn a_gift_is_the_recipients_and_the_change_the_payers() {
    let mut shop = Shop::new();
    let (ana, ben) = (shop.world.ana, shop.world.ben);
    let (before, of_ben) = (shop.world.balance(ana), shop.world.balance(ben));
    let receipt = shop.buy(ana, PRICE + 17, 0, ben, u128::MAX);
    assert_eq!(receipt.value, Ok(()));
    let deposit = u128::try_from(receipt.deposit).unwrap();
    assert_eq!(shop.world.balance(ana), before - PRICE - deposit);
    assert_eq!(shop.world.balance(ben), of_ben);
    let purchased = Purchased { id: 0, recipient: ben, payer: ana, price: PRICE };
    assert_events(&receipt, shop.registry, &[event(&purchased, &[field_topic(&0_u32), field_topic(&ben)])]);
    assert_eq!(shop.access(0, ben), BOUGHT);
    assert!(!shop.access(0, ana).is_granted());
}

#[test]
fn a_purchase_that_is_not_possible_is_refused_by_its_cause() {
    let mut shop = Shop::new();
    let (ana, registry) = (shop.world.ana, shop.registry);
    shop.assert_refused(PRICE, 1, PRICE, RegistryError::UnknownContent);
    shop.assert_refused(PRICE, 0, PRICE - 1, RegistryError::PriceTooHigh { price: PRICE });
    shop.assert_refused(PRICE - 1, 0, PRICE, RegistryError::PaymentTooSmall { least: PRICE });
    shop.assert_refused(0, 0, PRICE, RegistryError::PaymentTooSmall { least: PRICE });
    let free = shop.world.publish(registry, Audience::Everyone);
    shop.assert_refused(PRICE, free, PRICE, RegistryError::NotForSale);
    let retired = shop.world.publish_on(registry, Terms { retired: true, ..for_sale() });
    shop.assert_refused(PRICE, retired, PRICE, RegistryError::NotForSale);
    shop.buy(ana, PRICE, 0, ana, PRICE).value.unwrap();
    shop.assert_refused(PRICE, 0, PRICE, RegistryError::AlreadyBought);

    let (creator, next) = (shop.world.creator, shop.world.publish_on(registry, for_sale()));
    shop.world.call(creator, 0, suite::registry(registry).set_vault(None)).value.unwrap();
    shop.assert_refused(PRICE, next, PRICE, RegistryError::NoVault);
}

#[test]
fn what_was_bought_stays_whatever_becomes_of_the_terms() {
    let mut shop = Shop::new();
    let (ana, ben, registry) = (shop.world.ana, shop.world.ben, shop.registry);
    shop.buy(ana, PRICE, 0, ana, PRICE).value.unwrap();
    for terms in [
        Terms { price: Some(2 * PRICE), ..for_sale() },
        Terms { price: None, ..for_sale() },
        Terms { retired: true, ..for_sale() },
        any_of(&[&[holds([7; 32].into(), 1)]]).into(),
    ] {
        shop.world.change_terms(registry, 0, terms);
        assert_eq!(shop.access(0, ana), BOUGHT);
        assert!(!shop.access(0, ben).is_granted());
    }
    shop.world.change_terms(registry, 0, Audience::Everyone.into());
    assert_eq!(shop.access(0, ana), BOUGHT);
    assert_eq!(shop.access(0, ben), Access::Granted(Grant::Everyone));
}

#[test]
fn retired_content_offers_no_way_in_to_others() {
    let mut shop = Shop::new();
    let (ben, registry) = (shop.world.ben, shop.registry);
    let now = Condition::NotBefore { time: 0 };
    shop.world.change_terms(registry, 0, Terms { retired: true, price: Some(1), ..any_of(&[&[now]]).into() });
    assert_eq!(shop.access(0, ben), Access::Denied(vec![]));
    shop.world.change_terms(registry, 0, any_of(&[&[now]]).into());
    assert_eq!(shop.access(0, ben), by_rule(0));
}

#[test]
fn it_can_be_bought_before_its_release_and_opened_from_then_on() {
    let mut shop = Shop::new();
    let (ana, ben, registry) = (shop.world.ana, shop.world.ben, shop.registry);
    let release = shop.world.chain.now() + DAY;
    shop.world.change_terms(registry, 0, Terms { release, ..for_sale() });
    let wait =
        |wait| Missing { condition: Condition::NotBefore { time: release }, shortfall: Shortfall::Time { wait } };
    assert_eq!(shop.access(0, ana), Access::Denied(vec![vec![to_buy(Some(PRICE)), wait(DAY)]]));
    shop.buy(ana, PRICE, 0, ana, PRICE).value.unwrap();
    assert_eq!(shop.access(0, ana), Access::Denied(vec![vec![wait(DAY)]]));
    shop.world.chain.advance(DAY - 1);
    assert_eq!(shop.access(0, ana), Access::Denied(vec![vec![wait(1)]]));
    shop.world.chain.advance(1);
    assert_eq!(shop.access(0, ana), BOUGHT);
    assert!(!shop.access(0, ben).is_granted());
}

#[test]
fn a_song_opens_to_who_has_bought_the_album() {
    let mut shop = Shop::new();
    let (ana, registry) = (shop.world.ana, shop.registry);
    let album = Condition::Bought { content: 0 };
    let song = shop.world.publish_on(registry, Terms { price: Some(UNIT), ..any_of(&[&[album]]).into() });
    let alone = Missing {
        condition: Condition::Bought { content: song },
        shortfall: Shortfall::Purchase { price: Some(UNIT) },
    };
    assert_eq!(shop.access(song, ana), Access::Denied(vec![vec![to_buy(Some(PRICE))], vec![alone]]));
    shop.world.change_terms(registry, 0, Audience::Nobody.into());
    assert_eq!(shop.access(song, ana), Access::Denied(vec![vec![to_buy(None)], vec![alone]]));
    shop.world.change_terms(registry, 0, for_sale());
    shop.buy(ana, PRICE, 0, ana, PRICE).value.unwrap();
    assert_eq!(shop.access(song, ana), by_rule(0));
    assert_eq!(shop.access(0, ana), BOUGHT);
}

#[test]
fn money_goes_to_a_vault_of_another_kind_and_its_refusals_are_told() {
    let mut world = World::default();
    let none: Vec<(AccountId, patronage_interfaces::patronage::Standing)> = vec![];
    let vault = world.deploy("foreign_vault", &(none, PRICE + 1));
    let mut shop = Shop::paying(world, vault);
    let ana = shop.world.ana;
    shop.buy(ana, PRICE, 0, ana, PRICE).value.unwrap();
    assert_eq!(shop.world.balance(vault), EXISTENTIAL_DEPOSIT + PRICE);
    let id = shop.world.publish_on(shop.registry, Terms { price: Some(PRICE + 1), ..for_sale() });
    shop.assert_refused(PRICE + 1, id, PRICE + 1, RegistryError::Refused(PayError::Overflow));
}

#[test]
fn a_vault_that_is_paused_is_not_paid() {
    let mut shop = Shop::new();
    let creator = shop.world.creator;
    shop.world.call(creator, 0, suite::vault(shop.vault).set_paused(true)).value.unwrap();
    shop.assert_refused(PRICE, 0, PRICE, RegistryError::Refused(PayError::Paused));
}

#[test]
fn a_vault_that_does_not_say_it_took_the_money_does_not_get_it() {
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
        let mut world = World::default();
        let vault = world.hostile(&behaviour);
        let mut shop = Shop::paying(world, vault);
        shop.assert_refused(PRICE, 0, PRICE, RegistryError::VaultFailed);
        assert_eq!(shop.world.balance(vault), EXISTENTIAL_DEPOSIT, "{behaviour:?}");
    }
    // Nobody is there.
    for vault in [AccountId::from([0; 32]), World::default().ana] {
        Shop::paying(World::default(), vault).assert_refused(PRICE, 0, PRICE, RegistryError::VaultFailed);
    }
}

#[test]
fn a_price_is_from_one_to_what_the_chain_can_count_and_needs_a_vault() {
    let mut shop = Shop::new();
    let (creator, registry) = (shop.world.creator, shop.registry);
    let zero = || Terms { price: Some(0), ..for_sale() };
    let out_of_range = RegistryError::PriceOutOfRange { most: u128::MAX };
    let publish = suite::registry(registry).publish(file(), zero());
    assert_eq!(shop.world.call(creator, 0, publish).value, Err(out_of_range.into()));
    let change = suite::registry(registry).change_terms(0, zero());
    assert_eq!(shop.world.call(creator, 0, change).value, Err(out_of_range.into()));

    let without = shop.world.registry();
    let publish = suite::registry(without).publish(file(), for_sale());
    assert_eq!(shop.world.call(creator, 0, publish).value, Err(RegistryError::NoVault.into()));
    let id = shop.world.publish(without, Audience::Nobody);
    let change = suite::registry(without).change_terms(id, for_sale());
    assert_eq!(shop.world.call(creator, 0, change).value, Err(RegistryError::NoVault.into()));
}

#[test]
fn the_release_of_what_was_sold_is_never_moved_to_a_later_time() {
    let mut shop = Shop::new();
    let (ana, creator, registry) = (shop.world.ana, shop.world.creator, shop.registry);
    let now = shop.world.chain.now();
    let change = |shop: &mut Shop, release| {
        let terms = Terms { release, ..for_sale() };
        shop.world.call(creator, 0, suite::registry(registry).change_terms(0, terms))
    };
    // Before anyone has bought it, the creator is free.
    for release in [now + 2 * DAY, now + DAY] {
        assert_eq!(change(&mut shop, release).value, Ok(()));
    }
    assert_eq!(shop.buy(ana, PRICE, 0, ana, PRICE).value, Ok(()));
    for later in [now + DAY + 1, u64::MAX] {
        let refused = change(&mut shop, later);
        assert_eq!(refused.value, Err(RegistryError::ReleaseSold { latest: now + DAY }.into()));
        assert_eq!(refused.events, vec![]);
        assert_eq!(refused.deposit, 0);
    }
    assert_eq!(change(&mut shop, now + DAY).value, Ok(()));
    shop.world.chain.advance(DAY);
    assert_eq!(shop.access(0, ana), BOUGHT);
    let refused = change(&mut shop, now + DAY + 1);
    assert_eq!(refused.value, Err(RegistryError::ReleaseSold { latest: now + DAY }.into()));
    assert_eq!(shop.access(0, ana), BOUGHT);
}

#[test]
fn a_purchase_names_the_latest_release_that_it_accepts() {
    let mut shop = Shop::new();
    let (ana, creator, registry) = (shop.world.ana, shop.world.creator, shop.registry);
    let release = shop.world.chain.now() + DAY;
    let terms = Terms { release, ..for_sale() };
    shop.world.call(creator, 0, suite::registry(registry).change_terms(0, terms)).value.unwrap();
    let buy = |shop: &mut Shop, latest| {
        shop.world.call(ana, PRICE, suite::registry(registry).purchase(0, ana, PRICE, latest))
    };
    let before = shop.world.balance(ana);
    let refused = buy(&mut shop, release - 1);
    assert_eq!(refused.value, Err(RegistryError::ReleasedTooLate { release }.into()));
    assert_eq!(shop.world.balance(ana), before);
    assert_eq!(refused.deposit, 0);
    assert_eq!(buy(&mut shop, release).value, Ok(()));
}
