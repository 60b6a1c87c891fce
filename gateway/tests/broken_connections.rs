//! Interrupted connections between a fan and a gateway.

mod common;

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    thread,
};

use common::{Fan, GatewayFixture};
use patronage_gateway::client::{Client, ClientError};

/// A proxy in front of `gateway` that forwards so many answers on its first connection, so many on its second, and all on
/// later ones. The next answer is lost with its connection, after the gateway has sent it.
fn unreliable(gateway: SocketAddr, lets_through: &'static [usize]) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = Client::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    thread::spawn(move || {
        let plan = lets_through.iter().copied().chain(std::iter::repeat(usize::MAX));
        for (fan, answers) in listener.incoming().zip(plan) {
            let (fan, gateway) = (fan.unwrap(), TcpStream::connect(gateway).unwrap());
            let (mut from, mut to) = (fan.try_clone().unwrap(), gateway.try_clone().unwrap());
            thread::spawn(move || std::io::copy(&mut from, &mut to));
            thread::spawn(move || pass(gateway, fan, answers));
        }
    });
    client
}

/// Our answers are small: each arrives in one piece.
fn pass(mut gateway: TcpStream, mut fan: TcpStream, answers: usize) {
    let mut answer = [0; 0x1_0000];
    for _ in 0..answers {
        match gateway.read(&mut answer) {
            Ok(size) if size > 0 && fan.write_all(&answer[..size]).is_ok() => (),
            _ => break,
        }
    }
    let _ = gateway.read(&mut answer);
    let _ = (fan.shutdown(Shutdown::Both), gateway.shutdown(Shutdown::Both));
}

fn fixture() -> (GatewayFixture, Fan) {
    let (fixture, fan) = (GatewayFixture::new(), Fan::sr25519(1));
    fixture.publish(0, b"words");
    fixture.registry.grant(0, fan.account());
    (fixture, fan)
}

#[test]
fn what_breaks_off_before_an_answer_is_asked_again() {
    let (fixture, fan) = fixture();
    unreliable(fixture.address, &[0, 0]).key(&fixture.unlock_request(0, &fan), fan.signer()).unwrap();
    assert_eq!(fixture.registry.asked(), 1);
}

#[test]
fn a_lost_answer_is_not_mistaken_for_a_used_challenge() {
    let (fixture, fan) = fixture();
    let (client, request) = (unreliable(fixture.address, &[1]), fixture.unlock_request(0, &fan));
    let error = client.key(&request, fan.signer()).unwrap_err();
    assert!(matches!(error, ClientError::Network { .. }), "{error}");
    assert!(error.to_string().contains("try again"), "{error}");
    assert_eq!(fixture.registry.asked(), 1, "a challenge is good for one answer, also where it is lost");
    client.key(&request, fan.signer()).unwrap();
}

#[test]
fn who_always_breaks_off_is_given_up() {
    let (fixture, fan) = fixture();
    let error = unreliable(fixture.address, &[0; 20]).key(&fixture.unlock_request(0, &fan), fan.signer()).unwrap_err();
    assert!(matches!(error, ClientError::Network { .. }), "{error}");
    assert_eq!(fixture.registry.asked(), 0);
}

#[test]
fn that_nobody_listens_is_said_at_once() {
    let (fixture, fan) = fixture();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let begin = std::time::Instant::now();
    let client = Client::new(&format!("http://{nobody}")).unwrap();
    let error = client.key(&fixture.unlock_request(0, &fan), fan.signer()).unwrap_err().to_string();
    assert!(error.contains("Check the address"), "{error}");
    assert!(begin.elapsed() < std::time::Duration::from_secs(5));
}
