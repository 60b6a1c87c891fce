//! What the gateway asks about content, answered by a chain.

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
    registry::{Access as Verdict, Content, ContentRegistry},
    AccountId,
};

use crate::{
    explain, foreign,
    session::{Failure, Session},
    suite,
};

/// Opens the chain once more, for questions that are asked at the same time.
type Open = Box<dyn Fn() -> Result<Box<dyn Chain + Send>, ChainError> + Send + Sync>;

/// A content registry on a chain. Nothing of what it answers is kept: each question is put to the chain.
pub struct ChainRegistry {
    identity: RegistryId,
    units: Units,
    open: Open,
    /// Open chains that nobody uses at the moment: never more than there were questions at the same time.
    idle: Mutex<Vec<Box<dyn Chain + Send>>>,
    token: AccountId,
    /// Units of other tokens that rules ask for, each of which is asked once.
    others: Mutex<BTreeMap<AccountId, Unit>>,
}

impl ChainRegistry {
    /// The registry of `session`'s creator, on the chain that `open` opens.
    ///
    /// # Errors
    ///
    /// When `open` gives another chain, or none.
    pub fn new(
        session: &Session<'_>,
        open: impl Fn() -> Result<Box<dyn Chain + Send>, ChainError> + Send + Sync + 'static,
    ) -> Result<Self, Failure> {
        let registry: [u8; 32] = *session.suite().registry.as_ref();
        let identity = RegistryId { genesis: session.deployment.genesis, registry };
        let (units, open) = (session.units.clone(), Box::new(open) as Open);
        let token = session.suite().token;
        let gate = Self { identity, units, open, idle: Mutex::default(), token, others: Mutex::default() };
        let chain = gate.chain()?;
        gate.keep(chain);
        Ok(gate)
    }

    fn chain(&self) -> Result<Box<dyn Chain + Send>, ChainError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let chain = idle.map_or_else(|| (self.open)(), Ok)?;
        match chain.properties().genesis == self.identity.genesis {
            true => Ok(chain),
            false => Err(ChainError::Unavailable("that is another chain now: start the gateway again".to_owned())),
        }
    }

    fn keep(&self, chain: Box<dyn Chain + Send>) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(chain);
    }

    /// Unit of the PSP22 token at `token`: smallest units where that can't be found out.
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

    /// The registry's answer to `message`. A chain that gave none is not used again.
    fn ask<Args: ink::scale::Encode, R: ink::scale::Decode>(
        &self,
        message: impl Fn() -> Message<patronage_interfaces::PatronageEnvironment, Args, R>,
    ) -> Result<R, Unreachable> {
        let ask = || -> Result<R, ChainError> {
            let mut chain = self.chain()?;
            let answer = chain.ask(message())?;
            // A folder can be replaced by one with another chain, which may have the same addresses.
            match chain.properties().genesis == self.identity.genesis {
                true => self.keep(chain),
                false => return Err(ChainError::Unavailable("that is another chain now".to_owned())),
            }
            Ok(answer)
        };
        ask().map_err(|error| Unreachable(explain::chain(&error)))
    }
}

impl Registry for ChainRegistry {
    fn identity(&self) -> RegistryId {
        self.identity
    }

    fn content(&self, id: ContentId) -> Result<Option<ContentInfo>, Unreachable> {
        let registry = AccountId::from(self.identity.registry);
        Ok(self.ask(|| suite::registry(registry).content(id))?.map(content_info))
    }

    fn access(&self, id: ContentId, account: &Account) -> Result<Access, Unreachable> {
        let (registry, account) = (AccountId::from(self.identity.registry), AccountId::from(*account));
        let why = match self.ask(|| suite::registry(registry).check(id, account))? {
            Ok(Verdict::Granted(_)) => return Ok(Access::Granted),
            Ok(Verdict::Denied(ways)) => explain::denied(&ways, &self.units, &mut |token| self.unit_of(token)),
            Err(error) => explain::registry(&error, &self.units.native),
        };
        Ok(Access::Refused { why })
    }
}

/// What the registry says of content, as the gateway and its clients have it.
pub fn content_info(content: Content) -> ContentInfo {
    let Content { uri, hash, public_key } = content;
    ContentInfo { public_key, hash, uri: String::from_utf8_lossy(&uri).into_owned() }
}

/// A key's signature, as the gateway checks it.
pub fn wallet_signature(signature: keys::Signature) -> Signature {
    match signature {
        keys::Signature::Sr25519(bytes) => Signature { scheme: Scheme::Sr25519, bytes },
        keys::Signature::Ed25519(bytes) => Signature { scheme: Scheme::Ed25519, bytes },
    }
}
