//! Two creators on one chain, and random things that people do with them.

use patronage::{
    contracts::{self, Contracts},
    deployment::{CodeHashes, Deployment},
};
use patronage_chain::Chain;
use patronage_indexer::{
    follow::{catch_up, Followed},
    Index, IndexError,
};
use patronage_interfaces::{
    registry::{ContentRegistry, Terms},
    token::CreatorToken,
    vault::{Asset, PatronageVault, VaultTerms},
    AccountId,
};
use psp22::{PSP22Burnable, PSP22};
use test_kit::{
    access::{any_of, file, subscribed},
    tier_terms, token_terms, vault_terms, TestEnv, DAY, TOKEN, UNIT,
};
use tokio::runtime::Runtime;

/// Price of the first tier.
pub const PRICE: u128 = 30 * UNIT;

/// A chain with two creators.
pub struct World {
    pub env: TestEnv,
    pub creators: [Contracts; 2],
    pub runtime: Runtime,
}

impl Default for World {
    fn default() -> Self {
        let mut env = TestEnv::default();
        let creators = [(); 2].map(|()| launch(&mut env));
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let mut world = Self { env, creators, runtime };
        world.env.chain.advance(6_000);
        world
    }
}

fn launch(env: &mut TestEnv) -> Contracts {
    let token = env.token(&token_terms());
    let tiers = vec![tier_terms(PRICE, 1), tier_terms(2 * PRICE, 2)];
    let terms = VaultTerms { token: Some(token), cooldown: DAY, ..vault_terms(tiers, &[]) };
    let vault = env.vault(&terms);
    let registry = env.registry_for(Some(vault));
    let creator = env.creator;
    let audience = any_of(&[&[subscribed(vault, 1)]]);
    let terms = Terms { audience, price: Some(UNIT), release: 0, retired: false };
    env.call(creator, 0, contracts::registry(registry).publish(file(), terms)).value.expect("the owner may publish");
    for fan in [env.ana, env.ben, env.cleo] {
        env.call(fan, 0, contracts::psp22(token).approve(vault, u128::MAX)).value.expect("anybody may");
    }
    Contracts { token, vault, registry }
}

/// Something that a person does: who, what, and how much.
pub type Step = (u8, u8, u16);

impl World {
    /// The deployment of a creator, as a launch writes it.
    pub fn deployment(&self, creator: usize) -> Deployment {
        Deployment {
            genesis: self.env.chain.properties().genesis,
            block: 0,
            contracts: self.creators[creator],
            code: CodeHashes::default(),
            tiers: Vec::new(),
            content: Vec::new(),
        }
    }

    pub fn people(&self) -> [AccountId; 4] {
        [self.env.creator, self.env.ana, self.env.ben, self.env.cleo]
    }

    /// Does `step` at a creator's contracts, and builds a block. Many steps are refused, which changes nothing.
    pub fn step(&mut self, creator: usize, (who, what, amount): Step) {
        let Contracts { token, vault, registry } = self.creators[creator];
        let people = self.people();
        let fan = people[1 + usize::from(who) % 3];
        let other = people[1 + (usize::from(who) + 1) % 3];
        let owner = self.env.creator;
        let amount = u128::from(amount);
        let env = &mut self.env;
        let (mut sale, mut at) = (contracts::sale(token), contracts::vault(vault));
        match what % 16 {
            0 => drop(env.call(fan, UNIT * (1 + amount % 50), sale.buy(fan, 0, None)).value),
            1 => drop(env.call(fan, 0, sale.sell(TOKEN * (amount % 5), 0)).value),
            2 => drop(env.call(fan, 1 + amount, at.tip(b"thanks \0 =1".to_vec())).value),
            3 => drop(env.call(fan, 0, at.tip_token(token, TOKEN / 10 + amount, Vec::new())).value),
            4 => drop(env.call(fan, PRICE * (1 + amount % 3), at.subscribe(0, fan, 0, PRICE)).value),
            5 => drop(env.call(fan, 2 * PRICE, at.subscribe(1, other, 0, 2 * PRICE)).value),
            6 => drop(env.call(fan, PRICE, at.top_up(fan, 0, 0, PRICE)).value),
            7 => drop(env.call(fan, 2 * PRICE, at.switch_tier(1, 0, 2 * PRICE)).value),
            8 => drop(env.call(fan, 0, at.cancel()).value),
            9 => drop(env.call(owner, 0, at.end_subscription(fan)).value),
            10 => drop(env.call(fan, 0, at.stake(TOKEN / 2)).value),
            11 => drop(env.call(fan, 0, at.unstake(TOKEN / 3)).value),
            12 => {
                drop(env.call(owner, 0, at.collect(0, 100)).value);
                drop(env.call(owner, 0, at.collect(1, 100)).value);
                drop(env.call(owner, 0, at.claim(Asset::Native, 0)).value);
            }
            13 => drop(env.call(fan, 2 * UNIT, contracts::registry(registry).purchase(0, other, UNIT, u64::MAX)).value),
            14 => drop(env.call(fan, 0, contracts::psp22(token).transfer(other, amount, Vec::new())).value),
            _ => {
                let until = env.chain.now() + DAY * (1 + u64::try_from(amount % 40).expect("small"));
                drop(env.call(owner, 0, at.grant(other, 0, until)).value);
                drop(env.call(fan, 0, contracts::psp22_burnable(token).burn(1 + amount)).value);
            }
        }
        self.env.chain.advance(u64::try_from(amount).expect("small") * DAY / 2_000);
    }

    /// Brings `index` up to date with a creator.
    pub fn follow(&mut self, index: &Index, creator: usize) -> Result<Followed, IndexError> {
        let deployment = self.deployment(creator);
        let followed = self.runtime.block_on(Followed::new(index, &deployment))?;
        catch_up(index, self.runtime.handle(), &mut self.env.chain, &followed, &mut |_| ())?;
        Ok(followed)
    }

    /// Opens the index at `url`.
    pub fn open(&self, url: &str) -> Result<Index, IndexError> {
        self.runtime.block_on(Index::open(url))
    }
}
