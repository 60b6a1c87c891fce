//! The suite on a chain, and calls of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use ink::{
    env::Environment,
    scale::{Decode, Encode},
};
use patronage::contracts;
use patronage_chain::{Chain, ChainError, Message, Messages, Receipt, Width};
use patronage_interfaces::{
    registry::{Audience, Condition},
    token::{CreatorToken, LaunchGuard, TokenTerms},
    vault::{Asset, Obligations, PatronageVault, Share, TierTerms, VaultTerms},
    AccountId,
};
use psp22::PSP22;
use test_kit::{
    access::any_of, stranger, tier_terms, token_terms, vault_terms, TestEnv, DAY, EXISTENTIAL_DEPOSIT, TOKEN, UNIT,
};

use super::{
    books::{Books, Suite},
    steps::Trick,
};

/// How often each message succeeded and was refused.
#[derive(Debug, Default)]
pub struct Tally(BTreeMap<&'static str, (u64, u64)>);

impl Tally {
    /// Number of calls.
    pub fn calls(&self) -> u64 {
        self.0.values().map(|(done, refused)| done + refused).sum()
    }

    /// Adds the counts of another run.
    pub fn add(&mut self, other: &Self) {
        for (name, (done, refused)) in &other.0 {
            let sum = self.0.entry(name).or_default();
            *sum = (sum.0 + done, sum.1 + refused);
        }
    }

    pub(super) fn count(&mut self, name: &'static str, done: bool) {
        let sum = self.0.entry(name).or_default();
        match done {
            true => sum.0 += 1,
            false => sum.1 += 1,
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "message: succeeded, refused")?;
        self.0.iter().try_for_each(|(name, (done, refused))| writeln!(f, "{name}: {done}, {refused}"))
    }
}

/// Number of the tier in the hostile token.
pub const CROOKED_TIER: u32 = 4;
/// How long unstaked tokens wait, in ms.
pub const COOLDOWN: u64 = 3 * DAY;
/// How long the launch guard limits buying, in ms.
pub const GUARD: u64 = 2 * DAY;

/// The contracts, the people, and the books that are kept from events alone.
pub struct World {
    pub env: TestEnv,
    pub people: [AccountId; 8],
    pub suite: Suite,
    pub books: Books,
    /// Native money that contracts got without a message.
    pub gifts: BTreeMap<AccountId, u128>,
    /// Audiences that content can have.
    pub audiences: Vec<Audience>,
    /// Number of the audience of each piece of content.
    pub published: Vec<usize>,
    pub tally: Tally,
    /// Contracts that ran since the last check. No other contract's storage can have changed.
    pub ran: BTreeSet<AccountId>,
    /// Time of the last check, in ms.
    pub checked: u64,
    /// What the vault last said that it owes.
    pub agreed: [Obligations; 3],
    /// What the token last said of its curve: tokens sold, reserve, whether it is paused.
    pub curve: (u128, u128, bool),
}

impl World {
    pub fn new(width: Width) -> Self {
        let mut env = TestEnv::with_width(width);
        let people = [env.creator, env.ana, env.ben, env.cleo, stranger(1), stranger(2), stranger(3), stranger(4)];
        for who in &people[4..] {
            env.chain.fund(who, 1_000_000 * UNIT).expect("the chain can count it");
        }
        let crooked = env.crooked_token(1_000_000 * TOKEN);
        let launch_guard = LaunchGuard { until: env.chain.now() + GUARD, max_tokens: 30 * TOKEN };
        let token = env.token(&TokenTerms { referral_bp: 2_000, launch_guard, ..token_terms() });
        let vault = env.vault(&terms(&people, token, crooked));
        let registry = env.registry_for(Some(vault));
        let suite = Suite { token, vault, registry, crooked };
        let mut books = Books::default();
        for contract in [token, vault, registry] {
            books.owners.insert(contract, env.creator);
        }
        (books.paid_to, books.guard) = (Some(vault), launch_guard);
        let past = env.chain.history(&[token, vault, registry], 0..=u32::MAX).expect("it is in memory");
        for past in past {
            books.read(&[past.event], &suite, past.time);
        }
        let audiences = audiences(&suite, env.chain.now());
        let tally = Tally::default();
        let (gifts, published, ran) = (BTreeMap::new(), Vec::new(), BTreeSet::new());
        let agreed = [Obligations::default(); 3];
        let mut world = Self {
            env,
            people,
            suite,
            books,
            gifts,
            audiences,
            published,
            tally,
            ran,
            checked: 0,
            agreed,
            curve: (0, 0, false),
        };
        world.prepare();
        world
    }

    /// The same suite on a chain of its own.
    pub fn fork(&mut self) -> Self {
        let Self { env, people, suite, books, gifts, audiences, published, ran, checked, agreed, curve, .. } = self;
        Self {
            env: env.fork(),
            people: *people,
            suite: *suite,
            books: books.clone(),
            gifts: gifts.clone(),
            audiences: audiences.clone(),
            published: published.clone(),
            tally: Tally::default(),
            ran: ran.clone(),
            checked: *checked,
            agreed: *agreed,
            curve: *curve,
        }
    }

    /// Everybody has tokens of the hostile contract, and lets the vault take them. The vault gets the sale's fees.
    fn prepare(&mut self) {
        let Suite { token, vault, crooked, .. } = self.suite;
        for (number, who) in self.people.into_iter().enumerate() {
            if number > 3 {
                let gift = contracts::psp22(crooked).transfer(who, 1_000 * TOKEN, vec![]);
                self.env.call(self.people[0], 0, gift).value.expect("the creator has them");
            }
            for asset in [token, crooked] {
                let approval = contracts::psp22(asset).approve(vault, u128::MAX);
                self.env.call(who, 0, approval).value.expect("anyone can approve");
            }
        }
        self.send("set_fee_recipient", self.people[0], 0, contracts::sale(token).set_fee_recipient(vault));
        for audience in [0, 3, 6] {
            self.publish(self.people[0], audience, Some(UNIT));
        }
    }

    /// Free native balance of a contract in planck, without the existential deposit and what it got as a gift.
    pub fn native(&mut self, contract: AccountId) -> u128 {
        let gift = self.gifts.get(&contract).copied().unwrap_or(0);
        self.env.balance(contract) - EXISTENTIAL_DEPOSIT - gift
    }

    /// Creator tokens that `contract` got by a transfer alone.
    pub fn sent(&self, contract: AccountId) -> u128 {
        self.books.sent.get(&contract).copied().unwrap_or(0)
    }

    /// The token, the vault or the registry.
    pub(super) fn contract(&self, number: usize) -> AccountId {
        [self.suite.token, self.suite.vault, self.suite.registry][number]
    }

    /// A person, or the token or the vault.
    pub(super) fn receiver(&self, number: usize) -> AccountId {
        self.people.get(number).copied().unwrap_or_else(|| self.contract(number - 8))
    }

    /// A person, or the vault.
    pub(super) fn spender(&self, number: usize) -> AccountId {
        self.people.get(number).copied().unwrap_or(self.suite.vault)
    }

    /// Block time in ms.
    pub fn now(&self) -> u64 {
        self.env.chain.now()
    }

    /// Sends `message` and reads its events into the books. Returns the answer; `None` if it was refused, which must have
    /// changed nothing. Panics if the call traps.
    #[track_caller]
    pub fn send<E, Args, T, Error>(
        &mut self,
        name: &'static str,
        from: AccountId,
        value: u128,
        message: Message<E, Args, Result<T, Error>>,
    ) -> Option<T>
    where
        E: Environment<AccountId = AccountId>,
        Args: Encode,
        T: Decode,
        Error: Decode + fmt::Debug,
        Message<E, Args, Result<T, Error>>: Clone,
    {
        let before = self.env.balance(from);
        let may = self.may(name, from, *message.clone().params().callee());
        let sent = self.env.chain.send(&from.into(), value, message);
        let Receipt { value, deposit, events, .. } = match sent {
            Ok(receipt) => receipt,
            Err(ChainError::Refused(reason)) => panic!("{name} ended in the chain's {reason}"),
            Err(error) => panic!("{name}: {error}"),
        };
        self.tally.count(name, value.is_ok());
        assert!(may || value.is_err(), "{name} is not for everybody");
        self.ran.extend(self.env.chain.called());
        if value.is_err() {
            assert_eq!(self.env.chain.called(), [], "{name} was refused and not undone");
            assert_eq!(events, [], "{name} was refused and said something");
            assert_eq!(deposit, 0, "{name} was refused and stored something");
            assert_eq!(self.env.balance(from), before, "{name} was refused and took money");
        }
        self.books.read(&events, &self.suite, self.env.chain.now());
        value.ok()
    }

    /// Executes `call` while the hostile token plays `trick`.
    #[track_caller]
    pub fn during<T>(&mut self, trick: Trick, call: impl FnOnce(&mut Self) -> T) -> T {
        use crooked_token::Trick as Played;
        let played = match trick {
            Trick::Honest => return call(self),
            Trick::Fee => Played::Fee(1_000),
            Trick::OnlySays => Played::OnlySays,
            Trick::Denies => Played::Denies,
            Trick::Refuses => Played::Refuses,
            Trick::Traps => Played::Traps,
            Trick::Understates => Played::Understates,
            Trick::CallsBack => {
                let input = contracts::vault(self.suite.vault).cancel().params().exec_input().encode();
                Played::Calls { contract: self.suite.vault, input }
            }
        };
        self.env.play(self.suite.crooked, played);
        let result = call(self);
        self.env.play(self.suite.crooked, Played::None);
        result
    }
}

fn terms(people: &[AccountId; 8], token: AccountId, crooked: AccountId) -> VaultTerms {
    let month = |price, level| tier_terms(price, level);
    let tiers = vec![
        month(30 * UNIT, 1),
        TierTerms { seats: Some(3), minimum_stay: 7 * DAY, ..month(60 * UNIT + 7, 2) },
        TierTerms { asset: Asset::Psp22(token), seats: Some(3), minimum_stay: DAY, ..month(3 * TOKEN, 1) },
        TierTerms { period: 60_000, minimum_stay: 60_000, ..month(7_777_777_777, 3) },
        TierTerms { asset: Asset::Psp22(crooked), seats: Some(2), ..month(30 * TOKEN + 1, 3) },
    ];
    let (splits, stakers) = shares(people, 1);
    VaultTerms { splits, stakers, token: Some(token), cooldown: COOLDOWN, ..vault_terms(tiers, &[]) }
}

/// Recipients, and the stakers' part.
pub fn shares(people: &[AccountId; 8], splits: usize) -> (Vec<Share<AccountId>>, u16) {
    let (parts, stakers): (&[(usize, u16)], u16) = match splits {
        0 => (&[(0, 10_000)], 0),
        1 => (&[(0, 6_000), (3, 3_333)], 667),
        2 => (&[(1, 3_333), (2, 3_333), (3, 3_334)], 0),
        _ => (&[(0, 1), (4, 8_999)], 1_000),
    };
    (parts.iter().map(|(who, bp)| Share { recipient: people[*who], bp: *bp }).collect(), stakers)
}

/// One audience for each condition, and two with several.
fn audiences(suite: &Suite, start: u64) -> Vec<Audience> {
    let Suite { token, vault, crooked, .. } = *suite;
    let level = |level, grace| Condition::Subscribed { vault, level, grace };
    vec![
        any_of(&[&[Condition::Holds { token, amount: 2 * TOKEN }]]),
        any_of(&[&[level(1, 0)]]),
        any_of(&[&[level(2, 3 * DAY)], &[Condition::Tipped { vault, amount: 20 * UNIT }]]),
        any_of(&[&[Condition::Staked { vault, amount: TOKEN }, Condition::NotBefore { time: start + 5 * DAY }]]),
        any_of(&[&[Condition::HoldsOrStaked { token, vault, amount: 3 * TOKEN }]]),
        any_of(&[&[Condition::SubscribedFor { vault, level: 1, lasting: 20 * DAY }]]),
        any_of(&[&[Condition::Bought { content: 0 }], &[Condition::Listed { list: 1 }]]),
        any_of(&[&[Condition::Holds { token: crooked, amount: 1_000 * TOKEN }, level(1, 0)]]),
        Audience::Nobody,
    ]
}
