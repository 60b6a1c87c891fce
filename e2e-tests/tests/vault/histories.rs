//! Random histories of several people, against a model that knows each subscription and nothing else.

use super::*;
use e2e_tests::{tier_terms, DAY};
use patronage_core::streams::MAX_DURATION;
use proptest::prelude::*;

const TIERS: [(u128, u64); 3] = [(1, 30 * DAY), (7_777_777_777, MINUTE), (PRICE, 30 * DAY)];
const SHARES: [u16; 3] = [3_333, 3_333, 3_334];

/// A period of a tier is at most 2^32 ms and prices are below 2^60, so that signed products of them fit in an i128.
type Scaled = i128;

/// One subscription as its fan sees it.
struct Paid {
    tier: usize,
    start: u64,
    end: u64,
    paid: u128,
    /// What the fan got back, if the fan left before the end.
    refunded: Option<u128>,
}

impl Paid {
    fn running(&self, now: u64) -> bool {
        self.refunded.is_none() && now < self.end
    }

    /// What it earns from its start to `time` (ms) while it runs, in planck times ms of the period. Before the start that
    /// is negative.
    fn line(&self, time: u64) -> Scaled {
        TIERS[self.tier].0 as Scaled * (Scaled::from(time) - Scaled::from(self.start))
    }

    /// What is earned at `now` (ms), in the same unit.
    fn earned(&self, now: u64) -> Scaled {
        if self.running(now) {
            return self.line(now);
        }
        (self.paid - self.refunded.unwrap_or(0)) as Scaled * Scaled::from(TIERS[self.tier].1)
    }

    fn refund(&self, now: u64) -> u128 {
        if !self.running(now) {
            return 0;
        }
        self.paid - (self.earned(now) as u128).div_ceil(TIERS[self.tier].1.into())
    }

    /// As `earned`, but what ends on the day of `now` counts up to midnight: what the vault promises to collect.
    fn surely_earned(&self, now: u64) -> Scaled {
        if self.refunded.is_none() && self.end / DAY == now / DAY {
            return self.line(now - now % DAY);
        }
        self.earned(now)
    }
}

#[derive(Debug, Clone)]
enum Action {
    Tip { amount: u128 },
    Subscribe { fan: usize, tier: usize, paid: u128 },
    Cancel,
    Collect { tier: usize, max_epochs: u32 },
    Claim,
}

/// Who does what, after how long.
#[derive(Debug, Clone)]
struct Step {
    wait: u64,
    who: usize,
    action: Action,
}

fn action() -> impl Strategy<Value = Action> {
    let tier = 0..TIERS.len();
    // From a little too small to some years, in most cases not a multiple of the price.
    let payment = (tier.clone(), 0u128..2_000, 0u128..1_000)
        .prop_map(|(tier, thousandths, odd)| (tier, TIERS[tier].0 * (900 + thousandths * thousandths) / 1_000 + odd));
    prop_oneof![
        2 => (0..10 * UNIT).prop_map(|amount| Action::Tip { amount }),
        6 => (0..5usize, payment).prop_map(|(fan, (tier, paid))| Action::Subscribe { fan, tier, paid }),
        4 => Just(Action::Cancel),
        4 => (tier, prop_oneof![0u32..40, Just(2_000)]).prop_map(|(tier, max_epochs)| Action::Collect { tier, max_epochs }),
        2 => Just(Action::Claim),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let wait = prop_oneof![
        3 => Just(0),
        2 => 1..10 * MINUTE,
        3 => 1..DAY,
        3 => DAY..40 * DAY,
        1 => DAY..3 * 365 * DAY,
        // Midnight, where days are counted from.
        1 => Just(u64::MAX),
    ];
    (wait, 0..5usize, action()).prop_map(|(wait, who, action)| Step { wait, who, action })
}

struct History {
    scene: Scene,
    people: [AccountId; 5],
    recipients: [AccountId; 3],
    paid: Vec<Paid>,
    /// For each of the people the number of the subscription that is kept, running or expired.
    kept: [Option<usize>; 5],
    tipped: [u128; 5],
    collected: [u128; 3],
    claimed: [u128; 3],
}

impl History {
    fn new() -> Self {
        let world = World::default();
        // The last of the people has no account on the chain before the first refund.
        let people = [world.creator, world.ana, world.ben, world.cleo, stranger(5)];
        let recipients = [world.creator, world.cleo, stranger(6)];
        let tiers = TIERS.map(|(price, period)| TierTerms { period, ..tier_terms(price, 1) });
        let shares: Vec<_> = recipients.into_iter().zip(SHARES).collect();
        let scene = Scene::on(world, &vault_terms(tiers.to_vec(), &shares));
        let (paid, kept, tipped) = (Vec::new(), [None; 5], [0; 5]);
        Self { scene, people, recipients, paid, kept, tipped, collected: [0; 3], claimed: [0; 3] }
    }

    /// Does `action` on the chain, and compares its answer and the money that moved with the model's.
    fn act(&mut self, who: usize, action: &Action) {
        let caller = self.people[who];
        let before = self.scene.world.balance(caller) as i128;
        let (value, paid_out, deposit) = match action {
            Action::Tip { amount } if who < 4 => self.tip(who, *amount),
            Action::Subscribe { fan, tier, paid } if who < 4 => self.subscribe(who, *fan, *tier, *paid),
            // Who has no funds can't pay.
            Action::Tip { .. } | Action::Subscribe { .. } => return,
            Action::Cancel => self.cancel(who),
            Action::Collect { tier, max_epochs } => self.collect(caller, *tier, *max_epochs).1,
            Action::Claim => self.claim(caller),
        };
        let after = self.scene.world.balance(caller) as i128;
        assert_eq!(after, before - value as i128 + paid_out as i128 - deposit);
    }

    fn tip(&mut self, who: usize, amount: u128) -> (u128, u128, i128) {
        let receipt = self.scene.tip(self.people[who], amount, b"");
        assert_eq!(receipt.value, if amount == 0 { Err(VaultError::NothingSent) } else { Ok(()) });
        self.tipped[who] += amount;
        (amount, 0, receipt.deposit)
    }

    fn subscribe(&mut self, who: usize, fan: usize, tier: usize, paid: u128) -> (u128, u128, i128) {
        let ((price, period), now) = (TIERS[tier], self.scene.now());
        let receipt = self.scene.gift(self.people[who], self.people[fan], tier as TierId, paid);
        if let Some(old) = self.kept[fan].map(|old| &self.paid[old]).filter(|old| old.running(now)) {
            assert_eq!(receipt.value, Err(VaultError::AlreadySubscribed { until: old.end }));
            return (0, 0, 0);
        }
        if paid < price {
            assert_eq!(receipt.value, Err(VaultError::PaymentTooSmall { least: price }));
            return (0, 0, 0);
        }
        let most = (price * (u128::from(MAX_DURATION) + 1) - 1) / u128::from(period);
        if paid > most {
            assert_eq!(receipt.value, Err(VaultError::PaymentTooLarge { most }));
            return (0, 0, 0);
        }
        let end = now + (paid * u128::from(period) / price) as u64;
        assert_eq!(receipt.value, Ok(end));
        self.kept[fan] = Some(self.paid.len());
        self.paid.push(Paid { tier, start: now, end, paid, refunded: None });
        (paid, 0, receipt.deposit)
    }

    fn cancel(&mut self, who: usize) -> (u128, u128, i128) {
        let (fan, now) = (self.people[who], self.scene.now());
        let offered = self.scene.refund(fan);
        let receipt = self.scene.cancel(fan);
        let Some(kept) = self.kept[who].take() else {
            assert_eq!((offered, receipt.value), (0, Err(VaultError::NotSubscribed)));
            return (0, 0, 0);
        };
        let subscription = &mut self.paid[kept];
        let refund = subscription.refund(now);
        if subscription.running(now) {
            subscription.refunded = Some(refund);
        }
        assert_eq!((offered, receipt.value), (refund, Ok(refund)));
        (0, refund, receipt.deposit)
    }

    fn collect(&mut self, caller: AccountId, tier: usize, max_epochs: u32) -> (bool, (u128, u128, i128)) {
        let now = self.scene.now();
        let message = suite::vault(self.scene.vault).collect(tier as TierId, max_epochs);
        let receipt = self.scene.send(caller, 0, message);
        let Sweep { amount, more } = receipt.value.expect("there is such a tier, and its money can be counted");
        let (mut sure, mut most) = (0, 0);
        for paid in self.paid.iter().filter(|paid| paid.tier == tier) {
            sure += paid.surely_earned(now);
            most += paid.earned(now);
        }
        let period = Scaled::from(TIERS[tier].1);
        let promised = (sure.max(0) / period) as u128;
        let sum = self.collected[tier] + amount;
        assert!(sum <= (most / period) as u128, "more than was earned");
        if !more {
            assert_eq!(sum, promised.max(self.collected[tier]));
        }
        self.collected[tier] = sum;
        (more, (0, 0, receipt.deposit))
    }

    fn claim(&mut self, caller: AccountId) -> (u128, u128, i128) {
        let receipt = self.scene.claim(caller);
        let income: u128 = self.tipped.iter().chain(&self.collected).sum();
        let Some(recipient) = self.recipients.iter().position(|who| *who == caller) else {
            assert_eq!(receipt.value, Err(VaultError::NothingToClaim));
            return (0, 0, 0);
        };
        let due = income * u128::from(SHARES[recipient]) / 10_000 - self.claimed[recipient];
        assert_eq!(receipt.value, if due == 0 { Err(VaultError::NothingToClaim) } else { Ok(due) });
        self.claimed[recipient] += due;
        (0, due, receipt.deposit)
    }

    fn check_obligations(&mut self) {
        let back: u128 = self.paid.iter().filter_map(|paid| paid.refunded).sum();
        let streams = self.paid.iter().map(|paid| paid.paid).sum::<u128>() - back - self.collected.iter().sum::<u128>();
        let income: u128 = self.tipped.iter().chain(&self.collected).sum();
        let unclaimed = income - self.claimed.iter().sum::<u128>();
        assert_eq!(self.scene.obligations(), Obligations { streams, unclaimed, ..Obligations::default() });
    }

    fn check_standing(&mut self, who: usize) {
        let mut expected = Standing { tipped: self.tipped[who], ..Standing::default() };
        if let Some(kept) = self.kept[who].map(|kept| &self.paid[kept]) {
            (expected.level, expected.since, expected.until) = (1, kept.start, kept.end);
        }
        assert_eq!(self.scene.standing(self.people[who]), expected);
    }

    /// Fans first, then what is earned, then the recipients.
    fn everyone_leaves(&mut self) {
        for who in 0..self.people.len() {
            self.check_standing(who);
            self.act(who, &Action::Cancel);
        }
        // What ended today is swept tomorrow.
        self.scene.wait(DAY);
        for tier in 0..TIERS.len() {
            while self.collect(self.people[0], tier, 2_000).0 {}
            let held = self.scene.tier(tier as TierId).expect("it was offered from the start");
            assert_eq!((held.taken, held.unswept), (0, 0));
        }
        let newcomer = self.recipients[2];
        self.scene.world.chain.fund(&newcomer, UNIT).expect("above the existential deposit");
        for who in self.recipients {
            self.claim(who);
        }
        self.check_obligations();
        let Obligations { streams, unclaimed, .. } = self.scene.obligations();
        assert_eq!(streams, 0, "refunds and earnings are all that was paid");
        assert!(unclaimed < SHARES.len() as u128, "only fractions of a planck are left, less than one for each");
    }
}

/// How many histories of 40 calls: `PATRONAGE_HISTORIES`, or so many that they take seconds.
fn config() -> ProptestConfig {
    let cases = std::env::var("PATRONAGE_HISTORIES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(12),
        max_shrink_iters: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_vault_pays_everyone_exactly_whatever_happens(steps in prop::collection::vec(step(), 40)) {
        let mut history = History::new();
        for Step { wait, who, action } in steps {
            let to_midnight = DAY - history.scene.now() % DAY;
            match wait {
                0 => {}
                u64::MAX => history.scene.wait(to_midnight),
                wait => history.scene.wait(wait),
            }
            history.act(who, &action);
            history.check_obligations();
        }
        history.everyone_leaves();
    }
}
