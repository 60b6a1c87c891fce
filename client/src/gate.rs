//! What the gateway asks about content, answered by a chain.

use std::sync::{Mutex, PoisonError};

use patronage_gateway::registry::{
    Access, AccountId as Account, ContentId, ContentInfo, Registry, RegistryId, Unreachable,
};
use patronage_interfaces::{
    registry::{Access as Verdict, Content, ContentRegistry},
    AccountId,
};

use crate::{
    chain::{Chain, ChainError, Message, Messages},
    explain,
    session::{Failure, Session},
    suite,
    units::Units,
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
        let gate = Self { identity, units, open, idle: Mutex::default() };
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
            Ok(Verdict::Denied(ways)) => explain::denied(&ways, &self.units),
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
