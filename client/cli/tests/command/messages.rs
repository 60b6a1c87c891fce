//! The library covers the contracts: an action sends each message of their metadata, and each event is
//! described.

use std::{collections::BTreeSet, ops::RangeInclusive};

use patronage::{
    actions::{
        allowance, content, income, ownership, registry, stakes, status,
        subscriptions::{self, Payment},
        tiers, tips, token, vesting,
    },
    batch::Batch,
    bundle,
    client::Client,
    deployment::Deployment,
    error::Error,
    events,
    plan::TxPlan,
};
use patronage_chain::{
    accounts::account,
    submission::{Submission, SubmissionRecorder, SubmissionStatus},
    Call, Chain, ChainError, ContractEvent, Outcome, PastEvent, Properties, Signer, Target, Width,
};
use patronage_embedded::EmbeddedChain;
use patronage_interfaces::{
    registry::{Audience, Content, Terms},
    token::Schedule,
    vault::{Asset, Share, TierTerms},
    AccountId,
};
use serde_json::Value;
use test_kit::{command::launch_example, UNIT};

const DAY: u64 = 86_400_000;

/// Messages that no action sends, by contract, with the reasons.
const LEFT_OUT: [(&str, &[(&str, &str)]); 3] = [
    (
        "creator_token",
        &[
            ("CreatorToken::reserve", "it is in what `curve` answers"),
            ("PSP22::total_supply", "it follows from what `curve` answers"),
            ("CreatorToken::prune_bought", "for a launch guard, which the example has not: `launching.rs` sends it"),
        ],
    ),
    ("patronage_vault", &[("Patronage::pay", "contracts pay by it, such as the registry; people tip")]),
    (
        "content_registry",
        &[
            ("ContentRegistry::has_access", "`check` answers the same, and why"),
            ("ContentRegistry::has_bought", "`check` says that it was bought, and nobody can buy twice"),
            ("ContentRegistry::balance_at", "the registry asks itself by it"),
            ("ContentRegistry::standing_at", "the registry asks itself by it"),
        ],
    ),
];

/// A chain that records which messages are sent, and which are only queried.
struct Recorder {
    chain: EmbeddedChain,
    sent: BTreeSet<(AccountId, [u8; 4])>,
    asked: BTreeSet<(AccountId, [u8; 4])>,
}

fn named(call: &Call<'_>) -> Option<(AccountId, [u8; 4])> {
    let Target::Contract(contract) = call.target else { return None };
    Some((contract, call.data.get(..4)?.try_into().ok()?))
}

impl Chain for Recorder {
    fn properties(&self) -> &Properties {
        self.chain.properties()
    }

    fn time(&mut self) -> Result<u64, ChainError> {
        self.chain.time()
    }

    fn block(&mut self) -> Result<u32, ChainError> {
        self.chain.block()
    }

    fn balance_of(&mut self, who: &AccountId) -> Result<u128, ChainError> {
        self.chain.balance_of(who)
    }

    fn code_hash_of(&mut self, contract: &AccountId) -> Result<Option<[u8; 32]>, ChainError> {
        self.chain.code_hash_of(contract)
    }

    fn has_code(&mut self, hash: &[u8; 32]) -> Result<bool, ChainError> {
        self.chain.has_code(hash)
    }

    fn dry_run(&mut self, from: &AccountId, call: &Call<'_>) -> Result<Outcome, ChainError> {
        self.asked.extend(named(call));
        Chain::dry_run(&mut self.chain, from, call)
    }

    fn submit(&mut self, signer: &Signer, call: &Call<'_>) -> Result<Outcome, ChainError> {
        self.sent.extend(named(call));
        self.chain.submit(signer, call)
    }

    fn submit_recorded(
        &mut self,
        signer: &Signer,
        call: &Call<'_>,
        record: &mut dyn SubmissionRecorder,
    ) -> Result<Outcome, ChainError> {
        self.sent.extend(named(call));
        self.chain.submit_recorded(signer, call, record)
    }

    fn resume(&mut self, from: &AccountId, submission: &Submission) -> Result<SubmissionStatus, ChainError> {
        self.chain.resume(from, submission)
    }

    fn history(&mut self, contracts: &[AccountId], blocks: RangeInclusive<u32>) -> Result<Vec<PastEvent>, ChainError> {
        self.chain.history(contracts, blocks)
    }

    fn finalized(&mut self) -> Result<u32, ChainError> {
        self.chain.finalized()
    }

    fn block_hash(&mut self, block: u32) -> Result<Option<[u8; 32]>, ChainError> {
        self.chain.block_hash(block)
    }
}

/// A launched creator, and the results of the actions.
struct ActionsFixture {
    chain: Recorder,
    deployment: Deployment,
    described: BTreeSet<[u8; 32]>,
}

impl ActionsFixture {
    fn launched() -> Self {
        let mut chain = Recorder { chain: EmbeddedChain::default(), sent: BTreeSet::new(), asked: BTreeSet::new() };
        for name in ["mira", "juno", "ana", "ben", "cleo"] {
            chain.chain.fund(&who(name), 10_000 * UNIT).expect("a new chain");
        }
        let deployment = launch_example(&mut chain);
        Self { chain, deployment, described: BTreeSet::new() }
    }

    fn looks<R>(&mut self, look: impl FnOnce(&mut Client<'_>) -> Result<R, Error>) -> R {
        let mut client = Client::new(&mut self.chain, self.deployment.clone()).expect("it is launched");
        look(&mut client).unwrap_or_else(|failure| panic!("{failure}"))
    }

    /// Executes the plan of `make` as `name`. Each event must be described, or be part of a described one.
    #[track_caller]
    fn acts(&mut self, name: &str, make: impl FnOnce(&mut Client<'_>, AccountId) -> Result<TxPlan, Error>) {
        let mut client = Client::new(&mut self.chain, self.deployment.clone()).expect("it is launched");
        let plan = make(&mut client, who(name)).unwrap_or_else(|failure| panic!("{failure}"));
        let done = plan.execute(&mut client, &Signer::from(who(name))).unwrap_or_else(|failure| panic!("{failure}"));
        self.expect_described(done.events);
    }

    /// As [`acts`](Self::acts), for a batch.
    #[track_caller]
    fn acts_on_many(&mut self, name: &str, make: impl FnOnce(&mut Client<'_>, AccountId) -> Result<Batch, Error>) {
        let mut client = Client::new(&mut self.chain, self.deployment.clone()).expect("it is launched");
        let batch = make(&mut client, who(name)).unwrap_or_else(|failure| panic!("{failure}"));
        let sent = batch.execute(&mut client, &Signer::from(who(name)), batch.rows(), None, &mut |_| true);
        assert!(sent.stopped.is_none() && sent.transactions == 1, "{:?}", sent.stopped);
        self.expect_described(sent.events);
    }

    #[track_caller]
    fn expect_described(&mut self, events: Vec<ContractEvent>) {
        let mut client = Client::new(&mut self.chain, self.deployment.clone()).expect("it is launched");
        for event in events {
            let described = events::describe(std::slice::from_ref(&event), &mut client);
            assert_eq!(described.len(), 1, "an event of {:?} is not described: {event:?}", event.contract);
            self.described.extend(event.topics.first());
        }
    }

    fn passes(&mut self, days: u64) {
        self.chain.chain.advance(days * DAY);
    }
}

fn who(name: &str) -> AccountId {
    account(name).expect("a name")
}

/// A story with every action.
fn after_every_action() -> ActionsFixture {
    let mut fixture = ActionsFixture::launched();
    of_the_token(&mut fixture);
    of_the_vault(&mut fixture);
    of_the_registry(&mut fixture);
    fixture.acts("mira", |client, _| ownership::propose(client, &ownership::Contract::ALL, who("juno")));
    fixture.acts("juno", |client, juno| ownership::accept(client, juno, &[]));
    fixture.looks(ownership::show);
    fixture.looks(|client| status::of_creator(client, &[]));
    fixture.looks(|client| status::of_fan(client, who("ana"), &[]));
    fixture
}

fn of_the_token(fixture: &mut ActionsFixture) {
    use allowance::Change;
    use token::BuyOrder;

    fixture.acts("ana", |client, ana| token::buy(client, ana, BuyOrder::Tokens(100 * UNIT, None), None));
    fixture.acts("ben", |client, ben| token::buy(client, ben, BuyOrder::Spend(50 * UNIT, None), Some(who("ana"))));
    fixture.acts("ben", |client, _| token::sell(client, UNIT, None));
    fixture.acts("ana", |client, _| token::send(client, who("ben"), UNIT));
    fixture.acts_on_many("ana", |client, ana| {
        token::send_many(client, ana, vec![(who("ben"), UNIT), (who("cleo"), UNIT)])
    });
    for change in [Change::To(5 * UNIT), Change::More(2 * UNIT), Change::Fewer(UNIT)] {
        fixture.acts("ana", |client, ana| allowance::change(client, ana, who("cleo"), change));
    }
    fixture.looks(|client| allowance::show(client, who("ana"), who("cleo")));
    fixture.acts("cleo", |client, cleo| token::send_from(client, cleo, who("ana"), who("ben"), 6 * UNIT));
    fixture.acts("ana", |client, _| token::burn(client, UNIT));
    fixture.acts("ana", |client, _| {
        let now = client.chain.time()?;
        let schedule = Schedule { start: now, cliff: now, end: now + 10 * DAY };
        vesting::grant(client, who("juno"), 10 * UNIT, schedule)
    });
    fixture.looks(|client| vesting::show(client, who("ana"), who("juno")));
    fixture.passes(1);
    fixture.acts("ben", |client, _| vesting::release(client, who("ana"), who("juno")));
    fixture.looks(vesting::list);
    fixture.acts("mira", |client, _| token::set_fee_recipient(client, who("juno")));
    fixture.acts("mira", |client, _| token::lower_fees(client, Some(100), None));
    fixture.acts("ana", |client, ana| token::buy(client, ana, BuyOrder::Tokens(UNIT, None), None));
    fixture.looks(token::fees);
    fixture.acts("juno", |client, juno| income::claim(client, juno, &[]));
    for paused in [true, false] {
        fixture.acts("mira", |client, _| Ok(ownership::set_paused(client, None, paused)));
    }
}

fn of_the_vault(fixture: &mut ActionsFixture) {
    let token = fixture.deployment.contracts.token;
    fixture.acts("ana", |client, _| Ok(tips::tip(client, UNIT, "for the encore")));
    fixture.acts("ana", |client, ana| tips::tip_token(client, ana, token, UNIT, ""));
    fixture.acts("mira", |client, _| {
        let asset = Asset::Psp22(token);
        let terms = TierTerms {
            asset,
            price: UNIT,
            period: DAY,
            level: 1,
            seats: None,
            minimum_stay: DAY / 2,
            uri: Vec::new(),
        };
        tiers::add(client, "Insider", terms)
    });
    let change = tiers::Change { seats: Some(Some(9)), ..tiers::Change::default() };
    fixture.acts("mira", |client, _| tiers::update(client, 2, &change));
    fixture.looks(tiers::list);

    let periods = Payment::Periods(1);
    fixture.acts("ana", |client, ana| subscriptions::subscribe(client, ana, ana, 0, periods, None));
    fixture.acts("ana", |client, ana| subscriptions::top_up(client, ana, ana, periods));
    fixture.acts("ana", |client, ana| subscriptions::switch(client, ana, 1, 10 * UNIT, None));
    fixture.acts("ben", |client, ben| subscriptions::subscribe(client, ben, ben, 2, Payment::Periods(2), None));
    fixture.acts("cleo", |client, cleo| subscriptions::subscribe(client, cleo, cleo, 0, periods, None));
    fixture.passes(1);
    fixture.acts("ana", subscriptions::cancel);
    fixture.acts("mira", |client, _| subscriptions::end(client, who("cleo")));
    fixture.acts("mira", |client, _| subscriptions::grant(client, who("cleo"), 0, DAY));
    fixture.acts("mira", |client, _| subscriptions::revoke(client, who("cleo")));
    fixture.acts("cleo", |client, cleo| stakes::withdraw(client, cleo, &[]));

    fixture.acts("ana", |client, ana| stakes::stake(client, ana, 2 * UNIT));
    fixture.acts("ana", |client, _| stakes::unstake(client, UNIT));
    fixture.passes(14);
    fixture.acts("ana", |client, ana| stakes::withdraw(client, ana, &[]));
    fixture.acts("cleo", |client, _| subscriptions::prune(client, who("ben")));

    fixture.acts("mira", |client, _| token::set_fee_recipient(client, client.contracts().vault));
    fixture.acts("ana", |client, ana| token::buy(client, ana, token::BuyOrder::Tokens(UNIT, None), None));
    fixture.acts("cleo", |client, cleo| income::collect(client, cleo, &[]));
    fixture.acts("mira", |client, mira| income::claim(client, mira, &[]));
    // The only staker claims a share of today's income after the end of the day.
    fixture.passes(1);
    fixture.acts("ana", |client, ana| income::claim(client, ana, &[]));
    // The share of a day without stakers returns to the other recipients.
    fixture.acts("ben", |client, _| Ok(tips::tip(client, UNIT, "")));
    fixture.acts("ana", |client, _| stakes::unstake(client, UNIT));
    fixture.passes(1);
    fixture.acts("mira", |client, mira| income::collect(client, mira, &[]));
    let all = Share { recipient: who("mira"), bp: 10_000 };
    fixture.acts("mira", |client, _| income::set_splits(client, vec![Share { bp: 9_000, ..all }], 1_000));
    fixture.acts("mira", |client, _| income::set_splits(client, vec![all], 0));
    fixture.acts("mira", |client, _| income::lock_splits(client, DAY));
    fixture.looks(income::splits);
}

fn of_the_registry(fixture: &mut ActionsFixture) {
    let file = Content { uri: b"song.age".to_vec(), hash: [1; 32], public_key: [9; 32] };
    let terms = Terms { price: Some(UNIT), ..Terms::from(Audience::Nobody) };
    fixture.acts("mira", |client, _| Ok(content::publish(client, "Song", file.clone(), terms)));
    fixture.acts("mira", |client, _| content::replace_file(client, 3, file));
    fixture.acts("ana", |client, ana| content::purchase(client, 3, ana, None));
    let change = content::Change { retired: Some(true), ..content::Change::default() };
    fixture.acts("mira", |client, _| content::change(client, 3, change));
    fixture.acts("mira", |client, _| registry::set_manager(client, who("juno"), true));
    fixture.acts_on_many("juno", |client, _| Ok(registry::set_listed(client, 7, vec![who("ana"), who("ben")], true)));
    fixture.acts_on_many("juno", |client, _| Ok(registry::set_listed(client, 7, vec![who("ben")], false)));
    fixture.acts("mira", |client, _| registry::set_vault(client, None));
    fixture.looks(content::list);
    fixture.looks(registry::managers);
    fixture.acts("mira", |client, _| registry::set_question_limits(client, Some(20_000_000_000), None));
    fixture.looks(registry::question_limits);
    fixture.looks(|client| registry::listed(client, 7, &[]));
    fixture.looks(|client| content::check(client, 0, who("ana")));
    fixture.looks(|client| content::check_all(client, who("ana")));
}

/// The metadata of the bundle `name`.
fn metadata(name: &str) -> Value {
    let path = bundle::folder(Width::U128).join(name).join(format!("{name}.json"));
    let text = std::fs::read_to_string(path).expect("the bundles are built: scripts/build");
    serde_json::from_str(&text).expect("JSON")
}

fn bytes<const N: usize>(text: &Value) -> [u8; N] {
    let digits = text.as_str().and_then(|text| text.strip_prefix("0x")).expect("hexadecimal digits");
    hex::decode(digits).expect("hexadecimal digits").try_into().expect("as many bytes as the type has")
}

#[test]
fn every_message_is_sent_and_every_event_is_told() {
    let fixture = after_every_action();
    let contracts = fixture.deployment.contracts;
    for ((name, left_out), contract) in LEFT_OUT.into_iter().zip([contracts.token, contracts.vault, contracts.registry])
    {
        let metadata = metadata(name);
        let all: Vec<&Value> = metadata["spec"]["messages"].as_array().expect("messages").iter().collect();
        let is_used = |message: &Value| {
            let used = (contract, bytes(&message["selector"]));
            // A message that changes state must be sent: a dry run does not prove that it works.
            fixture.chain.sent.contains(&used) || (message["mutates"] == false && fixture.chain.asked.contains(&used))
        };
        let unused: Vec<&str> = all
            .iter()
            .filter(|message| !is_used(message))
            .map(|message| message["label"].as_str().expect("text"))
            .collect();
        let expected: Vec<&str> = left_out.iter().map(|(label, _)| *label).collect();
        let missing: Vec<_> = unused.iter().filter(|label| !expected.contains(label)).collect();
        assert!(
            missing.is_empty(),
            "{name}: no action sends {missing:?}: add one and a command, or leave them out here with the reason"
        );
        let needless: Vec<_> = expected.iter().filter(|label| !unused.contains(label)).collect();
        assert!(needless.is_empty(), "{name}: {needless:?} are left out, but they are sent or do not exist");

        for event in metadata["spec"]["events"].as_array().expect("events") {
            let label = &event["label"];
            assert!(
                fixture.described.contains(&bytes(&event["signature_topic"])),
                "{name}: nothing in the story described {label}"
            );
        }
    }
}
