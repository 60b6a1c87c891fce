//! SCALE has no unions.
#[derive(ink_lite::Decode)]
union Either {
    a: u32,
    b: u64,
}

fn main() {}
