//! A contract without a mistake, by which the test finds the libraries to compile with.
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
        pub fn get(&self) -> bool {
            true
        }
    }
}

