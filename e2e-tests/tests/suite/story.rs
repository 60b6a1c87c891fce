//! Fans buy, tip, subscribe, wait, leave and sell; content opens and closes with it, to the unit and to the millisecond.

use patronage::contracts as suite;
use patronage_interfaces::{
    registry::{Condition, ContentId},
    token::CreatorToken,
    vault::{Asset, PatronageVault},
    AccountId,
};
use psp22::PSP22;
use test_kit::{
    access::{any_of, holds, subscribed},
    tier_terms, token_terms, vault_terms, World, DAY, TOKEN, UNIT,
};

const MONTH: u64 = 30 * DAY;

struct Story {
    world: World,
    token: AccountId,
    vault: AccountId,
    registry: AccountId,
    /// For holders of 10 tokens.
    demo: ContentId,
    /// For subscribers.
    letters: ContentId,
    /// For subscribers of level 2, and for holders of 50 tokens who tipped a unit.
    studio: ContentId,
}

impl Story {
    fn begin() -> Self {
        let mut world = World::default();
        let tiers = vec![tier_terms(30 * UNIT, 1), tier_terms(90 * UNIT, 2)];
        let shares = [(world.creator, 9_000), (world.cleo, 1_000)];
        let (token, vault) = (world.token(&token_terms()), world.vault(&vault_terms(tiers, &shares)));
        let registry = world.registry();
        let demo = world.publish(registry, any_of(&[&[holds(token, 10 * TOKEN)]]));
        let letters = world.publish(registry, any_of(&[&[subscribed(vault, 1)]]));
        let collectors = [holds(token, 50 * TOKEN), Condition::Tipped { vault, amount: UNIT }];
        let studio = world.publish(registry, any_of(&[&[subscribed(vault, 2)], &collectors]));
        Self { world, token, vault, registry, demo, letters, studio }
    }

    /// What `who` may open: the demo, the letters, the studio.
    fn opens(&mut self, who: AccountId) -> [bool; 3] {
        [self.demo, self.letters, self.studio].map(|id| self.world.access(self.registry, id, who).is_granted())
    }

    fn buy(&mut self, who: AccountId, tokens: u128) {
        let price = self.world.price(self.token, tokens);
        self.world.call(who, price, suite::sale(self.token).buy(who, tokens, None)).value.unwrap();
    }

    fn sell(&mut self, who: AccountId, tokens: u128) {
        self.world.call(who, 0, suite::sale(self.token).sell(tokens, 1)).value.unwrap();
    }

    fn cancel(&mut self, who: AccountId) -> u128 {
        self.world.call(who, 0, suite::vault(self.vault).cancel()).value.unwrap()
    }

    fn tip(&mut self, who: AccountId, amount: u128) {
        self.world.call(who, amount, suite::vault(self.vault).tip(b"hi".to_vec())).value.unwrap();
    }
}

#[test]
fn content_opens_and_closes_with_what_fans_have() {
    let mut story = Story::begin();
    let (ana, ben) = (story.world.ana, story.world.ben);
    assert_eq!(story.opens(ana), [false; 3]);

    story.buy(ana, 10 * TOKEN);
    assert_eq!(story.opens(ana), [true, false, false]);
    story.buy(ana, 40 * TOKEN);
    assert_eq!(story.opens(ana), [true, false, false]);
    story.tip(ana, UNIT);
    assert_eq!(story.opens(ana), [true, false, true]);
    // Selling one unit closes what needed all of them, selling more the rest; the tip stays given.
    story.sell(ana, 1);
    assert_eq!(story.opens(ana), [true, false, false]);
    story.sell(ana, 40 * TOKEN);
    assert_eq!(story.opens(ana), [false; 3]);

    story.world.subscribe(ben, story.vault, 1, 0);
    assert_eq!(story.opens(ben), [false, true, true]);
    assert_eq!(story.opens(ana), [false; 3]);
}

#[test]
fn a_subscription_closes_in_the_very_millisecond_in_which_it_ends() {
    let mut story = Story::begin();
    let (ana, ben) = (story.world.ana, story.world.ben);
    let of_ana = story.world.subscribe(ana, story.vault, 0, 0);
    story.world.chain.advance(1);
    let of_ben = story.world.subscribe(ben, story.vault, 1, 0);
    assert_eq!(of_ana + 1, of_ben);
    assert_eq!(of_ben, story.world.chain.now() + MONTH);
    story.world.chain.advance(MONTH - 2);
    assert_eq!(story.opens(ana), [false, true, false]);
    assert_eq!(story.opens(ben), [false, true, true]);
    story.world.chain.advance(1);
    assert_eq!(story.opens(ana), [false; 3]);
    assert_eq!(story.opens(ben), [false, true, true]);
    story.world.chain.advance(1);
    assert_eq!(story.opens(ana), [false; 3]);
    assert_eq!(story.opens(ben), [false; 3]);

    // All of it is earned, nothing goes back, and another one opens again.
    assert_eq!(story.cancel(ana), 0);
    story.world.subscribe(ana, story.vault, 0, 0);
    story.world.subscribe(ben, story.vault, 0, 0);
    assert_eq!(story.opens(ana), [false, true, false]);
    assert_eq!(story.opens(ben), [false, true, false]);
}

#[test]
fn cancelling_pays_back_and_closes_at_once() {
    let mut story = Story::begin();
    let ana = story.world.ana;
    story.world.subscribe(ana, story.vault, 1, 0);
    story.world.chain.advance(MONTH / 3);
    assert_eq!(story.opens(ana), [false, true, true]);
    assert_eq!(story.cancel(ana), 60 * UNIT);
    assert_eq!(story.opens(ana), [false; 3]);
}

#[test]
fn a_gift_opens_for_the_fan_and_not_for_the_giver() {
    let mut story = Story::begin();
    let (ana, ben) = (story.world.ana, story.world.ben);
    let gift = suite::vault(story.vault).subscribe(0, ben, 0, u128::MAX);
    story.world.call(ana, 30 * UNIT, gift).value.unwrap();
    let price = story.world.price(story.token, 10 * TOKEN);
    let gift = suite::sale(story.token).buy(ben, 10 * TOKEN, None);
    story.world.call(ana, price, gift).value.unwrap();
    assert_eq!(story.opens(ana), [false; 3]);
    assert_eq!(story.opens(ben), [true, true, false]);
}

#[test]
fn tokens_given_away_take_access_with_them() {
    let mut story = Story::begin();
    let (ana, ben) = (story.world.ana, story.world.ben);
    story.buy(ana, 10 * TOKEN);
    let gift = suite::psp22(story.token).transfer(ben, 10 * TOKEN, vec![]);
    story.world.call(ana, 0, gift).value.unwrap();
    assert_eq!(story.opens(ana), [false; 3]);
    assert_eq!(story.opens(ben), [true, false, false]);
}

#[test]
fn when_all_have_left_and_all_is_claimed_only_dust_is_left_anywhere() {
    let mut story = Story::begin();
    let (creator, ana, ben, cleo) = (story.world.creator, story.world.ana, story.world.ben, story.world.cleo);
    let (token, vault) = (story.token, story.vault);
    let (of_token, of_vault) = (story.world.balance(token), story.world.balance(vault));
    story.buy(ana, 7 * TOKEN + 3);
    story.buy(ben, 11 * TOKEN + 1);
    story.world.subscribe(ana, vault, 0, 0);
    story.world.subscribe(ben, vault, 1, MONTH);
    story.tip(ben, 777);
    story.world.chain.advance(MONTH + DAY / 7);
    story.cancel(ana);
    story.cancel(ben);
    story.sell(ana, 7 * TOKEN + 3);
    story.sell(ben, 11 * TOKEN + 1);
    // What ended today is collected to the millisecond from tomorrow on.
    story.world.chain.advance(2 * DAY);
    for tier in [0, 1] {
        let sweep = story.world.call(ben, 0, suite::vault(vault).collect(tier, 100)).value.unwrap();
        assert!(!sweep.more);
    }
    for recipient in [creator, cleo] {
        story.world.call(recipient, 0, suite::vault(vault).claim(Asset::Native, 0)).value.unwrap();
    }
    story.world.call(creator, 0, suite::sale(token).claim()).value.unwrap();

    let left = story.world.balance(vault) - of_vault;
    assert_eq!(story.world.ask(suite::vault(vault).obligations(Asset::Native)).total(), left);
    assert!(left < 2, "{left} planck are left in the vault, though each recipient leaves less than one");
    // Each of four trades rounds by less than a planck.
    let left = story.world.balance(token) - of_token;
    assert_eq!(story.world.ask(suite::psp22(token).total_supply()), 0);
    assert!(left <= 4, "{left} planck are left in the token");
}
