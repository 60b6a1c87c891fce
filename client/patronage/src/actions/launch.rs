//! Launching the three contracts. Their addresses follow from the creator, the code, the terms and the salt. So a launch that was
//! interrupted can be run again, and continues where it stopped.

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
    client::{native_unit, Client},
    contracts::{self, Contracts},
    deployment::{hexadecimal, CodeHashes, Deployment},
    error::Error,
    foreign,
    launch::Launch,
    messages,
    plan::{MaxCost, Tx, TxPlan},
    recipients::{self, warned, Purpose},
    report::{Report, Value},
};

/// Describes a constructor's error.
type DescribeError = fn(&[u8], &Units) -> Error;

/// A contract that the launch instantiates.
struct PlannedContract {
    name: &'static str,
    code: Vec<u8>,
    /// Code that the contract delegates rare messages to. It must be uploaded first.
    cold: Option<Vec<u8>>,
    data: Vec<u8>,
    address: AccountId,
    describe: DescribeError,
}

impl PlannedContract {
    /// The cold code, if the contract has one and the chain does not have it yet.
    fn missing_cold(&self, chain: &mut dyn Chain) -> Result<Option<&[u8]>, ChainError> {
        match &self.cold {
            Some(cold) if !chain.has_code(&code_hash(cold))? => Ok(Some(cold)),
            _ => Ok(None),
        }
    }

    /// An upper bound for the cost of instantiating the contract.
    fn at_most(&self) -> MaxCost {
        let size = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let (hot, cold, data) = (size(&self.code), size(self.cold.as_deref().unwrap_or_default()), size(&self.data));
        // Code and contract take a few items. So do the records that the constructor makes of its arguments.
        let items = 16_u32.saturating_add(data / 32);
        // The contract pays a lockup deposit of 30 % of the deposits for both codes, the usual setting of chains.
        let codes = hot.saturating_add(hot.saturating_add(cold) / 3);
        let bytes = codes.saturating_add(data.saturating_mul(2)).saturating_add(1_000);
        // A constructor takes more weight than the upload, and the transaction is shorter.
        MaxCost { items, bytes, fees: 2 }
    }
}

/// A launch with everything that its addresses follow from.
pub struct Launching<'a> {
    launch: &'a Launch,
    creator: AccountId,
    salt: Vec<u8>,
    contracts: [PlannedContract; 3],
}

impl<'a> Launching<'a> {
    /// The launch by `creator`, on a chain with balances of this `width`. The `salt` distinguishes launches that are equal otherwise.
    ///
    /// # Errors
    ///
    /// If a bundle is missing or for another width, or a recipient can't claim its share of the income.
    pub fn new(launch: &'a Launch, creator: AccountId, salt: &str, width: Width) -> Result<Self, Error> {
        let salt = salt.as_bytes().to_vec();
        let planned = |name: &'static str, terms: Vec<u8>, describe: DescribeError| -> Result<PlannedContract, Error> {
            let codes = bundle::codes_for(name, width).map_err(|error| Error::Request(error.to_string()))?;
            let Codes { code, cold } = codes;
            let data = [ink::selector_bytes!("new").as_slice(), &terms].concat();
            let address = contract_address(&creator, &code, &data, &salt);
            Ok(PlannedContract { name, code, cold, data, address, describe })
        };
        let token = planned("creator_token", launch.token.encode(), |output, units| {
            refused::<Box<TokenError>>(output, |error| messages::sale(error, units))
        })?;
        let vault = planned("patronage_vault", launch.vault_of(token.address).encode(), |output, units| {
            refused(output, |error: &VaultError| messages::vault(error, &units.native))
        })?;
        let registry = planned("content_registry", Some(vault.address).encode(), |output, units| {
            refused(output, |error: &RegistryError| messages::registry(error, &units.native))
        })?;
        let launching = Self { launch, creator, salt, contracts: [token, vault, registry] };
        let contracts = launching.contracts();
        recipients::check(&contracts, creator, Purpose::Sender).map_err(Error::Request)?;
        for share in &launch.vault.splits {
            let refused = |why: String| Error::Request(format!("splits: {why}"));
            recipients::check(&contracts, share.recipient, Purpose::Split).map_err(refused)?;
        }
        Ok(launching)
    }

    /// Addresses of the contracts. They are known before the launch.
    pub fn contracts(&self) -> Contracts {
        let [token, vault, registry] = &self.contracts;
        Contracts { token: token.address, vault: vault.address, registry: registry.address }
    }

    /// The deployment that the launch will make, on the chain with the hash `genesis`. `block` is the newest block before the launch.
    pub fn deployment(&self, genesis: [u8; 32], block: u32) -> Deployment {
        let [token, vault, registry] = self.contracts.each_ref().map(|contract| code_hash(&contract.code));
        Deployment {
            genesis,
            block,
            contracts: self.contracts(),
            code: CodeHashes { token, vault, registry },
            tiers: self.launch.tiers.clone(),
            content: self.launch.content.iter().map(|content| content.title.clone()).collect(),
        }
    }

    /// A client for the contracts of this launch. Some of them may not exist yet.
    pub fn client<'c>(&self, chain: &'c mut dyn Chain, deployment: Deployment) -> Client<'c> {
        let native = native_unit(chain);
        let terms = &self.launch.token;
        let token = foreign::own_unit(&terms.symbol.to_string(), terms.decimals, self.contracts().token, &native);
        Client::with_units(chain, deployment, Units { native, token })
    }

    /// The remaining transactions, in a [`client`](Self::client) of this launch. Instantiates missing contracts, sends the token's fees to
    /// the vault, and publishes content.
    ///
    /// # Errors
    ///
    /// If the chain or a contract returns no answer.
    pub fn plan(&self, client: &mut Client<'_>) -> Result<TxPlan, Error> {
        let (mut contracts, mut txs, mut later) = (Vec::new(), Vec::new(), Vec::new());
        for contract in &self.contracts {
            let there = client.chain.code_hash_of(&contract.address)?.is_some();
            match contract.missing_cold(client.chain)? {
                _ if there => {}
                None => txs.push(self.tx(contract, &client.units)),
                // The contract can't be dry-run before its cold code is on the chain.
                Some(cold) => {
                    self.try_constructor(contract, cold, client)?;
                    let upload = Tx::upload(cold.to_vec());
                    txs.push(upload.named(format!("uploading the cold code of {}", contract.name)));
                    later.push((self.tx(contract, &client.units), contract.at_most()));
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
        let quote = self.quote(client, contracts)?;
        Ok(match txs.is_empty() {
            true => TxPlan::new(quote, self.rest(client, true)?.into_iter().map(|(tx, _)| tx).collect()),
            // The rest can't be dry-run before the contracts exist.
            false => {
                later.extend(self.rest(client, false)?);
                TxPlan::staged(quote, txs, later)
            }
        })
    }

    /// Dry-runs the constructor with the `cold` code alone. That always reverts, but its output is the constructor's answer.
    fn try_constructor(&self, contract: &PlannedContract, cold: &[u8], client: &mut Client<'_>) -> Result<(), Error> {
        let target = Target::New { code: cold, salt: &self.salt };
        let trial = client.chain.dry_run(&self.creator, &Call { target, value: 0, data: &contract.data })?;
        match decode_answer::<Result<(), ()>>(&trial.output) {
            Ok(Ok(())) => Ok(()),
            _ => Err((contract.describe)(&trial.output, &client.units)),
        }
    }

    /// The terms of the launch, for people.
    fn quote(&self, client: &mut Client<'_>, contracts: Vec<Report>) -> Result<Report, Error> {
        let units = client.units.clone();
        let native = &units.native;
        let terms = &self.launch.token;
        let (mut tiers, mut short) = (Vec::new(), Vec::new());
        for (name, tier) in self.launch.tiers.iter().zip(&self.launch.vault_of(self.contracts().token).tiers) {
            let unit = client.unit(&tier.asset)?;
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
        let Contracts { token, vault, .. } = self.contracts();
        let content = self.launch.content.iter();
        let content = content
            .map(|planned| content::with_terms(client, Report::new(&planned.title), &planned.terms(token, vault)))
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
        shares.try_fold(report, |report, share| warned(client.chain, share.recipient, report))
    }

    /// The transactions after the contracts, with bounds for their cost. Each has a lower fee than a constructor. `there` says whether
    /// all contracts exist. If not, none of these transactions has been sent.
    fn rest(&self, client: &mut Client<'_>, there: bool) -> Result<Vec<(Tx, MaxCost)>, Error> {
        let Contracts { token, vault, registry } = self.contracts();
        let (recipient, published) = match there {
            true => (
                Some(client.query(contracts::sale(token).fee_recipient())?),
                client.query(contracts::registry(registry).content_count())?,
            ),
            false => (None, 0),
        };
        let mut rest = Vec::new();
        if recipient != Some(vault) {
            let tx = token::fees_to(client, vault).named("sending the token's fees to the vault");
            rest.push((tx, MaxCost { items: 1, bytes: 64, fees: 1 }));
        }
        for planned in self.launch.content.iter().skip(published as usize) {
            let terms = planned.terms(token, vault);
            let size = planned.file.encoded_size().saturating_add(terms.encoded_size());
            // 128 bytes for three numbers and their keys.
            let bytes = u32::try_from(size).unwrap_or(u32::MAX).saturating_add(128);
            let tx = content::publishing(client, planned.file.clone(), terms);
            let tx = tx.named(format!("publishing \"{}\"", planned.title));
            rest.push((tx, MaxCost { items: 3, bytes, fees: 1 }));
        }
        Ok(rest)
    }

    /// The transaction that instantiates `contract`. Its address must be the expected one.
    fn tx(&self, contract: &PlannedContract, units: &Units) -> Tx {
        let (describe, units) = (contract.describe, units.clone());
        let (name, address) = (contract.name, contract.address);
        let read = move |outcome: &Outcome| match outcome.contract {
            _ if outcome.reverted => Err(describe(&outcome.output, &units)),
            Some(there) if there == address => Ok(()),
            _ => Err(Error::Request(format!(
                "this chain computes contract addresses in another way, as {name} shows: choose another chain"
            ))),
        };
        Tx::instantiate(contract.code.clone(), self.salt.clone(), contract.data.clone(), read)
            .named(format!("deploying {name}"))
    }
}

fn refused<E: Decode + std::fmt::Debug>(output: &[u8], describe: impl Fn(&E) -> String) -> Error {
    match decode_answer::<Result<(), E>>(output) {
        Ok(Err(error)) => Error::refused(&error, describe(&error)),
        Ok(Ok(())) => {
            Error::Request("the constructor reverted without an error: rebuild with scripts/build".to_owned())
        }
        Err(error) => Error::Chain(error),
    }
}

/// Hash of `code`, which identifies it on the chain.
fn code_hash(code: &[u8]) -> [u8; 32] {
    sp_core::hashing::blake2_256(code)
}

/// Address of the contract that `deployer` instantiates from `code` with this constructor `data` and `salt`, as computed by
/// `DefaultAddressGenerator` of `pallet-contracts`.
pub fn contract_address(deployer: &AccountId, code: &[u8], data: &[u8], salt: &[u8]) -> AccountId {
    let code_hash = code_hash(code);
    let address = (b"contract_addr_v1", deployer, code_hash, data, salt).using_encoded(sp_core::hashing::blake2_256);
    AccountId::from(address)
}
