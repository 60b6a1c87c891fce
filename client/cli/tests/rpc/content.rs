//! Content from a creator's file to a fan's file, through a gateway with a chain behind a node.

use std::{
    collections::HashSet,
    fs,
    path::Path,
    process::Command,
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use patronage::{actions::content, client::Client, deployment::Deployment, registry_adapter::content_info};
use patronage_chain::{accounts::development_key, Chain, Width};
use patronage_gateway::{
    client::{Client as GatewayClient, ClientError, UnlockRequest},
    key::SecretKey,
    protocol::ProblemCode,
    registry::RegistryId,
    signature::{Scheme, Signature},
};
use patronage_rpc::RpcChain;
use sp_core::Pair;
use test_kit::{
    command::{argument, example, Shell},
    gateway::Gateway,
    node::Node,
};

const WORDS: &[u8] = b"the words that fans pay for";

/// A gateway for the creator on the chain of `node`.
fn gateway(node: &Node) -> Gateway {
    let gateway = node.gateway();
    // The content of the launch file was encrypted elsewhere, so its keys are missing here.
    assert_eq!(gateway.report["incomplete"].as_array().map(Vec::len), Some(3), "{}", gateway.report);
    gateway
}

/// `fan` can't open `content`. Returns the reason.
#[track_caller]
fn denial_of(node: &Node, gateway: &Gateway, content: &str, fan: &str) -> String {
    let error = node.unlock_error(gateway, content, fan);
    assert_eq!(error["name"], "NoAccess", "{error:#}");
    error["message"].as_str().expect("words").to_owned()
}

/// The request of `fan` to unlock the content called `title`.
fn wanted(node: &Node, title: &str, fan: &str) -> UnlockRequest {
    let mut chain = RpcChain::connect(node.url()).expect("the node runs");
    let genesis = chain.properties().genesis;
    let deployment = Deployment::read(&node.deployment(), &genesis).expect("it was written");
    let registry = RegistryId { genesis, registry: *deployment.contracts.registry.as_ref() };
    let mut client = Client::new(&mut chain, deployment).expect("it is there");
    let id = client.find_content(title).expect("it is published");
    let file = content::file(&mut client, id).expect("it is published");
    let account = development_key(fan).expect("a name").public().0;
    UnlockRequest { registry, content: id, info: content_info(file), account }
}

/// `fan` requests the key of `wanted`, without querying the chain.
fn key(gateway: &Gateway, wanted: &UnlockRequest, fan: &str) -> Result<SecretKey, ClientError> {
    let pair = development_key(fan).expect("a name");
    let sign = |text: &str| Ok(Signature { scheme: Scheme::Sr25519, bytes: pair.sign(text.as_bytes()).0 });
    GatewayClient::new(&gateway.url)?.key(wanted, sign)
}

/// Number of connections of a process to this port of this machine, from Linux's `/proc`.
fn connections(process: u32, port: u16) -> usize {
    let sockets: HashSet<String> = fs::read_dir(format!("/proc/{process}/fd"))
        .expect("it runs")
        .filter_map(|entry| fs::read_link(entry.ok()?.path()).ok()?.to_str().map(str::to_owned))
        .collect();
    let table = fs::read_to_string("/proc/net/tcp").expect("Linux has it");
    // Columns: number, local address, remote address, state (01 is established), ..., and tenth the socket. As the table
    // changes while it is read, a line may be there twice.
    let stands = table.lines().skip(1).filter_map(|line| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let ours = columns[2].ends_with(&format!(":{port:04X}")) && columns[3] == "01";
        ours.then(|| format!("socket:[{}]", columns[9]))
    });
    stands.collect::<HashSet<_>>().intersection(&sockets).count()
}

#[test]
fn content_opens_to_whom_the_chain_lets_in_and_shuts_when_they_cancel() {
    let node = Node::launched(Width::U128);
    let song = node.file("song.mp3", WORDS);
    node.json_of(&["publish", &song, "--rule", "level 1", "--rule", "holds 5", "--as", "mira"]);
    let gateway = gateway(&node);
    let why = denial_of(&node, &gateway, "song", "ana");
    assert!(why.contains("a subscription at level 1") && why.contains("5 MIRA more (holds 0 MIRA)"), "{why}");

    node.json_of(&["subscribe", "Listener", "--as", "ana"]);
    assert_eq!(node.unlock(&gateway, "song", "ana"), WORDS);
    node.json_of(&["buy", "5", "--as", "ben"]);
    assert_eq!(node.unlock(&gateway, "song", "ben"), WORDS);

    let path = |name: &str| node.folder().join(name).to_str().expect("its path is text").to_owned();
    let identity = |name: &str, fan: &str| {
        let (out, key) = (path(&format!("{name}.out")), path(name));
        node.json_of(&["unlock", "song", "--gateway", &gateway.url, "--out", &out, "--identity", &key, "--as", fan]);
        key
    };
    let age = |key: &str, file: &str| {
        let file = Path::new(gateway.report["files"].as_str().expect("its folder of files")).join(file);
        let opened = Command::new("age").args(["-d", "-i", key]).arg(file).output();
        opened.expect("age is installed: scripts/setup").stdout
    };
    let old = identity("old", "ana");
    assert_eq!(age(&old, "song.mp3.age"), WORDS);

    node.json_of(&["cancel", "--as", "ana"]);
    let why = denial_of(&node, &gateway, "song", "ana");
    assert!(why.contains("a subscription at level 1"), "{why}");

    let again = node.file("again", b"other words");
    node.json_of(&["rotate", "song", &again, "--as", "mira"]);
    assert_eq!(node.unlock(&gateway, "song", "ben"), b"other words");
    let new = identity("new", "ben");
    assert_eq!(age(&new, "again.age"), b"other words");
    assert!(age(&old, "again.age").is_empty() && age(&new, "song.mp3.age").is_empty());
    denial_of(&node, &gateway, "song", "ana");
    let log = gateway.stop();
    assert!(log.contains("stopped") && !log.contains("AGE-SECRET-KEY"), "{log}");
}

#[test]
fn a_gateway_says_that_its_node_is_away_and_goes_on_when_it_is_back() {
    let node = Node::launched(Width::U128);
    let song = node.file("song", WORDS);
    let publish = || node.json_of(&["publish", &song, "--everyone", "--as", "mira"]);
    publish();
    let gateway = gateway(&node);
    let before = wanted(&node, "song", "ana");
    key(&gateway, &before, "ana").expect("everyone may open it");

    node.stop();
    for _ in 0..3 {
        let error = key(&gateway, &before, "ana").expect_err("nobody knows whether ana may open it");
        assert_eq!(error.code(), Some(ProblemCode::Unreachable), "{error}");
        assert!(error.to_string().contains("cannot reach its chain now: try again"), "{error}");
    }
    let client = GatewayClient::new(&gateway.url).expect("its address");
    assert_eq!(client.health().expect("it answers").status, "unreachable");

    // The chain restarts, and the same launch has the same addresses.
    node.start_again();
    fs::remove_file(node.deployment()).expect("it was written");
    node.json_of(&["launch", &argument(&example())]);
    publish();
    let after = wanted(&node, "song", "ana");
    assert_eq!(after.registry, before.registry);
    assert_ne!(after.info, before.info);
    key(&gateway, &after, "ana").expect("everyone may open it");
    assert_eq!(node.unlock(&gateway, "song", "ana"), WORDS);
    assert_eq!(connections(gateway.process.id(), node.port()), 1);

    let log = gateway.stop();
    assert!(log.contains("does not answer") && log.contains(&format!("no node answers at {}", node.url())), "{log}");
}

#[test]
fn many_fans_at_once_are_answered_over_one_connection_to_the_node() {
    // Twice the gateway's limit of concurrent queries.
    const FANS: usize = 16;
    let node = Node::launched(Width::U128);
    let song = node.file("song", WORDS);
    node.json_of(&["publish", &song, "--everyone", "--as", "mira"]);
    let gateway = gateway(&node);
    let wanted = wanted(&node, "song", "ana");
    let barrier = Barrier::new(FANS + 1);
    let most = thread::scope(|scope| {
        let fans: Vec<_> = (0..FANS)
            .map(|number| {
                let (gateway, barrier, fan) = (&gateway, &barrier, format!("fan-{number}"));
                let account = development_key(&fan).expect("a name").public().0;
                let wanted = UnlockRequest { account, ..wanted.clone() };
                scope.spawn(move || {
                    barrier.wait();
                    key(gateway, &wanted, &fan).map(|_| ())
                })
            })
            .collect();
        barrier.wait();
        let (begin, mut most) = (Instant::now(), 0);
        while !fans.iter().all(|fan| fan.is_finished()) {
            most = most.max(connections(gateway.process.id(), node.port()));
            thread::sleep(Duration::from_millis(5));
        }
        println!("{FANS} fans at once got their keys within {} ms", begin.elapsed().as_millis());
        for fan in fans {
            fan.join().expect("it ends").expect("everyone may open it");
        }
        most
    });
    assert_eq!(most, 1);
}
