//! Fans buy, tip, subscribe, wait, cancel and sell. Access follows to the unit and to the millisecond.

use patronage::contracts;
use patronage_interfaces::{
    registry::{Condition, ContentId},
    token::CreatorToken,
    vault::{Asset, PatronageVault},
    AccountId,
};
use psp22::PSP22;
use test_kit::{
    access::{any_of, holds, subscribed},
    tier_terms, token_terms, vault_terms, TestEnv, DAY, TOKEN, UNIT,
};

const MONTH: u64 = 30 * DAY;

struct Story {
    env: TestEnv,
    token: AccountId,
    vault: AccountId,
    registry: AccountId,
    /// For holders of 10 tokens.
    demo: ContentId,
    /// For subscribers.
    letters: ContentId,
    /// For subscribers of level 2, and for holders of 50 tokens who have tipped a unit.
    studio: ContentId,
}

impl Story {
    fn begin() -> Self {
        let mut env = TestEnv::default();
        let tiers = vec![tier_terms(30 * UNIT, 1), tier_terms(90 * UNIT, 2)];
        let shares = [(env.creator, 9_000), (env.cleo, 1_000)];
        let (token, vault) = (env.token(&token_terms()), env.vault(&vault_terms(tiers, &shares)));
        let registry = env.registry();
        let demo = env.publish(registry, any_of(&[&[holds(token, 10 * TOKEN)]]));
        let letters = env.publish(registry, any_of(&[&[subscribed(vault, 1)]]));
        let collectors = [holds(token, 50 * TOKEN), Condition::Tipped { vault, amount: UNIT }];
        let studio = env.publish(registry, any_of(&[&[subscribed(vault, 2)], &collectors]));
        Self { env, token, vault, registry, demo, letters, studio }
    }

    /// Whether `who` can open the demo, the letters and the studio.
    fn opens(&mut self, who: AccountId) -> [bool; 3] {
        [self.demo, self.letters, self.studio].map(|id| self.env.access(self.registry, id, who).is_granted())
    }

    fn buy(&mut self, who: AccountId, tokens: u128) {
        let price = self.env.price(self.token, tokens);
        self.env.call(who, price, contracts::sale(self.token).buy(who, tokens, None)).value.unwrap();
    }

    fn sell(&mut self, who: AccountId, tokens: u128) {
        self.env.call(who, 0, contracts::sale(self.token).sell(tokens, 1)).value.unwrap();
    }

    fn cancel(&mut self, who: AccountId) -> u128 {
        self.env.call(who, 0, contracts::vault(self.vault).cancel()).value.unwrap()
    }

    fn tip(&mut self, who: AccountId, amount: u128) {
        self.env.call(who, amount, contracts::vault(self.vault).tip(b"hi".to_vec())).value.unwrap();
    }
}

#[test]
fn access_follows_what_fans_have() {
    let mut story = Story::begin();
    let (ana, ben) = (story.env.ana, story.env.ben);
    assert_eq!(story.opens(ana), [false; 3]);

    story.buy(ana, 10 * TOKEN);
    assert_eq!(story.opens(ana), [true, false, false]);
    story.buy(ana, 40 * TOKEN);
    assert_eq!(story.opens(ana), [true, false, false]);
    story.tip(ana, UNIT);
    assert_eq!(story.opens(ana), [true, false, true]);
    // Selling one unit closes what needs all of them. Selling more closes the rest. The tip stays.
    story.sell(ana, 1);
    assert_eq!(story.opens(ana), [true, false, false]);
    story.sell(ana, 40 * TOKEN);
    assert_eq!(story.opens(ana), [false; 3]);

    story.env.subscribe(ben, story.vault, 1, 0);
    assert_eq!(story.opens(ben), [false, true, true]);
    assert_eq!(story.opens(ana), [false; 3]);
}

#[test]
fn access_ends_in_the_very_millisecond_of_a_subscriptions_end() {
    let mut story = Story::begin();
    let (ana, ben) = (story.env.ana, story.env.ben);
    let of_ana = story.env.subscribe(ana, story.vault, 0, 0);
    story.env.chain.advance(1);
    let of_ben = story.env.subscribe(ben, story.vault, 1, 0);
    assert_eq!(of_ana + 1, of_ben);
    assert_eq!(of_ben, story.env.chain.now() + MONTH);
    story.env.chain.advance(MONTH - 2);
    assert_eq!(story.opens(ana), [false, true, false]);
    assert_eq!(story.opens(ben), [false, true, true]);
    story.env.chain.advance(1);
    assert_eq!(story.opens(ana), [false; 3]);
    assert_eq!(story.opens(ben), [false, true, true]);
    story.env.chain.advance(1);
    assert_eq!(story.opens(ana), [false; 3]);
    assert_eq!(story.opens(ben), [false; 3]);

    // All of it is earned, and the refund is 0. A new subscription opens again.
    assert_eq!(story.cancel(ana), 0);
    story.env.subscribe(ana, story.vault, 0, 0);
    story.env.subscribe(ben, story.vault, 0, 0);
    assert_eq!(story.opens(ana), [false, true, false]);
    assert_eq!(story.opens(ben), [false, true, false]);
}

#[test]
fn cancelling_refunds_and_closes_at_once() {
    let mut story = Story::begin();
    let ana = story.env.ana;
    story.env.subscribe(ana, story.vault, 1, 0);
    story.env.chain.advance(MONTH / 3);
    assert_eq!(story.opens(ana), [false, true, true]);
    assert_eq!(story.cancel(ana), 60 * UNIT);
    assert_eq!(story.opens(ana), [false; 3]);
}

#[test]
fn a_gift_opens_for_the_fan_and_not_for_the_payer() {
    let mut story = Story::begin();
    let (ana, ben) = (story.env.ana, story.env.ben);
    let gift = contracts::vault(story.vault).subscribe(0, ben, 0, u128::MAX);
    story.env.call(ana, 30 * UNIT, gift).value.unwrap();
    let price = story.env.price(story.token, 10 * TOKEN);
    let gift = contracts::sale(story.token).buy(ben, 10 * TOKEN, None);
    story.env.call(ana, price, gift).value.unwrap();
    assert_eq!(story.opens(ana), [false; 3]);
    assert_eq!(story.opens(ben), [true, true, false]);
}

#[test]
fn transferred_tokens_take_access_with_them() {
    let mut story = Story::begin();
    let (ana, ben) = (story.env.ana, story.env.ben);
    story.buy(ana, 10 * TOKEN);
    let gift = contracts::psp22(story.token).transfer(ben, 10 * TOKEN, vec![]);
    story.env.call(ana, 0, gift).value.unwrap();
    assert_eq!(story.opens(ana), [false; 3]);
    assert_eq!(story.opens(ben), [true, false, false]);
}

#[test]
fn after_all_have_left_and_claimed_only_rounding_is_left() {
    let mut story = Story::begin();
    let (creator, ana, ben, cleo) = (story.env.creator, story.env.ana, story.env.ben, story.env.cleo);
    let (token, vault) = (story.token, story.vault);
    let (of_token, of_vault) = (story.env.balance(token), story.env.balance(vault));
    story.buy(ana, 7 * TOKEN + 3);
    story.buy(ben, 11 * TOKEN + 1);
    story.env.subscribe(ana, vault, 0, 0);
    story.env.subscribe(ben, vault, 1, MONTH);
    story.tip(ben, 777);
    story.env.chain.advance(MONTH + DAY / 7);
    story.cancel(ana);
    story.cancel(ben);
    story.sell(ana, 7 * TOKEN + 3);
    story.sell(ben, 11 * TOKEN + 1);
    // An end of today is collected in full from tomorrow on.
    story.env.chain.advance(2 * DAY);
    for tier in [0, 1] {
        let sweep = story.env.call(ben, 0, contracts::vault(vault).collect(tier, 100)).value.unwrap();
        assert!(!sweep.more);
    }
    for recipient in [creator, cleo] {
        story.env.call(recipient, 0, contracts::vault(vault).claim(Asset::Native, 0)).value.unwrap();
    }
    story.env.call(creator, 0, contracts::sale(token).claim()).value.unwrap();

    let left = story.env.balance(vault) - of_vault;
    assert_eq!(story.env.ask(contracts::vault(vault).obligations(Asset::Native)).total(), left);
    assert!(left < 2, "{left} planck are left in the vault, though each recipient leaves less than one");
    // Each of four trades rounds by less than a planck.
    let left = story.env.balance(token) - of_token;
    assert_eq!(story.env.ask(contracts::psp22(token).total_supply()), 0);
    assert!(left <= 4, "{left} planck are left in the token");
}
