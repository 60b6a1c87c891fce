//! Launching: three contracts, whose addresses follow from what they are, so that a launch that was interrupted goes on where
//! it stopped when it is run again.

use ink::scale::{Decode, Encode};
use patronage_chain::{
    decode_answer,
    units::{format_duration, Units},
    Call, Chain, ChainError, Outcome, Target, Width,
};
use patronage_interfaces::{
    registry::{ContentRegistry, RegistryError},
    token::{CreatorToken, TokenError},
    vault::VaultError,
    AccountId,
};

use super::{
    content,
    income::{listed, stakers_part},
    tiers::{minimum_stay, short_period, SHORT_PERIOD},
    token,
};
use crate::{
    bundle::{self, Codes},
    deployment::{hexadecimal, CodeHashes, Deployment},
    explain, foreign,
    launch::Launch,
    plan::{Plan, Step, Untried},
    recipients::{self, warned, Purpose},
    report::{Report, Value},
    session::{native_unit, Failure, Session},
    suite::{self, Suite},
};

/// Puts a constructor's error into words.
type Words = fn(&[u8], &Units) -> Failure;

/// A contract that is to be there.
struct Planned {
    name: &'static str,
    code: Vec<u8>,
    /// Code that the contract calls for what is rare. The chain must have it first.
    cold: Option<Vec<u8>>,
    data: Vec<u8>,
    address: AccountId,
    words: Words,
}

impl Planned {
    /// The cold code, where the contract has one and the chain does not.
    fn missing_cold(&self, chain: &mut dyn Chain) -> Result<Option<&[u8]>, ChainError> {
        match &self.cold {
            Some(cold) if !chain.has_code(&code_hash(cold))? => Ok(Some(cold)),
            _ => Ok(None),
        }
    }

    /// The most that making the contract takes.
    fn at_most(&self) -> Untried {
        let size = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let (hot, cold, data) = (size(&self.code), size(self.cold.as_deref().unwrap_or_default()), size(&self.data));
        // Code and contract take a few items, and so do the records that the constructor makes of its arguments.
        let items = 16_u32.saturating_add(data / 32);
        // Of what both codes take, the contract holds 30 % once more, as chains have it.
        let codes = hot.saturating_add(hot.saturating_add(cold) / 3);
        let bytes = codes.saturating_add(data.saturating_mul(2)).saturating_add(1_000);
        // A constructor weighs more than an upload, and its code is shorter.
        Untried { items, bytes, fees: 2 }
    }
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
            let codes = bundle::codes_for(name, width).map_err(|error| Failure::Request(error.to_string()))?;
            let Codes { code, cold } = codes;
            let data = [ink::selector_bytes!("new").as_slice(), &terms].concat();
            let address = contract_address(&creator, &code, &data, &salt);
            Ok(Planned { name, code, cold, data, address, words })
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

    /// The suite on `chain` as it will be, of which some may not be there yet.
    pub fn session<'c>(&self, chain: &'c mut dyn Chain, deployment: Deployment) -> Session<'c> {
        let native = native_unit(chain);
        let terms = &self.launch.token;
        let token = foreign::own_unit(&terms.symbol.to_string(), terms.decimals, self.suite().token, &native);
        Session::with_units(chain, deployment, Units { native, token })
    }

    /// All that is left to do, in a [`session`](Self::session) of this launch: contracts that are not there are made, the token's
    /// fees go to the vault, and content is published. Run again after an interruption, it goes on from there.
    ///
    /// # Errors
    ///
    /// When the chain or a contract gives no answer.
    pub fn plan(&self, session: &mut Session<'_>) -> Result<Plan, Failure> {
        let (mut contracts, mut steps, mut later) = (Vec::new(), Vec::new(), Vec::new());
        for contract in &self.contracts {
            let there = session.chain.code_hash_of(&contract.address)?.is_some();
            match contract.missing_cold(session.chain)? {
                _ if there => {}
                None => steps.push(self.step(contract, &session.units)),
                // The contract can't be tried before its cold code is there.
                Some(cold) => {
                    self.try_constructor(contract, cold, session)?;
                    let upload = Step::upload(cold.to_vec());
                    steps.push(upload.named(format!("uploading the cold code of {}", contract.name)));
                    later.push((self.step(contract, &session.units), contract.at_most()));
                }
            }
            let size = u64::try_from(contract.code.len()).unwrap_or(u64::MAX);
            contracts.push(
                Report::new(contract.name)
                    .account("address", contract.address)
                    .with("code_bytes", Value::Number(size))
                    .text("code_hash", hexadecimal(&code_hash(&contract.code)))
                    .with_some(
                        "cold_code_hash",
                        contract.cold.as_ref().map(|cold| Value::Text(hexadecimal(&code_hash(cold)))),
                    )
                    .with("already_there", Value::Flag(there)),
            );
        }
        let quote = self.quote(session, contracts)?;
        Ok(match steps.is_empty() {
            true => Plan::new(quote, self.rest(session, true)?.into_iter().map(|(step, _)| step).collect()),
            // What follows can't be tried before the contracts are there.
            false => {
                later.extend(self.rest(session, false)?);
                Plan::staged(quote, steps, later)
            }
        })
    }

    /// Asks the `cold` code of a contract, which alone always reverts, what the constructor would answer.
    fn try_constructor(&self, contract: &Planned, cold: &[u8], session: &mut Session<'_>) -> Result<(), Failure> {
        let target = Target::New { code: cold, salt: &self.salt };
        let trial = session.chain.dry_run(&self.creator, &Call { target, value: 0, data: &contract.data })?;
        match decode_answer::<Result<(), ()>>(&trial.output) {
            Ok(Ok(())) => Ok(()),
            _ => Err((contract.words)(&trial.output, &session.units)),
        }
    }

    /// The terms as fans will see them.
    fn quote(&self, session: &mut Session<'_>, contracts: Vec<Report>) -> Result<Report, Failure> {
        let units = session.units.clone();
        let native = &units.native;
        let terms = &self.launch.token;
        let (mut tiers, mut short) = (Vec::new(), Vec::new());
        for (name, tier) in self.launch.tiers.iter().zip(&self.launch.vault_of(self.suite().token).tiers) {
            let unit = session.unit(&tier.asset)?;
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
        let Suite { token, vault, .. } = self.suite();
        let content = self.launch.content.iter();
        let content = content
            .map(|planned| content::with_terms(session, Report::new(&planned.title), &planned.terms(token, vault)))
            .collect();
        let guard = terms.launch_guard;
        let report = Report::new(format!("launch \"{}\" ({})", terms.name, units.token.symbol))
            .account("creator", self.creator)
            .amount("base_price", terms.base_price, native)
            .amount("slope", terms.slope, native)
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
            .with("shares", Value::List(listed(&self.launch.vault.splits)))
            .with_some("stakers", stakers_part(self.launch.vault.stakers))
            .with("content", Value::List(content))
            .with("contracts", Value::List(contracts));
        let mut shares = self.launch.vault.splits.iter();
        shares.try_fold(report, |report, share| warned(session.chain, share.recipient, report))
    }

    /// What follows the contracts, with the most that it takes: a constructor's fee is higher than theirs. Before all contracts
    /// are `there`, nothing of it has happened.
    fn rest(&self, session: &mut Session<'_>, there: bool) -> Result<Vec<(Step, Untried)>, Failure> {
        let Suite { token, vault, registry } = self.suite();
        let (recipient, published) = match there {
            true => (
                Some(session.ask(suite::sale(token).fee_recipient())?),
                session.ask(suite::registry(registry).content_count())?,
            ),
            false => (None, 0),
        };
        let mut rest = Vec::new();
        if recipient != Some(vault) {
            let step = token::fees_to(session, vault).named("sending the token's fees to the vault");
            rest.push((step, Untried { items: 1, bytes: 64, fees: 1 }));
        }
        for planned in self.launch.content.iter().skip(published as usize) {
            let terms = planned.terms(token, vault);
            let size = planned.file.encoded_size().saturating_add(terms.encoded_size());
            // Three numbers and keys beside what is published.
            let bytes = u32::try_from(size).unwrap_or(u32::MAX).saturating_add(128);
            let step = content::publishing(session, planned.file.clone(), terms);
            let step = step.named(format!("publishing \"{}\"", planned.title));
            rest.push((step, Untried { items: 3, bytes, fees: 1 }));
        }
        Ok(rest)
    }

    /// Makes `contract`, which must get the address that contracts get elsewhere.
    fn step(&self, contract: &Planned, units: &Units) -> Step {
        let (words, units) = (contract.words, units.clone());
        let (name, address) = (contract.name, contract.address);
        let read = move |outcome: &Outcome| match outcome.contract {
            _ if outcome.reverted => Err(words(&outcome.output, &units)),
            Some(there) if there == address => Ok(()),
            _ => Err(Failure::Request(format!(
                "this chain gave {name} another address than contracts have elsewhere: it can't be launched on"
            ))),
        };
        Step::instantiate(contract.code.clone(), self.salt.clone(), contract.data.clone(), read)
            .named(format!("deploying {name}"))
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
