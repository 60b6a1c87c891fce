//! Load on a local node: `cargo test --test load -- --ignored --nocapture` takes about a quarter of an hour, and prints figures.
//!
//! `PATRONAGE_ROUNDS` is the number of transactions of each person, and `PATRONAGE_UNLOCKS` that of each fan.

use std::{
    collections::BTreeMap,
    fs::read_to_string,
    net::TcpListener,
    sync::{
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
        Mutex,
    },
    time::{Duration, Instant},
};

use patronage::deployment::Deployment;
use patronage_chain::{
    accounts::{account, address, development_key},
    keys::{Key, Signature as Signed},
    Chain, Width,
};
use patronage_gateway::{
    challenge::ChallengeScope,
    client::{Client, ClientError},
    key::{PublicKey, SecretKey},
    key_folder::KeyFolder,
    protocol::ProblemCode,
    registry::RegistryId,
    signature::{Scheme, Signature},
};
use patronage_interfaces::vault::{Asset, Tipped};
use patronage_rpc::RpcChain;
use test_kit::{command::Shell, dev::Dev, gateway::Gateway, node::Node};

/// Number of people who send transactions.
const PEOPLE: usize = 50;
/// Number of their commands that run at the same time. Each takes a core for a moment.
const COMMANDS: usize = 10;
/// Number of fans who unlock.
const FANS: usize = 1_000;
/// Number of unlocks at the same time.
const AT_ONCE: usize = 8;
/// How long the unlocks take together, with pauses between them.
const UNLOCKING: Duration = Duration::from_secs(600);
/// How often the gateway is killed.
const KILLS: u32 = 9;
/// By how much the memory of a gateway may grow in its life, in KiB.
const MAX_GROWTH: u64 = 24 * 1024;
/// A unit of the chain's own token in planck.
const UNIT: u128 = 1_000_000_000_000;

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).map_or(default, |text| text.parse().expect("it is a number"))
}

/// Every person sends one transaction after the other, each by a command of its own, and several people at the same time.
#[test]
#[ignore = "takes minutes"]
fn two_thousand_transactions_of_fifty_people_are_each_done_once() {
    let rounds = number("PATRONAGE_ROUNDS", 40);
    let node = Node::launched(Width::U128);
    let dev = Dev::connect(&node, Width::U128);
    let name = |person: usize| format!("person{person}");
    for person in 0..PEOPLE {
        dev.fund(&account(&name(person)).expect("a name"), 1_000 * UNIT);
    }
    let begun = Instant::now();
    let slowest = Mutex::new(Duration::ZERO);
    std::thread::scope(|threads| {
        for worker in 0..COMMANDS {
            let (node, slowest) = (&node, &slowest);
            threads.spawn(move || {
                let people = (worker..PEOPLE).step_by(COMMANDS);
                for (round, person) in (0..rounds).flat_map(|round| people.clone().map(move |person| (round, person))) {
                    let (who, memo, one) = (name(person), format!("{person}/{round}"), Instant::now());
                    let done = node.json_of(&["tip", "0.5", "--memo", &memo, "--as", &who]);
                    assert_eq!(done["ok"], true, "{done:#}");
                    let mut slowest = slowest.lock().expect("no thread panics with it");
                    *slowest = (*slowest).max(one.elapsed());
                }
            });
        }
    });
    let taken = begun.elapsed();

    let mut chain = RpcChain::connect(node.url()).expect("the node runs");
    let deployment = Deployment::read(&node.deployment(), &chain.properties().genesis).expect("it was launched");
    let mut tips = BTreeMap::new();
    for past in chain.history(&[deployment.contracts.vault], deployment.block..=u32::MAX).expect("it tells") {
        if let Some(tip) = past.event.decode::<Tipped>() {
            assert_eq!(tip.asset, Asset::Native);
            assert_eq!(tip.amount, UNIT / 2);
            *tips.entry((tip.fan, String::from_utf8(tip.memo).expect("text"))).or_insert(0) += 1;
        }
    }
    for person in 0..PEOPLE {
        let who = account(&name(person)).expect("a name");
        for round in 0..rounds {
            assert_eq!(tips.get(&(who, format!("{person}/{round}"))), Some(&1), "person {person}, round {round}");
        }
        assert_eq!(dev.free_and_nonce(&who).1 as usize, rounds, "nothing else was sent");
    }
    assert_eq!(tips.len(), PEOPLE * rounds);
    println!(
        "{} transactions of {PEOPLE} people in {:.0} s, {:.1} a second, the slowest command took {:.1} s",
        tips.len(),
        taken.as_secs_f64(),
        tips.len() as f64 / taken.as_secs_f64(),
        slowest.into_inner().expect("no thread panicked").as_secs_f64()
    );
}

/// A gateway at a fixed address, which is killed and started again.
struct Restarted<'a> {
    node: &'a Node,
    port: u16,
    running: Option<Gateway>,
    lives: usize,
    /// How much the memory grew in each life, in KiB.
    growth: Vec<u64>,
    begun_with: u64,
}

impl Restarted<'_> {
    fn run(&mut self) {
        let address = format!("127.0.0.1:{}", self.port);
        let command = self.node.command(&["serve", "--listen", &address, "--rate", "1000", "--json"]);
        let log = self.node.folder().join(format!("gateway-{}.log", self.lives));
        self.running = Some(Gateway::start(command, log));
        self.lives += 1;
        self.begun_with = 0;
    }

    /// Memory of the process in KiB.
    fn memory(&self) -> u64 {
        let process = self.running.as_ref().expect("it runs").process.id();
        let status = read_to_string(format!("/proc/{process}/status")).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("Linux says it");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }

    /// The growth counts from a moment when all parts of the gateway have worked.
    fn warm(&mut self) {
        self.begun_with = self.memory();
    }

    fn kill(&mut self) {
        self.growth.push(self.memory().saturating_sub(self.begun_with));
        let mut gateway = self.running.take().expect("it runs");
        gateway.process.kill().expect("it runs");
        gateway.process.wait().expect("it was started");
    }
}

/// A fan, and the content that is unlocked.
struct Unlock<'a> {
    client: &'a Client,
    registry: RegistryId,
    content: u32,
    key: PublicKey,
}

impl Unlock<'_> {
    /// Asks until the gateway answers. Returns whether it gave the key, and how many attempts were in vain.
    fn run(&self, fan: &Key) -> (bool, usize) {
        let mut vain = 0;
        loop {
            let one_time = SecretKey::generate();
            let (account, recipient) = (*fan.account().as_ref(), one_time.public().expect("it is not weak"));
            let scope = ChallengeScope { registry: self.registry, content: self.content, account, recipient };
            let answer = self.client.challenge(&scope).and_then(|challenge| {
                let Signed::Sr25519(bytes) = fan.sign(challenge.to_string().as_bytes()) else {
                    panic!("it is sr25519")
                };
                let signature = Signature { scheme: Scheme::Sr25519, bytes };
                self.client.redeem(&challenge, &signature, &one_time, &self.key)
            });
            match answer {
                Ok(key) => {
                    assert_eq!(key.public().expect("it is not weak"), self.key);
                    return (true, vain);
                }
                Err(error) => match error.code() {
                    Some(ProblemCode::NoAccess) => return (false, vain),
                    // Issued or used in an earlier life, of which the answer was lost.
                    Some(ProblemCode::UnknownChallenge | ProblemCode::Used) => {}
                    None if matches!(error, ClientError::Network { .. }) => {
                        std::thread::sleep(Duration::from_millis(50))
                    }
                    _ => panic!("{error}"),
                },
            }
            vain += 1;
            assert!(vain < 1_000, "the gateway does not come back");
        }
    }
}

#[test]
#[ignore = "takes ten minutes"]
fn ten_thousand_unlocks_survive_restarts_with_flat_memory() {
    let each = number("PATRONAGE_UNLOCKS", 10);
    let time = UNLOCKING.mul_f64(each as f64 / 10.0);
    let node = Node::launched(Width::U128);
    let song = node.file("song", b"for holders");
    node.json_of(&["publish", &song, "--holds", "1", "--as", "mira"]);
    node.json_of(&["buy", &(FANS + 10).to_string(), "--as", "mira"]);
    let fans: Vec<Key> =
        (0..FANS).map(|fan| Key::from(development_key(&format!("fan{fan}")).expect("a name"))).collect();
    let row = |fan: &Key| format!("{},1\n", address(&fan.account()));
    let rows = format!("account,tokens\n{}", fans.iter().map(row).collect::<String>());
    node.json_of(&["send-many", "--file", &node.file("fans.csv", rows.as_bytes()), "--as", "mira"]);
    let strangers: Vec<Key> =
        (0..AT_ONCE).map(|number| Key::from(development_key(&format!("stranger{number}")).expect("a name"))).collect();

    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("it listens").port();
    let mut gateway = Restarted { node: &node, port, running: None, lives: 0, growth: Vec::new(), begun_with: 0 };
    gateway.run();
    let client = Client::new(&format!("http://127.0.0.1:{port}")).expect("an address");
    let health = client.health().expect("it answers");
    let bytes = |text: &str| <[u8; 32]>::try_from(hex::decode(&text[2..]).expect("hexadecimal")).expect("32 bytes");
    let registry = RegistryId { genesis: bytes(&health.genesis), registry: bytes(&health.registry) };
    let keys = KeyFolder::open(&node.folder().join("keys")).expect("it was published");
    let unlock = Unlock { client: &client, registry, content: 3, key: keys.public_keys().expect("it can be read")[0] };

    let (next, refused, vain, done) =
        (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let unlocked: Vec<AtomicUsize> = fans.iter().map(|_| AtomicUsize::new(0)).collect();
    let total = FANS * each;
    let begun = Instant::now();
    std::thread::scope(|threads| {
        let workers: Vec<_> = (0..AT_ONCE)
            .map(|worker| {
                let (next, refused, vain, unlocked, unlock) = (&next, &refused, &vain, &unlocked, &unlock);
                let (fans, stranger) = (&fans, &strangers[worker]);
                threads.spawn(move || loop {
                    let number = next.fetch_add(1, SeqCst);
                    if number >= total {
                        break;
                    }
                    // Evenly over the time.
                    let due = time.mul_f64(number as f64 / total as f64);
                    std::thread::sleep(due.saturating_sub(begun.elapsed()));
                    let (opened, failed) = unlock.run(&fans[number % FANS]);
                    assert!(opened, "a fan with a token was refused");
                    unlocked[number % FANS].fetch_add(1, SeqCst);
                    vain.fetch_add(failed, SeqCst);
                    if number % 50 == 0 {
                        assert!(!unlock.run(stranger).0, "a stranger got the key");
                        refused.fetch_add(1, SeqCst);
                    }
                })
            })
            .collect();
        let (done, gateway) = (&done, &mut gateway);
        threads.spawn(move || {
            let life = time / (KILLS + 1);
            while !done.load(SeqCst) {
                let started = Instant::now();
                while started.elapsed() < life && !done.load(SeqCst) {
                    std::thread::sleep(Duration::from_millis(100));
                    if gateway.begun_with == 0 && started.elapsed() > life / 4 {
                        gateway.warm();
                    }
                }
                gateway.kill();
                gateway.run();
            }
        });
        workers.into_iter().for_each(|worker| worker.join().expect("no fan lost anything"));
        done.store(true, SeqCst);
    });
    assert!(unlocked.iter().all(|count| count.load(SeqCst) == each), "every fan has unlocked as often as all");
    let most = gateway.growth.iter().copied().max().unwrap_or(0);
    println!(
        "{total} unlocks of {FANS} fans in {:.0} s, {} refusals, {} attempts in vain, {} lives of the gateway, memory grew by at most {most} KiB",
        begun.elapsed().as_secs_f64(),
        refused.load(SeqCst),
        vain.load(SeqCst),
        gateway.lives,
    );
    assert!(gateway.lives > KILLS as usize, "it was restarted");
    assert!(most < MAX_GROWTH, "the memory grew by {most} KiB");
}
