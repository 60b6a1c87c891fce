//! Published findings against other projects of this kind, tried against these contracts. Each test says what the finding
//! was, and why it can't happen here or what we do instead.
//!
//! A finding that could not be read is named in the doc comment of its project's module. No test is named after it.
//!
//! `scripts/findings` removes the protection that each test is about, in a copy of the contracts, and shows that the test
//! fails then.

mod bonding_curves;
mod friend_tech;
mod hypersub;
mod juicebox;
mod memberships;
mod openbrush;
mod pendzl;
mod polkasub;
mod sablier;
mod superfluid;
mod titles;
mod unlock;
mod zora;

use ink::{env::Environment, scale::Encode};
use patronage_chain::Message;
use patronage_interfaces::AccountId;

/// Input of `message`, as a contract sends it.
fn input<E: Environment<AccountId = AccountId>, Args: Encode, R>(message: Message<E, Args, R>) -> Vec<u8> {
    message.params().exec_input().encode()
}
