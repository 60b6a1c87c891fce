//! The smallest PSP22 token of the library `pendzl`: its default implementations of PSP22 and of the metadata.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

#[pendzl::implementation(PSP22, PSP22Metadata)]
#[ink::contract]
mod token {
    use ink::prelude::string::String;
    use pendzl::contracts::psp22::{PSP22Error, PSP22Internal};

    #[ink(storage)]
    #[derive(Default, pendzl::traits::StorageFieldGetter)]
    pub struct Token {
        #[storage_field]
        psp22: PSP22Data,
        #[storage_field]
        metadata: PSP22MetadataData,
    }

    impl Token {
        /// Creates a token whose whole supply the caller has.
        #[ink(constructor)]
        pub fn new(supply: Balance, name: Option<String>, symbol: Option<String>, decimals: u8) -> Self {
            let mut token = Self::default();
            token._update(None, Some(&Self::env().caller()), &supply).expect("a new token has room for its supply");
            token.metadata = PSP22MetadataData::new(name, symbol, decimals);
            token
        }
    }
}
