//! Publishing content: encrypting a file, naming its rules, registering it; and giving it a new key.

use std::path::{Path, PathBuf};

use clap::Args;
use patronage::{
    actions::content,
    folders::{Folders, SealedFile},
    launch::{parse_age_recipient, parse_hash},
    plan::Plan,
    rules,
    session::{Failure, Session},
};
use patronage_chain::units::parse_time;
use patronage_interfaces::registry::{Audience, Condition, Content, Rule, Terms};

use super::{
    desk::{at, Desk},
    out, progress, transaction, Global,
};

/// Where keys and encrypted files are.
#[derive(Args)]
pub struct FolderArguments {
    /// The folder of secret keys, for the gateway. Without it, `keys` beside the creator's file. Keep a copy of it.
    #[arg(long, value_name = "FOLDER")]
    keys: Option<PathBuf>,
    /// The folder of encrypted files, for the gateway or any web server. Without it, `content` beside the creator's file.
    #[arg(long, value_name = "FOLDER")]
    files: Option<PathBuf>,
}

impl FolderArguments {
    /// The folders, for the creator of `desk`.
    pub fn folders(&self, desk: &Desk<'_>) -> Folders {
        let beside = desk.suite().parent().unwrap_or(Path::new("")).to_owned();
        let folder = |named: &Option<PathBuf>, name| named.clone().unwrap_or_else(|| beside.join(name));
        Folders { keys: folder(&self.keys, "keys"), files: folder(&self.files, "content") }
    }
}

/// A piece of content.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage publish diary.mp3 --rule \"level 1\" --rule \"holds 20\" --as mira       any one of the rules opens it
  patronage publish album.zip --rule \"level 2, loyal 30d\" --price 9 --as mira    all conditions of a rule must hold
  patronage publish \"New song\" --uri https://mira.example/song.age --hash 17cba8... --public-key age1... \\
      --level 1 --as mira                                                        encrypted already, with any age tool

Conditions: holds 10, staked 10, holds-or-staked 10, level 2, level 2 grace 3d, loyal 30d, level 2 loyal 30d, tipped 5,
bought ALBUM, listed 1, after 2026-12-24, after 7d. Other creators' contracts: holds 10 of TOKEN, level 2 at VAULT.")]
pub struct Publish {
    /// The file to encrypt and publish; with --hash and --public-key, which say that it is encrypted already, its title.
    #[arg(value_name = "FILE")]
    content: String,
    /// Its title, for people: no other content has the same. Without it, the file's name.
    #[arg(long, conflicts_with = "hash")]
    title: Option<String>,
    /// Where fans find the encrypted file, if not at the gateway.
    #[arg(long)]
    uri: Option<String>,
    /// SHA-256 of a file that is encrypted already: 64 hexadecimal digits.
    #[arg(long, requires_all = ["uri", "public_key"])]
    hash: Option<String>,
    /// The age key that it is encrypted to, age1...
    #[arg(long, requires = "hash")]
    public_key: Option<String>,
    /// Opens to whoever meets this rule; can be given several times.
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
    /// Sells access for good at this price, beside the rules.
    #[arg(long, value_name = "AMOUNT", conflicts_with = "everyone")]
    price: Option<String>,
    /// Opens to nobody before this day, such as 2026-12-24, or before so long from now, such as 7d.
    #[arg(long, value_name = "TIME")]
    release: Option<String>,
    #[command(flatten)]
    folders: FolderArguments,
}

impl Publish {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        let terms = self.terms(&mut desk.session()?)?;
        if let (Some(hash), Some(key), Some(uri)) = (&self.hash, &self.public_key, &self.uri) {
            let hash = parse_hash(hash).map_err(at("--hash"))?;
            let public_key = parse_age_recipient(key).map_err(at("--public-key"))?;
            let file = Content { uri: uri.clone().into_bytes(), hash, public_key };
            return register(&mut desk, !global.yes, self.content, file, terms);
        }
        let source = PathBuf::from(&self.content);
        let name = source.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let title = self.title.clone().unwrap_or(name);
        let uri = self.uri.map(String::into_bytes);
        let folders = self.folders.folders(&desk);
        let plan = |session: &mut Session<'_>, file| {
            content::check_title(session, &title)?;
            Ok(content::publish(session, &title, file, terms.clone()))
        };
        let Some(sealed) = seal(&mut desk, &folders, &source, uri.clone(), plan)? else { return Ok(()) };
        let again = format!("patronage publish \"{title}\"");
        let file = sealed.content.clone();
        let done = register(&mut desk, false, title.clone(), file, terms.clone());
        done.map_err(|failure| kept(failure, &sealed, &again))
    }

    fn terms(&self, session: &mut Session<'_>) -> Result<Terms, Failure> {
        let vault = session.suite().vault;
        let mut rules = parse_rules(&self.rules, session)?;
        if let Some(level) = self.level {
            rules.push(vec![Condition::Subscribed { vault, level, grace: 0 }]);
        }
        if let Some(holds) = &self.holds {
            let amount = session.units.token.parse(holds).map_err(at("--holds"))?;
            rules.push(vec![Condition::Holds { token: session.suite().token, amount }]);
        }
        let audience = match (self.everyone, rules.is_empty()) {
            (true, _) => Audience::Everyone,
            (false, true) => Audience::Nobody,
            (false, false) => Audience::AnyOf(rules),
        };
        let native = &session.units.native;
        let price = self.price.as_ref().map(|price| native.parse(price)).transpose().map_err(at("--price"))?;
        let now = session.chain.time()?;
        let release = self.release.as_ref().map(|text| parse_time(text, now)).transpose().map_err(at("--release"))?;
        Ok(Terms { audience, price, release: release.unwrap_or(0), retired: false })
    }
}

/// Publishes an encrypted file and notes its title.
fn register(desk: &mut Desk<'_>, asks: bool, title: String, file: Content, terms: Terms) -> Result<(), Failure> {
    let name = title.clone();
    desk.carry(
        asks,
        |session, _| {
            let count = content::count(session)? as usize;
            // Content that others have published since has no title here.
            if session.deployment.content.len() < count {
                session.deployment.content.resize(count, String::new());
            }
            content::check_title(session, &title)?;
            Ok(content::publish(session, &title, file, terms))
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
Whoever has access gets the new key from now on. Who has the old key keeps the old file: nobody can take that back.")]
pub struct Rotate {
    /// Title or number of the content, such as 3, or '#3' where another title is 3.
    content: String,
    /// The file to encrypt: the same as before, or a new version.
    file: PathBuf,
    /// Where fans find the encrypted file, if not at the gateway.
    #[arg(long)]
    uri: Option<String>,
    #[command(flatten)]
    folders: FolderArguments,
}

impl Rotate {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        let id = desk.session()?.find_content(&self.content)?;
        let folders = self.folders.folders(&desk);
        let plan = |session: &mut Session<'_>, file| content::replace_file(session, id, file);
        let uri = self.uri.map(String::into_bytes);
        let Some(sealed) = seal(&mut desk, &folders, &self.file, uri, plan)? else { return Ok(()) };
        let file = sealed.content.clone();
        let done = desk.carry(false, |session, _| content::replace_file(session, id, file), |_| Ok(()));
        // Nothing refers to what was encrypted: doing it again makes another.
        done.map_err(|failure| kept(failure, &sealed, ""))
    }
}

/// Tries what `plan` makes of an encrypted file, asks, and encrypts `source`; `None` where nothing shall be done. So whatever
/// the chain would refuse is refused before the work, and nothing is encrypted for nothing.
fn seal(
    desk: &mut Desk<'_>,
    folders: &Folders,
    source: &Path,
    uri: Option<Vec<u8>>,
    plan: impl Fn(&mut Session<'_>, Content) -> Result<Plan, Failure>,
) -> Result<Option<SealedFile>, Failure> {
    let global = desk.global;
    // As long as the name that it will have, or longer.
    let longest = || format!("{}.age", "x".repeat(source.as_os_str().len().min(100))).into_bytes();
    // Any key and hash will do: the base point of X25519 is nobody's.
    let mut public_key = [0; 32];
    public_key[0] = 9;
    let likely = Content { uri: uri.clone().unwrap_or_else(longest), hash: [0; 32], public_key };
    if !source.is_file() {
        return Err(Failure::Request(format!(
            "{} is no file that can be read: name one, or make an archive of a folder first",
            source.display()
        )));
    }
    let signer = desk.signer()?;
    let mut session = desk.session()?;
    let mut plan = plan(&mut session, likely)?;
    plan.quote = plan.quote.without("uri").without("hash").text("file", source.display().to_string());
    // Where nobody is asked, it is shown once, when all of it is known.
    let goes_on = match global.yes && !global.dry_run {
        true => plan.preview(&mut session, &signer.account()).map(|_| true)?,
        false => transaction::propose(global, &mut session, &signer, &plan, (None, true))?,
    };
    if !goes_on {
        return Ok(None);
    }
    let mut meter = progress::Meter::new("encrypting", global.json);
    let mut sealed = folders.seal(source, |done, total| meter.show(done, Some(total)))?;
    drop(meter);
    if let Some(uri) = uri {
        sealed.content.uri = uri;
    }
    if !global.json {
        let (path, key) = (sealed.path.display(), sealed.key_path.display());
        out::progress_line(&format!("encrypted into {path}; its secret key is {key}"));
    }
    Ok(Some(sealed))
}

/// The failure, and that what was encrypted before is not lost; `again` is the command that goes on from there, up to its
/// options.
fn kept(failure: Failure, sealed: &SealedFile, again: &str) -> Failure {
    let SealedFile { content, path, key_path } = sealed;
    let mut words = format!("the encrypted file {} and its key {} are kept", path.display(), key_path.display());
    if !again.is_empty() {
        let uri = String::from_utf8_lossy(&content.uri);
        let hash = patronage_chain::hexadecimal(&content.hash);
        let key = key_path.file_stem().unwrap_or_default().to_string_lossy();
        words =
            format!("{words}: to go on, `{again} --uri {uri} --hash {hash} --public-key {key}` with the same terms");
    }
    failure.with(&words)
}

/// The rules of --rule.
///
/// # Errors
///
/// In words, for the first that can't be read.
pub fn parse_rules(texts: &[String], session: &mut Session<'_>) -> Result<Vec<Rule>, Failure> {
    let rule = |text: &String| {
        rules::parse(text, session).map_err(|failure| match failure {
            Failure::Request(why) => Failure::Request(format!("--rule: {why}")),
            other => other,
        })
    };
    texts.iter().map(rule).collect()
}
