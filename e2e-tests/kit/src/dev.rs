//! Methods of development chains: set balances, and go back to an earlier block.

use patronage_chain::Width;
use patronage_interfaces::AccountId;
use serde_json::Value;
use sp_core::hashing::{blake2_128, twox_128};
use subxt::{backend::rpc::RpcClient, rpc_params};
use tokio::runtime::Runtime;

use crate::node::Node;

/// Offset of the free balance in an account's record, in bytes: the nonce and three reference counts come first.
const BEFORE_FREE: usize = 16;

/// A connection to a node.
pub struct Dev {
    // Dropped before the runtime that it needs.
    client: RpcClient,
    runtime: Runtime,
    free: std::ops::Range<usize>,
}

impl Dev {
    /// Connects to `node`, whose balances have this width.
    pub fn connect(node: &Node, width: Width) -> Self {
        let runtime = Runtime::new().expect("a thread");
        let client = runtime.block_on(RpcClient::from_url(node.url())).expect("the node runs");
        let bytes = if width == Width::U64 { 8 } else { 16 };
        Self { client, runtime, free: BEFORE_FREE..BEFORE_FREE + bytes }
    }

    fn ask(&self, method: &str, params: subxt::backend::rpc::RpcParams) -> Value {
        self.runtime.block_on(self.client.request(method, params)).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    fn account(&self, who: &AccountId) -> Vec<u8> {
        let answer = self.ask("state_getStorage", rpc_params![key(who)]);
        let digits = answer.as_str().and_then(|text| text.strip_prefix("0x")).expect("the account is there");
        hex::decode(digits).expect("hexadecimal digits")
    }

    /// Free balance of `who` in planck, and its nonce.
    pub fn free_and_nonce(&self, who: &AccountId) -> (u128, u32) {
        let account = self.account(who);
        let mut free = [0; 16];
        free[..self.free.len()].copy_from_slice(&account[self.free.clone()]);
        (u128::from_le_bytes(free), u32::from_le_bytes(account[..4].try_into().expect("four bytes")))
    }

    /// Sets the free balance of `who` in planck, in the newest block.
    pub fn set_free(&self, who: &AccountId, free: u128) {
        let mut account = self.account(who);
        account[self.free.clone()].copy_from_slice(&free.to_le_bytes()[..self.free.len()]);
        self.ask("dev_setStorage", rpc_params![[[key(who), format!("0x{}", hex::encode(account))]]]);
    }

    /// Makes an account without a transaction, with this free balance in planck.
    pub fn fund(&self, who: &AccountId, free: u128) {
        let width = self.free.len();
        // No nonce, no consumers, one provider, and no sufficients.
        let mut record = [[0; 4], [0; 4], 1_u32.to_le_bytes(), [0; 4]].concat();
        record.extend(&free.to_le_bytes()[..width]);
        // Nothing is reserved or frozen, and the flags say that the account has the present form.
        record.resize(BEFORE_FREE + 3 * width, 0);
        record.extend((1_u128 << 127).to_le_bytes());
        self.ask("dev_setStorage", rpc_params![[[key(who), format!("0x{}", hex::encode(record))]]]);
    }

    /// Hash of the newest block.
    pub fn head(&self) -> String {
        self.ask("chain_getBlockHash", rpc_params![]).as_str().expect("a hash").to_owned()
    }

    /// Makes `block` the newest block again.
    pub fn go_back(&self, block: &str) {
        self.ask("dev_setHead", rpc_params![block]);
    }
}

/// Storage key of an account.
fn key(who: &AccountId) -> String {
    let who: &[u8; 32] = who.as_ref();
    let key = [&twox_128(b"System")[..], &twox_128(b"Account"), &blake2_128(who), who].concat();
    format!("0x{}", hex::encode(key))
}
