//! `cargo contract upload`, `instantiate` and `call`, by the library of that tool, from the `.contract` files alone.
//! Arguments and answers are text, as on its command line.

use std::path::PathBuf;

use contract_extrinsics::{
    CallCommandBuilder, CallExec, DisplayEvents, ExtrinsicOptsBuilder, InstantiateCommandBuilder, UploadCommandBuilder,
};
use devchain::Devchain;
use ink::env::DefaultEnvironment;
use patronage::bundle;
use patronage_chain::Width;
use subxt::{config::PolkadotConfig, utils::AccountId32};
use subxt_signer::sr25519::{dev, Keypair};
use test_kit::UNIT;

type Options = ExtrinsicOptsBuilder<PolkadotConfig, DefaultEnvironment, Keypair>;
type Call = CallExec<PolkadotConfig, DefaultEnvironment, Keypair>;

/// Terms as text of that tool's command line.
const TERMS: &str = r#"TokenTerms { name: "Mira's Circle", symbol: "MIRA", decimals: 6, base_price: 1000000000000,
    slope: 10000000000, cap: None, buy_fee_bp: 500, sell_fee_bp: 200, referral_bp: 0,
    launch_guard: LaunchGuard { until: 0, max_tokens: 0 } }"#;

fn bundle_of(name: &str, width: Width) -> PathBuf {
    bundle::folder(width).join(name).join(format!("{name}.contract"))
}

fn options(devchain: &Devchain, name: &str, width: Width) -> Options {
    options_of(devchain, bundle_of(name, width))
}

fn options_of(devchain: &Devchain, bundle: PathBuf) -> Options {
    let url = url::Url::parse(devchain.url()).expect("its address is one");
    ExtrinsicOptsBuilder::new(dev::alice()).file(Some(bundle)).url(url)
}

async fn instantiate(devchain: &Devchain, name: &str, terms: &str) -> AccountId32 {
    let command = InstantiateCommandBuilder::new(options(devchain, name, Width::U128).done()).args(vec![terms]);
    let command = command.done().await.unwrap_or_else(|error| panic!("{name}: {error:#}"));
    let made = command.instantiate(None).await;
    made.unwrap_or_else(|error| panic!("{name}: {error}")).contract_address
}

async fn call(
    devchain: &Devchain,
    name: &str,
    at: &AccountId32,
    message: &str,
    arguments: &[&str],
    value: u128,
) -> Call {
    let command = CallCommandBuilder::new(at.clone(), message, options(devchain, name, Width::U128).done());
    let command = command.args(arguments.to_vec()).value(value).done().await;
    command.unwrap_or_else(|error| panic!("{message}: {error:#}"))
}

/// Answer of a message in a dry run, as that tool shows it.
async fn answer(call: &Call) -> String {
    let tried = call.call_dry_run().await.expect("the chain answers");
    let tried = tried.result.unwrap_or_else(|error| panic!("{}: {error:?}", call.message()));
    let answer = call.transcoder().decode_message_return(call.message(), &mut &tried.data[..]);
    answer.expect("the metadata has its type").to_string()
}

/// Events of a message, as that tool shows them.
async fn events(call: &Call) -> String {
    let events = call.call(None).await.unwrap_or_else(|error| panic!("{}: {error}", call.message()));
    let shown = DisplayEvents::from_events::<PolkadotConfig, DefaultEnvironment>(
        &events,
        Some(call.transcoder()),
        &call.client().metadata(),
    );
    shown.and_then(|events| events.to_json()).expect("the metadata has the types of the events")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn cargo_contract_uploads_instantiates_and_calls_our_bundles() {
    let devchain = Devchain::start("u128");
    for name in ["creator_token", "patronage_vault", "content_registry"] {
        let contract = bundle_of(name, Width::U128);
        // A contract needs its cold code, which has its own bundle.
        for bundle in [contract.with_extension("cold.contract"), contract] {
            let upload =
                UploadCommandBuilder::new(options_of(&devchain, bundle).done()).done().await.expect("a bundle");
            let stored = upload.upload_code().await.unwrap_or_else(|error| panic!("{name}: {error}")).code_stored;
            assert_eq!(stored.expect("it was not there").code_hash.0, upload.code().code_hash());
            let again = upload.upload_code().await.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(again.code_stored.is_none(), "it is there already");
        }
    }

    let alice = dev::alice().public_key().to_account_id();
    let token = instantiate(&devchain, "creator_token", TERMS).await;
    let terms = format!(
        "VaultTerms {{ splits: [Share {{ recipient: {alice}, bp: 10000 }}], stakers: 0, tiers: [], token: Some({token}), cooldown: 0 }}"
    );
    let vault = instantiate(&devchain, "patronage_vault", &terms).await;
    let registry = instantiate(&devchain, "content_registry", &format!("Some({vault})")).await;
    let linked = call(&devchain, "content_registry", &registry, "ContentRegistry::vault", &[], 0).await;
    assert!(answer(&linked).await.contains(&vault.to_string()));

    let recipient = alice.to_string();
    let arguments = [recipient.as_str(), "1000000", "None"];
    let buy = call(&devchain, "creator_token", &token, "CreatorToken::buy", &arguments, 2 * UNIT).await;
    // 1.886958 tokens for 2 units: the curve's tokens, less the fee of 5 %.
    let shown = events(&buy).await;
    for part in ["\"buyer\"", "\"referrer\"", "\"UInt\": 1886958"] {
        assert!(shown.contains(part), "{shown}");
    }
    let balance = call(&devchain, "creator_token", &token, "PSP22::balance_of", &[&recipient], 0).await;
    assert_eq!(answer(&balance).await, "Ok(1886958)");

    // That tool shows the name of the contract's own error.
    let arguments = [recipient.as_str(), "999000000", "None"];
    let greedy = call(&devchain, "creator_token", &token, "CreatorToken::buy", &arguments, 2 * UNIT).await;
    let refused = answer(&greedy).await;
    assert!(refused.contains("TooFewTokens"), "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_bundle_for_the_other_width_of_balances_is_refused() {
    let devchain = Devchain::start("u128");
    let command =
        InstantiateCommandBuilder::new(options(&devchain, "creator_token", Width::U64).done()).args(vec![TERMS]);
    let error = command.done().await.err().expect("its balances are not the chain's");
    assert!(error.to_string().contains("balance"), "{error:#}");
}
