//! The content registry: see [`patronage_interfaces::registry::ContentRegistry`] for what it promises.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

mod chain_facts;
#[cfg(test)]
mod tests;

pub use self::content_registry::{ContentRegistryContract, ContentRegistryContractRef};

#[ink::contract(env = PatronageEnvironment)]
mod content_registry {
    use ink::storage::Mapping;
    use patronage_core::access::Inquiry;
    use patronage_interfaces::{
        registry::{
            Access, Audience, Content, ContentId, ContentRegistry, NewContent, Published, RegistryError, MAX_URI,
        },
        PatronageEnvironment, Stored,
    };

    use crate::chain_facts::ChainFacts;

    #[ink(storage)]
    pub struct ContentRegistryContract {
        owner: AccountId,
        count: u32,
        /// The one record that deciding about access reads.
        audiences: Mapping<ContentId, Stored<Audience>>,
        contents: Mapping<ContentId, Content>,
    }

    impl ContentRegistryContract {
        /// An empty registry. The caller owns it.
        #[ink(constructor)]
        #[allow(clippy::new_without_default)]
        pub fn new() -> Self {
            Self { owner: Self::env().caller(), count: 0, audiences: Mapping::default(), contents: Mapping::default() }
        }

        fn ensure_valid(&self, new: &NewContent) -> Result<(), RegistryError> {
            let NewContent { content, audience } = new;
            if content.uri.is_empty() {
                return Err(RegistryError::UriEmpty);
            }
            if content.uri.len() > MAX_URI as usize {
                return Err(RegistryError::UriTooLong { most: MAX_URI });
            }
            if content.public_key == [0; 32] {
                return Err(RegistryError::InvalidKey);
            }
            audience.validate()?;
            if audience.names(&self.env().account_id()) {
                return Err(RegistryError::NamesRegistry);
            }
            Ok(())
        }

        fn inquiry(&self, account: AccountId) -> Inquiry<AccountId, ChainFacts> {
            let facts = ChainFacts { account, caller: self.env().caller() };
            Inquiry::new(facts, self.env().block_timestamp())
        }
    }

    impl ContentRegistry for ContentRegistryContract {
        #[ink(message)]
        fn publish(&mut self, new: NewContent) -> Result<ContentId, RegistryError> {
            let publisher = self.env().caller();
            if publisher != self.owner {
                return Err(RegistryError::NotOwner);
            }
            self.ensure_valid(&new)?;
            let NewContent { content, audience } = new;
            let id = self.count;
            self.count = id.checked_add(1).ok_or(RegistryError::TooManyContents)?;
            self.audiences.insert(id, &Stored(audience));
            self.contents.insert(id, &content);
            let Content { uri, hash, .. } = content;
            self.env().emit_event(Published { id, publisher, uri, hash });
            Ok(id)
        }

        #[ink(message)]
        fn content(&self, id: ContentId) -> Option<Content> {
            self.contents.get(id)
        }

        #[ink(message)]
        fn audience(&self, id: ContentId) -> Option<Audience> {
            self.audiences.get(id).map(|Stored(audience)| audience)
        }

        #[ink(message)]
        fn content_count(&self) -> u32 {
            self.count
        }

        #[ink(message)]
        fn has_access(&self, id: ContentId, account: AccountId) -> bool {
            let Some(Stored(audience)) = self.audiences.get(id) else { return false };
            self.inquiry(account).grant(&audience).is_some()
        }

        #[ink(message)]
        fn check(&self, id: ContentId, account: AccountId) -> Result<Access, RegistryError> {
            let Stored(audience) = self.audiences.get(id).ok_or(RegistryError::UnknownContent)?;
            Ok(self.inquiry(account).check(&audience))
        }

        #[ink(message)]
        fn owner(&self) -> AccountId {
            self.owner
        }
    }
}
