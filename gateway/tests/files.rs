//! Encrypts and decrypts files, with our own code and with the `age` program.

mod common;

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use age::secrecy::ExposeSecret;
use common::{names, noise, published};
use patronage_gateway::{
    file::FileError,
    key::{PublicKey, SecretKey},
    key_folder::KeyFolder,
    open::{open_file, OpenError, Published},
    seal::{seal, seal_file, SealError, StreamError},
};
use proptest::prelude::*;
use ring::digest::{digest, SHA256};

fn hash(bytes: &[u8]) -> [u8; 32] {
    digest(&SHA256, bytes).as_ref().try_into().unwrap()
}

struct FileFixture {
    folder: tempfile::TempDir,
    keys: KeyFolder,
}

impl FileFixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = KeyFolder::open(&folder.path().join("keys")).unwrap();
        Self { folder, keys }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn seal(&self, plain: &[u8]) -> patronage_gateway::seal::Sealed {
        fs::write(self.path("plain"), plain).unwrap();
        seal_file(&self.path("plain"), &self.path("sealed"), &self.keys, |_, _| ()).unwrap()
    }

    fn secret(&self, key: &PublicKey) -> SecretKey {
        self.keys.load(key).unwrap().unwrap()
    }
}

#[test]
fn what_is_sealed_opens_to_the_same_bytes_whatever_the_size() {
    // Sizes around the format's chunks of 64 KiB, and around the size of our buffer.
    for size in [0, 1, 65_535, 65_536, 65_537, 262_144, 300_000] {
        let fixture = FileFixture::new();
        let plain = noise(size);
        let sealed = fixture.seal(&plain);
        let ciphertext = fs::read(fixture.path("sealed")).unwrap();
        assert_eq!(sealed.size, ciphertext.len() as u64);
        assert_eq!(sealed.hash, hash(&ciphertext));
        let secret = fixture.secret(&sealed.public_key);
        let opened = fixture.path("opened");
        assert_eq!(
            open_file(&fixture.path("sealed"), &secret, &published(&sealed), &opened, |_| ()).unwrap(),
            size as u64
        );
        assert_eq!(fs::read(opened).unwrap(), plain);
    }
}

#[test]
fn the_key_is_for_the_creator_only_and_the_ciphertext_for_everyone() {
    let fixture = FileFixture::new();
    let sealed = fixture.seal(b"words");
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&sealed.key_path), 0o600);
    assert_eq!(mode(&fixture.path("sealed")) & 0o600, 0o600);
    assert_eq!(sealed.key_path.file_name().unwrap().to_str().unwrap(), format!("{}.key", sealed.public_key));
}

#[test]
fn progress_comes_to_the_end() {
    let fixture = FileFixture::new();
    fs::write(fixture.path("plain"), noise(1_000_000)).unwrap();
    let mut steps = Vec::new();
    seal_file(&fixture.path("plain"), &fixture.path("sealed"), &fixture.keys, |done, of| steps.push((done, of)))
        .unwrap();
    assert!(steps.len() > 3 && steps.is_sorted());
    assert_eq!(steps.last(), Some(&(1_000_000, 1_000_000)));
}

#[test]
fn a_failed_seal_leaves_neither_ciphertext_nor_key() {
    let fixture = FileFixture::new();
    let seal =
        |from: &str, to: &str| seal_file(&fixture.path(from), &fixture.path(to), &fixture.keys, |_, _| ()).unwrap_err();
    assert!(matches!(seal("absent", "sealed"), SealError::File(FileError::System { .. })));
    assert!(matches!(seal("keys", "sealed"), SealError::NotAFile(_)));
    fs::write(fixture.path("plain"), "words").unwrap();
    assert!(matches!(seal("plain", "no/such/folder"), SealError::File(_)));
    fs::write(fixture.path("there"), "theirs").unwrap();
    assert!(matches!(seal("plain", "there"), SealError::File(FileError::Exists(_))));
    assert_eq!(fs::read(fixture.path("there")).unwrap(), b"theirs");
    assert_eq!(names(fixture.folder.path()), ["keys", "plain", "there"]);
    assert!(names(fixture.keys.path()).is_empty());
}

#[test]
fn a_source_or_a_sink_that_fails_is_told_apart() {
    struct Fails;
    impl std::io::Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::ConnectionReset.into())
        }
    }
    impl std::io::Write for Fails {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let key = SecretKey::generate().public().unwrap();
    assert!(matches!(seal(Fails, Vec::new(), &key, |_| ()), Err(StreamError::Reading(_))));
    assert!(matches!(seal(&b"words"[..], Fails, &key, |_| ()), Err(StreamError::Writing(_))));
}

#[test]
fn another_contents_key_is_refused_by_name() {
    let fixture = FileFixture::new();
    let sealed = fixture.seal(b"words");
    let other = SecretKey::generate();
    let error =
        open_file(&fixture.path("sealed"), &other, &published(&sealed), &fixture.path("out"), |_| ()).unwrap_err();
    assert!(matches!(&error, OpenError::OtherKey { registered, .. } if *registered == sealed.public_key), "{error}");
    assert!(!fixture.path("out").exists());
}

#[test]
fn a_ciphertext_that_someone_else_made_for_the_same_key_is_refused() {
    // The public key is public, so everyone can make a file that the secret key decrypts.
    let fixture = FileFixture::new();
    let sealed = fixture.seal(b"words");
    let mut forged = Vec::new();
    seal(&b"other words"[..], &mut forged, &sealed.public_key, |_| ()).unwrap();
    fs::write(fixture.path("forged"), forged).unwrap();
    let secret = fixture.secret(&sealed.public_key);
    let error =
        open_file(&fixture.path("forged"), &secret, &published(&sealed), &fixture.path("out"), |_| ()).unwrap_err();
    assert!(matches!(error, OpenError::OtherFile { .. }), "{error}");
    assert!(!fixture.path("out").exists());
}

#[test]
fn a_published_file_that_is_no_age_file_is_an_error_in_words() {
    let fixture = FileFixture::new();
    let secret = SecretKey::generate();
    let endless = format!("age-encryption.org/v1\n-> X25519 {}\n", "A".repeat(200_000));
    for (number, content) in ["", "nonsense", "age-encryption.org/v1\n--- \n", &endless].iter().enumerate() {
        let path = fixture.path(&number.to_string());
        fs::write(&path, content).unwrap();
        let published = Published { public_key: secret.public().unwrap(), hash: hash(content.as_bytes()) };
        let error = open_file(&path, &secret, &published, &fixture.path("out"), |_| ()).unwrap_err();
        assert!(matches!(error, OpenError::Unreadable(_)), "{error}");
    }
    assert!(!fixture.path("out").exists());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_change_of_a_ciphertext_goes_unnoticed(
        size in 0..200_000_usize, at in any::<prop::sample::Index>(), bit in 0..8_u32, cut in any::<bool>(),
    ) {
        let fixture = FileFixture::new();
        let sealed = fixture.seal(&noise(size));
        let secret = fixture.secret(&sealed.public_key);
        let mut bytes = fs::read(fixture.path("sealed")).unwrap();
        let at = at.index(bytes.len());
        match cut {
            true => bytes.truncate(at),
            false => bytes[at] ^= 1_u8 << bit,
        }
        fs::write(fixture.path("tampered"), &bytes).unwrap();
        let (path, out) = (fixture.path("tampered"), fixture.path("out"));
        let error = open_file(&path, &secret, &published(&sealed), &out, |_| ()).unwrap_err();
        prop_assert!(matches!(error, OpenError::OtherFile { .. }), "{}", error);
        // The format detects it too, if the registry has the hash of the tampered file.
        let agreed = Published { hash: hash(&bytes), ..published(&sealed) };
        let error = open_file(&path, &secret, &agreed, &out, |_| ()).unwrap_err();
        prop_assert!(matches!(error, OpenError::Unreadable(_)), "{}", error);
        prop_assert!(!out.exists());
        prop_assert_eq!(names(fixture.folder.path()), ["keys", "plain", "sealed", "tampered"]);
    }
}

#[test]
fn a_file_made_by_the_age_program_opens_with_its_identity_file() {
    // Made with age 1.1.1: age-keygen -o identity.txt; age -r RECIPIENT -o small.age.
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let secret = SecretKey::from_identity_text(&fs::read_to_string(vectors.join("identity.txt")).unwrap()).unwrap();
    let ciphertext = vectors.join("small.age");
    let hash = self::hash(&fs::read(&ciphertext).unwrap());
    let public_key = "age18n3d00zgpz8ljfxj2q0hrf643cexgjer2734wz47jz7tjrz7wevqcw2yq0".parse().unwrap();
    let fixture = FileFixture::new();
    open_file(&ciphertext, &secret, &Published { public_key, hash }, &fixture.path("out"), |_| ()).unwrap();
    assert_eq!(fs::read(fixture.path("out")).unwrap(), b"opened with plain age\n");
}

#[test]
fn the_age_program_opens_our_files_with_our_identity_files() {
    let fixture = FileFixture::new();
    let plain = noise(200_000);
    let sealed = fixture.seal(&plain);
    let run = |program: &str, arguments: &[&std::ffi::OsStr]| {
        let words = "scripts/setup installs age on Debian; elsewhere see https://age-encryption.org";
        let output = Command::new(program).args(arguments).output().unwrap_or_else(|error| panic!("{error}: {words}"));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let identity = sealed.key_path.as_os_str();
    let opened = run("age", &["-d".as_ref(), "-i".as_ref(), identity, fixture.path("sealed").as_os_str()]);
    assert_eq!(opened, plain);
    let recipient = run("age-keygen", &["-y".as_ref(), identity]);
    assert_eq!(String::from_utf8(recipient).unwrap().trim(), sealed.public_key.to_string());

    // The transferred key is an age file too.
    let fan = SecretKey::generate();
    let content = fixture.secret(&sealed.public_key);
    fs::write(fixture.path("fan"), fan.to_identity_text().expose_secret()).unwrap();
    fs::write(fixture.path("key.age"), content.encrypted_to(&fan.public().unwrap()).unwrap()).unwrap();
    let (one_time, key) = (fixture.path("fan"), fixture.path("key.age"));
    let text = run("age", &["-d".as_ref(), "-i".as_ref(), one_time.as_os_str(), key.as_os_str()]);
    let key = SecretKey::from_identity_text(std::str::from_utf8(&text).unwrap()).unwrap();
    assert_eq!(key.public(), Ok(sealed.public_key));
}
