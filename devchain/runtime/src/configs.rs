//! How the pallets are set up. Where a value is not explained, it is that of the template node with pallet-contracts.

use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstBool, ConstU16, ConstU32, ConstU64, ConstU8, Nothing, Randomness},
    weights::{constants::WEIGHT_REF_TIME_PER_SECOND, IdentityFee, Weight},
};
use frame_system::limits::{BlockLength, BlockWeights};
use pallet_transaction_payment::{ConstFeeMultiplier, FungibleAdapter, Multiplier};
use sp_runtime::Perbill;
use sp_version::RuntimeVersion;

use crate::{
    units::{deposit, ComputationFee, EXISTENTIAL_DEPOSIT},
    AccountId, Balance, Balances, Block, BlockNumber, Hash, Nonce, PalletInfo, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeFreezeReason, RuntimeHoldReason, RuntimeOrigin, RuntimeTask, System, Timestamp, VERSION,
};

/// What the clock goes on by from block to block, in milliseconds.
pub const SLOT_DURATION: u64 = 1_000;

parameter_types! {
    /// How many blocks back a mortal transaction may have been born.
    pub const BlockHashCount: BlockNumber = 2_400;
    pub const Version: RuntimeVersion = VERSION;
    /// Two seconds of computation in a block, of which transactions can have three quarters.
    pub RuntimeBlockWeights: BlockWeights = BlockWeights::with_sensible_defaults(
        Weight::from_parts(2 * WEIGHT_REF_TIME_PER_SECOND, u64::MAX),
        Perbill::from_percent(75),
    );
    pub RuntimeBlockLength: BlockLength = BlockLength::default();
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type AccountData = pallet_balances::AccountData<Balance>;
    type AccountId = AccountId;
    type Block = Block;
    type BlockHashCount = BlockHashCount;
    type BlockLength = RuntimeBlockLength;
    type BlockWeights = RuntimeBlockWeights;
    type Hash = Hash;
    type MaxConsumers = ConstU32<16>;
    type Nonce = Nonce;
    type SS58Prefix = ConstU16<42>;
    type Version = Version;
}

impl pallet_timestamp::Config for Runtime {
    type MinimumPeriod = ConstU64<{ SLOT_DURATION / 2 }>;
    type Moment = u64;
    type OnTimestampSet = ();
    type WeightInfo = ();
}

parameter_types! {
    pub const ExistentialDeposit: Balance = EXISTENTIAL_DEPOSIT;
}

impl pallet_balances::Config for Runtime {
    type AccountStore = System;
    type Balance = Balance;
    type DoneSlashHandler = ();
    type DustRemoval = ();
    type ExistentialDeposit = ExistentialDeposit;
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxFreezes = ConstU32<50>;
    type MaxLocks = ConstU32<50>;
    type MaxReserves = ConstU32<50>;
    type ReserveIdentifier = [u8; 8];
    type RuntimeEvent = RuntimeEvent;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type RuntimeHoldReason = RuntimeHoldReason;
    type WeightInfo = ();
}

parameter_types! {
    pub const FeeMultiplier: Multiplier = Multiplier::from_u32(1);
}

impl pallet_transaction_payment::Config for Runtime {
    // With `()` the multiplier, and with it the price of computation, would be zero from the second block on.
    type FeeMultiplierUpdate = ConstFeeMultiplier<FeeMultiplier>;
    type LengthToFee = IdentityFee<Balance>;
    type OnChargeTransaction = FungibleAdapter<Balances, ()>;
    type OperationalFeeMultiplier = ConstU8<5>;
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type WeightToFee = ComputationFee;
}

parameter_types! {
    pub const CodeHashLockupDepositPercent: Perbill = Perbill::from_percent(0);
    pub const DefaultDepositLimit: Balance = deposit(1024, 1024 * 1024);
    pub const DepositPerByte: Balance = deposit(0, 1);
    pub const DepositPerItem: Balance = deposit(1, 0);
    pub Schedule: pallet_contracts::Schedule<Runtime> = Default::default();
}

/// What the pallet is given where it wants randomness: nothing, as no contract of ink! 5 can ask for it.
pub struct NoRandomness;

impl Randomness<Hash, BlockNumber> for NoRandomness {
    fn random(_subject: &[u8]) -> (Hash, BlockNumber) {
        Default::default()
    }
}

impl pallet_contracts::Config for Runtime {
    type AddressGenerator = pallet_contracts::DefaultAddressGenerator;
    type ApiVersion = ();
    type CallFilter = Nothing;
    // How deep contracts can call each other: as on Bittensor, the least of the chains that take ink! 5.
    type CallStack = [pallet_contracts::Frame<Self>; 5];
    type ChainExtension = ();
    type CodeHashLockupDepositPercent = CodeHashLockupDepositPercent;
    type Currency = Balances;
    type Debug = ();
    type DefaultDepositLimit = DefaultDepositLimit;
    type DepositPerByte = DepositPerByte;
    type DepositPerItem = DepositPerItem;
    type Environment = ();
    type InstantiateOrigin = frame_system::EnsureSigned<AccountId>;
    type MaxCodeLen = ConstU32<{ 123 * 1024 }>;
    type MaxDebugBufferLen = ConstU32<{ 2 * 1024 * 1024 }>;
    type MaxDelegateDependencies = ConstU32<32>;
    type MaxStorageKeyLen = ConstU32<128>;
    type MaxTransientStorageSize = ConstU32<{ 1024 * 1024 }>;
    type Migrations = ();
    type Randomness = NoRandomness;
    type RuntimeCall = RuntimeCall;
    type RuntimeEvent = RuntimeEvent;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Schedule = Schedule;
    type Time = Timestamp;
    type UnsafeUnstableInterface = ConstBool<false>;
    type UploadOrigin = frame_system::EnsureSigned<AccountId>;
    type WeightInfo = pallet_contracts::weights::SubstrateWeight<Self>;
    type WeightPrice = pallet_transaction_payment::Pallet<Self>;
    type Xcm = ();
}
