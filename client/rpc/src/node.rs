use patronage_chain::{funds::Funds, units::Unit, ChainError, Properties, Weight, Width};
use patronage_interfaces::AccountId;
use subxt::{
    backend::{legacy::LegacyRpcMethods, rpc::RpcClient},
    config::Header as _,
    dynamic::Value,
    ext::{scale_decode::DecodeAsType, subxt_core::utils::AccountId32},
    rpc_params,
    utils::H256,
    OnlineClient, PolkadotConfig,
};

use super::messages::{failed, foreign, unreachable};

/// The configuration for subxt: accounts and hashes of 32 bytes.
pub(super) type ChainConfig = PolkadotConfig;

/// Maximum length of the symbol of the chain's own token, in characters. A longer symbol is truncated.
const MAX_SYMBOL: usize = 20;

/// A node, with constant properties of its chain.
pub(super) struct Node {
    pub(super) client: RpcClient,
    pub(super) methods: LegacyRpcMethods<ChainConfig>,
    pub(super) api: OnlineClient<ChainConfig>,
    /// Width of the chain's balances.
    pub(super) width: Width,
    /// Existential deposit in planck.
    pub(super) existential_deposit: u128,
    /// Storage deposit for one more record, in planck.
    pub(super) item_deposit: u128,
    /// Unit of the chain's own token.
    pub(super) unit: Unit,
    /// Maximum weight of a transaction, if the chain has one.
    pub(super) max_weight: Option<Weight>,
}

/// The relevant fields of an account in the chain's storage.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct Account {
    data: AccountData,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct AccountData {
    free: u128,
    reserved: u128,
    frozen: u128,
}

/// The relevant fields of the chain's weight limits.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct BlockWeights {
    per_class: PerClass,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct PerClass {
    normal: ClassWeights,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct ClassWeights {
    max_extrinsic: Option<ClassWeight>,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct ClassWeight {
    ref_time: u64,
    proof_size: u64,
}

/// The relevant field of a contract in the chain's storage.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct ContractInfo {
    code_hash: H256,
}

impl Node {
    /// The node that `client` leads to. `url` is for messages.
    pub(super) async fn new(client: RpcClient, url: &str) -> Result<(Self, Properties), ChainError> {
        let methods = LegacyRpcMethods::<ChainConfig>::new(client.clone());
        let api = OnlineClient::<ChainConfig>::from_rpc_client(client.clone());
        let api = api.await.map_err(|error| unreachable(url, error))?;
        let constant = |pallet: &str, name: &str| {
            api.constants().at(&subxt::dynamic::constant(pallet, name)).map_err(|_| foreign(url, pallet))
        };
        let existential = constant("Balances", "ExistentialDeposit")?;
        let width = match existential.encoded().len() {
            8 => Width::U64,
            16 => Width::U128,
            other => {
                return Err(ChainError::Unavailable(format!(
                    "{url}: balances on this chain have {other} bytes, but the contracts support 8 and 16: choose another chain"
                )));
            }
        };
        let existential_deposit = existential.as_type::<u128>().map_err(|error| failed(error.into()))?;
        let deposit = |name| constant("Contracts", name)?.as_type::<u128>().map_err(|error| failed(error.into()));
        let (item_deposit, byte_deposit) = (deposit("DepositPerItem")?, deposit("DepositPerByte")?);
        let weights = constant("System", "BlockWeights")?.as_type::<BlockWeights>();
        let max_weight = weights.map_err(|error| failed(error.into()))?.per_class.normal.max_extrinsic;
        let max_weight = max_weight.map(|most| Weight::from_parts(most.ref_time, most.proof_size));
        let shown = methods.system_properties().await.map_err(failed)?;
        // A chain may have several tokens. The first is its own.
        let first = |name: &str| match shown.get(name) {
            Some(serde_json::Value::Array(all)) => all.first(),
            other => other,
        };
        let kind: Result<serde_json::Value, _> = client.request("system_chainType", rpc_params![]).await;
        let properties = Properties {
            genesis: api.genesis_hash().0,
            decimals: first("tokenDecimals")
                .and_then(|number| u8::try_from(number.as_u64()?).ok())
                .unwrap_or(width.decimals())
                .min(38),
            symbol: first("tokenSymbol")
                .and_then(|name| name.as_str())
                .map_or_else(|| "UNIT".to_owned(), |name| name.chars().take(MAX_SYMBOL).collect()),
            existential_deposit,
            item_deposit,
            byte_deposit,
            width,
            // A node without a chain type is not a development node.
            development: kind.is_ok_and(|kind| ["Development", "Local"].iter().any(|name| kind == *name)),
        };
        let unit = properties.unit();
        let node = Self { client, methods, api, width, existential_deposit, item_deposit, unit, max_weight };
        Ok((node, properties))
    }

    /// Hash of the block with this number, or of the newest block.
    pub(super) async fn hash_of(&self, block: Option<u32>) -> Result<H256, ChainError> {
        let hash = self.methods.chain_get_block_hash(block.map(Into::into)).await.map_err(failed)?;
        hash.ok_or_else(|| match block {
            Some(number) => {
                ChainError::Unavailable(format!("the node does not have block {number}: use an archive node"))
            }
            None => ChainError::Unavailable("the node has no blocks yet: wait until it has synced".to_owned()),
        })
    }

    /// Hash of the block with this number, if the node has it.
    pub(super) async fn known_hash(&self, block: u32) -> Result<Option<[u8; 32]>, ChainError> {
        let hash = self.methods.chain_get_block_hash(Some(block.into())).await.map_err(failed)?;
        Ok(hash.map(|hash| hash.0))
    }

    /// Number of the newest final block.
    pub(super) async fn finalized(&self) -> Result<u32, ChainError> {
        let hash = self.methods.chain_get_finalized_head().await.map_err(failed)?;
        let header = self.methods.chain_get_header(Some(hash)).await.map_err(failed)?;
        let header = header.ok_or_else(|| {
            ChainError::Unavailable("the node does not return its finalized block: try again".to_owned())
        })?;
        Ok(header.number())
    }

    pub(super) async fn block(&self) -> Result<u32, ChainError> {
        let header = self.methods.chain_get_header(None).await.map_err(failed)?;
        let header = header.ok_or_else(|| {
            ChainError::Unavailable("the node has no blocks yet: wait until it has synced".to_owned())
        })?;
        Ok(header.number())
    }

    /// Time in ms of the block with this hash, or of the newest block.
    pub(super) async fn time(&self, at: Option<H256>) -> Result<u64, ChainError> {
        Ok(self.stored("Timestamp", "Now", Vec::new(), at).await?.unwrap_or(0))
    }

    /// Funds of `who` in the block with this hash, or in the newest block.
    pub(super) async fn funds(&self, who: &AccountId, at: Option<H256>) -> Result<Funds, ChainError> {
        let account: Option<Account> = self.stored("System", "Account", vec![account_value(who)], at).await?;
        let AccountData { free, reserved, frozen } =
            account.map_or(AccountData { free: 0, reserved: 0, frozen: 0 }, |account| account.data);
        // As `reducible_balance` of `pallet-balances` with `Preservation::Preserve`: holds count towards frozen balances.
        Ok(Funds { free, locked: frozen.saturating_sub(reserved).max(self.existential_deposit) })
    }

    pub(super) async fn code_hash_of(&self, contract: &AccountId) -> Result<Option<[u8; 32]>, ChainError> {
        let key = vec![account_value(contract)];
        let info: Option<ContractInfo> = self.stored("Contracts", "ContractInfoOf", key, None).await?;
        Ok(info.map(|info| info.code_hash.0))
    }

    /// Whether the chain has the code with this hash in the block `at`.
    pub(super) async fn has_code(&self, hash: &[u8; 32], at: H256) -> Result<bool, ChainError> {
        let address = subxt::dynamic::storage("Contracts", "CodeInfoOf", vec![Value::from_bytes(hash)]);
        let storage = self.api.storage().at(at);
        Ok(storage.fetch(&address).await.map_err(failed)?.is_some())
    }

    pub(super) async fn stored<T: DecodeAsType>(
        &self,
        pallet: &str,
        entry: &str,
        keys: Vec<Value>,
        at: Option<H256>,
    ) -> Result<Option<T>, ChainError> {
        let at = match at {
            Some(hash) => hash,
            None => self.hash_of(None).await?,
        };
        let address = subxt::dynamic::storage(pallet, entry, keys);
        let value = self.api.storage().at(at).fetch(&address).await.map_err(failed)?;
        value.map(|value| value.as_type().map_err(|error| failed(error.into()))).transpose()
    }
}

/// An account as a dynamic value.
pub(super) fn account_value(account: &AccountId) -> Value {
    Value::from_bytes(AsRef::<[u8; 32]>::as_ref(account))
}

/// An account as subxt's type.
pub(super) fn account_id(account: &AccountId) -> AccountId32 {
    AccountId32(*AsRef::<[u8; 32]>::as_ref(account))
}
