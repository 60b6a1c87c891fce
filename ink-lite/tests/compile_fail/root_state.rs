//! A contract whose root has a field that every call would read and write.
#[ink_lite::contract]
mod flipper {
    #[ink(storage)]
    pub struct Flipper {
        value: bool,
    }

    impl Flipper {
        #[ink(constructor)]
        pub fn new() -> Self {
            Self { value: false }
        }

        #[ink(message)]
        pub fn get(&self) -> bool {
            self.value
        }
    }
}

fn main() {}
