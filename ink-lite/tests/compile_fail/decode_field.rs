//! A field of a type that cannot be decoded.
struct Unknown;

#[derive(ink_lite::Decode)]
struct Record {
    amount: u128,
    unknown: Unknown,
}

fn main() {}
