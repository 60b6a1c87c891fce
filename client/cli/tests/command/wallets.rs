//! Keys of wallets: exports, and signatures made by wallets.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    os::unix::fs::PermissionsExt,
    process::{Output, Stdio},
};

use patronage_chain::accounts::development_key;
use sp_core::{crypto::Ss58Codec, ed25519, Pair};
use test_kit::{
    command::{argument, text, ChainFolder, Shell},
    gateway::Gateway,
};

const WORDS: &[u8] = b"the words that fans pay for";
/// The account of the vector with an ed25519 key. It is not a development account.
const WITH_ED25519: &str = "5CNf3MEtw22A8V1b5jgSc4vaGjEaro4mmrLugBKYNN2xNpHN";

/// A creator with content for holders of 5 tokens. Each of these accounts holds them.
fn with_song(holders: &[&str]) -> ChainFolder {
    let home = ChainFolder::launched();
    let song = home.file("song", WORDS);
    home.json_of(&["publish", &song, "--rule", "holds 5", "--as", "mira"]);
    for holder in holders {
        home.json_of(&["buy", "5", "--for", holder, "--as", "ana"]);
    }
    home
}

/// Unlocks the song for the account at `address` with the signature that `wallet` returns for the shown text.
fn opens_elsewhere(
    home: &ChainFolder,
    gateway: &Gateway,
    address: &str,
    wallet: impl FnOnce(&str) -> String,
) -> (Output, Option<Vec<u8>>) {
    let out = home.path("unlocked");
    fs::remove_file(&out).unwrap_or(());
    let name = argument(&out);
    let arguments = ["unlock", "song", "--gateway", &gateway.url, "--out", &name, "--as", address];
    let mut command = home.command(&[&arguments[..], &["--sign-elsewhere", "--json"]].concat());
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().expect("the command starts");
    let mut shown = BufReader::new(process.stderr.take().expect("it was asked for")).lines();
    let mut words = String::new();
    let hexadecimal = loop {
        let line = shown.next().expect("it shows the text first").expect("its output is text");
        match line.strip_prefix("0x") {
            Some(digits) => break digits.to_owned(),
            None => words = words + &line + "\n",
        }
    };
    let bytes = hex::decode(&hexadecimal).expect("hexadecimal");
    assert!(words.contains(address) && words.contains(text(&bytes)), "{words}");
    let mut input = process.stdin.take().expect("it was asked for");
    writeln!(input, "{}", wallet(text(&bytes))).expect("it reads on");
    drop(input);
    (process.wait_with_output().expect("it ends"), fs::read(out).ok())
}

#[test]
fn a_wallet_elsewhere_signs_raw_or_wrapped_with_either_kind_of_key() {
    let ben = development_key("ben").expect("a name");
    let fan = ed25519::Pair::from_seed(&[7; 32]);
    let (bens, fans) = (ben.public().to_ss58check(), fan.public().to_ss58check());
    let home = with_song(&[&bens, &fans]);
    let gateway = home.gateway();
    let wrapped = |text: &str| format!("<Bytes>{text}</Bytes>").into_bytes();

    let opened = |address: &str, wallet: &dyn Fn(&str) -> String| {
        let (output, bytes) = opens_elsewhere(&home, &gateway, address, wallet);
        assert!(output.status.success() && bytes.as_deref() == Some(WORDS), "{}", text(&output.stdout));
    };
    opened(&bens, &|text| format!("0x{}", hex::encode(ben.sign(text.as_bytes()).0)));
    opened(&bens, &|text| format!("  0x{} ", hex::encode(ben.sign(&wrapped(text)).0)));
    opened(&fans, &|text| hex::encode(fan.sign(text.as_bytes()).0).to_uppercase());
    // With a leading byte for the scheme.
    opened(&fans, &|text| format!("0x00{}", hex::encode(fan.sign(&wrapped(text)).0)));
    // As copied from other programs.
    opened(&bens, &|text| format!("\u{feff}\"0X01{}\"\r", hex::encode(ben.sign(text.as_bytes()).0).to_uppercase()));
    opened(&bens, &|text| {
        let digits = hex::encode(ben.sign(text.as_bytes()).0);
        format!("“0x{} {}”\u{a0}", &digits[..64], &digits[64..])
    });
}

#[test]
fn what_is_no_signature_of_the_account_is_refused_and_nothing_is_written() {
    let ben = development_key("ben").expect("a name");
    let bens = ben.public().to_ss58check();
    let home = with_song(&[&bens]);
    let gateway = home.gateway();
    let cleo = development_key("cleo").expect("a name");
    let refused = |wallet: &dyn Fn(&str) -> String| {
        let (output, bytes) = opens_elsewhere(&home, &gateway, &bens, wallet);
        assert!(!output.status.success() && bytes.is_none());
        let told = text(&output.stdout);
        assert!(told.contains("not a signature of this text by 5"), "{told}");
    };
    refused(&|text| format!("0x{}", hex::encode(cleo.sign(text.as_bytes()).0)));
    refused(&|text| format!("0x{}", hex::encode(ben.sign(text.replace('\n', " ").as_bytes()).0)));
    refused(&|_| "0x1234".to_owned());
    refused(&|_| "ü".repeat(65));
    refused(&|_| String::new());
    let error = home.error_of(&["unlock", "song", "--gateway", &gateway.url, "--sign-elsewhere"]);
    assert!(error["message"].as_str().expect("words").contains("--as ADDRESS"), "{error}");
    let error = home.error_of(&["unlock", "song", "--gateway", &gateway.url, "--as", &bens]);
    assert!(error["message"].as_str().expect("words").contains("--sign-elsewhere"), "{error}");
}

#[test]
fn exports_of_wallets_open_content_with_their_password() {
    let home = with_song(&["ana", WITH_ED25519]);
    let gateway = home.gateway();
    let sr25519 = home.secret("ana.json", include_bytes!("../../../chain/tests/vectors/ana-sr25519.json"));
    let ed25519 = home.secret("fan.json", include_bytes!("../../../chain/tests/vectors/ana-ed25519.json"));
    let (good, bad) = (home.secret("good", "correct hörse\n".as_bytes()), home.secret("bad", b"hunter2"));
    let out = argument(&home.path("unlocked"));
    let unlock = ["unlock", "song", "--gateway", &gateway.url, "--out", &out];
    for key in [&sr25519, &ed25519] {
        home.json_of(&[&unlock[..], &["--key", key, "--password-file", &good]].concat());
        assert_eq!(fs::read(&out).expect("it was written"), WORDS);
        fs::remove_file(&out).expect("ours");
    }
    let mut from_environment = home.command(&[&unlock[..], &["--key", &ed25519]].concat());
    let output = from_environment.env("PATRONAGE_PASSWORD", "correct hörse").output().expect("the command starts");
    assert!(output.status.success(), "{}", text(&output.stderr));
    fs::remove_file(&out).expect("ours");

    let refused = |more: &[&str]| {
        let error = home.error_of(&[&unlock[..], more].concat());
        let words = error["message"].as_str().expect("words").to_owned();
        assert!(!words.contains("hunter2"), "{words}");
        words
    };
    let words = refused(&["--key", &sr25519, "--password-file", &bad]);
    assert!(words.contains("does not open with this password"), "{words}");
    let words = refused(&["--key", &sr25519]);
    assert!(words.contains("is encrypted") && words.contains("--password-file"), "{words}");
    let words = refused(&["--key", &sr25519, "--password-file", &good, "--as", "ben"]);
    assert!(words.contains("not to ben"), "{words}");
    fs::set_permissions(&good, fs::Permissions::from_mode(0o644)).expect("its mode can be set");
    let words = refused(&["--key", &sr25519, "--password-file", &good]);
    assert!(words.contains("chmod 600"), "{words}");
}
