//! A constructor with the selector of a message, which the hot code could not distinguish.
#[ink_lite::contract]
mod flipper {
    use ink::storage::Lazy;

    #[ink(storage)]
    pub struct Flipper {
        value: Lazy<bool>,
    }

    impl Flipper {
        #[ink(constructor, selector = 0x00000001)]
        pub fn new() -> Self {
            Self { value: Lazy::new() }
        }

        #[ink(message, selector = 0x00000001)]
        pub fn get(&self) -> bool {
            true
        }
    }
}

fn main() {}
