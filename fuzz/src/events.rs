//! Events and answers of contracts, as a chain or a node could send them.

use ink::env::Event;
use parity_scale_codec::{Decode, Encode};
use patronage::{client::Client, events::describe};
use patronage_chain::{decode_answer, ChainError, ContractEvent};
use patronage_core::{
    error::{TokenError, VaultError},
    ledger::Obligations,
    ownership::OwnershipError,
    sale::{Sale, Trade},
    streams::Settlement,
    tiers::Fan,
    vesting::Vesting,
};
use patronage_interfaces::{
    ownable::{OwnerChanged, OwnerProposed},
    patronage::Standing,
    registry::{self, Access, Content, RegistryError, Terms},
    token,
    vault::{self, Settings, Splits, Tier},
    AccountId,
};

use crate::world::{account, deployment, separated, units, Answers};

/// A kind of event: its topic, and a reader that writes again what it has read.
struct Kind {
    topic: [u8; 32],
    read: fn(&ContractEvent),
}

/// Reads the event as a `T`, and compares what was read with what is written.
fn read<T: Event + Decode + Encode>(event: &ContractEvent) {
    let decoded = event.decode::<T>();
    let direct = T::decode(&mut &event.data[..]);
    assert_eq!(decoded.is_some(), direct.is_ok(), "an event that is valid is read");
    if let Some(value) = decoded {
        let written = value.encode();
        assert!(event.data.starts_with(&written), "{:02x?} is written as {written:02x?}", event.data);
    }
    // Under another topic it is another event.
    let other = ContractEvent { topics: vec![[0; 32]], ..event.clone() };
    assert!(other.decode::<T>().is_none());
}

macro_rules! kinds {
    ($($event:ty,)*) => {
        fn kinds() -> Vec<Kind> {
            vec![$(Kind { topic: <$event>::SIGNATURE_TOPIC.expect("a topic"), read: read::<$event> },)*]
        }
    };
}

kinds! {
    psp22::Transfer,
    psp22::Approval,
    OwnerProposed,
    OwnerChanged,
    token::Bought,
    token::Sold,
    token::Claimed,
    token::FeeRecipientChanged,
    token::FeesLowered,
    token::PauseChanged,
    token::VestingStarted,
    token::VestingReleased,
    vault::Claimed,
    vault::Collected,
    vault::Ended,
    vault::Paid,
    vault::PauseChanged,
    vault::SplitsChanged,
    vault::SplitsLocked,
    vault::StakeChanged,
    vault::StakeIncomeClaimed,
    vault::StakeIncomeReturned,
    vault::Subscribed,
    vault::TierOffered,
    vault::Tipped,
    vault::ToppedUp,
    vault::Withdrawn,
    registry::FileReplaced,
    registry::ListChanged,
    registry::ManagerChanged,
    registry::Published,
    registry::Purchased,
    registry::QuestionLimitsChanged,
    registry::TermsChanged,
    registry::VaultChanged,
}

/// The topics of all kinds of events.
pub(crate) fn topics() -> Vec<[u8; 32]> {
    kinds().iter().map(|kind| kind.topic).collect()
}

/// Reads an answer of a message that returns `R`, and compares what was read with what is written.
fn answer<R: Decode + Encode>(data: &[u8]) {
    match decode_answer::<R>(data) {
        Ok(value) => {
            let written = value.encode();
            assert_eq!(data.first(), Some(&0));
            assert!(data[1..].starts_with(&written), "{data:02x?} is written as {written:02x?}");
        }
        Err(ChainError::Language(_)) => assert_eq!(data.first(), Some(&1)),
        Err(ChainError::Undecodable(bytes)) => assert_eq!(bytes, data),
        Err(error) => panic!("{error}"),
    }
}

const ANSWERS: [fn(&[u8]); 22] = [
    answer::<u8>,
    answer::<bool>,
    answer::<u128>,
    answer::<Option<String>>,
    answer::<Option<AccountId>>,
    answer::<Result<(), OwnershipError>>,
    answer::<Result<Trade, Box<TokenError>>>,
    answer::<Result<u128, Box<TokenError>>>,
    answer::<Sale>,
    answer::<Option<Vesting>>,
    answer::<Result<u128, Box<VaultError>>>,
    answer::<Result<Settlement, Box<VaultError>>>,
    answer::<Fan>,
    answer::<Option<Tier>>,
    answer::<Splits>,
    answer::<Settings>,
    answer::<Obligations>,
    answer::<Standing>,
    answer::<Result<Access, Box<RegistryError>>>,
    answer::<Result<Vec<Option<Access>>, Box<RegistryError>>>,
    answer::<Option<Content>>,
    answer::<Option<Terms>>,
];

/// The first byte chooses an event and an answer. The second one chooses its contract. The third one is the length of its data, of which
/// the rest are answers of contracts to the questions of the description, separated by a zero byte and a newline.
pub fn check(data: &[u8]) {
    let Some(([kind, contract, length], rest)) = data.split_first_chunk() else { return };
    ANSWERS[usize::from(*kind) % ANSWERS.len()](rest);
    thread_local!(static KINDS: Vec<Kind> = kinds());
    KINDS.with(|kinds| {
        let kind = &kinds[usize::from(*kind) % kinds.len()];
        let (fields, answers) = rest.split_at(usize::from(*length).min(rest.len()));
        let contract = account(contract % 4 + 1);
        let event = ContractEvent { contract, topics: vec![kind.topic], data: fields.to_vec() };
        (kind.read)(&event);
        let mut chain = Answers::new(separated(answers));
        let mut client = Client::with_units(&mut chain, deployment(), units());
        let reports = describe(&[event], &mut client);
        assert!(reports.len() <= 1, "{reports:?}");
        for report in reports {
            assert!(contract != account(4), "{report:?} is about a foreign contract");
            let json = report.json().to_string();
            let shown = patronage::escape::for_json(&json);
            let again: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
            assert_eq!(again, report.json());
            for line in report.lines(&|_| None) {
                assert!(!patronage::escape::for_terminal(&line).contains(char::is_control), "{line:?}");
            }
        }
    });
}
