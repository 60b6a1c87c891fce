//! A cold constructor. All constructors are cold.
#[ink_lite::contract]
mod flipper {
    use ink::storage::Lazy;

    #[ink(storage)]
    pub struct Flipper {
        value: Lazy<bool>,
    }

    impl Flipper {
        #[ink(constructor)]
        #[ink_lite(cold)]
        pub fn new() -> Self {
            Self { value: Lazy::new() }
        }

        #[ink(message)]
        pub fn get(&self) -> bool {
            true
        }
    }
}

fn main() {}
