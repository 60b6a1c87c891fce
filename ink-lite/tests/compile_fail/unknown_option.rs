//! A temperature that does not exist.
#[ink_lite::contract]
mod flipper {
    use ink::storage::Lazy;

    #[ink(storage)]
    pub struct Flipper {
        value: Lazy<bool>,
    }

    impl Flipper {
        #[ink(constructor)]
        pub fn new() -> Self {
            Self { value: Lazy::new() }
        }

        #[ink(message)]
        #[ink_lite(lukewarm)]
        pub fn get(&self) -> bool {
            true
        }
    }
}

fn main() {}
