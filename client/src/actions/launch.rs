//! Launching: three contracts, whose addresses follow from what they are, so that a launch that was interrupted goes on where
//! it stopped when it is run again.

use ink::scale::{Decode, Encode};
use patronage_interfaces::{
    registry::{ContentRegistry, RegistryError},
    token::{CreatorToken, TokenError},
    vault::{Asset, VaultError},
    AccountId,
};

use super::{
    content,
    tiers::{minimum_stay, short_period, SHORT_PERIOD},
    token,
};
use crate::{
    bundle,
    chain::{decode_answer, Call, Chain, Signer, Target, Width},
    deployment::{CodeHashes, Deployment},
    explain, foreign,
    funds::Purse,
    launch::Launch,
    plan::{Cost, Plan, Untried},
    recipients::{self, warned, Purpose},
    report::{Report, Value},
    session::{native_unit, Failure, Session},
    suite::{self, Suite},
    units::{format_duration, Unit, Units},
};

/// Puts a constructor's error into words.
type Words = fn(&[u8], &Units) -> Failure;

/// A contract that is to be there.
struct Planned {
    name: &'static str,
    code: Vec<u8>,
    data: Vec<u8>,
    address: AccountId,
    words: Words,
}

/// A launch with everything that decides about it.
pub struct Launching<'a> {
    launch: &'a Launch,
    creator: AccountId,
    salt: Vec<u8>,
    contracts: [Planned; 3],
}

impl<'a> Launching<'a> {
    /// The launch by `creator`, on a chain with balances of this `width`. The `salt` tells apart launches that are the same in
    /// everything else.
    ///
    /// # Errors
    ///
    /// When a bundle is missing, or for chains of the other width, or a share of the income would be stuck.
    pub fn new(launch: &'a Launch, creator: AccountId, salt: &str, width: Width) -> Result<Self, Failure> {
        let salt = salt.as_bytes().to_vec();
        let planned = |name: &'static str, terms: Vec<u8>, words: Words| -> Result<Planned, Failure> {
            let code = bundle::code_for(name, width).map_err(|error| Failure::Request(error.to_string()))?;
            let data = [ink::selector_bytes!("new").as_slice(), &terms].concat();
            let address = contract_address(&creator, &code, &data, &salt);
            Ok(Planned { name, code, data, address, words })
        };
        let token = planned("creator_token", launch.token.encode(), |output, units| {
            refused::<Box<TokenError>>(output, |error| explain::sale(error, units))
        })?;
        let vault = planned("patronage_vault", launch.vault_of(token.address).encode(), |output, units| {
            refused(output, |error: &VaultError| explain::vault(error, &units.native))
        })?;
        let registry = planned("content_registry", Some(vault.address).encode(), |output, units| {
            refused(output, |error: &RegistryError| explain::registry(error, &units.native))
        })?;
        let launching = Self { launch, creator, salt, contracts: [token, vault, registry] };
        let suite = launching.suite();
        recipients::check(&suite, creator, Purpose::Sender).map_err(Failure::Request)?;
        for share in &launch.vault.splits {
            let dead_end = |why: String| Failure::Request(format!("splits: {why}"));
            recipients::check(&suite, share.recipient, Purpose::Split).map_err(dead_end)?;
        }
        Ok(launching)
    }

    /// Where the contracts are, or will be.
    pub fn suite(&self) -> Suite {
        let [token, vault, registry] = &self.contracts;
        Suite { token: token.address, vault: vault.address, registry: registry.address }
    }

    /// What is known of the launch before it happens, on the chain with the hash `genesis`, whose newest block is `block`.
    pub fn deployment(&self, genesis: [u8; 32], block: u32) -> Deployment {
        let [token, vault, registry] = self.contracts.each_ref().map(|contract| code_hash(&contract.code));
        Deployment {
            genesis,
            block,
            suite: self.suite(),
            code: CodeHashes { token, vault, registry },
            tiers: self.launch.tiers.clone(),
            content: self.launch.content.iter().map(|content| content.title.clone()).collect(),
        }
    }

    /// The terms as fans will see them, and what deploying costs.
    ///
    /// # Errors
    ///
    /// When the chain or a contract refuses.
    pub fn quote(&self, chain: &mut dyn Chain) -> Result<(Report, Cost), Failure> {
        let native = native_unit(chain);
        let units = self.units(&native);
        let terms = &self.launch.token;
        let mut purse = Purse::of(chain, &self.creator)?;
        let mut cost = Cost::default();
        let (mut contracts, mut dearest) = (Vec::new(), None);
        for contract in &self.contracts {
            let there = chain.code_hash_of(&contract.address)?.is_some();
            if !there {
                let outcome = chain.dry_run(&self.creator, &self.call(contract))?;
                if outcome.reverted {
                    return Err((contract.words)(&outcome.output, &units));
                }
                cost.add(&outcome);
                purse.pay(0, &outcome)?;
                dearest = dearest.max(Some(outcome.fee));
            }
            let size = u64::try_from(contract.code.len()).unwrap_or(u64::MAX);
            contracts.push(
                Report::new(contract.name)
                    .account("address", contract.address)
                    .with("code_bytes", Value::Number(size))
                    .with("already_there", Value::Flag(there)),
            );
        }
        match dearest {
            // What follows can't be tried before the contracts are there.
            Some(fee) => {
                for later in self.later() {
                    later.pay_from(&mut purse, fee, chain.properties())?;
                }
            }
            None => self.try_rest(chain, &mut cost, &mut purse)?,
        }
        let (mut tiers, mut short) = (Vec::new(), Vec::new());
        for (name, tier) in self.launch.tiers.iter().zip(&self.launch.vault_of(self.suite().token).tiers) {
            let unit = match tier.asset {
                Asset::Native => native.clone(),
                Asset::Psp22(token) if token == self.suite().token => units.token.clone(),
                Asset::Psp22(token) => foreign::unit_of(chain, token)?,
            };
            short.extend(short_period(name, tier.price, tier.period, &unit));
            tiers.push(
                Report::new(name)
                    .with("level", Value::Number(tier.level.into()))
                    .amount("price", tier.price, &unit)
                    .with("period", Value::Duration(tier.period))
                    .with_some("minimum_stay", minimum_stay(tier))
                    .with_some("seats", tier.seats.map(|seats| Value::Number(seats.into()))),
            );
        }
        let shares = self.launch.vault.splits.iter();
        let shares = shares
            .map(|share| Report::default().account("account", share.recipient).with("share", Value::Part(share.bp)));
        let content = self.content(chain, &units)?;
        let guard = terms.launch_guard;
        let report = Report::new(format!("launch \"{}\" ({})", terms.name, units.token.symbol))
            .account("creator", self.creator)
            .amount("base_price", terms.base_price, &native)
            .amount("slope", terms.slope, &native)
            .with_some("cap", terms.cap.map(|cap| Value::Amount(cap, units.token.clone())))
            .with("buy_fee", Value::Part(terms.buy_fee_bp))
            .with("sell_fee", Value::Part(terms.sell_fee_bp))
            .with_some("referral_share", (terms.referral_bp > 0).then_some(Value::Part(terms.referral_bp)))
            .with_some(
                "limit_per_account",
                (guard.until > 0).then(|| Value::Amount(guard.max_tokens, units.token.clone())),
            )
            .with_some("limit_until", (guard.until > 0).then_some(Value::Time(guard.until)))
            .text("stake_cooldown", format_duration(self.launch.vault.cooldown))
            .with("tiers", Value::List(tiers))
            .with_some(SHORT_PERIOD, (!short.is_empty()).then(|| Value::Text(short.join("; "))))
            .with("shares", Value::List(shares.collect()))
            .with("content", Value::List(content))
            .with("contracts", Value::List(contracts));
        let shares = self.launch.vault.splits.iter();
        let report = shares.map(|share| share.recipient).try_fold(report, |report, who| warned(chain, who, report))?;
        Ok((report, cost))
    }

    /// The most that the transactions take which follow the contracts. A constructor's is dearer than theirs.
    fn later(&self) -> Vec<Untried> {
        let Suite { token, vault, .. } = self.suite();
        let published = self.launch.content.iter().map(|planned| {
            let size = planned.file.encoded_size().saturating_add(planned.terms(token, vault).encoded_size());
            // Three numbers and keys beside what is published.
            let bytes = u32::try_from(size).unwrap_or(u32::MAX).saturating_add(128);
            Untried { items: 3, bytes, fees: 1 }
        });
        std::iter::once(Untried { items: 1, bytes: 64, fees: 1 }).chain(published).collect()
    }

    /// Tries what is left of a launch whose contracts are there.
    fn try_rest(&self, chain: &mut dyn Chain, cost: &mut Cost, purse: &mut Purse) -> Result<(), Failure> {
        let deployment = self.deployment(chain.properties().genesis, chain.block()?);
        let session = &mut Session::new(chain, deployment)?;
        for (_, plan) in self.rest(session)? {
            plan.preview_with(session, &self.creator, cost, purse)?;
        }
        Ok(())
    }

    /// What is left to do when the contracts are there: the token's fees go to the vault, and content is published. Each comes
    /// with words for what it is.
    fn rest(&self, session: &mut Session<'_>) -> Result<Vec<(String, Plan)>, Failure> {
        let Suite { token, vault, registry } = self.suite();
        let mut plans = Vec::new();
        if session.ask(suite::sale(token).fee_recipient())? != vault {
            plans.push(("sending the token's fees to the vault".to_owned(), token::set_fee_recipient(session, vault)?));
        }
        let published = session.ask(suite::registry(registry).content_count())?;
        for planned in self.launch.content.iter().skip(published as usize) {
            let plan = content::publish(session, &planned.title, planned.file.clone(), planned.terms(token, vault));
            plans.push((format!("publishing \"{}\"", planned.title), plan));
        }
        Ok(plans)
    }

    /// What will be published, with its terms.
    fn content(&self, chain: &mut dyn Chain, units: &Units) -> Result<Vec<Report>, Failure> {
        let Suite { token, vault, .. } = self.suite();
        let deployment = self.deployment(chain.properties().genesis, chain.block()?);
        let session = Session::with_units(chain, deployment, units.clone());
        let all = self.launch.content.iter();
        Ok(all
            .map(|planned| content::with_terms(&session, Report::new(&planned.title), &planned.terms(token, vault)))
            .collect())
    }

    /// Deploys what is not there yet of `deployment`, which [`deployment`](Self::deployment) gave, sends the token's fees to the
    /// vault, and publishes what is not published yet. Tells `progress` what comes next.
    ///
    /// # Errors
    ///
    /// When the chain or a contract refuses. Running it again goes on from there.
    pub fn execute(
        self,
        deployment: &Deployment,
        chain: &mut dyn Chain,
        signer: &Signer,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Cost, Failure> {
        let units = self.units(&native_unit(chain));
        let mut cost = Cost::default();
        for contract in &self.contracts {
            if chain.code_hash_of(&contract.address)?.is_some() {
                progress(&format!("{} is there", contract.name));
                continue;
            }
            progress(&format!("deploying {}", contract.name));
            let outcome = chain.submit(signer, &self.call(contract))?;
            if outcome.reverted {
                return Err((contract.words)(&outcome.output, &units));
            }
            if outcome.contract != Some(contract.address) {
                return Err(Failure::Request(format!(
                    "this chain gave {} another address than contracts have elsewhere: it can't be launched on",
                    contract.name
                )));
            }
            cost.add(&outcome);
        }
        let session = &mut Session::new(chain, deployment.clone())?;
        for (what, plan) in self.rest(session)? {
            progress(&what);
            let done = plan.execute(session, signer)?;
            cost.fee = cost.fee.saturating_add(done.cost.fee);
            cost.deposit = cost.deposit.saturating_add(done.cost.deposit);
            cost.weight = cost.weight.saturating_add(done.cost.weight);
        }
        Ok(cost)
    }

    fn call<'b>(&'b self, contract: &'b Planned) -> Call<'b> {
        Call { target: Target::New { code: &contract.code, salt: &self.salt }, value: 0, data: &contract.data }
    }

    fn units(&self, native: &Unit) -> Units {
        let terms = &self.launch.token;
        let token = foreign::own_unit(&terms.symbol.to_string(), terms.decimals, self.suite().token, native);
        Units { native: native.clone(), token }
    }
}

fn refused<E: Decode + std::fmt::Debug>(output: &[u8], words: impl Fn(&E) -> String) -> Failure {
    match decode_answer::<Result<(), E>>(output) {
        Ok(Err(error)) => Failure::refused(&error, words(&error)),
        Ok(Ok(())) => Failure::Request("the contract refused, and says that it did not".to_owned()),
        Err(error) => Failure::Chain(error),
    }
}

/// Hash of `code`, by which the chain knows it.
fn code_hash(code: &[u8]) -> [u8; 32] {
    sp_core::hashing::blake2_256(code)
}

/// Address of the contract that `deployer` makes of `code` with this constructor `data`, as `pallet-contracts` computes it
/// (`DefaultAddressGenerator`).
pub fn contract_address(deployer: &AccountId, code: &[u8], data: &[u8], salt: &[u8]) -> AccountId {
    let code_hash = code_hash(code);
    let address = (b"contract_addr_v1", deployer, code_hash, data, salt).using_encoded(sp_core::hashing::blake2_256);
    AccountId::from(address)
}
