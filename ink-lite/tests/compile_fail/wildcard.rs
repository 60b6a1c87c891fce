//! A message that takes every selector.
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

        #[ink(message, selector = @)]
        pub fn get(&self) -> bool {
            true
        }

        #[ink(message, selector = _)]
        pub fn anything(&self) {}
    }
}

fn main() {}
