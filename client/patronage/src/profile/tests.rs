use patronage_chain::accounts::development_key;

use super::*;
use crate::{contracts::Contracts, deployment::CodeHashes};

fn deployment() -> Deployment {
    let contract = |byte| AccountId::from([byte; 32]);
    Deployment {
        genesis: [1; 32],
        block: 0,
        contracts: Contracts { token: contract(2), vault: contract(3), registry: contract(4) },
        code: CodeHashes::default(),
        tiers: vec!["Listener".to_owned(), "Added later".to_owned()],
        content: vec!["Diary \"2\"\u{2028}".to_owned()],
    }
}

fn launch() -> LaunchProfile {
    LaunchProfile {
        name: "Mira".to_owned(),
        picture: "https://mira.example/a.png".to_owned(),
        words: "Songs\nby hand \u{1f3b5}\u{7}".to_owned(),
        links: vec![Link { title: "Site".to_owned(), url: "https://mira.example".to_owned() }],
        tiers: [("Listener".to_owned(), "All songs".to_owned())].into(),
        content: BTreeMap::new(),
    }
}

fn signed() -> SignedProfile {
    let key = Key::from(development_key("mira").unwrap());
    SignedProfile::sign(Profile::new(&launch(), &deployment()).unwrap(), &deployment(), &key)
}

#[test]
fn a_signed_profile_reads_back_and_a_changed_one_does_not() {
    let signed = signed();
    let json = signed.json().unwrap();
    assert_eq!(SignedProfile::parse(json.as_bytes()), Ok(signed.clone()));
    assert_eq!(signed.profile.tiers[0].description, "All songs");
    assert_eq!(signed.profile.tiers[1].name, "Added later");
    let other = address(&AccountId::from([9; 32]));
    for (from, to) in [
        ("All songs", "No songs"),
        (address(&signed.vault).as_str(), other.as_str()),
        (address(&signed.account).as_str(), other.as_str()),
        (hexadecimal(&[1; 32]).as_str(), hexadecimal(&[2; 32]).as_str()),
    ] {
        let changed = json.replacen(from, to, 1);
        assert_ne!(changed, json);
        let error = SignedProfile::parse(changed.as_bytes()).unwrap_err();
        assert!(error.contains("has not signed this profile"), "{error}");
    }
}

#[test]
fn the_canonical_form_is_that_of_rfc_8785() {
    let canonical = String::from_utf8(signed().profile.canonical()).unwrap();
    assert_eq!(
        canonical,
        "{\"content\":[{\"description\":\"\",\"name\":\"Diary \\\"2\\\"\u{2028}\"}],\
         \"links\":[{\"title\":\"Site\",\"url\":\"https://mira.example\"}],\"name\":\"Mira\",\
         \"picture\":\"https://mira.example/a.png\",\
         \"tiers\":[{\"description\":\"All songs\",\"name\":\"Listener\"},{\"description\":\"\",\"name\":\"Added later\"}],\
         \"words\":\"Songs\\nby hand \u{1f3b5}\\u0007\"}"
    );
}

#[test]
fn a_bad_profile_is_refused_in_one_line() {
    let large = " ".repeat(MAX_FILE as usize + 1);
    for (json, expected) in [
        ("", "not a profile"),
        ("[]", "not a profile"),
        ("{\"format\":1}", "missing field"),
        (large.as_str(), "too large"),
        (signed().json().unwrap().replacen("\"format\": 1", "\"format\": 7", 1).as_str(), "format 7"),
    ] {
        let error = SignedProfile::parse(json.as_bytes()).unwrap_err();
        assert!(error.contains(expected) && error.lines().count() == 1, "{error}");
    }
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("profile.json");
    fs::write(&path, &large).unwrap();
    assert!(SignedProfile::read(&path).unwrap_err().contains("too large"));
}

#[test]
fn parts_of_a_profile_are_bounded() {
    let check = |change: fn(&mut LaunchProfile), expected: &str| {
        let mut launch = launch();
        change(&mut launch);
        let error = Profile::new(&launch, &deployment()).unwrap_err();
        assert!(error.contains(expected), "{error}");
    };
    check(|launch| launch.name.clear(), "profile.name: it must not be empty");
    check(|launch| launch.name = "ü".repeat(121), "profile.name: it has 121 characters");
    check(|launch| launch.words = "a".repeat(4001), "profile.words");
    check(|launch| launch.picture = "javascript:alert(1)".to_owned(), "profile.picture: write an address");
    check(|launch| launch.links[0].url = "https://a b".to_owned(), "profile.links, \"Site\"");
    check(|launch| launch.links = vec![launch.links[0].clone(); 33], "there are 33");
    check(|launch| _ = launch.tiers.insert("Listener".to_owned(), "a".repeat(4001)), "tier \"Listener\": description");
}
