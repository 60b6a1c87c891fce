//! Answers of a node to the questions of `client/rpc`.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures::stream;
use parity_scale_codec::Encode;
use patronage_chain::{
    accounts::development_key,
    dry_run_caller, hexadecimal,
    submission::{Submission, SubmissionRecorder, SubmissionStatus},
    Call, ChainError, Outcome, Signer, Target, Weight,
};
use patronage_interfaces::AccountId;
use serde_json::{json, value::RawValue, Value};
use subxt::{
    backend::rpc::{RawRpcFuture, RawRpcSubscription, RpcClient, RpcClientT},
    error::RpcError,
};
use tokio::runtime::{Builder, Runtime};

use crate::{
    node_reader::readers::Node,
    world::{account, separated},
};

/// Metadata of a chain with `pallet-contracts`, without the pallets that are not asked for.
pub const METADATA: &[u8] = include_bytes!("../fixtures/metadata.scale");
/// The question that sends a transaction.
const WATCH: &str = "author_submitAndWatchExtrinsic";
/// A transaction of an earlier run.
const EARLIER: [u8; 8] = *b"\x1cearlier";

/// What a node is asked, and what it answers.
#[derive(Default)]
struct State {
    /// Answers that are not given yet; `None` for those of an honest node, with which a connection begins.
    answers: Option<VecDeque<Answer>>,
    /// Changes of the honest answers: bytes of the metadata by their positions, and the properties.
    changes: Vec<(usize, u8)>,
    properties: Option<Value>,
    /// Number of transactions that were sent to be watched, and the last one.
    sent: u32,
    last: Option<String>,
    /// The last status of the transaction.
    status: String,
    /// Whether the earlier transaction was in a block.
    shown: bool,
}

/// The kind of an answer, and its bytes.
struct Answer(u8, Vec<u8>);

#[derive(Clone, Default)]
struct Fake(Arc<Mutex<State>>);

/// The bytes as so many, with zeros behind them.
fn filled<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut array = [0; N];
    let count = bytes.len().min(N);
    array[..count].copy_from_slice(&bytes[..count]);
    array
}

fn header(bytes: &[u8]) -> Value {
    let number = u32::from_le_bytes(filled(bytes));
    let hash = hexadecimal(&[0; 32]);
    json!({
        "parentHash": hash, "number": format!("{number:#x}"), "stateRoot": hash, "extrinsicsRoot": hash,
        "digest": { "logs": [] },
    })
}

/// The status of a transaction.
fn status(bytes: &[u8]) -> Value {
    let hash = hexadecimal(&[5; 32]);
    match bytes.first().copied().unwrap_or(0) % 10 {
        0 => json!({ "finalized": hash }),
        1 => json!({ "inBlock": hash }),
        2 => json!({ "retracted": hash }),
        3 => json!({ "finalityTimeout": hash }),
        4 => json!({ "usurped": hash }),
        5 => json!("ready"),
        6 => json!("future"),
        7 => json!({ "broadcast": ["a"] }),
        8 => json!("dropped"),
        _ => json!("invalid"),
    }
}

/// The answer to `method` that has these bytes in it, in the form that an honest node uses.
fn shaped(method: &str, bytes: &[u8]) -> Value {
    match method {
        "chain_getBlockHash" | "chain_getFinalizedHead" | "author_submitExtrinsic" => {
            json!(hexadecimal(&filled::<32>(bytes)))
        }
        "chain_getHeader" => header(bytes),
        "chain_getBlock" => {
            let extrinsics: Vec<String> = separated(bytes).iter().map(|one| hexadecimal(one)).collect();
            json!({ "block": { "header": header(&[1]), "extrinsics": extrinsics }, "justifications": null })
        }
        "system_accountNextIndex" => json!(u32::from_le_bytes(filled(bytes))),
        WATCH => status(bytes),
        "system_properties" => json!({ "tokenSymbol": String::from_utf8_lossy(bytes), "tokenDecimals": bytes.len() }),
        "system_chainType" => json!("Development"),
        "state_getRuntimeVersion" => json!({ "specVersion": 1, "transactionVersion": 1 }),
        _ => json!(hexadecimal(bytes)),
    }
}

/// What an honest node answers when a connection begins, but for the changes in `state`.
fn honest(method: &str, state: &State) -> Value {
    match (method, &state.properties) {
        ("state_call", _) => {
            let mut metadata = METADATA.to_vec();
            for (position, value) in &state.changes {
                let position = position % metadata.len();
                metadata[position] = *value;
            }
            json!(hexadecimal(&Some(metadata).encode()))
        }
        ("system_properties", Some(properties)) => properties.clone(),
        (other, _) => shaped(other, b"UNIT"),
    }
}

fn raw(value: &Value) -> Box<RawValue> {
    serde_json::value::to_raw_value(value).expect("JSON")
}

impl Fake {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, method: &str) -> Result<Box<RawValue>, RpcError> {
        let mut state = self.state();
        let gone = || RpcError::ClientError("the connection was lost".into());
        let Answer(kind, bytes) = match &mut state.answers {
            Some(answers) => answers.pop_front().ok_or_else(gone)?,
            None => return Ok(raw(&honest(method, &state))),
        };
        let value = match kind % 8 {
            0..=3 => {
                let mut value = shaped(method, &bytes);
                // A block includes it.
                let all = value.pointer_mut("/block/extrinsics").and_then(Value::as_array_mut);
                if let (Some(all), Some(last)) = (all, &state.last) {
                    all.push(json!(last));
                }
                value
            }
            4 => serde_json::from_slice(&bytes).map_err(|_| gone())?,
            5 => Value::Null,
            6 => return Err(RpcError::RequestRejected(String::from_utf8_lossy(&bytes).into_owned())),
            // As JSON, without any reader before ours.
            _ => return RawValue::from_string(String::from_utf8_lossy(&bytes).into_owned()).map_err(|_| gone()),
        };
        if method == WATCH {
            state.status = value.to_string();
        }
        state.shown |= method == "chain_getBlock" && value.to_string().contains(&hexadecimal(&EARLIER));
        Ok(raw(&value))
    }
}

impl RpcClientT for Fake {
    fn request_raw<'a>(&'a self, method: &'a str, _: Option<Box<RawValue>>) -> RawRpcFuture<'a, Box<RawValue>> {
        let answer = self.answer(method);
        Box::pin(async move { answer })
    }

    fn subscribe_raw<'a>(
        &'a self,
        method: &'a str,
        parameters: Option<Box<RawValue>>,
        _: &'a str,
    ) -> RawRpcFuture<'a, RawRpcSubscription> {
        let sent: Option<Value> = parameters.and_then(|parameters| serde_json::from_str(parameters.get()).ok());
        let mut state = self.state();
        state.sent += 1;
        state.last = sent.and_then(|sent| Some(sent.get(0)?.as_str()?.to_owned()));
        drop(state);
        // The first answer decides whether the node takes the subscription.
        let taken = self.answer(method).map(drop);
        let (fake, method) = (self.clone(), method.to_owned());
        Box::pin(async move {
            taken?;
            let next = move || {
                // The subscription ends when a question needs the rest, or nothing is left.
                let more = fake.state().answers.as_ref().is_some_and(|answers| !answers.is_empty());
                more.then(|| fake.answer(&method))
            };
            Ok(RawRpcSubscription { stream: Box::pin(stream::iter(std::iter::from_fn(next))), id: None })
        })
    }
}

struct Setup {
    runtime: Runtime,
    fake: Fake,
    node: Node,
    signer: Signer,
}

impl Setup {
    fn new() -> Self {
        // Pauses take no time.
        let runtime = Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime");
        let fake = Fake::default();
        let (node, properties) = runtime.block_on(Node::new(RpcClient::new(fake.clone()))).expect("an honest node");
        assert_eq!(properties.symbol, "UNIT");
        let alice = sp_core::sr25519::Pair::from(development_key("alice").expect("a key"));
        Self { runtime, fake, node, signer: alice.into() }
    }
}

/// Counts transactions before they are sent.
#[derive(Default)]
struct Recorded {
    sending: u32,
    rejected: u32,
}

impl SubmissionRecorder for Recorded {
    fn sending(&mut self, _: &Submission) -> Result<(), ChainError> {
        self.sending += 1;
        Ok(())
    }

    fn rejected(&mut self) -> Result<(), ChainError> {
        self.rejected += 1;
        Ok(())
    }
}

/// Each answer has a byte for its kind, two for its length, and its bytes.
fn answers(mut rest: &[u8]) -> VecDeque<Answer> {
    let mut answers = VecDeque::new();
    while let [kind, low, high, after @ ..] = rest {
        let length = usize::from(u16::from_le_bytes([*low, *high])).min(after.len());
        let (bytes, after) = after.split_at(length);
        answers.push_back(Answer(*kind, bytes.to_vec()));
        rest = after;
    }
    answers
}

/// The first byte chooses what the node is asked, the second one a target. The rest are the node's answers.
pub fn check(data: &[u8]) {
    let Some(([question, target], rest)) = data.split_first_chunk() else { return };
    thread_local!(static SETUP: Setup = Setup::new());
    SETUP.with(|setup| {
        *setup.fake.state() = State { answers: Some(answers(rest)), ..State::default() };
        let code = b"\0asm";
        let target = match target % 4 {
            0 | 1 => Target::Contract(account(1)),
            2 => Target::Code(code),
            _ => Target::New { code, salt: b"salt" },
        };
        let call = Call { target, value: 0, data: b"data" };
        ask(setup, *question, &call);
    });
}

fn ask(setup: &Setup, question: u8, call: &Call<'_>) {
    let (node, who, wait) = (&setup.node, setup.signer.account(), &setup.runtime);
    let outcome = match question % 14 {
        0 => return drop(wait.block_on(node.time())),
        1 => return drop(wait.block_on(node.block())),
        2 => return drop(wait.block_on(node.finalized())),
        3 => return drop(wait.block_on(node.known_hash(7))),
        4 => {
            if let Ok(funds) = wait.block_on(node.funds(&who)) {
                assert!(funds.locked > 0, "the existential deposit is locked: {funds:?}");
            }
            return;
        }
        5 => return drop(wait.block_on(node.code_hash_of(&account(1)))),
        6 => {
            let history = wait.block_on(node.history(&[account(1)], 3));
            for past in history.unwrap_or_default() {
                assert!(past.event.contract == account(1) && (1..=3).contains(&past.block), "{past:?}");
            }
            return;
        }
        7 => return drop(wait.block_on(node.contracts_of(&who))),
        8 => return resume(setup, &who),
        9 => return connect(setup),
        10 => wait.block_on(node.dry_run(&dry_run_caller(), call)),
        11 => wait.block_on(node.dry_run(&who, call)),
        12 => wait.block_on(node.query_within(Weight::from_parts(1, 1), call)),
        _ => submit(setup, call),
    };
    if let Ok(outcome) = outcome {
        assert!(!outcome.reverted || outcome.contract.is_none(), "a contract that was reverted");
    }
}

/// A transaction is sent at most once, after it was recorded. If a block can include it, the answer is not that it was refused.
fn submit(setup: &Setup, call: &Call<'_>) -> Result<Outcome, ChainError> {
    let mut recorded = Recorded::default();
    let outcome = setup.runtime.block_on(setup.node.submit(&setup.signer, call, &mut recorded));
    let state = setup.fake.state();
    assert!(state.sent <= 1 && recorded.sending == state.sent, "sent {} times", state.sent);
    assert!(recorded.rejected <= recorded.sending);
    if let Ok(outcome) = &outcome {
        assert!(outcome.reverted || state.sent == 1, "{outcome:?} of a transaction that was not sent");
    }
    let undecided = ["finalityTimeout", "usurped", "dropped"].iter().any(|name| state.status.contains(name));
    assert!(!undecided || !matches!(outcome, Err(ChainError::Refused(_))), "{outcome:?} after {}", state.status);
    outcome
}

/// An earlier transaction is done only if it is in a block.
fn resume(setup: &Setup, who: &AccountId) {
    let earlier = Submission { transaction: EARLIER.to_vec(), nonce: 3, birth: 1 };
    let status = setup.runtime.block_on(setup.node.resume(who, &earlier));
    let state = setup.fake.state();
    if matches!(status, Ok(SubmissionStatus::Done { .. } | SubmissionStatus::Failed(_))) {
        assert!(state.shown, "{status:?} of a transaction that no block has");
    }
}

/// A new connection, to a node with other properties, which changes some bytes of its metadata: two bytes for a position, and one for its value.
fn connect(setup: &Setup) {
    let mut given = setup.fake.state().answers.take().unwrap_or_default();
    let changes = given.pop_front().map_or(Vec::new(), |Answer(_, bytes)| bytes);
    let changes =
        changes.chunks_exact(3).map(|bytes| (usize::from(u16::from_le_bytes([bytes[0], bytes[1]])), bytes[2]));
    let properties = given.pop_front().and_then(|Answer(_, bytes)| serde_json::from_slice(&bytes).ok());
    *setup.fake.state() = State { changes: changes.collect(), properties, ..State::default() };
    let Ok((_, properties)) = setup.runtime.block_on(Node::new(RpcClient::new(setup.fake.clone()))) else { return };
    assert!(properties.symbol.chars().count() <= 20 && properties.decimals <= 38, "{properties:?}");
    // Amounts can be shown with them.
    let _ = properties.unit().format(u128::MAX);
}
