//! Implements the gateway's [`Registry`] on a chain.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use patronage_chain::{
    keys,
    units::{Unit, Units},
    Chain, ChainError, Message, Messages,
};
use patronage_gateway::{
    registry::{Access, AccountId as Account, ContentId, ContentInfo, Registry, RegistryId, Unreachable},
    signature::{Scheme, Signature},
};
use patronage_interfaces::{
    ownable::Ownable,
    registry::{Access as Verdict, Content, ContentRegistry, Terms},
    vault::{PatronageVault, Tier},
    AccountId,
};

use crate::{
    client::Client,
    contracts::{self, Contracts},
    error::Error,
    foreign, messages,
};

/// Opens the chain again, for concurrent queries.
type Open = Box<dyn Fn() -> Result<Box<dyn Chain + Send>, ChainError> + Send + Sync>;

/// A content registry on a chain. Answers are not cached: each query goes to the chain.
pub struct ChainRegistry {
    identity: RegistryId,
    units: Units,
    open: Open,
    /// Open chains that are not in use. There are at most as many as there were concurrent queries.
    idle: Mutex<Vec<Box<dyn Chain + Send>>>,
    token: AccountId,
    vault: AccountId,
    /// Units of other tokens in rules. Each token is queried once.
    others: Mutex<BTreeMap<AccountId, Unit>>,
}

impl ChainRegistry {
    /// The registry of the creator of `client`, on the chain that `open` opens.
    ///
    /// # Errors
    ///
    /// If `open` fails or opens another chain.
    pub fn new(
        client: &Client<'_>,
        open: impl Fn() -> Result<Box<dyn Chain + Send>, ChainError> + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        let registry: [u8; 32] = *client.contracts().registry.as_ref();
        let identity = RegistryId { genesis: client.deployment.genesis, registry };
        let (units, open) = (client.units.clone(), Box::new(open) as Open);
        let Contracts { token, vault, .. } = client.contracts();
        let adapter = Self { identity, units, open, idle: Mutex::default(), token, vault, others: Mutex::default() };
        let chain = adapter.chain()?;
        adapter.keep(chain);
        Ok(adapter)
    }

    /// Returns the owner of the vault.
    ///
    /// # Errors
    ///
    /// If the chain does not answer.
    pub fn owner(&self) -> Result<AccountId, Unreachable> {
        self.query(|| contracts::ownable(self.vault).owner())
    }

    /// Whether `account` may publish: it owns the registry, or is one of its managers.
    ///
    /// # Errors
    ///
    /// If the chain does not answer.
    pub fn may_publish(&self, account: AccountId) -> Result<bool, Unreachable> {
        let registry = AccountId::from(self.identity.registry);
        Ok(self.query(|| contracts::ownable(registry).owner())? == account
            || self.query(|| contracts::registry(registry).is_manager(account))?)
    }

    /// Returns all tiers, by their numbers.
    ///
    /// # Errors
    ///
    /// If the chain does not answer.
    pub fn tiers(&self) -> Result<Vec<Tier>, Unreachable> {
        let count = self.query(|| contracts::vault(self.vault).tier_count())?;
        let tiers = (0..count).map(|id| self.query(|| contracts::vault(self.vault).tier(id)));
        Ok(tiers.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// Returns the file and the terms of at most `most` pieces of content from number `first` on.
    ///
    /// # Errors
    ///
    /// If the chain does not answer.
    pub fn contents(&self, first: ContentId, most: u32) -> Result<Vec<(ContentId, Content, Terms)>, Unreachable> {
        let registry = AccountId::from(self.identity.registry);
        let count = self.query(|| contracts::registry(registry).content_count())?;
        let mut all = Vec::new();
        for id in first..count.min(first.saturating_add(most)) {
            let file = self.query(|| contracts::registry(registry).content(id))?;
            let terms = self.query(|| contracts::registry(registry).terms(id))?;
            all.extend(file.zip(terms).map(|(file, terms)| (id, file, terms)));
        }
        Ok(all)
    }

    fn chain(&self) -> Result<Box<dyn Chain + Send>, ChainError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let chain = idle.map_or_else(|| (self.open)(), Ok)?;
        match chain.properties().genesis == self.identity.genesis {
            true => Ok(chain),
            false => Err(ChainError::Unavailable("the chain has been replaced: restart the gateway".to_owned())),
        }
    }

    fn keep(&self, chain: Box<dyn Chain + Send>) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(chain);
    }

    /// Unit of the PSP22 token at `token`. Falls back to smallest units.
    fn unit_of(&self, token: AccountId) -> Unit {
        if token == self.token {
            return self.units.token.clone();
        }
        let others = || self.others.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = others().get(&token) {
            return known.clone();
        }
        let asked = self.chain().and_then(|mut chain| {
            let unit = foreign::unit_of(&mut *chain, token)?;
            self.keep(chain);
            Ok(unit)
        });
        match asked {
            Ok(unit) => {
                others().insert(token, unit.clone());
                unit
            }
            Err(_) => foreign::smallest(token),
        }
    }

    /// The registry's answer to `message`. A chain that returned no answer is not used again.
    fn query<Args: ink::scale::Encode, R: ink::scale::Decode>(
        &self,
        message: impl Fn() -> Message<patronage_interfaces::PatronageEnvironment, Args, R>,
    ) -> Result<R, Unreachable> {
        let query = || -> Result<R, ChainError> {
            let mut chain = self.chain()?;
            let answer = chain.query(message())?;
            // A folder can be replaced by one with another chain, in which the same addresses may exist.
            match chain.properties().genesis == self.identity.genesis {
                true => self.keep(chain),
                false => {
                    return Err(ChainError::Unavailable("the chain has been replaced: restart the gateway".to_owned()))
                }
            }
            Ok(answer)
        };
        query().map_err(|error| Unreachable(messages::chain(&error)))
    }
}

impl Registry for ChainRegistry {
    fn identity(&self) -> RegistryId {
        self.identity
    }

    fn content(&self, id: ContentId) -> Result<Option<ContentInfo>, Unreachable> {
        let registry = AccountId::from(self.identity.registry);
        Ok(self.query(|| contracts::registry(registry).content(id))?.map(content_info))
    }

    fn access(&self, id: ContentId, account: &Account) -> Result<Access, Unreachable> {
        let (registry, account) = (AccountId::from(self.identity.registry), AccountId::from(*account));
        let why = match self.query(|| contracts::registry(registry).check(id, account))? {
            Ok(Verdict::Granted(_)) => return Ok(Access::Granted),
            Ok(Verdict::Denied(ways)) => messages::denied(&ways, &self.units, &mut |token| self.unit_of(token)),
            Err(error) => messages::registry(&error, &self.units.native),
        };
        Ok(Access::Refused { why })
    }
}

/// Converts an entry of the registry to the gateway's type.
pub fn content_info(content: Content) -> ContentInfo {
    let Content { uri, hash, public_key } = content;
    ContentInfo { public_key, hash, uri: String::from_utf8_lossy(&uri).into_owned() }
}

/// Converts a signature to the gateway's type.
pub fn wallet_signature(signature: keys::Signature) -> Signature {
    match signature {
        keys::Signature::Sr25519(bytes) => Signature { scheme: Scheme::Sr25519, bytes },
        keys::Signature::Ed25519(bytes) => Signature { scheme: Scheme::Ed25519, bytes },
    }
}
