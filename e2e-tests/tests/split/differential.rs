//! The three forms of each contract are equivalent: the same random history gives the same answers, events, deposits,
//! storage and balances.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use ink::scale::Encode;
use patronage_interfaces::AccountId;
use proptest::{prelude::*, test_runner::TestRunner};
use test_kit::{histories, tier_terms, token_terms, vault_terms, TestEnv, DAY, TOKEN, UNIT};

use crate::{
    forms::{deploy, input, send, Form, FORMS},
    interface::{Interface, Source},
};

const CONTRACTS: [&str; 3] = ["creator_token", "patronage_vault", "content_registry"];
/// Number of messages in one history. Most queries are left out.
const STEPS: usize = 800;

/// Maximum difference of a returned deposit in planck, where ink!'s root is one more record. pallet-contracts returns a
/// share of the contract's whole deposit, rounded down.
const ROUNDING: u128 = 2;

/// Storage of a contract, by key.
type Storage = BTreeMap<Vec<u8>, Vec<u8>>;

/// Accounts of a history. Contract addresses differ between forms, as the codes do. Placeholders for them are the same
/// in all forms.
struct Accounts([AccountId; 7]);

impl Accounts {
    fn placeholder(number: usize) -> [u8; 32] {
        let mut bytes = [0xEE; 32];
        bytes[31] = number as u8;
        bytes
    }

    fn replace(data: &[u8], pairs: &[([u8; 32], [u8; 32])]) -> Vec<u8> {
        let mut data = data.to_vec();
        let mut at = 0;
        while at + 32 <= data.len() {
            match pairs.iter().find(|(from, _)| data[at..at + 32] == *from) {
                Some((_, to)) => {
                    data[at..at + 32].copy_from_slice(to);
                    at += 32;
                }
                None => at += 1,
            }
        }
        data
    }

    fn pairs(&self) -> Vec<([u8; 32], [u8; 32])> {
        self.0.iter().enumerate().map(|(number, account)| (Self::placeholder(number), *account.as_ref())).collect()
    }

    fn real(&self, data: &[u8]) -> Vec<u8> {
        Self::replace(data, &self.pairs())
    }

    fn common(&self, data: &[u8]) -> Vec<u8> {
        Self::replace(data, &self.pairs().iter().map(|(from, to)| (*to, *from)).collect::<Vec<_>>())
    }
}

/// Random numbers of a history. Plausible values are frequent, so that many messages succeed.
struct Random {
    state: u64,
    now: u64,
}

impl Random {
    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

impl Source for Random {
    fn choose(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    fn number(&mut self, bytes: usize) -> u128 {
        let pool: &[u128] = match bytes {
            1 => &[0, 1, 2],
            2 => &[0, 100, 400, 5_000, 10_000],
            4 => &[0, 0, 1, 1, 2, 30],
            8 => &[0, DAY as u128, 30 * DAY as u128],
            // 0 as an amount and the maximum as a limit fit most messages.
            _ if self.choose(3) > 0 => &[0, 0, 0, 0, u128::MAX],
            _ => &[1, TOKEN, 5 * TOKEN, UNIT, 100 * UNIT],
        };
        let number = pool[self.choose(pool.len())];
        // Times are relative to now.
        if bytes == 8 && self.choose(2) == 0 {
            number + u128::from(self.now)
        } else {
            number
        }
    }

    fn account(&mut self) -> [u8; 32] {
        // Fans are more frequent than contracts and the creator.
        Accounts::placeholder(if self.choose(2) == 0 { self.choose(7) } else { 4 + self.choose(3) })
    }
}

/// The contracts in one form, on their own chain.
struct Suite {
    env: TestEnv,
    accounts: Accounts,
    /// Balances of all accounts after deployment.
    before: Vec<u128>,
}

impl Suite {
    fn new(form: Form) -> Self {
        let mut env = TestEnv::default();
        let (creator, ana, ben, cleo) = (env.creator, env.ana, env.ben, env.cleo);
        let new = |terms: Vec<u8>| [&ink::selector_bytes!("new")[..], &terms].concat();
        let token = deploy(&mut env, form, CONTRACTS[0], &new(token_terms().encode()));
        let mut terms =
            vault_terms(vec![tier_terms(UNIT, 1), tier_terms(2 * UNIT, 2)], &[(creator, 7_000), (ben, 3_000)]);
        terms.token = Some(token);
        terms.cooldown = DAY;
        let vault = deploy(&mut env, form, CONTRACTS[1], &new(terms.encode()));
        let registry = deploy(&mut env, form, CONTRACTS[2], &input(ink::selector_bytes!("new"), Some(vault)));
        let accounts = Accounts([token, vault, registry, creator, ana, ben, cleo]);
        let before = accounts.0.map(|account| env.balance(account)).to_vec();
        Self { env, accounts, before }
    }

    /// Result of a message in terms that are equal in all forms, and the deposit that it charged or (negative)
    /// returned.
    fn send(&mut self, from: usize, to: usize, value: u128, data: &[u8]) -> (Result<String, String>, i128) {
        let (from, to) = (self.accounts.0[from], self.accounts.0[to]);
        let outcome = match send(&mut self.env, from, to, value, &self.accounts.real(data)) {
            Ok(outcome) => outcome,
            Err(error) => return (Err(error.to_string()), 0),
        };
        let common = |bytes: &[u8]| self.accounts.common(bytes);
        let events: Vec<_> = outcome
            .events
            .iter()
            .map(|event| {
                let topics: Vec<_> = event.topics.iter().map(|topic| common(topic)).collect();
                (common(event.contract.as_ref()), topics, common(&event.data))
            })
            .collect();
        let said = format!("{:?} {events:?}", common(&outcome.output));
        (if outcome.reverted { Err(said) } else { Ok(said) }, outcome.deposit)
    }

    /// The final state: storage of the contracts, and the change of each account's balance.
    fn lasting(&mut self) -> (Vec<Storage>, Vec<i128>) {
        let contracts = [self.accounts.0[0], self.accounts.0[1], self.accounts.0[2]];
        let kept = contracts.map(|contract| {
            let mut kept = BTreeMap::new();
            for (key, value) in self.env.chain.storage_of(&contract) {
                kept.insert(self.accounts.common(&key), self.accounts.common(&value));
            }
            // ink!'s entry points write the root, which is empty.
            assert!(kept.remove(&[0; 4][..]).is_none_or(|root| root.is_empty()));
            kept
        });
        let money = self.accounts.0.map(|account| self.env.balance(account) as i128);
        let money = money.iter().zip(&self.before).map(|(now, before)| now - *before as i128).collect();
        (kept.to_vec(), money)
    }
}

/// Plays one history in each form. Adds the messages that changed something to `succeeded`.
fn compare(seed: u64, succeeded: &mut BTreeSet<String>) -> Result<(), TestCaseError> {
    let interfaces = CONTRACTS.map(Interface::of);
    let mut suites = FORMS.map(Suite::new);
    let mut random = Random { state: seed, now: suites[0].env.chain.now() };
    let mut rounded = 0_u128;
    for _ in 0..STEPS {
        let contract = random.choose(3);
        let interface = &interfaces[contract];
        let message = &interface.messages[random.choose(interface.messages.len())];
        if !message.mutates && random.choose(4) > 0 {
            continue;
        }
        // The creator has many messages.
        let from = 3 + random.choose(4) * random.choose(2);
        let pays = if message.payable { random.choose(8) > 0 } else { random.choose(16) == 0 };
        let value = if pays { [UNIT, 2 * UNIT, 40 * UNIT][random.choose(3)] } else { 0 };
        let data = interface.call(message, &mut random);
        let outcomes = suites.each_mut().map(|suite| suite.send(from, contract, value, &data));
        prop_assert_eq!(&outcomes[0], &outcomes[1], "{}", message.label);
        let [(outcome, deposit), _, (official, official_deposit)] = &outcomes;
        prop_assert_eq!(outcome, official, "{}", message.label);
        let differs = deposit.abs_diff(*official_deposit);
        prop_assert!(differs == 0 || (*deposit < 0 && differs <= ROUNDING), "{}: {outcomes:?}", message.label);
        rounded = rounded.saturating_add(differs);
        if message.mutates && outcome.is_ok() {
            succeeded.insert(format!("{} {}", CONTRACTS[contract], message.label));
        }
        let passed = [0, 60_000, DAY, 3 * DAY][random.choose(4)];
        if passed > 0 {
            suites.iter_mut().for_each(|suite| suite.env.chain.advance(passed));
            random.now = suites[0].env.chain.now();
        }
    }
    let [split, single, official] = suites.each_mut().map(Suite::lasting);
    prop_assert_eq!(&split, &single);
    prop_assert_eq!(&split.0, &official.0);
    let differ: u128 = split.1.iter().zip(&official.1).map(|(split, official)| split.abs_diff(*official)).sum();
    prop_assert_eq!(differ, rounded);
    Ok(())
}

#[test]
fn a_history_is_equal_in_all_forms() {
    let succeeded = RefCell::new(BTreeSet::new());
    let outcome = TestRunner::new(histories(3)).run(&any::<u64>(), |seed| compare(seed, &mut succeeded.borrow_mut()));
    outcome.unwrap_or_else(|error| panic!("{error}"));
    // A history of failed messages would compare nothing.
    let succeeded = succeeded.into_inner();
    assert!(succeeded.len() > 25, "only {} messages changed something: {succeeded:#?}", succeeded.len());
}
