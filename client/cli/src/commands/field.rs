//! Fields of rows as accounts.

use patronage::rows::Field;
use patronage_chain::{accounts::named_account, Chain};
use patronage_interfaces::AccountId;

/// A field is at most so long, in characters. Addresses have about fifty.
const MOST_FIELD: usize = 120;

/// A field's text, where it is not too long to be an account or an amount.
///
/// # Errors
///
/// In words.
pub fn short(field: &Field) -> Result<&str, String> {
    match field.text.chars().count() {
        0 => Err("the field is empty".to_owned()),
        length if length > MOST_FIELD => Err(format!("a field of {length} characters is neither account nor amount")),
        _ => Ok(&field.text),
    }
}

/// The account that `field` names.
///
/// # Errors
///
/// In words, when it names none.
pub fn account(field: &Field, chain: &dyn Chain) -> Result<AccountId, String> {
    named_account(short(field)?, chain.properties().development)
}
