//! Random actions of people at a token, and random terms.

use patronage_embedded::GENESIS_TIME;
use patronage_interfaces::token::{LaunchGuard, TokenTerms};
use proptest::prelude::*;
use test_kit::{token_terms, DAY, UNIT};

/// One of the four people, or the token itself, which can receive and cannot call.
pub type Person = usize;

/// A part of someone's holdings in ten-thousandths; above that, more than they have.
pub type Part = u128;

/// A part of what all remaining tokens cost, the recipient and the referrer.
#[derive(Debug, Clone)]
pub struct Order {
    pub part: Part,
    pub recipient: Person,
    pub referrer: Option<Person>,
}

/// `more` is added to the quoted minimum, `over` and `short` to and from the quoted price, and `beyond` asks for one
/// token unit more than is left.
#[derive(Debug, Clone)]
pub enum Action {
    Buy { order: Order, more: u128 },
    BuyExact { order: Order, short: u128, over: u128, beyond: bool },
    Sell { part: Part, more: u128 },
    Burn { part: Part },
    Transfer { to: Person, part: Part },
    TransferMany { to: Vec<(Person, Part)> },
    TransferFrom { from: Person, to: Person, part: Part },
    Approve { spender: Person, part: Part },
    IncreaseAllowance { spender: Person, part: Part },
    DecreaseAllowance { spender: Person, part: Part },
    Claim,
    Vest { to: Person, part: Part, days: [u64; 3] },
    Release { from: Person, to: Person },
    LowerFees { buy_fee_bp: u16, sell_fee_bp: u16 },
    SetPaused { paused: bool },
    SetFeeRecipient { recipient: Person },
    ProposeOwner { candidate: Person },
    AcceptOwnership,
}

fn action() -> impl Strategy<Value = Action> {
    let person = || 0..4usize;
    let address = || 0..5usize;
    let part = || prop_oneof![8 => 0..=10_000u128, 1 => Just(10_000), 1 => 10_001..20_000u128];
    let few = || prop_oneof![12 => 0..1_000u128, 1 => 0..20_000u128];
    let order = || {
        let referrer = proptest::option::of(0..4usize);
        (few(), 0..5usize, referrer).prop_map(|(part, recipient, referrer)| Order { part, recipient, referrer })
    };
    let rarely = |most: u128| prop_oneof![6 => Just(0), 1 => 0..=most];
    let days = || {
        proptest::array::uniform3(0..40u64).prop_map(|mut days| {
            days.sort_unstable();
            days
        })
    };
    prop_oneof![
        6 => (order(), rarely(1)).prop_map(|(order, more)| Action::Buy { order, more }),
        5 => (order(), rarely(1), rarely(UNIT), 0..10u8).prop_map(|(order, short, over, beyond)| {
            Action::BuyExact { order, short, over, beyond: beyond == 0 }
        }),
        5 => (part(), rarely(1)).prop_map(|(part, more)| Action::Sell { part, more }),
        1 => few().prop_map(|part| Action::Burn { part }),
        2 => (address(), part()).prop_map(|(to, part)| Action::Transfer { to, part }),
        2 => proptest::collection::vec((address(), 0..6_000u128), 0..5).prop_map(|to| Action::TransferMany { to }),
        3 => (person(), address(), part()).prop_map(|(from, to, part)| Action::TransferFrom { from, to, part }),
        2 => (person(), part()).prop_map(|(spender, part)| Action::Approve { spender, part }),
        1 => (person(), part()).prop_map(|(spender, part)| Action::IncreaseAllowance { spender, part }),
        1 => (person(), part()).prop_map(|(spender, part)| Action::DecreaseAllowance { spender, part }),
        2 => Just(Action::Claim),
        2 => (address(), part(), days()).prop_map(|(to, part, days)| Action::Vest { to, part, days }),
        3 => (person(), address()).prop_map(|(from, to)| Action::Release { from, to }),
        1 => (0..600u16, 0..300u16)
            .prop_map(|(buy_fee_bp, sell_fee_bp)| Action::LowerFees { buy_fee_bp, sell_fee_bp }),
        // Mostly not paused.
        1 => (0..4u8).prop_map(|n| Action::SetPaused { paused: n == 0 }),
        1 => person().prop_map(|recipient| Action::SetFeeRecipient { recipient }),
        1 => person().prop_map(|candidate| Action::ProposeOwner { candidate }),
        1 => Just(Action::AcceptOwnership),
    ]
}

/// Who does what, and the time before it.
#[derive(Debug, Clone)]
pub struct Step {
    pub wait: u64,
    pub who: Person,
    pub action: Action,
}

pub fn step() -> impl Strategy<Value = Step> {
    let wait = prop_oneof![4 => Just(0), 2 => 1..DAY, 1 => DAY..20 * DAY];
    (wait, person_who_acts(), action()).prop_map(|(wait, who, action)| Step { wait, who, action })
}

/// The creator is more frequent, as many actions are the owner's.
fn person_who_acts() -> impl Strategy<Value = Person> {
    prop_oneof![2 => Just(0), 3 => 0..4usize]
}

prop_compose! {
    pub fn terms()(
        decimals in prop_oneof![Just(0), Just(6), Just(18)],
        base_price in prop_oneof![Just(1), Just(7_777_777), Just(UNIT)],
        slope in prop_oneof![Just(0), Just(12_345), Just(UNIT / 100)],
        cap in proptest::option::of(1..5_000u128),
        buy_fee_bp in prop_oneof![Just(0), Just(500), Just(1_000)],
        sell_fee_bp in prop_oneof![Just(0), Just(200), Just(1_000)],
        referral_bp in prop_oneof![Just(0), Just(3_333), Just(10_000)],
        guard in proptest::option::of(1..500u128),
    ) -> TokenTerms {
        let unit = 10u128.pow(decimals);
        TokenTerms {
            decimals: decimals as u8,
            base_price,
            slope,
            cap: cap.map(|cap| cap * unit),
            buy_fee_bp,
            sell_fee_bp,
            referral_bp,
            launch_guard: guard.map_or(LaunchGuard::default(), |tokens| LaunchGuard {
                until: GENESIS_TIME + 20 * DAY,
                max_tokens: tokens * unit,
            }),
            ..token_terms()
        }
    }
}
