//! Deploys contracts in each form of the builder, and calls them with raw input.

use std::path::PathBuf;

use ink::scale::{Decode, Encode};
use patronage::bundle::{self, Codes};
use patronage_chain::{Call, Chain, ChainError, Outcome, Signer, Target, Width};
use patronage_interfaces::AccountId;
use test_kit::TestEnv;

/// Forms of a contract, as in the builder's option `--form`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Split,
    Single,
    Official,
}

pub const FORMS: [Form; 3] = [Form::Split, Form::Single, Form::Official];

/// Return data for ink!'s `LangError::CouldNotReadInput`.
pub const UNREADABLE: &[u8] = &[1, 1];

/// Folder of the bundles in this form.
pub fn folder(form: Form) -> PathBuf {
    let folder = bundle::folder(Width::U128);
    match form {
        Form::Split => folder,
        Form::Single => folder.with_file_name("ink-single"),
        Form::Official => folder.with_file_name("ink-official"),
    }
}

/// Codes of the contract `name` in this form.
pub fn codes(form: Form, name: &str) -> Codes {
    let built = bundle::codes_in(&folder(form), name, Width::U128);
    let codes = built.unwrap_or_else(|error| panic!("{error}: scripts/build --all, and again with --form"));
    assert_eq!(codes.cold.is_some(), form == Form::Split, "{name} has a cold code only if it is split");
    codes
}

pub fn hash(code: &[u8]) -> [u8; 32] {
    sp_core::hashing::blake2_256(code)
}

/// Selector and arguments.
pub fn input(selector: [u8; 4], arguments: impl Encode) -> Vec<u8> {
    [&selector[..], &arguments.encode()].concat()
}

/// Sends `data` to a contract.
pub fn send(
    env: &mut TestEnv,
    from: AccountId,
    to: AccountId,
    value: u128,
    data: &[u8],
) -> Result<Outcome, ChainError> {
    env.chain.submit(&Signer::from(from), &Call { target: Target::Contract(to), value, data })
}

/// Uploads `code` alone.
pub fn upload(env: &mut TestEnv, from: AccountId, code: &[u8]) -> Result<Outcome, ChainError> {
    env.chain.submit(&Signer::from(from), &Call { target: Target::Code(code), value: 0, data: &[] })
}

/// Instantiates `code` by the constructor in `data`.
pub fn instantiate(env: &mut TestEnv, code: &[u8], value: u128, data: &[u8]) -> Result<Outcome, ChainError> {
    let creator = Signer::from(env.creator);
    env.chain.submit(&creator, &Call { target: Target::New { code, salt: &[] }, value, data })
}

/// Deploys a contract in this form as the creator. Uploads its cold code first.
#[track_caller]
pub fn deploy(env: &mut TestEnv, form: Form, name: &str, data: &[u8]) -> AccountId {
    deploy_codes(env, &codes(form, name), data)
}

/// A contract of the creator's with these codes.
#[track_caller]
pub fn deploy_codes(env: &mut TestEnv, Codes { code, cold }: &Codes, data: &[u8]) -> AccountId {
    if let Some(cold) = cold {
        let creator = env.creator;
        upload(env, creator, cold).expect("the chain takes the cold code");
    }
    let made = instantiate(env, code, 0, data).expect("the constructor answers");
    made.contract.unwrap_or_else(|| panic!("the constructor refused: {:?}", made.output))
}

/// Value that a message returned, without ink!'s `Ok` around it.
#[track_caller]
pub fn answer<T: Decode>(outcome: &Outcome) -> T {
    let (ok, rest) = outcome.output.split_first().expect("an answer has a byte at least");
    assert_eq!(*ok, 0, "the message failed: {:?}", outcome.output);
    assert!(!outcome.reverted, "the message failed: {:?}", outcome.output);
    T::decode(&mut &rest[..]).expect("the answer is of the type")
}
