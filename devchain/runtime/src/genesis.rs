//! The first state: the development accounts that every wallet and tool knows, and those of this project's stories, with money.

use alloc::{format, string::String, vec::Vec};

use crate::{
    units::{DECIMALS, ENDOWMENT, SYMBOL},
    AccountId, RuntimeGenesisConfig,
};

/// The public keys (sr25519) of //Alice, //Bob, //Charlie, //Dave, //Eve, //Ferdie, //One and //Two; then of //Mira, //Juno,
/// //Ana, //Ben, //Cleo, //Dana, //Elia and //Finn, as on the embedded chain.
const ACCOUNTS: [[u8; 32]; 16] = [
    sp_core::hex2array!("d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d"),
    sp_core::hex2array!("8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48"),
    sp_core::hex2array!("90b5ab205c6974c9ea841be688864633dc9ca8a357843eeacf2314649965fe22"),
    sp_core::hex2array!("306721211d5404bd9da88e0204360a1a9ab8b87c66c1bc2fcdd37f3c2222cc20"),
    sp_core::hex2array!("e659a7a1628cdd93febc04a4e0646ea20e9f5f0ce097d9a05290d4a9e054df4e"),
    sp_core::hex2array!("1cbd2d43530a44705ad088af313e18f80b53ef16b36177cd4b77b846f2a5f07c"),
    sp_core::hex2array!("ac859f8a216eeb1b320b4c76d118da3d7407fa523484d0a980126d3b4d0d220a"),
    sp_core::hex2array!("1254f7017f0b8347ce7ab14f96d818802e7e9e0c0d1b7c9acb3c726b080e7a03"),
    sp_core::hex2array!("2e6dcce0c3a98d932e503209a0840acf5805c74aa6acd5ffc1cd4cf9f184b35c"),
    sp_core::hex2array!("44931dc901195790c85fd7f65d608e7667d4bc79f8bc18b43bfbcce28fbaa500"),
    sp_core::hex2array!("9646477f44b733a65eee58fa845a13a00462419dff8cc82234b19fd6c83b3b4d"),
    sp_core::hex2array!("ca9348c6fbcf8a3fecf080054c71f9dcbc9008460d9e76478b3d7aca616cf90c"),
    sp_core::hex2array!("96af64a001acfe8285ddbcc2e297f83037cdef7403c60d3138f0f8397447c57a"),
    sp_core::hex2array!("083d1d0eb4530dd6076c4d11f295ec2f6a99206a5c1ee9d9fb999e6c34256418"),
    sp_core::hex2array!("66d1d71caa8f88b5af5f6eda9e503513aa0446ca37e43cb6ffa95bf4cff5a06c"),
    sp_core::hex2array!("024542d7467f0e532159d56b3c42cc5a8d5083384af3066b7e2680a4699a9c7e"),
];

/// The whole configuration of the first state as JSON, or nothing if it can't be written as such.
pub fn development() -> Option<Vec<u8>> {
    let balances = ACCOUNTS.iter().map(|key| (AccountId::from(*key), ENDOWMENT)).collect();
    let balances = pallet_balances::GenesisConfig { balances, ..Default::default() };
    serde_json::to_vec(&RuntimeGenesisConfig { balances, ..Default::default() }).ok()
}

/// What wallets need to show amounts and addresses, as JSON.
pub fn properties() -> String {
    format!(r#"{{"ss58Format":42,"tokenDecimals":{DECIMALS},"tokenSymbol":"{SYMBOL}"}}"#)
}
