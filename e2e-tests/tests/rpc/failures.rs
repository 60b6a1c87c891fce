//! Failures on a real chain, and their cost.

use ink_e2e::{
    bob, charlie,
    sr25519::Keypair,
    subxt::{
        config::DefaultExtrinsicParamsBuilder,
        dynamic::{self, Value},
        error::DispatchError,
        tx::DynamicPayload as Payload,
        Error as ChainError, OnlineClient, PolkadotConfig,
    },
    ChainBackend, ContractsBackend, Error,
};
use patronage::contracts;
use patronage_chain::encoded;
use patronage_interfaces::{
    token::{CreatorToken, TokenError},
    AccountId,
};
use test_kit::{
    node_env::{account, NodeEnv},
    UNIT,
};

use crate::story::launch;

/// Name of the chain's own error.
fn name(error: &DispatchError) -> String {
    match error {
        DispatchError::Module(module) => module.details().expect("the metadata has it").variant.name.clone(),
        other => format!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_revert_shows_its_error_before_signing_and_costs_only_the_fee() {
    let mut env = NodeEnv::open().await;
    let token = launch(&mut env).await.token;
    let fan = bob();
    let quote = env.ask(contracts::sale(token).quote_buy(30 * UNIT)).await.expect("the sale is open");
    let greedy = contracts::sale(token).buy(account(&fan), quote.tokens + 1, None);
    let error = env.dry_run(&fan, 30 * UNIT, &greedy).await.expect_err("it would be one token more than it is worth");
    assert_eq!(*error, TokenError::TooFewTokens { tokens: quote.tokens });

    let before = env.balance(account(&fan)).await;
    let refused = env.try_send(&fan, 30 * UNIT, &greedy).await.map(|result| result.answer);
    let Err(Error::CallExtrinsic(error)) = refused else { panic!("{refused:?}") };
    assert_eq!(name(&error), "ContractReverted");
    let paid = before - env.balance(account(&fan)).await;
    assert!((1..UNIT).contains(&paid), "a fee, and not the 30 units: {paid}");
    assert_eq!(env.ask(contracts::sale(token).reserve()).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn too_low_limits_of_gas_or_deposit_cost_the_fee_alone() {
    let mut env = NodeEnv::open().await;
    let token = launch(&mut env).await.token;
    let fan = bob();
    let buy = || contracts::sale(token).buy(account(&fan), 0, None);
    let tried = env.client.call(&fan, &buy()).value(UNIT).dry_run().await.expect("bob has money").exec_result;
    let enough = (tried.gas_required.ref_time(), tried.gas_required.proof_size());
    let deposit = tried.storage_deposit.charge_or_zero();
    let limits =
        [((enough.0 / 2, enough.1), deposit, "OutOfGas"), (enough, deposit - 1, "StorageDepositLimitExhausted")];
    for (nonce, (limit, deposit, expected)) in (0..).zip(limits) {
        let before = env.balance(account(&fan)).await;
        let payload = call(token, UNIT, limit, deposit, encoded(buy()).1);
        let refused = submit(&env, &fan, nonce, &payload).await;
        let Err(ChainError::Runtime(error)) = refused else { panic!("{expected}: {refused:?}") };
        assert_eq!(name(&error), expected);
        let paid = before - env.balance(account(&fan)).await;
        assert!((1..UNIT).contains(&paid), "{expected}: {paid}");
    }
    assert_eq!(env.ask(contracts::sale(token).reserve()).await, 0);
    submit(&env, &fan, 2, &call(token, UNIT, enough, deposit, encoded(buy()).1)).await.expect("that is enough");
    assert!(env.ask(contracts::sale(token).reserve()).await > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn insufficient_funds_are_an_error_before_and_after_signing() {
    let mut env = NodeEnv::open().await;
    let token = launch(&mut env).await.token;
    // Enough for the fee, and not for bob's payment.
    let poor = env.client.create_and_fund_account(&bob(), 10 * UNIT).await;
    let buy = contracts::sale(token).buy(account(&poor), 0, None);
    let refused = env.try_send(&poor, 30 * UNIT, &buy).await.map(|result| result.answer);
    let Err(Error::CallDryRun(error)) = refused else { panic!("{refused:?}") };
    assert_eq!(name(&error.error), "TransferFailed");
    assert_eq!(env.balance(account(&poor)).await, 10 * UNIT);

    // Not enough for the fee.
    let pauper = Keypair::from_seed([7; 32]).expect("a seed is a key");
    let error = submit(&env, &pauper, 0, &transfer()).await.expect_err("nobody pays for it");
    assert!(error.to_string().contains("Inability to pay some fees"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_used_nonce_is_stale_and_changes_nothing() {
    let mut env = NodeEnv::open().await;
    let (from, to) = (account(&charlie()), account(&bob()));
    // Alice has uploaded codes.
    submit(&env, &charlie(), 0, &transfer()).await.expect("it is the first");
    let before = (env.balance(from).await, env.balance(to).await);
    let error = submit(&env, &charlie(), 0, &transfer()).await.expect_err("it was used");
    assert!(error.to_string().contains("outdated"), "{error}");
    assert_eq!(env.balance(from).await, before.0);
    assert_eq!(env.balance(to).await, before.1);
    submit(&env, &charlie(), 1, &transfer()).await.expect("it is the next one");
}

/// Sends `payload` as the transaction with this nonce, and waits for its block.
async fn submit(env: &NodeEnv, who: &Keypair, nonce: u64, payload: &Payload) -> Result<(), ChainError> {
    let api = OnlineClient::<PolkadotConfig>::from_rpc_client(env.rpc.clone()).await?;
    let params = DefaultExtrinsicParamsBuilder::new().nonce(nonce).build();
    let signed = api.tx().create_signed_offline(payload, who, params)?;
    signed.submit_and_watch().await?.wait_for_finalized_success().await.map(|_| ())
}

/// Transfers a planck to bob.
fn transfer() -> Payload {
    let bob = Value::unnamed_variant("Id", [Value::from_bytes(bob().public_key().0)]);
    dynamic::tx("Balances", "transfer_keep_alive", vec![bob, Value::u128(1)])
}

/// Calls a contract with these limits of weight and storage deposit.
fn call(contract: AccountId, value: u128, (ref_time, proof_size): (u64, u64), deposit: u128, data: Vec<u8>) -> Payload {
    let contract = Value::unnamed_variant("Id", [Value::from_bytes(contract)]);
    let limit = Value::named_composite([
        ("ref_time", Value::u128(ref_time.into())),
        ("proof_size", Value::u128(proof_size.into())),
    ]);
    let deposit = Value::unnamed_variant("Some", [Value::u128(deposit)]);
    dynamic::tx("Contracts", "call", vec![contract, Value::u128(value), limit, deposit, Value::from_bytes(data)])
}
