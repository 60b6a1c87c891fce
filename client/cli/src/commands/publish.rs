//! Publishing content: encrypts a file, parses its rules, and registers it. Also replaces keys.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use patronage::{
    actions::content,
    client::Client,
    content_store::{ContentStore, SealedFile},
    error::Error,
    launch::{parse_age_recipient, parse_hash},
    plan::TxPlan,
    rules,
};
use patronage_chain::units::parse_time;
use patronage_interfaces::registry::{Audience, Condition, Content, Rule, Terms};
use patronage_server::{
    s3::{Access, S3Files},
    ServerError,
};

use super::{
    context::{at, Context},
    output, progress, transaction, Global,
};

/// Folders of the content store.
#[derive(Args)]
pub struct StoreArguments {
    /// The folder of secret keys. Without it, `keys` in the folder of the deployment file. Keep a backup of it.
    #[arg(long, value_name = "FOLDER", env = "PATRONAGE_KEYS")]
    keys: Option<PathBuf>,
    /// The folder of encrypted files. Without it, `content` in the folder of the deployment file.
    #[arg(long, value_name = "FOLDER", env = "PATRONAGE_FILES")]
    files: Option<PathBuf>,
    /// An S3-compatible store of encrypted files, which `serve` reads instead of the folder: s3://BUCKET or s3://BUCKET/FOLDER. The key is in
    /// AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the region in AWS_REGION, and the address in AWS_ENDPOINT_URL.
    #[arg(long, value_name = "URL", env = "PATRONAGE_STORE")]
    pub store: Option<String>,
}

impl StoreArguments {
    /// The content store for the creator of `context`.
    pub fn store(&self, context: &Context<'_>) -> ContentStore {
        let beside = context.deployment_path().parent().unwrap_or(Path::new("")).to_owned();
        let folder = |named: &Option<PathBuf>, name| named.clone().unwrap_or_else(|| beside.join(name));
        ContentStore { keys: folder(&self.keys, "keys"), files: folder(&self.files, "content") }
    }

    /// The S3-compatible store, if one is named.
    ///
    /// # Errors
    ///
    /// If its address or its key can't be used.
    pub fn s3(&self) -> Result<Option<Arc<S3Files>>, Error> {
        let open = |url: &String| S3Files::new(url, Access::from_environment()?).map(Arc::new);
        self.store.as_ref().map(open).transpose().map_err(|error: ServerError| Error::Request(error.to_string()))
    }
}

/// A piece of content.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage publish diary.mp3 --rule \"level 1\" --rule \"holds 20\" --as mira       one of the rules must hold
  patronage publish album.zip --rule \"level 2, loyal 30d\" --price 9 --as mira    all conditions of a rule must hold
  patronage publish \"New song\" --uri https://mira.example/song.age --hash 17cba8... --public-key age1... \\
      --level 1 --as mira                                                        already encrypted, with any age tool

Conditions: holds 10, staked 10, holds-or-staked 10, level 2, level 2 grace 3d, loyal 30d, level 2 loyal 30d, tipped 5,
bought ALBUM, listed 1, after 2026-12-24, after 7d. Other creators' contracts: holds 10 of TOKEN, level 2 at VAULT.")]
pub struct Publish {
    /// The file to encrypt and publish. With --hash and --public-key for a file that is already encrypted, its title.
    #[arg(value_name = "FILE")]
    content: String,
    /// Its title, which must be unique. Without it, the file's name.
    #[arg(long, conflicts_with = "hash")]
    title: Option<String>,
    /// URI of the encrypted file, if the gateway does not serve it.
    #[arg(long)]
    uri: Option<String>,
    /// SHA-256 of a file that is already encrypted: 64 hexadecimal digits.
    #[arg(long, requires_all = ["uri", "public_key"])]
    hash: Option<String>,
    /// The age key that it is encrypted to, age1...
    #[arg(long, requires = "hash")]
    public_key: Option<String>,
    /// An access rule. Can be given several times: one of the rules must hold.
    #[arg(long = "rule", value_name = "CONDITIONS", conflicts_with = "everyone")]
    rules: Vec<String>,
    /// The same as --rule "level LEVEL".
    #[arg(long, conflicts_with = "everyone")]
    level: Option<u8>,
    /// The same as --rule "holds TOKENS".
    #[arg(long, value_name = "TOKENS", conflicts_with = "everyone")]
    holds: Option<String>,
    /// Opens to everyone.
    #[arg(long, required_unless_present_any = ["rules", "level", "holds", "price"])]
    everyone: bool,
    /// Price of permanent access, in addition to the rules.
    #[arg(long, value_name = "AMOUNT", conflicts_with = "everyone")]
    price: Option<String>,
    /// Release time: a day, such as 2026-12-24, or a duration from now, such as 7d. Nobody can open the content before.
    #[arg(long, value_name = "TIME")]
    release: Option<String>,
    #[command(flatten)]
    store: StoreArguments,
}

impl Publish {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        let terms = self.terms(&mut context.client()?)?;
        if let (Some(hash), Some(key), Some(uri)) = (&self.hash, &self.public_key, &self.uri) {
            let hash = parse_hash(hash).map_err(at("--hash"))?;
            let public_key = parse_age_recipient(key).map_err(at("--public-key"))?;
            let file = Content { uri: uri.clone().into_bytes(), hash, public_key };
            return register(&mut context, !global.yes, self.content, file, terms);
        }
        let source = PathBuf::from(&self.content);
        let name = source.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let title = self.title.clone().unwrap_or(name);
        let uri = self.uri.map(String::into_bytes);
        let store = (self.store.store(&context), self.store.s3()?);
        let plan = |client: &mut Client<'_>, file| {
            content::check_title(client, &title)?;
            Ok(content::publish(client, &title, file, terms.clone()))
        };
        let Some(sealed) = seal(&mut context, &store, &source, uri.clone(), plan)? else { return Ok(()) };
        let again = format!("patronage publish \"{title}\"");
        let file = sealed.content.clone();
        let done = register(&mut context, false, title.clone(), file, terms.clone());
        done.map_err(|error| kept(error, &sealed, &again))
    }

    fn terms(&self, client: &mut Client<'_>) -> Result<Terms, Error> {
        let vault = client.contracts().vault;
        let mut rules = parse_rules(&self.rules, client)?;
        if let Some(level) = self.level {
            rules.push(vec![Condition::Subscribed { vault, level, grace: 0 }]);
        }
        if let Some(holds) = &self.holds {
            let amount = client.units.token.parse(holds).map_err(at("--holds"))?;
            rules.push(vec![Condition::Holds { token: client.contracts().token, amount }]);
        }
        let audience = match (self.everyone, rules.is_empty()) {
            (true, _) => Audience::Everyone,
            (false, true) => Audience::Nobody,
            (false, false) => Audience::AnyOf(rules),
        };
        let native = &client.units.native;
        let price = self.price.as_ref().map(|price| native.parse(price)).transpose().map_err(at("--price"))?;
        let now = client.chain.time()?;
        let release = self.release.as_ref().map(|text| parse_time(text, now)).transpose().map_err(at("--release"))?;
        Ok(Terms { audience, price, release: release.unwrap_or(0), retired: false })
    }
}

/// Publishes an encrypted file, and adds its title to the deployment file.
fn register(context: &mut Context<'_>, asks: bool, title: String, file: Content, terms: Terms) -> Result<(), Error> {
    let name = title.clone();
    context.act_confirmed(
        asks,
        |client, _| {
            let count = content::count(client)? as usize;
            // The titles of content that was published without this file are not known.
            if client.deployment.content.len() < count {
                client.deployment.content.resize(count, String::new());
            }
            content::check_title(client, &title)?;
            Ok(content::publish(client, &title, file, terms))
        },
        |deployment| {
            deployment.content.push(name);
            Ok(())
        },
    )
}

/// A new key.
#[derive(Args)]
#[command(after_help = "\
Example:
  patronage rotate \"Studio diary\" diary.mp3 --as mira
From now on, accounts with access get the new key. The old key still opens copies of the old file: this can't be revoked.")]
pub struct Rotate {
    /// Title or number of the content, such as 3, or '#3' where another title is 3.
    content: String,
    /// The file to encrypt: the same as before, or a new version.
    file: PathBuf,
    /// URI of the encrypted file, if the gateway does not serve it.
    #[arg(long)]
    uri: Option<String>,
    #[command(flatten)]
    store: StoreArguments,
}

impl Rotate {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        let id = context.client()?.find_content(&self.content)?;
        let store = (self.store.store(&context), self.store.s3()?);
        let plan = |client: &mut Client<'_>, file| content::replace_file(client, id, file);
        let uri = self.uri.map(String::into_bytes);
        let Some(sealed) = seal(&mut context, &store, &self.file, uri, plan)? else { return Ok(()) };
        let file = sealed.content.clone();
        let done = context.act_confirmed(false, |client, _| content::replace_file(client, id, file), |_| Ok(()));
        // Nothing refers to the encrypted file yet, so running the command again makes a new one.
        done.map_err(|error| kept(error, &sealed, ""))
    }
}

/// Dry-runs `plan` with a placeholder for the encrypted file, asks for confirmation, encrypts `source`, and copies it into the
/// S3-compatible store, if there is one. Returns `None` for a dry run. So a plan that the chain would refuse fails before the encryption.
fn seal(
    context: &mut Context<'_>,
    (store, remote): &(ContentStore, Option<Arc<S3Files>>),
    source: &Path,
    uri: Option<Vec<u8>>,
    plan: impl Fn(&mut Client<'_>, Content) -> Result<TxPlan, Error>,
) -> Result<Option<SealedFile>, Error> {
    let global = context.global;
    // At least as long as the real name.
    let longest = || format!("{}.age", "x".repeat(source.as_os_str().len().min(100))).into_bytes();
    // A placeholder key: the base point of X25519.
    let mut public_key = [0; 32];
    public_key[0] = 9;
    let placeholder = Content { uri: uri.clone().unwrap_or_else(longest), hash: [0; 32], public_key };
    if !source.is_file() {
        return Err(Error::Request(format!(
            "{} is not a regular file: name a file, or make an archive of a folder first",
            source.display()
        )));
    }
    let signer = context.signer()?;
    let mut client = context.client()?;
    let mut plan = plan(&mut client, placeholder)?;
    plan.quote = plan.quote.without("uri").without("hash").text("file", source.display().to_string());
    // Without a confirmation, the quote is shown once, after the encryption.
    let proceed = match global.yes && !global.dry_run {
        true => plan.preview(&mut client, &signer.account()).map(|_| true)?,
        false => transaction::propose(global, &mut client, &signer, &plan, (None, true))?,
    };
    if !proceed {
        return Ok(None);
    }
    let mut meter = progress::Meter::new("encrypting", global.json);
    let mut sealed = store.seal(source, |done, total| meter.show(done, Some(total)))?;
    drop(meter);
    // A file with a URI of its own is served from elsewhere.
    if let (Some(remote), None) = (remote, &uri) {
        copy(remote, &sealed).map_err(|error| kept(error, &sealed, ""))?;
    }
    if let Some(uri) = uri {
        sealed.content.uri = uri;
    }
    if !global.json {
        let (path, key) = (sealed.path.display(), sealed.key_path.display());
        output::progress_line(&format!("encrypted into {path}; its secret key is {key}"));
    }
    Ok(Some(sealed))
}

/// Copies the encrypted file into the store under its own name.
fn copy(remote: &S3Files, sealed: &SealedFile) -> Result<(), Error> {
    let failed = |error: std::io::Error| Error::Request(format!("--store: the file can't be copied: {error}"));
    let name = sealed.path.file_name().unwrap_or_default().to_string_lossy();
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(failed)?;
    runtime.block_on(async {
        match remote.length(&name).await.map_err(failed)? {
            None => remote.put(&name, &sealed.path).await.map_err(failed),
            Some(_) => Err(Error::Request(format!("--store: there is a file {name} already: rename the source"))),
        }
    })
}

/// Appends to `error` that the encrypted file and its key are kept. `again` is the command that publishes them, without its options.
fn kept(error: Error, sealed: &SealedFile, again: &str) -> Error {
    let SealedFile { content, path, key_path } = sealed;
    let mut advice = format!("the encrypted file {} and its key {} are kept", path.display(), key_path.display());
    if !again.is_empty() {
        let uri = String::from_utf8_lossy(&content.uri);
        let hash = patronage_chain::hexadecimal(&content.hash);
        let key = key_path.file_stem().unwrap_or_default().to_string_lossy();
        advice = format!(
            "{advice}: publish them with `{again} --uri {uri} --hash {hash} --public-key {key}` and the same terms"
        );
    }
    error.with(&advice)
}

/// Parses the rules of --rule.
///
/// # Errors
///
/// If one of them can't be parsed.
pub fn parse_rules(texts: &[String], client: &mut Client<'_>) -> Result<Vec<Rule>, Error> {
    let rule = |text: &String| {
        rules::parse(text, client).map_err(|error| match error {
            Error::Request(why) => Error::Request(format!("--rule: {why}")),
            other => other,
        })
    };
    texts.iter().map(rule).collect()
}
