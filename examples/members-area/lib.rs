//! A guest book for accounts with access to a creator's content. Shows how a contract queries a content registry, which evaluates all of
//! the creator's rules: tokens, subscriptions, tips, purchases, lists.
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

    /// Maximum length of an entry, in bytes.
    const MAX_TEXT: usize = 200;

    /// The guest book.
    #[ink(storage)]
    pub struct MembersArea {
        registry: AccountId,
        content: ContentId,
        entries: StorageVec<(AccountId, String)>,
    }

    /// Why an entry was refused. Nothing has changed.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[ink::scale_derive(Encode, Decode, TypeInfo)]
    pub enum Error {
        /// The caller has no access to the content. The registry's message `check` returns the unmet conditions.
        NotMember,
        /// The text is longer than 200 bytes.
        TextTooLong,
    }

    impl MembersArea {
        /// A guest book for accounts with access to `content` of `registry`.
        #[ink(constructor)]
        pub fn new(registry: AccountId, content: ContentId) -> Self {
            Self { registry, content, entries: StorageVec::new() }
        }

        /// Whether `account` may sign now. Traps if the registry can't answer.
        #[ink(message)]
        pub fn is_member(&self, account: AccountId) -> bool {
            let registry: contract_ref!(ContentRegistry, PatronageEnvironment) = self.registry.into();
            registry.has_access(self.content, account)
        }

        /// Adds an entry of the caller with this `text`. Returns its number.
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

        /// At most 20 entries, from number `first` on.
        #[ink(message)]
        pub fn entries(&self, first: u32) -> Vec<(AccountId, String)> {
            (first..first.saturating_add(20)).map_while(|number| self.entries.get(number)).collect()
        }
    }
}
