//! The profile of a creator: what a page shows that no chain knows. It is signed by the owner of the vault, so that any host can
//! serve it, and every page can check whose it is.

use std::{collections::BTreeMap, fs, io, io::Read, path::Path};

use patronage_chain::{
    accounts::{address, parse_address},
    hexadecimal,
    keys::Key,
};
use patronage_gateway::signature::{Scheme, Signature};
use patronage_interfaces::AccountId;
use serde::{Deserialize, Serialize};

use crate::{deployment::Deployment, launch::LaunchProfile, registry_adapter::wallet_signature};

/// Maximum size of a profile file, in bytes.
pub const MAX_FILE: u64 = 64 * 1024;
/// Maximum length of a name or a title, in characters.
const MAX_NAME: usize = 120;
/// Maximum length of the words and of a description, in characters.
const MAX_WORDS: usize = 4000;
/// Maximum length of an address on the web, in bytes.
const MAX_URL: usize = 1000;
/// Maximum number of links.
const MAX_LINKS: usize = 32;
const FORMAT: u32 = 1;

/// What a page shows of a creator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Titles and descriptions of the content, indexed by its numbers.
    pub content: Vec<Described>,
    /// Links to other pages.
    pub links: Vec<Link>,
    /// Name of the creator.
    pub name: String,
    /// Address of a picture, or empty.
    pub picture: String,
    /// Names and descriptions of the tiers, indexed by their numbers.
    pub tiers: Vec<Described>,
    /// What the creator says. Plain text.
    pub words: String,
}

/// A name and a description, both plain text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Described {
    /// The description, or empty.
    pub description: String,
    /// The name or the title.
    pub name: String,
}

/// A link to another page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Its title. Plain text.
    pub title: String,
    /// Its address: http(s).
    pub url: String,
}

impl Profile {
    /// The profile in a launch file, with the names of the tiers and the titles of the content that `deployment` has.
    ///
    /// # Errors
    ///
    /// A message if a part of it is too long, or is not an address on the web.
    pub fn new(launch: &LaunchProfile, deployment: &Deployment) -> Result<Self, String> {
        let described = |names: &[String], known: &BTreeMap<String, String>| -> Vec<Described> {
            let described = |name: &String| Described {
                name: name.clone(),
                description: known.get(name).cloned().unwrap_or_default(),
            };
            names.iter().map(described).collect()
        };
        let profile = Self {
            content: described(&deployment.content, &launch.content),
            links: launch.links.clone(),
            name: launch.name.clone(),
            picture: launch.picture.clone(),
            tiers: described(&deployment.tiers, &launch.tiers),
            words: launch.words.clone(),
        };
        profile.validate()?;
        Ok(profile)
    }

    /// Checks the lengths and the addresses.
    fn validate(&self) -> Result<(), String> {
        let short = |place: &str, text: &str, most: usize| match text.chars().count() {
            length if length > most => {
                Err(format!("{place}: it has {length} characters, but at most {most} are possible"))
            }
            _ => Ok(()),
        };
        let url = |place: &str, text: &str| match text {
            _ if text.len() > MAX_URL => {
                Err(format!("{place}: it has {} bytes, but at most {MAX_URL} are possible", text.len()))
            }
            _ if !(text.starts_with("https://") || text.starts_with("http://"))
                || text.chars().any(|letter| letter.is_whitespace() || letter.is_control()) =>
            {
                Err(format!("{place}: write an address that begins with https://"))
            }
            _ => Ok(()),
        };
        if self.name.trim().is_empty() {
            return Err("profile.name: it must not be empty".to_owned());
        }
        short("profile.name", &self.name, MAX_NAME)?;
        short("profile.words", &self.words, MAX_WORDS)?;
        if !self.picture.is_empty() {
            url("profile.picture", &self.picture)?;
        }
        if self.links.len() > MAX_LINKS {
            return Err(format!("profile.links: there are {}, but at most {MAX_LINKS} are possible", self.links.len()));
        }
        for link in &self.links {
            let place = format!("profile.links, \"{}\"", link.title);
            short(&place, &link.title, MAX_NAME)?;
            url(&place, &link.url)?;
        }
        for (what, all) in [("tier", &self.tiers), ("content", &self.content)] {
            for Described { description, name } in all {
                short(&format!("{what} \"{name}\": description"), description, MAX_WORDS)?;
            }
        }
        Ok(())
    }

    /// Its bytes in the JSON Canonicalization Scheme (RFC 8785). Names of members are ASCII and all values are texts or lists, for
    /// which that is: no white space, members in the order of their names, and the shortest escapes.
    fn canonical(&self) -> Vec<u8> {
        // The fields are declared in the order of their names. Structs of texts always serialize.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// A profile with the signature of the owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedProfile {
    /// Genesis hash of the chain.
    pub genesis: [u8; 32],
    /// The creator's vault.
    pub vault: AccountId,
    /// The account that has signed it.
    pub account: AccountId,
    /// The profile.
    pub profile: Profile,
    signature: Signature,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileFile {
    format: u32,
    genesis: String,
    vault: String,
    account: String,
    profile: Profile,
    scheme: Scheme,
    signature: String,
}

impl SignedProfile {
    /// Signs `profile` with `key` for the creator of `deployment`.
    pub fn sign(profile: Profile, deployment: &Deployment, key: &Key) -> Self {
        let (genesis, vault, account) = (deployment.genesis, deployment.contracts.vault, key.account());
        let text = text(&genesis, &vault, &account, &profile);
        Self { genesis, vault, account, profile, signature: wallet_signature(key.sign(text.as_bytes())) }
    }

    /// Reads the file at `path`, and checks it as [`parse`](Self::parse) does.
    ///
    /// # Errors
    ///
    /// A message in one line.
    pub fn read(path: &Path) -> Result<Self, String> {
        let fail = |why: String| format!("{}: {why}", path.display());
        let mut text = Vec::new();
        let file = fs::File::open(path).map_err(|error| fail(format!("can't be read: {error}")))?;
        file.take(MAX_FILE.saturating_add(1))
            .read_to_end(&mut text)
            .map_err(|error| fail(format!("can't be read: {error}")))?;
        Self::parse(&text).map_err(fail)
    }

    /// Parses a profile, and checks its signature and its lengths. Whether its account is the owner's is for the caller to check.
    ///
    /// # Errors
    ///
    /// A message in one line.
    pub fn parse(json: &[u8]) -> Result<Self, String> {
        if json.len() as u64 > MAX_FILE {
            return Err(format!("the profile is too large: at most {MAX_FILE} bytes are possible"));
        }
        let file: ProfileFile =
            serde_json::from_slice(json).map_err(|error| format!("this is not a profile: {error}"))?;
        if file.format != FORMAT {
            return Err(format!("the profile has format {}, but this command reads format {FORMAT}", file.format));
        }
        let genesis = file.genesis.strip_prefix("0x").and_then(|digits| {
            let mut bytes = [0; 32];
            hex::decode_to_slice(digits, &mut bytes).ok()?;
            Some(bytes)
        });
        let genesis = genesis.ok_or("this is not a profile: genesis must be 0x and 64 hexadecimal digits")?;
        let (vault, account) = (parse_address(&file.vault)?, parse_address(&file.account)?);
        let signature = Signature::from_hex(file.scheme, &file.signature)
            .ok_or("this is not a profile: signature must be 0x and 128 hexadecimal digits")?;
        file.profile.validate()?;
        match signature.verifies(account.as_ref(), &text(&genesis, &vault, &account, &file.profile)) {
            true => Ok(Self { genesis, vault, account, profile: file.profile, signature }),
            false => Err(format!(
                "{} has not signed this profile: write it again with `patronage profile write`",
                address(&account)
            )),
        }
    }

    /// The content of its file.
    ///
    /// # Errors
    ///
    /// A message if it is too large.
    pub fn json(&self) -> Result<String, String> {
        let file = ProfileFile {
            format: FORMAT,
            genesis: hexadecimal(&self.genesis),
            vault: address(&self.vault),
            account: address(&self.account),
            profile: self.profile.clone(),
            scheme: self.signature.scheme,
            signature: self.signature.to_hex(),
        };
        let json = serde_json::to_string_pretty(&file).map_err(|error| error.to_string())?;
        match json.len() as u64 > MAX_FILE {
            true => {
                Err(format!("the profile has {} bytes, but at most {MAX_FILE} are possible: shorten it", json.len()))
            }
            false => Ok(json),
        }
    }

    /// Writes its file at `path` atomically.
    ///
    /// # Errors
    ///
    /// A message if it is too large, or the file can't be written.
    pub fn write(&self, path: &Path) -> Result<(), String> {
        let json = self.json()?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let write = || -> io::Result<()> {
            let mut next = tempfile::NamedTempFile::new_in(folder)?;
            io::Write::write_all(&mut next, json.as_bytes())?;
            #[cfg(unix)]
            fs::set_permissions(next.path(), std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
            next.as_file().sync_all()?;
            next.persist(path)?;
            Ok(())
        };
        write().map_err(|error| format!("{} can't be written: {error}", path.display()))
    }
}

/// The text that the owner signs. A wallet can show it.
fn text(genesis: &[u8; 32], vault: &AccountId, account: &AccountId, profile: &Profile) -> String {
    format!(
        "Patronage: publish this profile.\n\
         This moves no money and permits nothing else.\n\
         \n\
         Version: patronage-profile-v1\n\
         Chain: {}\n\
         Vault: {}\n\
         Account: {}\n\
         Profile: {}",
        hexadecimal(genesis),
        hexadecimal(vault.as_ref()),
        hexadecimal(account.as_ref()),
        hexadecimal(&sp_core::sha2_256(&profile.canonical()))
    )
}

#[cfg(test)]
mod tests;
