//! Publishing, checking access, and doing what a denial says is missing.

use hostile::Behaviour;
use ink::{
    primitives::LangError,
    scale::{Decode, Encode},
};
use patronage::contracts;
use patronage_chain::Receipt;
use patronage_interfaces::{
    patronage::Standing,
    registry::{
        Access, Audience, Condition, Content, ContentId, ContentRegistry, Grant, Missing, Rule, Shortfall, Terms,
    },
    token::CreatorToken,
    vault::PatronageVault,
    AccountId,
};
use psp22::PSP22;

use crate::{deploy, TestEnv};

/// A file that can be published.
pub fn file() -> Content {
    Content { uri: b"ipfs://song".to_vec(), hash: [1; 32], public_key: [2; 32] }
}

/// An audience of these rules.
pub fn any_of(rules: &[&[Condition]]) -> Audience {
    Audience::AnyOf(rules.iter().map(|rule| rule.to_vec()).collect())
}

/// Condition: at least `amount` of `token` is held.
pub fn holds(token: AccountId, amount: u128) -> Condition {
    Condition::Holds { token, amount }
}

/// Condition: a subscription at `vault` of at least `level`, without a grace period.
pub fn subscribed(vault: AccountId, level: u8) -> Condition {
    Condition::Subscribed { vault, level, grace: 0 }
}

/// Access by the rule with this index.
pub fn by_rule(index: u8) -> Access {
    Access::Granted(Grant::Rule(index))
}

/// Denied access: the only condition of the only rule is not met.
pub fn denied(condition: Condition, shortfall: Shortfall) -> Access {
    Access::Denied(vec![vec![Missing { condition, shortfall }]])
}

/// Return data of a message that returns `value`.
pub fn answer<T: Encode>(value: T) -> Vec<u8> {
    Ok::<T, LangError>(value).encode()
}

/// Behaviour of a contract that answers every call with `value`.
pub fn answers<T: Encode>(value: T) -> Behaviour {
    Behaviour::Answer(answer(value))
}

/// A standing with this subscription and nothing else.
pub fn subscription(level: u8, since: u64, until: u64) -> Standing {
    Standing { level, since, until, ..Standing::default() }
}

impl TestEnv {
    /// Deploys the contract of the bundle `name` as the creator. For constructors that cannot fail.
    #[track_caller]
    pub fn deploy<T: Encode>(&mut self, name: &str, terms: &T) -> AccountId {
        deploy::deploy::<T, ()>(&mut self.chain, &self.creator, name, terms).expect("the chain takes it").value
    }

    /// Deploys a hostile contract with this behaviour.
    #[track_caller]
    pub fn hostile(&mut self, behaviour: &Behaviour) -> AccountId {
        self.deploy("hostile", behaviour)
    }

    /// Publishes a file for `audience`.
    #[track_caller]
    pub fn publish(&mut self, registry: AccountId, audience: Audience) -> ContentId {
        self.publish_on(registry, audience.into())
    }

    /// Publishes a file on `terms`.
    #[track_caller]
    pub fn publish_on(&mut self, registry: AccountId, terms: Terms) -> ContentId {
        let creator = self.creator;
        self.call(creator, 0, contracts::registry(registry).publish(file(), terms)).value.expect("possible terms")
    }

    /// Changes the terms of content, as the creator.
    #[track_caller]
    pub fn change_terms(&mut self, registry: AccountId, id: ContentId, terms: Terms) {
        let creator = self.creator;
        self.call(creator, 0, contracts::registry(registry).change_terms(id, terms)).value.expect("possible terms");
    }

    /// Returns the answer of `check`. Asserts that `has_access` agrees.
    #[track_caller]
    pub fn access(&mut self, registry: AccountId, id: ContentId, account: AccountId) -> Access {
        let access = self.ask(contracts::registry(registry).check(id, account)).expect("the content is known");
        let has_access = self.ask(contracts::registry(registry).has_access(id, account));
        assert_eq!(has_access, access.is_granted(), "has_access and check disagree: {access:?}");
        access
    }

    /// Publishes a file for `audience` in a new registry, and checks whether `account` can open it.
    #[track_caller]
    pub fn access_by(&mut self, audience: Audience, account: AccountId) -> Access {
        let registry = self.registry();
        let id = self.publish(registry, audience);
        self.access(registry, id, account)
    }

    /// The least payment in planck that buys exactly `tokens` smallest units at the current price.
    #[track_caller]
    pub fn price(&mut self, token: AccountId, tokens: u128) -> u128 {
        let mut bought = |value| self.ask(contracts::sale(token).quote_buy(value)).map_or(0, |trade| trade.tokens);
        let (mut too_little, mut enough) = (0, 1_u128);
        while bought(enough) < tokens {
            (too_little, enough) = (enough, enough.checked_mul(16).expect("the cap allows it"));
        }
        while enough - too_little > 1 {
            let value = too_little + (enough - too_little) / 2;
            match bought(value) < tokens {
                true => too_little = value,
                false => enough = value,
            }
        }
        assert_eq!(bought(enough), tokens, "no payment buys just that many");
        enough
    }

    /// Does as `fan` what an answer of `registry` says is missing, and no more: buys, stakes, tips, subscribes and
    /// waits. The creator adds the fan to lists. Works for the contracts of this project. Tier `n` of the vault must
    /// have level `n + 1`.
    #[track_caller]
    pub fn make_up_for(&mut self, registry: AccountId, fan: AccountId, missing: &[Missing]) {
        for Missing { condition, shortfall } in missing {
            match (condition, shortfall) {
                (
                    Condition::Holds { token, .. } | Condition::HoldsOrStaked { token, .. },
                    Shortfall::Amount { short_by, .. },
                ) => {
                    self.buy_tokens(fan, *token, *short_by);
                }
                (Condition::Staked { vault, .. }, Shortfall::Amount { short_by, .. }) => {
                    let settings = self.ask(contracts::vault(*vault).settings());
                    let token = settings.token.expect("the vault takes stakes");
                    self.buy_tokens(fan, token, *short_by);
                    self.call(fan, 0, contracts::psp22(token).approve(*vault, *short_by)).value.expect("anyone can");
                    self.call(fan, 0, contracts::vault(*vault).stake(*short_by)).value.expect("they are the fan's");
                }
                (Condition::Bought { content }, Shortfall::Purchase { price: Some(price) }) => {
                    let purchase = contracts::registry(registry).purchase(*content, fan, *price, u64::MAX);
                    self.call(fan, *price, purchase).value.expect("it is the price");
                }
                (Condition::Listed { list }, Shortfall::NotListed) => {
                    let creator = self.creator;
                    let listing = contracts::registry(registry).set_listed(*list, vec![fan], true);
                    self.call(creator, 0, listing).value.expect("the creator may");
                }
                (Condition::Tipped { vault, .. }, Shortfall::Amount { short_by, .. }) => {
                    self.call(fan, *short_by, contracts::vault(*vault).tip(vec![])).value.expect("it is an amount");
                }
                (
                    Condition::Subscribed { vault, level, .. } | Condition::SubscribedFor { vault, level, .. },
                    Shortfall::Subscription { level: has, wait, .. },
                ) => {
                    if has < level {
                        self.subscribe(fan, *vault, u32::from(*level) - 1, *wait);
                    }
                }
                (Condition::NotBefore { .. }, Shortfall::Time { .. }) => {}
                other => panic!("a fan of this suite cannot make up for {other:?}"),
            }
        }
        // All waiting times run in parallel.
        let waits = missing.iter().map(|missing| match missing.shortfall {
            Shortfall::Time { wait } | Shortfall::Subscription { wait, .. } => wait,
            _ => 0,
        });
        let wait = waits.max().unwrap_or(0);
        if wait > 0 {
            self.chain.advance(wait);
        }
    }

    /// Buys exactly `tokens` smallest units.
    #[track_caller]
    pub fn buy_tokens(&mut self, fan: AccountId, token: AccountId, tokens: u128) {
        let price = self.price(token, tokens);
        let trade = self.call(fan, price, contracts::sale(token).buy(fan, tokens, None)).value;
        assert_eq!(trade.expect("it is the price").tokens, tokens);
    }

    /// Subscribes `fan` for at least one period and for more than `lasting` ms. Cancels an existing subscription first.
    #[track_caller]
    pub fn subscribe(&mut self, fan: AccountId, vault: AccountId, tier: u32, lasting: u64) -> u64 {
        if self.ask(contracts::vault(vault).fan(fan)).subscription.is_some() {
            self.call(fan, 0, contracts::vault(vault).cancel()).value.expect("there is a subscription");
        }
        let terms = self.ask(contracts::vault(vault).tier(tier)).expect("a tier of the vault").terms;
        let payment = terms.price * u128::from(lasting / terms.period + 1);
        let end = self.call(fan, payment, contracts::vault(vault).subscribe(tier, fan, 0, terms.price)).value;
        end.expect("at the price, and for a period or more")
    }
}

/// Returns the contracts that were called, in order. Works for the fixture `hostile`, which emits an event for each
/// call.
pub fn asked<R: Decode>(receipt: &Receipt<R>) -> Vec<AccountId> {
    receipt.events.iter().map(|event| event.contract).collect()
}

/// The rules of an audience.
pub fn rules(audience: &Audience) -> &[Rule] {
    match audience {
        Audience::AnyOf(rules) => rules,
        Audience::Everyone | Audience::Nobody => &[],
    }
}
