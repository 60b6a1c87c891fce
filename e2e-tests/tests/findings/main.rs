//! Published findings against other projects of this kind, tried against these contracts. Each test says what the finding
//! was, and why it can't happen here or what we do instead.
//!
//! Where the doc line says "not read", the report was not available when the test was written: the test then tries the
//! class of attack that its summary names, and claims no more.

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
