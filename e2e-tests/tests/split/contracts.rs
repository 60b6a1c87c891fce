//! The suite's own contracts in two codes: each message is in one of them, and the codes for balances of 64 bits are split alike.

use ink::{scale::Encode, selector_bytes as selector};
use patronage::bundle::{self, Codes};
use patronage_chain::{Call, Chain, ChainError, Outcome, Target, Width};
use patronage_interfaces::AccountId;
use test_kit::{tier_terms, token_terms, vault_terms, TestEnv, UNIT};

use crate::{
    forms::{answer, deploy_codes, hash, input, send},
    interface::{Interface, Source},
};

const CONTRACTS: [&str; 3] = ["creator_token", "patronage_vault", "content_registry"];
/// How often each message is asked, with other arguments.
const ROUNDS: usize = 4;

/// The same choice everywhere: numbers, variants and lengths of lists by the round.
struct Round {
    number: usize,
    account: AccountId,
}

impl Source for Round {
    fn choose(&mut self, count: usize) -> usize {
        self.number % count
    }

    fn number(&mut self, _: usize) -> u128 {
        self.number as u128
    }

    fn account(&mut self) -> [u8; 32] {
        *self.account.as_ref()
    }
}

/// The split contracts on a chain with balances of this width.
struct Suite {
    env: TestEnv,
    contracts: [AccountId; 3],
    codes: [Codes; 3],
}

impl Suite {
    fn new(width: Width) -> Self {
        let mut env = TestEnv::with_width(width);
        let creator = env.creator;
        let codes = CONTRACTS.map(|name| bundle::codes_for(name, width).expect("scripts/build has made it"));
        let new = |terms: Vec<u8>| [&selector!("new")[..], &terms].concat();
        let vault = vault_terms(vec![tier_terms(UNIT, 1), tier_terms(2 * UNIT, 2)], &[(creator, 10_000)]);
        let terms = [token_terms().encode(), vault.encode(), None::<AccountId>.encode()];
        let mut contracts = Vec::new();
        for (codes, terms) in codes.iter().zip(terms) {
            contracts.push(deploy_codes(&mut env, codes, &new(terms)));
        }
        Self { env, contracts: contracts.try_into().expect("three"), codes }
    }

    fn ask(&mut self, contract: usize, data: &[u8]) -> Result<Outcome, ChainError> {
        let call = Call { target: Target::Contract(self.contracts[contract]), value: 0, data };
        let ana = self.env.ana;
        self.env.chain.dry_run(&ana, &call)
    }
}

/// What a contract answers, in short.
fn short(outcome: Result<Outcome, ChainError>) -> Option<(bool, Vec<u8>)> {
    outcome.ok().map(|outcome| (outcome.reverted, outcome.output))
}

#[test]
fn each_message_is_in_one_of_the_two_codes() {
    let mut suite = Suite::new(Width::U128);
    let interfaces = CONTRACTS.map(Interface::of);
    let mut before = Vec::new();
    let ana = suite.env.ana;
    let data = |interface: &Interface| -> Vec<_> {
        let call = |message| interface.call(message, &mut Round { number: 1, account: ana });
        interface.messages.iter().map(call).collect()
    };
    for (contract, interface) in interfaces.iter().enumerate() {
        before.push(data(interface).iter().map(|data| short(suite.ask(contract, data))).collect::<Vec<_>>());
    }
    for codes in suite.codes.clone() {
        suite.env.chain.forget_code(&hash(&codes.cold.expect("it is split")));
    }
    for (contract, interface) in interfaces.iter().enumerate() {
        let (mut hot, mut cold) = (0, 0);
        for ((message, data), before) in interface.messages.iter().zip(data(interface)).zip(&before[contract]) {
            assert!(before.is_some(), "{} ended the call", message.label);
            // Whoever has only the hot code does not get at a cold message.
            match short(suite.ask(contract, &data)) {
                None => cold += 1,
                after => {
                    assert_eq!(&after, before, "{}", message.label);
                    hot += 1;
                }
            }
        }
        assert!(hot >= 5, "{}: {hot} messages are hot", CONTRACTS[contract]);
        assert!(cold > hot, "{}: {hot} messages are hot, and {cold} cold", CONTRACTS[contract]);
    }
}

#[test]
fn codes_for_balances_of_64_bits_answer_the_same() {
    let (mut wide, mut narrow) = (Suite::new(Width::U128), Suite::new(Width::U64));
    // Addresses differ as the codes do.
    let common = |suite: &Suite, mut answer: Vec<u8>| {
        for (number, contract) in suite.contracts.iter().enumerate() {
            let address: &[u8] = contract.as_ref();
            while let Some(at) = answer.windows(32).position(|bytes| bytes == address) {
                answer[at..at + 32].fill(number as u8);
            }
        }
        answer
    };
    let mut answered = 0;
    for (contract, name) in CONTRACTS.into_iter().enumerate() {
        assert_ne!(wide.codes[contract].cold, None);
        assert_ne!(narrow.codes[contract].cold, None);
        let interface = Interface::of(name);
        for message in &interface.messages {
            for number in 0..ROUNDS {
                let data = interface.call(message, &mut Round { number, account: wide.env.ana });
                let answers = [&mut wide, &mut narrow].map(|suite| {
                    let answer = short(suite.ask(contract, &data));
                    answer.map(|(reverted, output)| (reverted, common(suite, output)))
                });
                assert_eq!(answers[0], answers[1], "{} {number}", message.label);
                answered += u32::from(matches!(&answers[0], Some((false, _))));
            }
        }
    }
    assert!(answered > 100, "only {answered} messages did not fail");
}

#[test]
fn codes_for_64_bits_take_money_and_pay_it_out() {
    let mut suite = Suite::new(Width::U64);
    let (ana, creator) = (suite.env.ana, suite.env.creator);
    let [token, vault, _] = suite.contracts;
    let mut call = |to: AccountId, value: u128, data: &[u8]| {
        let done = send(&mut suite.env, ana, to, value, data).expect("it answers");
        assert!(!done.reverted, "{:?}", done.output);
        done
    };
    // A cold question, then a hot message with exactly that money.
    let tokens = 1_000_000_u128;
    let quote = call(token, 0, &input(selector!("CreatorToken::quote_buy_exact"), tokens));
    let (_, _, price, _): (u8, u128, u128, u128) = answer(&quote);
    call(token, price, &input(selector!("CreatorToken::buy_exact"), (ana, tokens, None::<AccountId>)));
    assert_eq!(answer::<u128>(&call(token, 0, &input([0x65, 0x68, 0x38, 0x2f], ana))), tokens);
    call(vault, UNIT, &input(selector!("PatronageVault::tip"), b"thank you".to_vec()));
    let asset_is_native = 0_u8;
    let tipped = call(vault, 0, &input(selector!("PatronageVault::tipped_of"), (ana, asset_is_native)));
    assert_eq!(answer::<u128>(&tipped), UNIT);
    let subscribed = call(vault, UNIT, &input(selector!("PatronageVault::subscribe"), (0_u32, ana, 0_u128, UNIT)));
    let (_, until): (u8, u64) = answer(&subscribed);
    assert!(until > suite.env.chain.now());
    // A payout of each kind: tokens are sold back, a subscription is refunded, and the creator claims the tip.
    let before = suite.env.balance(ana);
    let mut paid =
        |who: AccountId, from: AccountId, data: &[u8]| send(&mut suite.env, who, from, 0, data).expect("it answers");
    let sold = paid(ana, token, &input(selector!("CreatorToken::sell"), (tokens, 0_u128)));
    let (_, _, payout, _): (u8, u128, u128, u128) = answer(&sold);
    let cancelled = paid(ana, vault, &input(selector!("PatronageVault::cancel"), ()));
    let claimed = paid(creator, vault, &input(selector!("PatronageVault::claim"), (asset_is_native, 0_u32)));
    assert!(payout > 0 && payout < price);
    for unit in [&cancelled, &claimed] {
        assert_eq!(answer::<(u8, u128)>(unit), (0, UNIT));
    }
    let expected = (before + payout + UNIT).checked_add_signed(-sold.deposit - cancelled.deposit);
    assert_eq!(Some(suite.env.balance(ana)), expected);
}
