//! The fan's client of the gateway.

use std::path::PathBuf;

use clap::Args;
use patronage::{
    actions::content,
    error::Error,
    registry_adapter::{content_info, wallet_signature},
    report::{Report, Value},
};
use patronage_chain::{accounts::address, hexadecimal};
use patronage_gateway::{
    client::{Client as GatewayClient, ClientError, Progress, SigningError, UnlockRequest},
    file_name::servable,
    key_folder::write_key,
    registry::RegistryId,
    signature::{Scheme, Signature},
};
use patronage_interfaces::AccountId;
use patronage_text::{bare, is_blank};

use super::{context::Context, output, progress, Global};

/// Opening content.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage unlock \"Studio diary\" --gateway https://mira.example --as ana
  patronage unlock 0 --gateway https://mira.example --out diary.mp3 --identity diary.key --as ana
  age -d -i diary.key diary.mp3.age > diary.mp3        decrypts the file with any age tool
  patronage unlock 0 --gateway https://mira.example --sign-elsewhere --as 5FTjv9...   with a signature of a wallet
The gateway is not trusted: key and file are verified against the registry on the chain.")]
pub struct Unlock {
    /// Title or number of the content, such as 3, or '#3' where another title is 3.
    content: String,
    /// The creator's gateway.
    #[arg(long, value_name = "URL", env = "PATRONAGE_GATEWAY")]
    gateway: String,
    /// The file to write, which must not exist. Without it, the name of the encrypted file without its extension.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Also writes the content's key into this file, for age -d -i. Everyone with the key can decrypt the file.
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    /// Shows the text to sign with a wallet, for the account of --as, and asks for the signature. Needs no key.
    #[arg(long)]
    sign_elsewhere: bool,
}

impl Unlock {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        let (account, key) = match self.sign_elsewhere {
            true => (named_account(&context, global)?, None),
            false => context.signing_key("unlocking needs a signature").map(|key| (key.account(), Some(key)))?,
        };
        let gateway = GatewayClient::new(&self.gateway).map_err(failure)?;
        let mut client = context.client()?;
        let id = client.find_content(&self.content)?;
        let file = content::file(&mut client, id)?;
        let info = content_info(file);
        let registry =
            RegistryId { genesis: client.deployment.genesis, registry: *client.contracts().registry.as_ref() };
        let name = client.content_name(id);
        let output = self.out.unwrap_or_else(|| default_output(&info.uri, id));
        if let Some(path) = self.identity.iter().find(|path| path.symlink_metadata().is_ok()) {
            return Err(Error::Request(format!("{} exists already: choose another name", path.display())));
        }
        if global.dry_run {
            return context.show(&Report::new(format!("unlock {name}")).text("file", output.display().to_string()));
        }
        let wanted = UnlockRequest { registry, content: id, info, account: *account.as_ref() };
        let sign = |text: &str| match &key {
            Some(key) => Ok(wallet_signature(key.sign(text.as_bytes()))),
            None => signed_elsewhere(&account, text),
        };
        let mut download = progress::Meter::new("downloading", global.json);
        let mut opening = progress::Meter::new("opening", global.json);
        let unlocked = gateway.unlock(&wanted, sign, &output, |progress| match progress {
            Progress::Downloading { done, total } => download.show(done, total),
            Progress::Opening { done } => opening.show(done, None),
        });
        drop((download, opening));
        let unlocked = unlocked.map_err(failure)?;
        if let Some(path) = &self.identity {
            write_key(&unlocked.key, path).map_err(|error| Error::Request(error.to_string()))?;
        }
        context.show(
            &Report::new(format!("unlocked {name}"))
                .account("account", account)
                .text("file", output.display().to_string())
                .with("bytes", Value::Number(unlocked.size))
                .with_some("identity", self.identity.map(|path| Value::Text(path.display().to_string()))),
        )
    }
}

/// The account of --as, for which a wallet signs.
fn named_account(context: &Context<'_>, global: &Global) -> Result<AccountId, Error> {
    match &global.signer {
        Some(text) => context.account(text),
        None => Err(Error::Request("no account is given: name the account of the wallet with --as ADDRESS".to_owned())),
    }
}

/// Shows `text`, and asks for the signature of a wallet.
fn signed_elsewhere(account: &AccountId, text: &str) -> Result<Signature, SigningError> {
    let shown = address(account);
    output::progress_line(&format!("Sign this text with {shown}, within two minutes:"));
    output::progress_line("");
    text.lines().for_each(output::progress_line);
    for line in
        ["", "The same text in hexadecimal, for wallets that accept a single line:", &hexadecimal(text.as_bytes())]
    {
        output::progress_line(line);
    }
    let given = output::answer("Signature: ")?;
    signature(&given, account, text).ok_or_else(|| {
        format!(
            "not a signature of this text by {shown}: run the command again, and sign exactly the text that it shows"
        )
        .into()
    })
}

/// Parses and verifies the signature `given` of `text` by `account`: 64 bytes in hexadecimal, or 65 bytes, of which the first is the
/// signature scheme. White space and surrounding quotation marks are ignored.
fn signature(given: &str, account: &AccountId, text: &str) -> Option<Signature> {
    let compact: String = bare(given).chars().filter(|letter| !is_blank(*letter)).collect();
    let digits = compact.strip_prefix("0x").or_else(|| compact.strip_prefix("0X")).unwrap_or(&compact);
    let digits = if digits.len() == 130 { digits.get(2..)? } else { digits };
    let made = |scheme| Signature::from_hex(scheme, &format!("0x{digits}"));
    let holds = |signature: &Signature| signature.verifies(account.as_ref(), text);
    [Scheme::Sr25519, Scheme::Ed25519].into_iter().filter_map(made).find(holds)
}

/// The name of the encrypted file without its extension, in the current folder.
fn default_output(uri: &str, id: u32) -> PathBuf {
    let name = uri.rsplit('/').next().unwrap_or_default();
    match name.strip_suffix(".age") {
        Some(plain) if servable(plain) => PathBuf::from(plain),
        _ => PathBuf::from(format!("content-{id}")),
    }
}

fn failure(error: ClientError) -> Error {
    match error {
        ClientError::Refused(problem) => {
            Error::Refused { error: format!("{:?}", problem.code), message: problem.message }
        }
        other => Error::Request(other.to_string()),
    }
}
