use ink::primitives::AccountId;
use ink_lite::{
    alloc_zeroed,
    calls::{call, call_isolated, Limits, Reply},
    env,
};
use patronage_core::{
    access::{AccessOracle, ListId, Standing},
    content::ContentId,
    query_limits::QuestionLimits,
};
use patronage_interfaces::calls;

use crate::{content_registry::ContentRegistryContract, records::Flag};

/// The maximum length of another contract's return data, in bytes: as much as any ink! contract can return.
const MAX_RETURN_DATA: usize = 1 << 14;
/// The maximum length of the return data of the registry's own `balance_at` and `standing_at`, in bytes.
const MAX_OWN_RETURN_DATA: usize = 96;

/// Facts about `account`, from other contracts and from the registry's own storage.
///
/// With `ISOLATED`, each contract is called in a frame of its own, so that it cannot end this call. It is a constant because
/// the hot code needs one way only, and the cold code the other.
pub struct OnchainOracle<'a, const ISOLATED: bool> {
    registry: &'a ContentRegistryContract,
    account: &'a AccountId,
    /// For the return data of each call.
    buffer: &'static mut [u8],
}

impl<'a, const ISOLATED: bool> OnchainOracle<'a, ISOLATED> {
    pub fn new(registry: &'a ContentRegistryContract, account: &'a AccountId) -> Self {
        let length = if ISOLATED { MAX_OWN_RETURN_DATA } else { MAX_RETURN_DATA };
        Self { registry, account, buffer: alloc_zeroed(length) }
    }

    /// Sends the registry's own `message` to itself, in a frame of its own. Returns the return data.
    #[inline(never)]
    fn call_isolated(&mut self, message: &[u8]) -> Option<&[u8]> {
        match call_isolated(message, self.buffer) {
            Reply::Answer(data) => Some(data),
            _ => None,
        }
    }

    /// Sends `message` to another contract, within the limits. Returns the return data.
    #[inline(never)]
    fn call(&mut self, contract: &AccountId, message: &[u8]) -> Option<&[u8]> {
        // The caller waits for the registry, so it cannot be called. Trying would end the call.
        if *contract == env::caller() {
            return None;
        }
        let mut limits = QuestionLimits::LEAST;
        loop {
            let QuestionLimits { ref_time, proof_size } = limits;
            let limited = Limits { ref_time, proof_size, ..Limits::QUESTION };
            let length = match call(contract, limited, 0, message, Some(self.buffer)) {
                Reply::Answer(data) => data.len(),
                Reply::Refusal(_) => return None,
                Reply::Failure => {
                    // The owner's limits are read only after a failure, which is rare.
                    let raised = self.registry.limits();
                    if raised == limits {
                        return None;
                    }
                    limits = raised;
                    continue;
                }
            };
            return self.buffer.get(..length);
        }
    }
}

impl<const ISOLATED: bool> AccessOracle<AccountId> for OnchainOracle<'_, ISOLATED> {
    fn balance_of(&mut self, token: &AccountId) -> Option<u128> {
        if ISOLATED {
            let message = calls::balance_at(token, self.account);
            return message.decode_some(self.call_isolated(message.input)?);
        }
        let message = calls::balance_of(self.account);
        message.decode(self.call(token, message.input)?)
    }

    fn standing_of(&mut self, vault: &AccountId) -> Option<Standing> {
        if ISOLATED {
            let message = calls::standing_at(vault, self.account);
            return message.decode_some(self.call_isolated(message.input)?);
        }
        let message = calls::standing_of(self.account);
        message.decode(self.call(vault, message.input)?)
    }

    fn has_bought(&mut self, content: ContentId) -> bool {
        self.registry.has_flag(Flag::buyer(content), self.account)
    }

    fn price_of(&mut self, content: ContentId) -> Option<u128> {
        self.registry.entry(content)?.terms.for_sale()
    }

    fn is_listed(&mut self, list: ListId) -> bool {
        self.registry.has_flag(Flag::listed(list), self.account)
    }
}
