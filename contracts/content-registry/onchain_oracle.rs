use ink::primitives::AccountId;
use patronage_core::access::{ContentId, AccessOracle, ListId, QuestionLimits, Standing};
use patronage_thin::{
    calls::{self, Limits, Reply},
    host, memory, Read, Reader,
};

use crate::{content_registry::ContentRegistryContract, records::Flag};

type Selector = [u8; 4];

const BALANCE_OF: Selector = ink::selector_bytes!("PSP22::balance_of");
const STANDING_OF: Selector = ink::selector_bytes!("Patronage::standing_of");
const BALANCE_AT: Selector = ink::selector_bytes!("ContentRegistry::balance_at");
const STANDING_AT: Selector = ink::selector_bytes!("ContentRegistry::standing_at");

/// Longest answer of another contract, as long as any ink! contract can give.
const ANSWER: usize = 1 << 14;
/// Longest answer of this contract's own `balance_at` and `standing_at`.
const OWN_ANSWER: usize = 96;

/// ink!'s `Ok` before an answer.
const OK: &[u8] = &[0];
/// ink!'s `Ok`, and `Some`.
const OK_SOME: &[u8] = &[0, 1];

/// AccessOracle about `account`, asked from the contracts that hold them, and from the registry's own books.
pub struct OnchainOracle<'a> {
    pub registry: &'a ContentRegistryContract,
    pub account: &'a AccountId,
    /// Whether each contract is asked in a frame of its own, so that it can't end this call.
    pub apart: bool,
    /// For the answer to each question.
    place: &'static mut [u8],
}

impl<'a> OnchainOracle<'a> {
    pub fn new(registry: &'a ContentRegistryContract, account: &'a AccountId, apart: bool) -> Self {
        let longest = if apart { OWN_ANSWER } else { ANSWER };
        Self { registry, account, apart, place: memory(longest) }
    }

    /// The value that the contract answers to the question, or the registry's own message to it, which asks it.
    #[inline(never)]
    fn ask(&mut self, contract: &AccountId, question: Selector, apart: Selector) -> Option<&[u8]> {
        if self.apart {
            return match calls::apart(calls::message(apart, &[&contract.0, &self.account.0]), self.place) {
                Reply::Answer(answer) => answer.strip_prefix(OK_SOME),
                _ => None,
            };
        }
        // Who waits for the registry's answer can't be called, and trying would end the call.
        if *contract == host::caller() {
            return None;
        }
        let message = calls::message(question, &[&self.account.0]);
        let mut limits = QuestionLimits::LEAST;
        loop {
            let QuestionLimits { ref_time, proof_size } = limits;
            let limited = Limits { ref_time, proof_size, ..Limits::QUESTION };
            let length = match calls::call(contract, limited, 0, message, Some(self.place)) {
                Reply::Answer(answer) => answer.len(),
                Reply::Refusal(_) => return None,
                Reply::Failure => {
                    // Only where a question fails is it worth reading what the owner allows.
                    let raised = self.registry.limits();
                    if raised == limits {
                        return None;
                    }
                    limits = raised;
                    continue;
                }
            };
            return self.place.get(..length)?.strip_prefix(OK);
        }
    }
}

impl AccessOracle<AccountId> for OnchainOracle<'_> {
    fn balance_of(&mut self, token: &AccountId) -> Option<u128> {
        read(self.ask(token, BALANCE_OF, BALANCE_AT))
    }

    fn standing_of(&mut self, vault: &AccountId) -> Option<Standing> {
        read(self.ask(vault, STANDING_OF, STANDING_AT))
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

/// Reads the value, which must be all there is. For types whose every encoding is `T::MAX` bytes long.
fn read<T: Read>(value: Option<&[u8]>) -> Option<T> {
    let value = value.filter(|value| value.len() == T::MAX)?;
    Some(T::read(&mut Reader::new(value, host::stop)))
}
