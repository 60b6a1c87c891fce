//! A guest book that only those sign who may open a creator's content. Shows how a contract of somebody else asks a content
//! registry, which answers for all of a creator's rules: tokens, subscriptions, tips, purchases, lists.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

pub use self::members_area::{Error, MembersArea, MembersAreaRef};

#[ink::contract(env = PatronageEnvironment)]
mod members_area {
    use ink::{
        contract_ref,
        prelude::{string::String, vec::Vec},
        storage::StorageVec,
    };
    use patronage_interfaces::{
        registry::{ContentId, ContentRegistry},
        PatronageEnvironment,
    };

    /// The longest entry, in bytes.
    const MAX_TEXT: usize = 200;

    /// Whose guest book it is, and what is in it.
    #[ink(storage)]
    pub struct MembersArea {
        registry: AccountId,
        content: ContentId,
        entries: StorageVec<(AccountId, String)>,
    }

    /// Why an entry was refused. Nothing has changed then.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[ink::scale_derive(Encode, Decode, TypeInfo)]
    pub enum Error {
        /// The registry does not let the caller open the content. Its message `check` says what is missing.
        NotMember,
        /// The text is longer than 200 bytes.
        TextTooLong,
    }

    impl MembersArea {
        /// A guest book for those who may open `content` of `registry`.
        #[ink(constructor)]
        pub fn new(registry: AccountId, content: ContentId) -> Self {
            Self { registry, content, entries: StorageVec::new() }
        }

        /// Whether `account` may sign now. Fails as a whole where the registry cannot answer.
        #[ink(message)]
        pub fn is_member(&self, account: AccountId) -> bool {
            let registry: contract_ref!(ContentRegistry, PatronageEnvironment) = self.registry.into();
            registry.has_access(self.content, account)
        }

        /// The caller signs with `text`, and gets the entry's number.
        ///
        /// # Errors
        /// `NotMember`, `TextTooLong`.
        #[ink(message)]
        pub fn sign(&mut self, text: String) -> Result<u32, Error> {
            let caller = self.env().caller();
            if text.len() > MAX_TEXT {
                return Err(Error::TextTooLong);
            }
            if !self.is_member(caller) {
                return Err(Error::NotMember);
            }
            let number = self.entries.len();
            self.entries.push(&(caller, text));
            Ok(number)
        }

        /// The entries from number `first` on, at most 20 of them.
        #[ink(message)]
        pub fn entries(&self, first: u32) -> Vec<(AccountId, String)> {
            (first..first.saturating_add(20)).map_while(|number| self.entries.get(number)).collect()
        }
    }
}
