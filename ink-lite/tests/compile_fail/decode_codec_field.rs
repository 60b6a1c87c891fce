//! A field whose encoding is not that of its type.
#[derive(ink_lite::Decode)]
struct Record {
    #[codec(compact)]
    amount: u128,
}

fn main() {}
