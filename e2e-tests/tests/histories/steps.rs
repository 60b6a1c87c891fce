//! Random steps of a history.

use std::fmt;

use patronage_interfaces::registry::QuestionLimits;
use proptest::prelude::*;
use test_kit::{DAY, TOKEN, UNIT};

/// How the hostile token behaves during a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trick {
    /// As it should.
    Honest,
    /// A tenth of each transfer is destroyed.
    Fee,
    /// It reports success and moves nothing.
    OnlySays,
    /// It moves tokens and reports an error.
    Denies,
    /// It refuses.
    Refuses,
    /// It traps.
    Traps,
    /// It reports that all balances are empty after a transfer.
    Understates,
    /// It calls the vault back.
    CallsBack,
}

/// What a person does. `who`, `to`, `fan` and the like are numbers of people; as recipient of a transfer, 8 is the token and 9 the
/// vault. Parts are thousandths of what there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    // The token.
    Buy { value: u128, to: usize, referrer: Option<usize>, more: u128 },
    BuyExact { tokens: u128, to: usize, short: bool },
    Sell { part: u128 },
    Transfer { to: usize, part: u128 },
    TransferMany { to: Vec<usize>, part: u128 },
    TransferFrom { from: usize, to: usize, part: u128 },
    Approve { spender: usize, amount: u128 },
    Allow { spender: usize, more: bool, amount: u128 },
    Burn { part: u128 },
    ClaimFees,
    Vest { to: usize, part: u128, days: u64 },
    Release { from: usize, to: usize },
    LowerFees { buy: u16, sell: u16 },
    PauseSale { paused: bool },
    FeesTo { whom: Option<usize> },
    PruneBought { account: usize },
    // The vault.
    Tip { amount: u128, memo: usize },
    Pay { purpose: u64, amount: u128 },
    TipTokens { part: u128 },
    TipCrooked { amount: u128, trick: Trick },
    Subscribe { tier: u32, fan: usize, thousandths: u128 },
    SubscribeCrooked { fan: usize, thousandths: u128, trick: Trick },
    TopUp { fan: usize, thousandths: u128, trick: Trick },
    Switch { tier: u32, thousandths: u128 },
    Cancel,
    CancelCrooked { trick: Trick },
    EndSubscription { fan: usize },
    Grant { tier: u32, fan: usize, lasting: u64 },
    Revoke { fan: usize },
    Prune { fan: usize },
    Withdraw { asset: usize, trick: Trick },
    Stake { part: u128 },
    Unstake { part: u128 },
    WithdrawStake,
    ClaimStakeIncome { asset: usize },
    OfferTier { tier: u32, quarters: u128, seats: Option<u32>, open: bool },
    AddTier { price: u128, level: u8 },
    Collect { tier: u32, days: u32 },
    CollectFees,
    Claim { asset: usize, version: u32, trick: Trick },
    Split { splits: usize },
    LockSplits { ms: u64 },
    PauseVault { paused: bool },
    // The registry.
    Publish { audience: usize, price: Option<u128> },
    ChangeTerms { content: u32, price: Option<u128>, release: u64, retired: bool },
    Replace { content: u32, hash: u8 },
    Purchase { content: u32, to: usize, over: u128 },
    CheckMany { account: usize },
    List { list: u32, account: usize, listed: bool },
    Manager { account: usize, appointed: bool },
    // Our vault, an account without a contract, or none.
    PaidTo { ours: Option<bool> },
    Limits { ref_time: u64, proof_size: u64 },
    // All three.
    Propose { contract: usize, to: usize },
    Accept { contract: usize },
    // Native money that a contract gets without a message.
    Gift { contract: usize, amount: u128 },
    // Time.
    Wait { ms: u64 },
}

/// A step: someone does something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Number of the person.
    pub who: usize,
    /// What the person does.
    pub action: Action,
}

/// Steps, which are written as a test.
#[derive(Clone)]
pub struct History(pub Vec<Step>);

impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n#[test]\nfn what_the_campaign_found() {{\n    play(&[")?;
        for step in &self.0 {
            // Lists are vectors in the test.
            let step = format!("{step:?}").replace("to: [", "to: vec![").replace("trick: ", "trick: Trick::");
            writeln!(f, "        {step},")?;
        }
        writeln!(f, "    ]);\n}}")
    }
}

/// Histories of `length` steps.
pub fn history(length: usize) -> impl Strategy<Value = History> {
    prop::collection::vec(step(), length).prop_map(History)
}

fn step() -> impl Strategy<Value = Step> {
    (person(), action()).prop_map(|(who, action)| Step { who, action })
}

fn person() -> impl Strategy<Value = usize> {
    0..8_usize
}

fn trick() -> impl Strategy<Value = Trick> {
    use Trick::*;
    prop_oneof![
        3 => Just(Honest), 2 => Just(Fee), 1 => Just(OnlySays), 1 => Just(Denies), 1 => Just(Refuses), 1 => Just(Traps),
        1 => Just(Understates), 1 => Just(CallsBack),
    ]
}

fn part() -> impl Strategy<Value = u128> {
    prop_oneof![1 => Just(0_u128), 2 => Just(1_000_u128), 6 => 1..1_000_u128, 1 => Just(1_001_u128)]
}

fn thousandths() -> impl Strategy<Value = u128> {
    prop_oneof![1 => 1..1_000_u128, 6 => 1_000..4_000_u128]
}

fn amount() -> impl Strategy<Value = u128> {
    prop_oneof![1 => Just(0_u128), 2 => 1..10_u128, 4 => 1..50 * UNIT]
}

/// A possible limit, or now and then one beyond.
fn limit(which: impl Fn(QuestionLimits) -> u64) -> impl Strategy<Value = u64> {
    let (least, most) = (which(QuestionLimits::LEAST), which(QuestionLimits::MOST));
    prop_oneof![1 => Just(least - 1), 1 => Just(most + 1), 8 => least..most + 1]
}

/// From milliseconds to years.
fn time() -> impl Strategy<Value = u64> {
    prop_oneof![
        1 => 1..1_000_u64,
        2 => 1_000..3_600_000_u64,
        4 => 1..3 * DAY,
        3 => DAY..40 * DAY,
        1 => 30 * DAY..1_000 * DAY,
    ]
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![4 => sale(), 1 => owning(), 5 => paying(), 4 => leaving(), 2 => governing(), 3 => opening(), 3 => time().prop_map(|ms| Action::Wait { ms })]
}

fn sale() -> impl Strategy<Value = Action> {
    use Action::*;
    let referrer = prop::option::weighted(0.3, person());
    prop_oneof![
        4 => (amount(), person(), referrer, prop_oneof![9 => Just(0_u128), 1 => Just(1_u128)])
            .prop_map(|(value, to, referrer, more)| Buy { value, to, referrer, more }),
        2 => (1..8 * TOKEN, person(), prop::bool::weighted(0.1)).prop_map(|(tokens, to, short)| BuyExact { tokens, to, short }),
        3 => part().prop_map(|part| Sell { part }),
        2 => (0..10_usize, part()).prop_map(|(to, part)| Transfer { to, part }),
        1 => (prop::collection::vec(0..10_usize, 0..4), part()).prop_map(|(to, part)| TransferMany { to, part }),
        1 => (person(), 0..10_usize, part()).prop_map(|(from, to, part)| TransferFrom { from, to, part }),
        1 => (0..9_usize, prop_oneof![Just(0), 1..9 * TOKEN, Just(u128::MAX)])
            .prop_map(|(spender, amount)| Approve { spender, amount }),
        1 => (0..9_usize, any::<bool>(), prop_oneof![Just(0), 1..9 * TOKEN, Just(u128::MAX)])
            .prop_map(|(spender, more, amount)| Allow { spender, more, amount }),
        1 => part().prop_map(|part| Burn { part }),
        1 => Just(ClaimFees),
        1 => (person(), part(), 1..400_u64).prop_map(|(to, part, days)| Vest { to, part, days }),
        1 => (person(), person()).prop_map(|(from, to)| Release { from, to }),
        1 => person().prop_map(|account| PruneBought { account }),
    ]
}

fn owning() -> impl Strategy<Value = Action> {
    use Action::*;
    prop_oneof![
        (0..501_u16, 0..201_u16).prop_map(|(buy, sell)| LowerFees { buy, sell }),
        prop::bool::weighted(0.2).prop_map(|paused| PauseSale { paused }),
        prop::option::of(person()).prop_map(|whom| FeesTo { whom }),
        (0..3_usize, person()).prop_map(|(contract, to)| Propose { contract, to }),
        (0..3_usize).prop_map(|contract| Accept { contract }),
        (0..3_usize, amount()).prop_map(|(contract, amount)| Gift { contract, amount }),
    ]
}

fn paying() -> impl Strategy<Value = Action> {
    use Action::*;
    prop_oneof![
        2 => (amount(), prop_oneof![0..260_usize, 255..259_usize]).prop_map(|(amount, memo)| Tip { amount, memo }),
        1 => (any::<u64>(), amount()).prop_map(|(purpose, amount)| Pay { purpose, amount }),
        1 => part().prop_map(|part| TipTokens { part }),
        2 => (0..90 * TOKEN, trick()).prop_map(|(amount, trick)| TipCrooked { amount, trick }),
        5 => (0..4_u32, person(), thousandths())
            .prop_map(|(tier, fan, thousandths)| Subscribe { tier, fan, thousandths }),
        2 => (person(), thousandths(), trick())
            .prop_map(|(fan, thousandths, trick)| SubscribeCrooked { fan, thousandths, trick }),
        2 => (person(), thousandths(), trick()).prop_map(|(fan, thousandths, trick)| TopUp { fan, thousandths, trick }),
        2 => (0..5_u32, thousandths()).prop_map(|(tier, thousandths)| Switch { tier, thousandths }),
        2 => part().prop_map(|part| Stake { part }),
    ]
}

fn leaving() -> impl Strategy<Value = Action> {
    use Action::*;
    prop_oneof![
        3 => Just(Cancel),
        1 => trick().prop_map(|trick| CancelCrooked { trick }),
        1 => person().prop_map(|fan| EndSubscription { fan }),
        1 => person().prop_map(|fan| Prune { fan }),
        2 => (0..3_usize, trick()).prop_map(|(asset, trick)| Withdraw { asset, trick }),
        1 => part().prop_map(|part| Unstake { part }),
        1 => Just(WithdrawStake),
        2 => (0..3_usize).prop_map(|asset| ClaimStakeIncome { asset }),
        4 => (0..5_u32, prop_oneof![Just(0_u32), 1..9_u32, Just(300_u32)]).prop_map(|(tier, days)| Collect { tier, days }),
        1 => Just(CollectFees),
        3 => (0..3_usize, 0..4_u32, trick()).prop_map(|(asset, version, trick)| Claim { asset, version, trick }),
    ]
}

fn governing() -> impl Strategy<Value = Action> {
    use Action::*;
    prop_oneof![
        2 => (0..5_u32, person(), prop_oneof![Just(0_u64), 1..60 * DAY])
            .prop_map(|(tier, fan, lasting)| Grant { tier, fan, lasting }),
        1 => person().prop_map(|fan| Revoke { fan }),
        2 => (0..5_u32, 0..9_u128, prop::option::of(0..5_u32), prop::bool::weighted(0.8))
            .prop_map(|(tier, quarters, seats, open)| OfferTier { tier, quarters, seats, open }),
        1 => (prop_oneof![Just(0_u128), 1..UNIT], 0..4_u8).prop_map(|(price, level)| AddTier { price, level }),
        2 => (0..4_usize).prop_map(|splits| Split { splits }),
        1 => (0..5 * DAY).prop_map(|ms| LockSplits { ms }),
        1 => prop::bool::weighted(0.2).prop_map(|paused| PauseVault { paused }),
    ]
}

fn opening() -> impl Strategy<Value = Action> {
    use Action::*;
    let price = || prop::option::of(prop_oneof![1..10_u128, 1..9 * UNIT]);
    prop_oneof![
        1 => (0..9_usize, price()).prop_map(|(audience, price)| Publish { audience, price }),
        1 => (0..12_u32, price(), prop_oneof![Just(0_u64), 0..20 * DAY], prop::bool::weighted(0.2))
            .prop_map(|(content, price, release, retired)| ChangeTerms { content, price, release, retired }),
        3 => (0..12_u32, person(), prop_oneof![Just(0_u128), 1..UNIT])
            .prop_map(|(content, to, over)| Purchase { content, to, over }),
        1 => person().prop_map(|account| CheckMany { account }),
        1 => (0..2_u32, person(), any::<bool>()).prop_map(|(list, account, listed)| List { list, account, listed }),
        1 => (person(), any::<bool>()).prop_map(|(account, appointed)| Manager { account, appointed }),
        1 => (0..12_u32, any::<u8>()).prop_map(|(content, hash)| Replace { content, hash }),
        1 => prop_oneof![4 => Just(Some(true)), 1 => Just(Some(false)), 1 => Just(None)].prop_map(|ours| PaidTo { ours }),
        1 => (limit(|limits| limits.ref_time), limit(|limits| limits.proof_size))
            .prop_map(|(ref_time, proof_size)| Limits { ref_time, proof_size }),
    ]
}
