//! Tasks with many rows on a chain behind a node. If they are killed at any time, everybody is paid once.

use std::{
    path::Path,
    process::Stdio,
    time::{Duration, Instant, SystemTime},
};

use patronage::{contracts, deployment::Deployment, journal};
use patronage_chain::{
    accounts::{account, development_key},
    encoded,
    submission::{Submission, SubmissionRecorder, SubmissionStatus},
    Call, Chain, ChainError, Messages, Signer, Target, Width,
};
use patronage_interfaces::{token::CreatorToken, AccountId};
use patronage_rpc::RpcChain;
use psp22::PSP22;
use test_kit::{
    command::Shell,
    node::Node,
    rows::{assert_paid_once, csv, journals, kill, rows},
};

/// Number of rows: `PATRONAGE_ROWS`. The task is killed three times.
fn count() -> u32 {
    std::env::var("PATRONAGE_ROWS").map_or(1_000, |count| count.parse().expect("PATRONAGE_ROWS is a number"))
}

/// Whether a run has reached this point.
type Moment<'a> = &'a dyn Fn(&journal::Progress) -> bool;

#[test]
fn everybody_is_paid_once_by_a_run_that_was_killed_three_times() {
    let node = Node::launched(Width::U128);
    node.json_of(&["buy", "100", "--as", "ana"]);
    let rows = rows(count());
    let file = node.folder().join("thanks.csv");
    std::fs::write(&file, csv(&rows)).expect("it can be written");
    let name = file.to_str().expect("its path is text");
    let send = ["send-many", "--file", name, "--as", "ana"];
    let begun = Instant::now();
    // After the first transaction is recorded, while the second is pending, and when half of them are done.
    let half = rows.len() / 2;
    let moments: [(Moment<'_>, u64); 3] = [
        (&|progress| progress.pending.is_some(), 0),
        (&|progress| progress.rows > 0 && progress.pending.is_some(), some_time()),
        (&|progress| progress.rows >= half, some_time()),
    ];
    for (moment, later) in moments {
        let mut run = node.command(&[&send[..], &["--yes"]].concat());
        let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the command starts");
        while !known(&file).is_some_and(|progress| moment(&progress)) {
            assert!(run.try_wait().expect("it can be asked").is_none(), "it ended before it was killed");
            std::thread::sleep(Duration::from_millis(20));
        }
        std::thread::sleep(Duration::from_millis(later));
        kill(run);
        let progress = known(&file).expect("it was begun");
        println!("killed after {:?}: {} rows known to be paid", begun.elapsed(), progress.rows);
    }
    let done = node.json_of(&send);
    println!("{} rows in {:?}: {:#}", rows.len(), begun.elapsed(), done["cost"]);
    assert!(done["rows_before"].as_u64() >= Some(half as u64), "{done:#}");
    let mut chain = RpcChain::connect(node.url()).expect("the node runs");
    let deployment = Deployment::read(&node.deployment(), &chain.properties().genesis).expect("it was launched");
    assert_paid_once(&mut chain, &deployment, "ana", &rows);
    let error = node.error_of(&send);
    assert!(error["message"].as_str().expect("words").contains("were paid already"), "{error:#}");
}

/// The progress of the run in its journal.
fn known(file: &Path) -> Option<journal::Progress> {
    journals(file).pop().and_then(|path| journal::look(&path).expect("it is whole"))
}

/// Up to a tenth of a second, different in each run. A transaction takes about as long.
fn some_time() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::from(now.subsec_micros()) % 100
}

/// Records the transaction, and permits or prevents sending it.
struct Kept {
    lets: bool,
    submission: Option<Submission>,
}

impl SubmissionRecorder for Kept {
    fn sending(&mut self, submission: &Submission) -> Result<(), ChainError> {
        self.submission = Some(submission.clone());
        match self.lets {
            true => Ok(()),
            false => Err(ChainError::Unavailable("the process ends here".to_owned())),
        }
    }

    fn rejected(&mut self) -> Result<(), ChainError> {
        Ok(())
    }
}

fn who(name: &str) -> AccountId {
    account(name).expect("a name")
}

#[test]
fn what_came_of_a_recorded_transaction_is_found_out_from_the_chain() {
    let node = Node::launched(Width::U128);
    node.json_of(&["buy", "10", "--as", "ana"]);
    let mut chain = RpcChain::connect(node.url()).expect("the node runs");
    let deployment = Deployment::read(&node.deployment(), &chain.properties().genesis).expect("it was launched");
    let ana = Signer::from(development_key("ana").expect("a name"));
    let call = |to: &str| encoded(contracts::sale(deployment.contracts.token).transfer_many(vec![(who(to), 5)]));
    let held = |chain: &mut RpcChain, name: &str| {
        chain.query(contracts::psp22(deployment.contracts.token).balance_of(who(name))).expect("it answers")
    };
    let record = |chain: &mut RpcChain, to: &str, lets: bool| {
        let mut kept = Kept { lets, submission: None };
        let (contract, data) = call(to);
        let call = Call { target: Target::Contract(contract), value: 0, data: &data };
        let sent = chain.submit_recorded(&ana, &call, &mut kept);
        assert_eq!(sent.is_ok(), lets, "{sent:?}");
        kept.submission.expect("it was announced")
    };
    let done = |status: &SubmissionStatus| matches!(status, SubmissionStatus::Done { fee, .. } if *fee > 0);

    // It was included, and the process ended before it knew.
    let sent = record(&mut chain, "ben", true);
    assert!(done(&chain.resume(&ana.account(), &sent).expect("it tells")));
    assert_eq!(held(&mut chain, "ben"), 5);

    // The process ended before sending it. It is sent now, and only once.
    let unsent = record(&mut chain, "cleo", false);
    assert_eq!(held(&mut chain, "cleo"), 0);
    for _ in 0..2 {
        assert!(done(&chain.resume(&ana.account(), &unsent).expect("it tells")));
        assert_eq!(held(&mut chain, "cleo"), 5);
    }

    // Another transaction of the account has used its nonce.
    let late = record(&mut chain, "dana", false);
    record(&mut chain, "ben", true);
    assert_eq!(chain.resume(&ana.account(), &late).expect("it tells"), SubmissionStatus::Dropped);
    assert_eq!(held(&mut chain, "dana"), 0);
    assert_eq!(held(&mut chain, "ben"), 10);
}
