//! Options of `parity-scale-codec` that change the encoding are not followed silently.
#[derive(ink_lite::Decode)]
enum Amount {
    #[codec(skip)]
    None,
    Some(u128),
}

fn main() {}
