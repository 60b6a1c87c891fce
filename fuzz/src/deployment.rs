//! The deployment file: JSON that a creator gives to fans.

use patronage::deployment::{hexadecimal, Deployment};
use patronage_chain::accounts::parse_address;
use serde_json::Value;
use tempfile::TempDir;

use crate::world::{folder, with_scratch, GENESIS};

/// The input is the content of a deployment file.
pub fn check(data: &[u8]) {
    let read = with_scratch(|file| {
        file.fill(data);
        Deployment::read(&file.path(), &GENESIS)
    });
    let Ok(deployment) = read else { return };

    // A second reader of JSON finds the same.
    let json: Value = serde_json::from_slice(data).expect("JSON");
    assert_eq!(json["format"], 1);
    assert_eq!(json["genesis"], hexadecimal(&GENESIS));
    assert_eq!(json["block"], deployment.block);
    let contracts = deployment.contracts;
    for (name, address) in [("token", contracts.token), ("vault", contracts.vault), ("registry", contracts.registry)] {
        assert_eq!(json[name].as_str().map(parse_address), Some(Ok(address)));
    }
    let code = deployment.code;
    for (name, hash) in [("token", code.token), ("vault", code.vault), ("registry", code.registry)] {
        let digits = json["code"][name].as_str().map(str::to_ascii_lowercase);
        assert_eq!(digits, Some(hexadecimal(&hash)));
    }
    for (name, texts) in [("tiers", &deployment.tiers), ("content", &deployment.content)] {
        assert_eq!(serde_json::from_value::<Vec<String>>(json[name].clone()).ok().as_ref(), Some(texts));
    }

    // It is read as it is written.
    thread_local!(static FOLDER: TempDir = folder());
    FOLDER.with(|folder| {
        let path = folder.path().join("deployment.json");
        deployment.write(&path).expect("a deployment can be written");
        assert_eq!(Deployment::read(&path, &GENESIS).as_ref(), Ok(&deployment));
        assert!(Deployment::read(&path, &[0; 32]).is_err(), "it is for another chain");
    });
}
