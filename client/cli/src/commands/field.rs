//! Parses fields of rows.

use patronage::rows::Field;
use patronage_chain::{accounts::named_account, Chain};
use patronage_interfaces::AccountId;

/// Maximum length of a field in characters. Addresses have about 50.
const MAX_FIELD: usize = 120;

/// A field's text, if its length permits an account or an amount.
///
/// # Errors
///
/// A message if the field is empty or too long.
pub fn short(field: &Field) -> Result<&str, String> {
    match field.text.chars().count() {
        0 => Err("the field is empty: write an account or an amount".to_owned()),
        length if length > MAX_FIELD => {
            Err(format!("the field has {length} characters, which is too long for an account or an amount"))
        }
        _ => Ok(&field.text),
    }
}

/// The account that `field` names.
///
/// # Errors
///
/// A message if `field` names no account.
pub fn account(field: &Field, chain: &dyn Chain) -> Result<AccountId, String> {
    named_account(short(field)?, chain.properties().development)
}
