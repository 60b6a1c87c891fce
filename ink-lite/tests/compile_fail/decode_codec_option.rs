//! Options of `parity-scale-codec` that change the encoding are refused.
#[derive(ink_lite::Decode)]
enum Amount {
    #[codec(skip)]
    None,
    Some(u128),
}

fn main() {}
