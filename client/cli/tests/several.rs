//! Several gateway processes behind one name share their state in PostgreSQL. Skipped where PostgreSQL is not installed.

use std::{
    collections::HashMap,
    net::TcpListener,
    sync::{
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
        Mutex,
    },
    time::{Duration, Instant},
};

use patronage_chain::{
    accounts::development_key,
    keys::{Key, Signature as Signed},
};
use patronage_gateway::{
    challenge::{Challenge, ChallengeScope},
    client::{Client, ClientError},
    key::{PublicKey, SecretKey},
    protocol::ProblemCode,
    registry::RegistryId,
    signature::{Scheme, Signature},
};
use test_kit::{
    command::{ChainFolder, Shell},
    gateway::Gateway,
    postgres::Postgres,
};

/// Number of processes.
const PROCESSES: usize = 3;
/// Number of fans who unlock at the same time.
const FANS: usize = 6;
/// How long they do.
const LOAD: Duration = Duration::from_secs(8);
/// Unlocks and processes that end within it.
const PATIENCE: Duration = Duration::from_secs(30);

/// A content, as a fan has read it on the chain.
struct Published {
    registry: RegistryId,
    content: u32,
    key: PublicKey,
}

/// Processes at fixed addresses.
struct Fleet<'a> {
    home: &'a ChainFolder,
    postgres: &'a Postgres,
    ports: [u16; PROCESSES],
    running: Mutex<[Option<Gateway>; PROCESSES]>,
    starts: AtomicUsize,
}

impl<'a> Fleet<'a> {
    fn start(home: &'a ChainFolder, postgres: &'a Postgres) -> Self {
        // All are open at once, so that they differ.
        let listeners = [0; PROCESSES].map(|_| TcpListener::bind("127.0.0.1:0").expect("a port"));
        let ports = listeners.map(|listener| listener.local_addr().expect("it listens").port());
        let fleet = Self { home, postgres, ports, running: Mutex::default(), starts: AtomicUsize::new(0) };
        (0..PROCESSES).for_each(|number| fleet.run(number));
        fleet
    }

    /// Starts process `number`.
    fn run(&self, number: usize) {
        let (address, url) = (format!("127.0.0.1:{}", self.ports[number]), self.postgres.url());
        let mut command = self
            .home
            .command(&["serve", "--listen", &address, "--rate", "1000", "--json", "--state", &url, "--index", &url]);
        command.env("RUST_BACKTRACE", "0");
        let log = self.home.path(&format!("gateway-{}.log", self.starts.fetch_add(1, SeqCst)));
        let gateway = Gateway::start(command, log);
        self.running.lock().expect("no test panics with it")[number] = Some(gateway);
    }

    /// Kills process `number` as a loss of power does.
    fn kill(&self, number: usize) {
        let mut gateway = self.running.lock().expect("no test panics with it")[number].take().expect("it runs");
        gateway.process.kill().expect("it runs");
        gateway.process.wait().expect("it was started");
    }

    fn client(&self, number: usize) -> Client {
        Client::new(&format!("http://127.0.0.1:{}", self.ports[number % PROCESSES])).expect("an address")
    }
}

/// Signs as the development account `name`.
fn sign(name: &str, challenge: &Challenge) -> Signature {
    let key = Key::from(development_key(name).expect("a name"));
    match key.sign(challenge.to_string().as_bytes()) {
        Signed::Sr25519(bytes) => Signature { scheme: Scheme::Sr25519, bytes },
        Signed::Ed25519(bytes) => Signature { scheme: Scheme::Ed25519, bytes },
    }
}

fn scope(published: &Published, name: &str, one_time: &SecretKey) -> ChallengeScope {
    let account = *Key::from(development_key(name).expect("a name")).account().as_ref();
    let recipient = one_time.public().expect("it is not weak");
    ChallengeScope { registry: published.registry, content: published.content, account, recipient }
}

/// A chance generator of one fan.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most as u64) as usize
    }
}

/// What the fans counted.
#[derive(Default)]
struct Counts {
    keys: AtomicUsize,
    refused: AtomicUsize,
    /// Answers that a killed process took with it.
    lost: AtomicUsize,
    interrupted: AtomicUsize,
    /// Number of keys for each challenge.
    by_challenge: Mutex<HashMap<String, usize>>,
}

/// Gets one challenge from a process, and redeems it at others until one answers.
fn unlock(fleet: &Fleet<'_>, published: &Published, name: &str, chance: &mut Chance, counts: &Counts) {
    let begin = Instant::now();
    let one_time = SecretKey::generate();
    let scope = scope(published, name, &one_time);
    let challenge = loop {
        match fleet.client(chance.below(PROCESSES)).challenge(&scope) {
            Ok(challenge) => break challenge,
            Err(ClientError::Network { .. }) => counts.interrupted.fetch_add(1, SeqCst),
            Err(error) => panic!("{error}"),
        };
        assert!(begin.elapsed() < PATIENCE, "no process gives a challenge");
    };
    let signature = sign(name, &challenge);
    let mut broken = false;
    loop {
        match fleet.client(chance.below(PROCESSES)).redeem(&challenge, &signature, &one_time, &published.key) {
            Ok(key) => {
                assert_eq!(key.public().expect("it is not weak"), published.key, "another key");
                assert_eq!(name, "ana", "ben has no access");
                counts.keys.fetch_add(1, SeqCst);
                *counts.by_challenge.lock().expect("whole").entry(challenge.to_string()).or_default() += 1;
                break;
            }
            Err(error) => match error.code() {
                Some(ProblemCode::NoAccess) => {
                    assert_eq!(name, "ben", "ana has access: {error}");
                    counts.refused.fetch_add(1, SeqCst);
                    break;
                }
                Some(ProblemCode::Used) => {
                    assert!(broken, "a challenge that nobody used is used");
                    counts.lost.fetch_add(1, SeqCst);
                    break;
                }
                None if matches!(error, ClientError::Network { .. }) => {
                    broken = true;
                    counts.interrupted.fetch_add(1, SeqCst);
                }
                _ => panic!("{error}"),
            },
        }
        assert!(begin.elapsed() < PATIENCE, "no process answers");
    }
    // Whoever sends it again gets nothing, wherever.
    if let Err(error) = fleet.client(chance.below(PROCESSES)).redeem(&challenge, &signature, &one_time, &published.key)
    {
        assert!(matches!(error.code(), Some(ProblemCode::Used) | None), "{error}");
    } else {
        panic!("a challenge was used twice");
    }
}

#[test]
fn three_processes_use_each_challenge_once_though_they_are_killed() {
    let Some(postgres) = Postgres::start() else {
        eprintln!("SKIPPED: PostgreSQL is not installed: scripts/setup --server");
        return;
    };
    let home = ChainFolder::launched();
    let song = home.file("song", b"la la");
    home.json_of(&["publish", &song, "--level", "1", "--as", "mira"]);
    home.json_of(&["subscribe", "Listener", "--as", "ana"]);
    let fleet = Fleet::start(&home, &postgres);
    let published = published(&home, &fleet);

    // One signed challenge of one process, sent to all of them at the same moment.
    for _ in 0..5 {
        let one_time = SecretKey::generate();
        let challenge = fleet.client(0).challenge(&scope(&published, "ana", &one_time)).expect("it answers");
        let signature = sign("ana", &challenge);
        let got = AtomicUsize::new(0);
        std::thread::scope(|threads| {
            for number in 0..2 * PROCESSES {
                let (fleet, challenge, one_time, published, got) = (&fleet, &challenge, &one_time, &published, &got);
                threads.spawn(move || {
                    match fleet.client(number).redeem(challenge, &signature, one_time, &published.key) {
                        Ok(_) => _ = got.fetch_add(1, SeqCst),
                        Err(error) => assert_eq!(error.code(), Some(ProblemCode::Used), "{error}"),
                    }
                });
            }
        });
        assert_eq!(got.load(SeqCst), 1, "exactly one process answers");
    }

    let (counts, stop) = (Counts::default(), AtomicBool::new(false));
    let mut kills = 0;
    std::thread::scope(|threads| {
        for fan in 0..FANS {
            let (fleet, published, counts, stop) = (&fleet, &published, &counts, &stop);
            threads.spawn(move || {
                let mut chance = Chance(0x9e37_79b9_7f4a_7c15 ^ ((fan as u64 + 1) << 20));
                while !stop.load(SeqCst) {
                    unlock(fleet, published, if fan % 3 == 2 { "ben" } else { "ana" }, &mut chance, counts);
                }
            });
        }
        let (begin, mut chance) = (Instant::now(), Chance(77));
        while begin.elapsed() < LOAD {
            std::thread::sleep(Duration::from_millis(100 + chance.below(600) as u64));
            let number = chance.below(PROCESSES);
            fleet.kill(number);
            fleet.run(number);
            kills += 1;
        }
        stop.store(true, SeqCst);
    });
    let counted = |count: &AtomicUsize| count.load(SeqCst);
    let (keys, refused, lost) = (counted(&counts.keys), counted(&counts.refused), counted(&counts.lost));
    eprintln!(
        "{keys} keys, {refused} refusals, {lost} answers lost in {kills} kills, {} interruptions",
        counted(&counts.interrupted)
    );
    assert!(kills >= 3 && keys > 20 && refused > 5, "there was load");
    assert!(counts.by_challenge.lock().expect("whole").values().all(|keys| *keys == 1), "a challenge gave two keys");
    // Each fan waits for one answer at a time.
    assert!(lost <= kills * FANS, "more answers are lost than were under way");

    // The database goes away and comes back: a challenge from before stays good, and is used once.
    let one_time = SecretKey::generate();
    let challenge = fleet.client(0).challenge(&scope(&published, "ana", &one_time)).expect("it answers");
    let signature = sign("ana", &challenge);
    postgres.crash();
    let error = fleet.client(1).redeem(&challenge, &signature, &one_time, &published.key).expect_err("no database");
    assert_eq!(error.code(), Some(ProblemCode::Unreachable), "{error}");
    postgres.restart();
    let begin = Instant::now();
    while let Err(error) = fleet.client(2).redeem(&challenge, &signature, &one_time, &published.key) {
        assert!(error.code() == Some(ProblemCode::Unreachable) && begin.elapsed() < PATIENCE, "{error}");
        std::thread::sleep(Duration::from_millis(100));
    }
    let error = fleet.client(0).redeem(&challenge, &signature, &one_time, &published.key).expect_err("it is used");
    assert_eq!(error.code(), Some(ProblemCode::Used), "{error}");
}

/// Reads the newest content on the chain.
fn published(home: &ChainFolder, fleet: &Fleet<'_>) -> Published {
    let health = fleet.client(0).health().expect("it answers");
    let bytes = |text: &str| <[u8; 32]>::try_from(hex::decode(&text[2..]).expect("hexadecimal")).expect("32 bytes");
    let registry = RegistryId { genesis: bytes(&health.genesis), registry: bytes(&health.registry) };
    // The gateway's folder has one key.
    let keys = patronage_gateway::key_folder::KeyFolder::open(&home.chain().join("keys")).expect("it was published");
    let key = keys.public_keys().expect("it can be read")[0];
    Published { registry, content: 3, key }
}
