//! Which messages are in the hot code, and why.

use std::collections::BTreeSet;

use anyhow::{ensure, Result};

use crate::figures::Figures;

/// The hot messages of each contract, each with who pays for its calls. All other messages are in the cold code.
pub const HOT: [(&str, &[(&str, &str)]); 3] = [
    (
        "creator_token",
        &[
            ("CreatorToken::buy", "fans, who buy"),
            ("CreatorToken::buy_exact", "fans, who buy"),
            ("CreatorToken::sell", "fans, who sell"),
            ("PSP22::allowance", "markets and other contracts, before they transfer"),
            ("PSP22::approve", "fans, before they trade, stake or pay in tokens"),
            ("PSP22::balance_of", "registries, vaults and other contracts, in each call of their users"),
            ("PSP22::decrease_allowance", "fans, as for `approve`"),
            ("PSP22::increase_allowance", "fans, as for `approve`"),
            ("PSP22::total_supply", "other contracts, which compute shares by it"),
            ("PSP22::transfer", "fans, and vaults that pay out"),
            ("PSP22::transfer_from", "vaults and markets, in calls of their users"),
        ],
    ),
    (
        "patronage_vault",
        &[
            ("Patronage::pay", "registries, in each purchase of a fan"),
            ("Patronage::standing_of", "registries and other contracts, in each question about access"),
            ("PatronageVault::cancel", "fans, who leave"),
            ("PatronageVault::collect", "whoever wants the days that are over to count as income, each day perhaps"),
            ("PatronageVault::subscribe", "fans, who join or come back"),
            ("PatronageVault::tip", "fans, who tip"),
            ("PatronageVault::top_up", "fans, each period"),
        ],
    ),
    (
        "content_registry",
        &[
            ("ContentRegistry::balance_at", "the registry itself, once for each token that `check` asks"),
            ("ContentRegistry::has_access", "other contracts, in calls of their users"),
            ("ContentRegistry::has_bought", "other contracts, in calls of their users"),
            ("ContentRegistry::purchase", "fans, who buy"),
            ("ContentRegistry::standing_at", "the registry itself, once for each vault that `check` asks"),
        ],
    ),
];

/// That the hot messages of the codes are those with a reason.
///
/// # Errors
///
/// Names the messages that are hot without a reason, or have one and are cold.
pub fn ensure_reasons(figures: &Figures) -> Result<()> {
    for (contract, reasons) in HOT {
        let hot: BTreeSet<_> = figures.hot.get(contract).into_iter().flatten().map(String::as_str).collect();
        let reasons: BTreeSet<_> = reasons.iter().map(|(message, _)| *message).collect();
        let unexplained: Vec<_> = hot.difference(&reasons).collect();
        ensure!(unexplained.is_empty(), "{contract}: {unexplained:?} are hot: give the reason in scenarios/hot.rs");
        let cold: Vec<_> = reasons.difference(&hot).collect();
        ensure!(cold.is_empty(), "{contract}: {cold:?} have a reason in scenarios/hot.rs, and are not hot");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hot_messages_and_reasons_have_to_be_the_same() {
        let mut figures = Figures::default();
        for (contract, reasons) in HOT {
            let messages = reasons.iter().map(|(message, _)| (*message).to_owned()).collect();
            figures.hot.insert(contract.to_owned(), messages);
        }
        assert!(ensure_reasons(&figures).is_ok());
        let more = |figures: &mut Figures| figures.hot.get_mut("creator_token").unwrap().push("A::b".into());
        more(&mut figures);
        assert!(ensure_reasons(&figures).unwrap_err().to_string().contains("A::b"));
        figures.hot.get_mut("creator_token").unwrap().clear();
        assert!(ensure_reasons(&figures).unwrap_err().to_string().contains("CreatorToken::buy"));
    }
}
