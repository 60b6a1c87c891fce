//! A small chain with `pallet-contracts`: accounts, fees, a clock and contracts, and nothing else.
//!
//! Compiled to Wasm, it is what the server beside it executes. It is faithful where a contract or a client can tell:
//! transactions are mortal and pay fees, storage is paid for by deposits, accounts below the existential deposit
//! disappear. It has no consensus, no governance and no way to be upgraded.
#![no_std]
// FRAME's macros call each other more deeply than the compiler allows by default.
#![recursion_limit = "512"]

extern crate alloc;

mod apis;
mod configs;
mod genesis;
mod units;

use alloc::{borrow::Cow, vec::Vec};

use sp_runtime::{
    generic,
    traits::{BlakeTwo256, IdentifyAccount, Verify},
    MultiAddress, MultiSignature,
};
use sp_version::RuntimeVersion;

pub use units::Balance;

/// A signature by a key of any of the kinds that wallets use.
pub type Signature = MultiSignature;
/// Names an account: the public key of who signs for it.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// Counts the transactions of an account.
pub type Nonce = u32;
/// The hash of blocks, of storage and of code.
pub type Hash = sp_core::H256;
/// Numbers blocks.
pub type BlockNumber = u32;
/// How transactions name an account.
pub type Address = MultiAddress<AccountId, ()>;
/// The header of a block.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// What is checked of each transaction, in the order in which it is signed.
pub type TxExtension = (
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckMortality<Runtime>,
    frame_system::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
    pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
);
/// A transaction as it comes in.
pub type UncheckedExtrinsic = generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
/// A block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// Executes blocks.
pub type Executive =
    frame_executive::Executive<Runtime, Block, frame_system::ChainContext<Runtime>, Runtime, AllPalletsWithSystem>;
/// An event with its topics, as blocks keep it.
pub type EventRecord = frame_system::EventRecord<RuntimeEvent, Hash>;

/// What clients ask first.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
    spec_name: Cow::Borrowed("patronage-devchain"),
    impl_name: Cow::Borrowed("patronage-devchain"),
    authoring_version: 1,
    spec_version: 1,
    impl_version: 1,
    apis: apis::RUNTIME_API_VERSIONS,
    transaction_version: 1,
    system_version: 1,
};

#[frame_support::runtime]
mod runtime {
    /// The chain's state transition.
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp;
    #[runtime::pallet_index(2)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(3)]
    pub type TransactionPayment = pallet_transaction_payment;
    #[runtime::pallet_index(4)]
    pub type Contracts = pallet_contracts;
}
