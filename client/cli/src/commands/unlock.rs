//! The fan's side of the gateway.

use std::path::PathBuf;

use clap::Args;
use patronage::{
    actions::content,
    gate::{content_info, wallet_signature},
    report::{Report, Value},
    session::Failure,
};
use patronage_chain::{
    accounts::{address, development_key},
    hexadecimal,
    keys::Key,
};
use patronage_gateway::{
    client::{Client, ClientError, Progress, SigningError, UnlockRequest},
    file_name::servable,
    key_folder::write_key,
    registry::RegistryId,
    signature::{Scheme, Signature},
};
use patronage_interfaces::AccountId;
use patronage_text::{bare, is_blank};

use super::{desk::Desk, out, progress, Global};

/// Opening content.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage unlock \"Studio diary\" --gateway https://mira.example --as ana
  patronage unlock 0 --gateway https://mira.example --out diary.mp3 --identity diary.key --as ana
  age -d -i diary.key diary.mp3.age > diary.mp3        the same with any age tool, from then on
  patronage unlock 0 --gateway https://mira.example --sign-elsewhere --as 5FTjv9...   with a wallet that keeps its key
Nothing is believed of what the gateway says: key and file are checked against the registry on the chain.")]
pub struct Unlock {
    /// Title or number of the content, such as 3, or '#3' where another title is 3.
    content: String,
    /// The creator's gateway.
    #[arg(long, value_name = "URL", env = "PATRONAGE_GATEWAY")]
    gateway: String,
    /// The file to write, which must not exist yet. Without it, the name of the encrypted file without its ending.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Writes the content's key too, for age -d -i. Whoever has it can open the file.
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    /// Shows the text that a wallet elsewhere has to sign for the account of --as, and takes the signature. No key is needed here.
    #[arg(long)]
    sign_elsewhere: bool,
}

impl Unlock {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        let (account, key) = match self.sign_elsewhere {
            true => (named_account(&desk, global)?, None),
            false => signing_key(&desk, global).map(|key| (key.account(), Some(key)))?,
        };
        let client = Client::new(&self.gateway).map_err(failure)?;
        let mut session = desk.session()?;
        let id = session.find_content(&self.content)?;
        let file = content::file(&mut session, id)?;
        let info = content_info(file);
        let registry = RegistryId { genesis: session.deployment.genesis, registry: *session.suite().registry.as_ref() };
        let name = session.content_name(id);
        let output = self.out.unwrap_or_else(|| default_output(&info.uri, id));
        if let Some(path) = self.identity.iter().find(|path| path.symlink_metadata().is_ok()) {
            return Err(Failure::Request(format!("{} is there already: choose another name", path.display())));
        }
        if global.dry_run {
            return desk.show(&Report::new(format!("unlock {name}")).text("file", output.display().to_string()));
        }
        let wanted = UnlockRequest { registry, content: id, info, account: *account.as_ref() };
        let sign = |text: &str| match &key {
            Some(key) => Ok(wallet_signature(key.sign(text.as_bytes()))),
            None => signed_elsewhere(&account, text),
        };
        let mut download = progress::Meter::new("downloading", global.json);
        let mut opening = progress::Meter::new("opening", global.json);
        let unlocked = client.unlock(&wanted, sign, &output, |progress| match progress {
            Progress::Downloading { done, total } => download.show(done, total),
            Progress::Opening { done } => opening.show(done, None),
        });
        drop((download, opening));
        let unlocked = unlocked.map_err(failure)?;
        if let Some(path) = &self.identity {
            write_key(&unlocked.key, path).map_err(|error| Failure::Request(error.to_string()))?;
        }
        desk.show(
            &Report::new(format!("unlocked {name}"))
                .account("account", account)
                .text("file", output.display().to_string())
                .with("bytes", Value::Number(unlocked.size))
                .with_some("identity", self.identity.map(|path| Value::Text(path.display().to_string()))),
        )
    }
}

/// The key that signs for the account of --as: its own, or that of the development account with this name.
fn signing_key(desk: &Desk<'_>, global: &Global) -> Result<Key, Failure> {
    let signer = desk.signer()?;
    if let Some(key) = signer.key() {
        return Ok(key.clone());
    }
    let named = global.signer.as_deref().and_then(|name| development_key(name).ok()).map(Key::from);
    named.filter(|key| key.account() == signer.account()).ok_or_else(|| {
        Failure::Request(
            "opening content takes a signature, and an address alone can't sign: name the account's key with --key, or sign \
             with a wallet by --sign-elsewhere"
                .to_owned(),
        )
    })
}

/// The account of --as, which a wallet elsewhere signs for.
fn named_account(desk: &Desk<'_>, global: &Global) -> Result<AccountId, Failure> {
    match &global.signer {
        Some(text) => desk.account(text),
        None => Err(Failure::Request("say which account the wallet signs for: --as ADDRESS".to_owned())),
    }
}

/// Shows `text`, and takes the signature that a wallet elsewhere makes of it.
fn signed_elsewhere(account: &AccountId, text: &str) -> Result<Signature, SigningError> {
    let shown = address(account);
    out::progress_line(&format!("Sign this text with {shown}, within two minutes:"));
    out::progress_line("");
    text.lines().for_each(out::progress_line);
    for line in ["", "The same in hexadecimal, for wallets that take one line only:", &hexadecimal(text.as_bytes())] {
        out::progress_line(line);
    }
    let given = out::answer("Signature: ")?;
    signature(&given, account, text).ok_or_else(|| {
        format!("that is no signature of this text by {shown}: run the command again, and sign exactly the text that it shows")
            .into()
    })
}

/// The signature of `text` by `account` that a wallet `given`s as 64 bytes in hexadecimal, or as 65 where the first one says
/// how it was made. Blanks in it and quotation marks around it are no part of it.
fn signature(given: &str, account: &AccountId, text: &str) -> Option<Signature> {
    let compact: String = bare(given).chars().filter(|letter| !is_blank(*letter)).collect();
    let digits = compact.strip_prefix("0x").or_else(|| compact.strip_prefix("0X")).unwrap_or(&compact);
    let digits = if digits.len() == 130 { digits.get(2..)? } else { digits };
    let made = |scheme| Signature::from_hex(scheme, &format!("0x{digits}"));
    let holds = |signature: &Signature| signature.verifies(account.as_ref(), text);
    [Scheme::Sr25519, Scheme::Ed25519].into_iter().filter_map(made).find(holds)
}

/// The plain name of the encrypted file, in this folder, without what encrypting added to it.
fn default_output(uri: &str, id: u32) -> PathBuf {
    let name = uri.rsplit('/').next().unwrap_or_default();
    match name.strip_suffix(".age") {
        Some(plain) if servable(plain) => PathBuf::from(plain),
        _ => PathBuf::from(format!("content-{id}")),
    }
}

fn failure(error: ClientError) -> Failure {
    match error {
        ClientError::Refused(problem) => {
            Failure::Refused { error: format!("{:?}", problem.code), message: problem.message }
        }
        other => Failure::Request(other.to_string()),
    }
}
