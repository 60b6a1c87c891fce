//! A runtime with native balances of 64 bits, as some chains have them. All else is as in drink's minimal runtime, whose macro
//! has balances of 128 bits.

use drink::frame_support::{
    self, construct_runtime, derive_impl, parameter_types,
    sp_runtime::{testing::H256, traits::Convert, AccountId32, Perbill},
    traits::{ConstBool, ConstU32, ConstU64, Randomness},
    weights::Weight,
};
use drink::{pallet_balances, pallet_contracts, pallet_timestamp, Sandbox};
use ink_sandbox::{
    frame_system::{self, pallet_prelude::BlockNumberFor},
    macros::BlockBuilder,
    sp_externalities::Extension,
    AccountIdFor, RuntimeMetadataPrefixed, Snapshot, TestExternalities,
};

construct_runtime!(
    pub enum NarrowRuntime {
        System: frame_system,
        Balances: pallet_balances,
        Timestamp: pallet_timestamp,
        Contracts: pallet_contracts,
    }
);

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig as frame_system::DefaultConfig)]
impl frame_system::Config for NarrowRuntime {
    type AccountData = pallet_balances::AccountData<u64>;
    type Block = frame_system::mocking::MockBlockU32<NarrowRuntime>;
    type BlockHashCount = ConstU32<250>;
    type Version = ();
}

impl pallet_balances::Config for NarrowRuntime {
    type AccountStore = System;
    type Balance = u64;
    type DustRemoval = ();
    type ExistentialDeposit = ConstU64<1>;
    type FreezeIdentifier = ();
    type MaxFreezes = ();
    type MaxLocks = ();
    type MaxReserves = ();
    type ReserveIdentifier = [u8; 8];
    type RuntimeEvent = RuntimeEvent;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type RuntimeHoldReason = RuntimeHoldReason;
    type WeightInfo = ();
}

impl pallet_timestamp::Config for NarrowRuntime {
    type MinimumPeriod = ConstU64<1>;
    type Moment = u64;
    type OnTimestampSet = ();
    type WeightInfo = ();
}

/// No contract here asks for randomness.
pub enum NoRandomness {}

impl Randomness<H256, u32> for NoRandomness {
    fn random(_: &[u8]) -> (H256, u32) {
        (H256::zero(), 0)
    }
}

impl Convert<Weight, u64> for NarrowRuntime {
    fn convert(weight: Weight) -> u64 {
        weight.ref_time()
    }
}

parameter_types! {
    pub CodeHashLockupDepositPercent: Perbill = Perbill::from_percent(0);
    pub Schedule: pallet_contracts::Schedule<NarrowRuntime> = Default::default();
}

impl pallet_contracts::Config for NarrowRuntime {
    type AddressGenerator = pallet_contracts::DefaultAddressGenerator;
    type ApiVersion = ();
    type CallFilter = ();
    type CallStack = [pallet_contracts::Frame<Self>; 5];
    type ChainExtension = ();
    type CodeHashLockupDepositPercent = CodeHashLockupDepositPercent;
    type Currency = Balances;
    type Debug = ();
    type DefaultDepositLimit = ConstU64<10_000_000>;
    type DepositPerByte = ConstU64<1>;
    type DepositPerItem = ConstU64<1>;
    type Environment = ();
    type InstantiateOrigin = frame_system::EnsureSigned<Self::AccountId>;
    type MaxCodeLen = ConstU32<{ 123 * 1024 }>;
    type MaxDebugBufferLen = ConstU32<{ 2 * 1024 * 1024 }>;
    type MaxDelegateDependencies = ConstU32<32>;
    type MaxStorageKeyLen = ConstU32<128>;
    type Migrations = ();
    type Randomness = NoRandomness;
    type RuntimeCall = RuntimeCall;
    type RuntimeEvent = RuntimeEvent;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Schedule = Schedule;
    type Time = Timestamp;
    type UnsafeUnstableInterface = ConstBool<false>;
    type UploadOrigin = frame_system::EnsureSigned<Self::AccountId>;
    type WeightInfo = ();
    type WeightPrice = Self;
    type Xcm = ();
}

/// A sandbox with balances of 64 bits.
pub struct NarrowSandbox(TestExternalities);

impl Default for NarrowSandbox {
    fn default() -> Self {
        Self(BlockBuilder::<NarrowRuntime>::new_ext(Vec::new()))
    }
}

impl Sandbox for NarrowSandbox {
    type Runtime = NarrowRuntime;

    fn execute_with<T>(&mut self, execute: impl FnOnce() -> T) -> T {
        self.0.execute_with(execute)
    }

    fn dry_run<T>(&mut self, action: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.take_snapshot();
        let result = action(self);
        self.restore_snapshot(before);
        result
    }

    fn register_extension<E: core::any::Any + Extension>(&mut self, extension: E) {
        self.0.register_extension(extension);
    }

    fn initialize_block(height: BlockNumberFor<NarrowRuntime>, parent: H256) {
        BlockBuilder::<NarrowRuntime>::initialize_block(height, parent);
    }

    fn finalize_block(height: BlockNumberFor<NarrowRuntime>) -> H256 {
        BlockBuilder::<NarrowRuntime>::finalize_block(height)
    }

    fn default_actor() -> AccountIdFor<NarrowRuntime> {
        AccountId32::new([1; 32])
    }

    fn get_metadata() -> RuntimeMetadataPrefixed {
        NarrowRuntime::metadata()
    }

    fn convert_account_to_origin(account: AccountIdFor<NarrowRuntime>) -> RuntimeOrigin {
        Some(account).into()
    }

    fn take_snapshot(&mut self) -> Snapshot {
        let mut backend = self.0.as_backend();
        let nodes = backend.backend_storage_mut().drain().into_iter().filter(|(_, (_, references))| *references > 0);
        let storage = nodes.collect();
        Snapshot { storage, storage_root: *backend.root() }
    }

    fn restore_snapshot(&mut self, snapshot: Snapshot) {
        let Snapshot { storage, storage_root } = snapshot;
        self.0 = TestExternalities::from_raw_snapshot(storage, storage_root, Default::default());
    }
}

#[cfg(test)]
mod tests {
    use patronage_chain::{accounts::account, Chain, Width};

    use crate::EmbeddedChain;

    #[test]
    fn an_amount_beyond_64_bits_is_refused_and_changes_nothing() {
        let ana = account("ana").unwrap();
        let mut chain = EmbeddedChain::with_width(Width::U64);
        assert_eq!(chain.properties().width, Width::U64);
        chain.fund(&ana, 5).unwrap();
        chain.fund(&ana, u128::from(u64::MAX) + 1).unwrap_err();
        assert_eq!(chain.balance(&ana), 5);
    }

    #[test]
    fn a_fork_has_the_same_state_and_goes_on_by_itself() {
        let ana = account("ana").unwrap();
        for width in [Width::U64, Width::U128] {
            let mut chain = EmbeddedChain::with_width(width);
            chain.fund(&ana, 5).unwrap();
            let mut fork = chain.fork();
            fork.fund(&ana, 2).unwrap();
            fork.advance(1_000);
            assert_eq!(fork.balance(&ana), 7);
            assert_eq!(fork.now(), chain.now() + 1_000);
            assert_eq!(chain.balance(&ana), 5);
        }
    }
}
