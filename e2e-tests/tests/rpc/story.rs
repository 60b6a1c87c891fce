//! The demo's story on a chain behind JSON-RPC: a creator launches; fans buy, tip, subscribe and leave; access follows.
//! Each planck is accounted for, with the fee and the storage deposit of each transaction.

use ink_e2e::{alice, bob, charlie, dave, eve, ferdie, sr25519::Keypair};
use patronage::contracts::{self, Contracts};
use patronage_interfaces::{
    patronage::Patronage,
    registry::{Content, ContentId, ContentRegistry, Published, Terms},
    token::{Bought, CreatorToken, Sold},
    vault::{Asset, Claimed, Ended, PatronageVault, Subscribed, Tipped, VaultTerms},
};
use psp22::{Transfer, PSP22};
use test_kit::{
    access::{any_of, holds, subscribed},
    field_topic,
    node_env::{account, NodeEnv, NodeMessage, TxResult},
    tier_terms, token_terms, vault_terms, DAY, TOKEN, UNIT,
};

const MONTH: u64 = 30 * DAY;

/// Deploys alice's contracts: tips and subscriptions at 3 and 9 units a month, shared with eve.
pub async fn launch(env: &mut NodeEnv) -> Contracts {
    let creator = alice();
    let token = env.deploy(&creator, "creator_token", &token_terms()).await;
    let tiers = vec![tier_terms(3 * UNIT, 1), tier_terms(9 * UNIT, 2)];
    let shares = [(account(&creator), 8_000), (account(&eve()), 2_000)];
    let terms = VaultTerms { token: Some(token), cooldown: 7 * DAY, ..vault_terms(tiers, &shares) };
    let vault = env.deploy(&creator, "patronage_vault", &terms).await;
    let registry = env.deploy(&creator, "content_registry", &Some(vault)).await;
    env.send(&creator, 0, contracts::sale(token).set_fee_recipient(vault)).await.answer.expect("alice owns it");
    Contracts { token, vault, registry }
}

/// Sends `message`. Asserts that the sender's free balance changed by `gain` planck, the fee and the storage deposit,
/// and by nothing else.
async fn moves<Args, R, E>(
    env: &mut NodeEnv,
    who: &Keypair,
    value: u128,
    message: NodeMessage<Args, Result<R, E>>,
    gain: impl Fn(&TxResult<R>) -> i128,
) -> TxResult<R>
where
    Args: ink::scale::Encode + Clone + Sync,
    R: ink::scale::Decode + Send,
    E: ink::scale::Decode + Send + std::fmt::Debug,
    NodeMessage<Args, Result<R, E>>: Clone,
{
    let before = env.balance(account(who)).await;
    let TxResult { answer, effects } = env.send(who, value, message).await;
    let result = TxResult { answer: answer.expect("the contract does it"), effects };
    assert!(result.effects.fee > 0);
    let after = env.balance(account(who)).await;
    let costs = signed(result.effects.fee) + result.effects.deposit;
    assert_eq!(signed(after) - signed(before), gain(&result) - costs);
    result
}

fn signed(planck: u128) -> i128 {
    i128::try_from(planck).expect("below the supply")
}

async fn opens(env: &mut NodeEnv, suite: &Contracts, id: ContentId) -> [bool; 4] {
    let mut answers = [false; 4];
    for (who, answer) in [bob(), charlie(), dave(), ferdie()].iter().zip(&mut answers) {
        *answer = env.ask(contracts::registry(suite.registry).has_access(id, account(who))).await;
    }
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn from_launch_to_last_fan_every_planck_is_accounted_for() {
    let mut env = NodeEnv::open().await;
    let suite = launch(&mut env).await;
    let Contracts { token, vault, registry } = suite;
    let (creator, collector, regular, listener, engineer) = (alice(), bob(), charlie(), dave(), eve());

    // Bob buys tokens for at most 30 units.
    let quote = env.ask(contracts::sale(token).quote_buy(30 * UNIT)).await.expect("the sale is open");
    let buy = contracts::sale(token).buy(account(&collector), quote.tokens, None);
    let bought = moves(&mut env, &collector, 30 * UNIT, buy, |done| -signed(done.answer.amount)).await;
    assert_eq!(bought.answer, quote);
    let (event, topics) = bought.effects.only::<Bought>(token);
    assert_eq!(event.tokens, quote.tokens);
    assert_eq!(event.paid, quote.amount);
    assert_eq!(event.fee, quote.fee);
    assert_eq!(topics.len(), 1);
    let (event, topics) = bought.effects.only::<Transfer>(token);
    assert_eq!(event.from, None);
    assert_eq!(event.to, Some(account(&collector)));
    assert_eq!(event.value, quote.tokens);
    assert_eq!(topics[2], field_topic(&account(&collector)));
    assert!(bought.effects.deposit > 0, "bob pays for the record of his balance");
    assert_eq!(env.ask(contracts::psp22(token).balance_of(account(&collector))).await, quote.tokens);

    // Charlie tips, and subscribes at the higher tier. Dave pays four months ahead.
    let tip = contracts::vault(vault).tip(b"for the encore".to_vec());
    let tipped = moves(&mut env, &regular, 2 * UNIT, tip, |_| -signed(2 * UNIT)).await;
    let (event, topics) = tipped.effects.only::<Tipped>(vault);
    assert_eq!(event.fan, account(&regular));
    assert_eq!(event.amount, 2 * UNIT);
    assert_eq!(event.memo[..], b"for the encore"[..]);
    assert_eq!(topics[1..], [field_topic(&account(&regular))]);
    assert_eq!(env.ask(contracts::patronage(vault).standing_of(account(&regular))).await.tipped, 2 * UNIT);
    for (fan, tier, price, months) in [(&regular, 1, 9 * UNIT, 1), (&listener, 0, 3 * UNIT, 4)] {
        let paid = price * months;
        let subscribe = contracts::vault(vault).subscribe(tier, account(fan), 0, price);
        let subscribed = moves(&mut env, fan, paid, subscribe, |_| -signed(paid)).await;
        let (event, topics) = subscribed.effects.only::<Subscribed>(vault);
        // Each transaction is its own block, so the block time is still the same.
        assert_eq!(event.until, env.now().await + MONTH * u64::try_from(months).expect("few"));
        assert_eq!(event.payer, account(fan));
        assert_eq!(event.paid, paid);
        assert_eq!(topics[1..], [field_topic(&account(fan)), field_topic(&tier)]);
    }

    // Content for subscribers of level 2, or for holders of what bob holds.
    let content = Content { uri: b"multitrack.age".to_vec(), hash: [1; 32], public_key: [2; 32] };
    let audience = any_of(&[&[subscribed(vault, 2)], &[holds(token, quote.tokens)]]);
    let terms = Terms { audience, price: None, release: 0, retired: false };
    let publish = contracts::registry(registry).publish(content, terms);
    let published = moves(&mut env, &creator, 0, publish, |_| 0).await;
    let (event, topics) = published.effects.only::<Published>(registry);
    assert_eq!(event.id, 0);
    assert_eq!(event.publisher, account(&creator));
    assert_eq!(topics[1..], [field_topic(&0_u32)]);
    assert_eq!(opens(&mut env, &suite, 0).await, [true, true, false, false]);

    // Forty days later charlie's month is over.
    env.advance(40 * DAY).await;
    assert_eq!(opens(&mut env, &suite, 0).await, [true, false, false, false]);

    // Anyone collects the earnings. The recipients claim them.
    let collect = contracts::vault(vault).collect(1, 400);
    let collected = moves(&mut env, &regular, 0, collect, |_| 0).await;
    assert_eq!(collected.answer.amount, 9 * UNIT);
    let collect = contracts::vault(vault).collect_sale_fees();
    let fees = moves(&mut env, &regular, 0, collect, |_| 0).await.answer;
    assert_eq!(fees, quote.fee);
    let income = 2 * UNIT + 9 * UNIT + fees;
    for (who, bp) in [(&creator, 8_000), (&engineer, 2_000)] {
        let claim = contracts::vault(vault).claim(Asset::Native, 0);
        let claimed = moves(&mut env, who, 0, claim, |done| signed(done.answer)).await;
        let (event, _) = claimed.effects.only::<Claimed>(vault);
        assert_eq!(event.recipient, account(who));
        assert_eq!(event.amount, income * bp / 10_000);
    }

    // Dave cancels: about 80 of 120 days at 12 units are left, less the seconds of the transactions.
    let cancel = contracts::vault(vault).cancel();
    // The event has the exact refund, as the block time has advanced since the dry run.
    let refund = |done: &TxResult<u128>| done.effects.only::<Ended>(vault).0.refund;
    let cancelled = moves(&mut env, &listener, 0, cancel, |done| signed(refund(done))).await;
    assert!((8 * UNIT - UNIT / 1_000..=8 * UNIT).contains(&refund(&cancelled)), "{}", refund(&cancelled));
    let (event, _) = cancelled.effects.only::<Ended>(vault);
    assert_eq!(event.fan, account(&listener));
    assert_eq!(event.by, account(&listener));
    assert!(!event.credited);
    assert!(cancelled.effects.deposit < 0, "the deposit of the record comes back");

    // Bob sells all tokens, and no content opens.
    let quote = env.ask(contracts::sale(token).quote_sell(quote.tokens)).await.expect("bob has them");
    let sell = contracts::sale(token).sell(quote.tokens, quote.amount);
    let sold = moves(&mut env, &collector, 0, sell, |done| signed(done.answer.amount)).await;
    let (event, _) = sold.effects.only::<Sold>(token);
    assert_eq!(event.seller, account(&collector));
    assert_eq!(event.payout, quote.amount);
    assert_eq!(env.ask(contracts::psp22(token).total_supply()).await, 0);
    assert_eq!(opens(&mut env, &suite, 0).await, [false; 4]);

    // Both contracts hold what they owe.
    let owed = env.ask(contracts::vault(vault).obligations(Asset::Native)).await.total();
    assert!(env.balance(vault).await >= owed);
    let reserve = env.ask(contracts::sale(token).reserve()).await;
    assert!(env.balance(token).await >= reserve);
    assert!(quote.tokens > TOKEN, "the story is about whole tokens");
}
