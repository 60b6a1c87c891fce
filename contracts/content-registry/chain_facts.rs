use ink::{
    env::{
        call::{
            utils::{ReturnType, Set},
            Call, CallBuilder, ExecutionInput,
        },
        Gas,
    },
    scale::{Decode, Encode},
};
use patronage_core::access::{Facts, Standing};
use patronage_interfaces::{patronage::Patronage, AccountId, PatronageEnvironment};
use psp22::PSP22;

/// The computing time that one contract gets for its answer, in ps: enough for 20 reads and a contract behind it.
///
/// Loading its code is not part of it.
const REF_TIME_LIMIT: Gas = 10_000_000_000;
/// What one contract may add to the proof by answering, in bytes.
const PROOF_SIZE_LIMIT: Gas = 512 * 1024;

/// Facts about `account`, asked from the contracts that hold them.
///
/// No limit is set on storage deposits: `pallet-contracts` answers a callee that exceeds one by trapping the *caller*, so
/// a hostile contract could stop the whole call by storing a byte.
pub struct ChainFacts {
    pub account: AccountId,
    /// Who called this contract. As it waits for the answer it cannot be called: trying would trap this contract.
    pub caller: AccountId,
}

impl Facts<AccountId> for ChainFacts {
    fn balance_of(&mut self, token: &AccountId) -> Option<u128> {
        let token: ink::contract_ref!(PSP22, PatronageEnvironment) = self.callable(token)?.into();
        answer(ink::codegen::TraitCallBuilder::call(&token).balance_of(self.account))
    }

    fn standing_of(&mut self, vault: &AccountId) -> Option<Standing> {
        let vault: ink::contract_ref!(Patronage, PatronageEnvironment) = self.callable(vault)?.into();
        let standing = answer(ink::codegen::TraitCallBuilder::call(&vault).standing_of(self.account))?;
        Some(Standing {
            level: standing.level,
            since: standing.since,
            until: standing.until,
            // Changes the type where balances are u64.
            #[allow(clippy::useless_conversion)]
            tipped: standing.tipped,
            staked: standing.staked,
        })
    }
}

impl ChainFacts {
    fn callable(&self, contract: &AccountId) -> Option<AccountId> {
        (*contract != self.caller).then_some(*contract)
    }
}

type Question<Args, T> =
    CallBuilder<PatronageEnvironment, Set<Call<PatronageEnvironment>>, Set<ExecutionInput<Args>>, Set<ReturnType<T>>>;

/// The answer, or `None` for whatever can be wrong with the contract that is asked.
fn answer<Args: Encode, T: Decode>(question: Question<Args, T>) -> Option<T> {
    question.ref_time_limit(REF_TIME_LIMIT).proof_size_limit(PROOF_SIZE_LIMIT).try_invoke().ok()?.ok()
}
