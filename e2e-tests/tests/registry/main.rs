//! The content registry on a chain: what it publishes, what it asks of other contracts, and that none of them can make
//! it grant access or stop it from granting.

mod asking;
mod example;
mod figures;
mod foreign;
mod hostile;
mod managing;
mod publishing;
mod purchases;
mod real_contracts;
