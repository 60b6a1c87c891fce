//! Contracts on a chain behind JSON-RPC, called by the client of ink!'s own end-to-end tests.

use devchain::Devchain;
use ink::{
    env::{
        call::{
            utils::{ReturnType, Set, Unset},
            CreateBuilder, ExecutionInput, FromAccountId, LimitParamsV2, Selector,
        },
        Environment,
    },
    scale::{Decode, Encode},
};
use ink_e2e::{
    sr25519::Keypair,
    subxt::{blocks::ExtrinsicEvents, rpc_params},
    ChainBackend, ContractsBackend, Error, PolkadotConfig, RpcClient,
};
use patronage::bundle;
use patronage_chain::{Message, Width};
use patronage_interfaces::{AccountId, PatronageEnvironment};

use crate::ContractEvent;

/// ink!'s client, for the environment that the contracts are built for.
pub type Client = ink_e2e::Client<PolkadotConfig, PatronageEnvironment>;

/// A message to one of the contracts.
pub type NodeMessage<Args, R> = Message<PatronageEnvironment, Args, R>;

/// A chain for one test, and its client.
pub struct NodeEnv {
    /// ink!'s client.
    pub client: Client,
    /// Its connection, for other RPC methods.
    pub rpc: RpcClient,
    // Stops the chain when dropped, so it comes last.
    _devchain: Devchain,
}

/// Result of a transaction.
pub struct TxResult<R> {
    /// Answer of the dry run before the transaction.
    pub answer: R,
    /// Events of the transaction.
    pub effects: TxEffects,
}

/// Contract events, fee and storage deposits of a transaction.
#[derive(Default)]
pub struct TxEffects {
    /// The contracts' events, in order, with their topics.
    pub events: Vec<ContractEvent>,
    /// Fee in planck.
    pub fee: u128,
    /// Storage deposit of the sender in planck; negative if it was returned.
    pub deposit: i128,
}

/// The account of a key.
pub fn account(who: &Keypair) -> AccountId {
    AccountId::from(who.public_key().0)
}

impl NodeEnv {
    /// Starts a chain, and uploads the cold codes of the contracts.
    pub async fn open() -> Self {
        let devchain = Devchain::start("u128");
        let rpc = RpcClient::from_url(devchain.url()).await.expect("the chain runs");
        // The client takes code without metadata, which is beside each bundle.
        let names = ["creator_token", "patronage_vault", "content_registry"];
        let codes = names.iter().flat_map(|name| {
            let code = bundle::folder(Width::U128).join(name).join(format!("{name}.wasm"));
            [code.with_extension("cold.wasm"), code]
        });
        let mut client = Client::new(rpc.clone(), codes).await.expect("the chain has contracts");
        for name in names {
            let cold = format!("{name}.cold");
            client.upload(&cold, &ink_e2e::alice()).submit().await.unwrap_or_else(|error| panic!("{cold}: {error}"));
        }
        Self { client, rpc, _devchain: devchain }
    }

    /// Deploys the contract `name` by its constructor `new`.
    pub async fn deploy<T>(&mut self, who: &Keypair, name: &str, terms: &T) -> AccountId
    where
        T: Encode + Sync,
    {
        // Encoded arguments, so that all constructors have the same type.
        let input = ExecutionInput::new(Selector::new(ink::selector_bytes!("new"))).push_arg(Raw(terms.encode()));
        let mut constructor: Constructor<_> =
            ink::env::call::build_create::<Deployed>().exec_input(input).returns::<Deployed>();
        let made = self.client.instantiate(name, who, &mut constructor).submit().await;
        made.unwrap_or_else(|error| panic!("{name}: {error}")).account_id
    }

    /// Sends `message`, which must succeed.
    pub async fn send<Args, R>(&mut self, who: &Keypair, value: u128, message: NodeMessage<Args, R>) -> TxResult<R>
    where
        Args: Encode + Clone + Sync,
        R: Decode + Send,
        NodeMessage<Args, R>: Clone,
    {
        let result = self.try_send(who, value, &message).await;
        result.unwrap_or_else(|error| panic!("{error}"))
    }

    /// Sends `message`.
    ///
    /// # Errors
    ///
    /// If the chain reverts the transaction.
    pub async fn try_send<Args, R>(
        &mut self,
        who: &Keypair,
        value: u128,
        message: &NodeMessage<Args, R>,
    ) -> Result<TxResult<R>, Error>
    where
        Args: Encode + Clone + Sync,
        R: Decode + Send,
        NodeMessage<Args, R>: Clone,
    {
        let done = self.client.call(who, message).value(value).submit().await?;
        let effects = TxEffects::of(&done.events, &account(who));
        Ok(TxResult { answer: done.return_value(), effects })
    }

    /// Returns what `message` would answer `who` now.
    pub async fn dry_run<Args, R>(&mut self, who: &Keypair, value: u128, message: &NodeMessage<Args, R>) -> R
    where
        Args: Encode + Clone + Sync,
        R: Decode + Send,
        NodeMessage<Args, R>: Clone,
    {
        let tried = self.client.call(who, message).value(value).dry_run().await;
        tried.unwrap_or_else(|error| panic!("{error}")).return_value()
    }

    /// The answer of a message that only reads.
    pub async fn ask<Args, R>(&mut self, message: NodeMessage<Args, R>) -> R
    where
        Args: Encode + Clone + Sync,
        R: Decode + Send,
        NodeMessage<Args, R>: Clone,
    {
        self.dry_run(&ink_e2e::alice(), 0, &message).await
    }

    /// Free native balance in planck.
    pub async fn balance(&mut self, who: AccountId) -> u128 {
        self.client.free_balance(who).await.expect("the chain knows balances")
    }

    /// The chain's clock in ms.
    pub async fn now(&self) -> u64 {
        // `twox128("Timestamp")` and `twox128("Now")`.
        let key = "0xf0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb";
        let value: String = self.rpc.request("state_getStorage", rpc_params![key]).await.expect("there is a clock");
        let bytes = (2..value.len()).step_by(2).map(|at| u8::from_str_radix(&value[at..at + 2], 16));
        let bytes: Vec<u8> = bytes.collect::<Result<_, _>>().expect("hexadecimal digits");
        u64::decode(&mut &bytes[..]).expect("64 bits")
    }

    /// Advances the block time by the chain's development method.
    pub async fn advance(&self, milliseconds: u64) {
        let then = self.now().await + milliseconds;
        let moved: u64 = self.rpc.request("dev_timeTravel", rpc_params![then]).await.expect("time can be moved");
        assert_eq!(moved, then);
    }
}

impl TxEffects {
    /// Collects the contract events and what the transaction cost `sender`.
    pub fn of(events: &ExtrinsicEvents<PolkadotConfig>, sender: &AccountId) -> Self {
        let mut effects = Self::default();
        let signed = |planck: u128| i128::try_from(planck).expect("below the supply");
        for event in events.iter() {
            let event = event.expect("the client knows the chain's events");
            let mut fields = event.field_bytes();
            match (event.pallet_name(), event.variant_name()) {
                ("Contracts", "ContractEmitted") => {
                    let (contract, data) = decode(&mut fields);
                    let topics = event.topics().iter().map(|topic| topic.0).collect();
                    effects.events.push(ContractEvent { contract, topics, data });
                }
                ("Contracts", "StorageDepositTransferredAndHeld") => {
                    let (from, _, planck): (AccountId, AccountId, u128) = decode(&mut fields);
                    effects.deposit += if from == *sender { signed(planck) } else { 0 };
                }
                ("Contracts", "StorageDepositTransferredAndReleased") => {
                    let (_, to, planck): (AccountId, AccountId, u128) = decode(&mut fields);
                    effects.deposit -= if to == *sender { signed(planck) } else { 0 };
                }
                ("TransactionPayment", "TransactionFeePaid") => {
                    let (_, fee, _): (AccountId, u128, u128) = decode(&mut fields);
                    effects.fee += fee;
                }
                _ => {}
            }
        }
        effects
    }

    /// Returns the only event of this type from `contract`.
    #[track_caller]
    pub fn only<T: ink::env::Event + Decode>(&self, contract: AccountId) -> (T, &[[u8; 32]]) {
        let of_it = self.events.iter().filter(|event| event.contract == contract);
        let found: Vec<_> = of_it.filter_map(|event| Some((event.decode::<T>()?, &event.topics[..]))).collect();
        assert_eq!(found.len(), 1);
        found.into_iter().next().expect("there is one")
    }
}

#[track_caller]
fn decode<T: Decode>(fields: &mut &[u8]) -> T {
    T::decode(fields).expect("the fields that this runtime's event has")
}

type Constructor<Args> = CreateBuilder<
    PatronageEnvironment,
    Deployed,
    Unset<<PatronageEnvironment as Environment>::Hash>,
    Set<LimitParamsV2<PatronageEnvironment>>,
    Unset<<PatronageEnvironment as Environment>::Balance>,
    Set<ExecutionInput<Args>>,
    Unset<ink::env::call::state::Salt>,
    Set<ReturnType<Deployed>>,
>;

/// Placeholder for the type of a deployed contract.
#[derive(Clone)]
struct Deployed;

impl ink::env::ContractEnv for Deployed {
    type Env = PatronageEnvironment;
}

impl FromAccountId<PatronageEnvironment> for Deployed {
    fn from_account_id(_: AccountId) -> Self {
        Self
    }
}

/// Arguments that are already encoded.
#[derive(Clone)]
struct Raw(Vec<u8>);

impl Encode for Raw {
    fn encode_to<T: ink::scale::Output + ?Sized>(&self, output: &mut T) {
        output.write(&self.0);
    }
}
