//! The content registry. The rules are in `patronage-core` (`access`, `ownership`), the messages are described in
//! `patronage-interfaces` (`registry`).
#![cfg_attr(not(feature = "std"), no_std, no_main)]

mod chain_facts;
mod payment;
mod records;
// ink!'s environment for unit tests knows balances of 128 bits only.
#[cfg(all(test, not(feature = "balance-u64")))]
mod tests;

#[ink_lite::contract(env = patronage_interfaces::PatronageEnvironment)]
pub mod content_registry {
    use crate::{
        chain_facts::ChainFacts,
        payment,
        records::{Mark, Roles},
    };
    use ink::{
        prelude::{boxed::Box, vec::Vec},
        storage::{Lazy, Mapping},
    };
    use ink_lite::{emit, env, put, Record, Records};
    use patronage_core::{
        access::{Facts, Inquiry, QuestionLimits},
        ownership::Ownership,
    };
    use patronage_interfaces::{
        from_balance,
        patronage::Standing,
        registry::{
            self, Access, Content, ContentId, Entry, FileReplaced, ListChanged, ListId, ManagerChanged, OwnerChanged,
            OwnerProposed, Published, Purchased, QuestionLimitsChanged, RegistryError, Terms, TermsChanged,
            VaultChanged, MAX_CHECKS, MAX_LISTED, MAX_URI,
        },
        to_balance, PatronageEnvironment as Env, Stored,
    };

    /// Longest answer, in bytes, with room for what ink! puts before it.
    const LONGEST_ANSWER: usize = 16_000;

    type MarkOfAccount = (Mark, AccountId);

    /// No field is read or written by a call that does not use it.
    #[ink(storage)]
    pub struct ContentRegistryContract {
        roles: Lazy<Stored<Roles>>,
        count: Lazy<ContentId>,
        /// The one record that deciding about access reads, unless someone has bought the content or a rule asks for a list.
        entries: Mapping<ContentId, Stored<Entry>>,
        contents: Mapping<ContentId, Content>,
        /// Only those that are true.
        marks: Mapping<MarkOfAccount, bool>,
        /// What a question may cost, which only questions to other contracts read.
        limits: Lazy<Stored<QuestionLimits>>,
    }

    impl ContentRegistryContract {
        /// An empty registry, owned by the caller, that has what is bought paid to `vault`.
        ///
        /// # Errors
        /// `NamesRegistry`.
        #[ink(constructor)]
        pub fn new(vault: Option<AccountId>) -> Result<Self, Box<RegistryError>> {
            let mut registry = Self {
                roles: Lazy::new(),
                count: Lazy::new(),
                entries: Mapping::new(),
                contents: Mapping::new(),
                marks: Mapping::new(),
                limits: Lazy::new(),
            };
            registry.count.store(&0);
            registry.limits.store(&Stored(QuestionLimits::LEAST));
            registry.keep_roles(&Stored(Roles {
                ownership: Ownership::new(env::caller()),
                vault,
                term: 0,
                managers: 0,
            }))?;
            Ok(registry)
        }
    }

    // Fans, gateways and other contracts ask and buy. All else is for the creator and for people who look.
    #[ink_lite(cold)]
    impl registry::ContentRegistry for ContentRegistryContract {
        #[ink(message)]
        fn publish(&mut self, content: Content, terms: Terms) -> Result<ContentId, Box<RegistryError>> {
            let publisher = self.ensure_manager()?;
            self.ensure_terms(&terms)?;
            let id = self.count.load();
            let count = id.checked_add(1).ok_or(RegistryError::TooManyContents)?;
            self.keep_file(id, &content)?;
            self.count.store(&count);
            let Terms { price, release, retired, .. } = terms;
            self.entries.store(&id, &Stored(Entry { terms, sold: false }));
            let Content { uri, hash, public_key } = content;
            emit::<Env, _>(&Published { id, publisher, uri, hash, public_key, price, release, retired });
            Ok(id)
        }

        #[ink(message)]
        fn replace_file(&mut self, id: ContentId, content: Content) -> Result<(), Box<RegistryError>> {
            self.ensure_manager()?;
            if id >= self.count.load() {
                return Err(RegistryError::UnknownContent)?;
            }
            self.keep_file(id, &content)?;
            let Content { uri, hash, public_key } = content;
            emit::<Env, _>(&FileReplaced { id, uri, hash, public_key });
            Ok(())
        }

        #[ink(message)]
        fn change_terms(&mut self, id: ContentId, terms: Terms) -> Result<(), Box<RegistryError>> {
            self.ensure_manager()?;
            let entry = self.known_entry(id)?;
            self.ensure_terms(&terms)?;
            let (sold, latest) = (entry.sold, entry.latest_release());
            if terms.release > latest {
                return Err(RegistryError::ReleaseSold { latest })?;
            }
            let Terms { price, release, retired, .. } = terms;
            self.entries.store(&id, &Stored(Entry { terms, sold }));
            emit::<Env, _>(&TermsChanged { id, price, release, retired });
            Ok(())
        }

        #[ink(message)]
        fn content(&self, id: ContentId) -> Option<Content> {
            self.contents.load(&id).map(|content| *content)
        }

        #[ink(message)]
        fn terms(&self, id: ContentId) -> Option<Terms> {
            self.entries.load(&id).map(|entry| entry.0.terms)
        }

        #[ink(message)]
        fn content_count(&self) -> u32 {
            self.count.load()
        }

        #[ink_lite(hot)]
        #[ink(message)]
        fn has_access(&self, id: ContentId, account: AccountId) -> bool {
            let Some(entry) = self.entry(id) else { return false };
            Inquiry::new(ChainFacts::new(self, &account, false), env::now()).grant(id, entry).is_some()
        }

        #[ink(message)]
        fn check(&self, id: ContentId, account: AccountId) -> Result<Access, Box<RegistryError>> {
            let entry = self.known_entry(id)?;
            Ok(self.inquiry(&account).check(id, entry))
        }

        #[ink(message)]
        fn check_many(
            &self,
            ids: Vec<ContentId>,
            account: AccountId,
        ) -> Result<Vec<Option<Access>>, Box<RegistryError>> {
            ensure_few(ids.len(), MAX_CHECKS)?;
            let mut inquiry = self.inquiry(&account);
            let mut answers = Vec::with_capacity(ids.len());
            let mut room = LONGEST_ANSWER;
            for (fit, id) in (0..).zip(ids) {
                let access = self.entry(id).map(|entry| inquiry.check(id, entry));
                let bytes = access.as_ref().map_or(1, Access::most_bytes);
                room = room.checked_sub(bytes).ok_or(RegistryError::AnswerTooLong { fit })?;
                put(&mut answers, access);
            }
            Ok(answers)
        }

        #[ink_lite(hot)]
        #[ink(message)]
        fn balance_at(&self, token: AccountId, account: AccountId) -> Option<u128> {
            ChainFacts::new(self, &account, false).balance_of(&token)
        }

        #[ink_lite(hot)]
        #[ink(message)]
        fn standing_at(&self, vault: AccountId, account: AccountId) -> Option<Standing> {
            ChainFacts::new(self, &account, false).standing_of(&vault)
        }

        #[ink_lite(hot)]
        #[ink(message, payable)]
        fn purchase(
            &mut self,
            id: ContentId,
            recipient: AccountId,
            max_price: u128,
            latest_release: Timestamp,
        ) -> Result<(), Box<RegistryError>> {
            let entry = self.known_entry(id)?;
            let sale = entry.terms.sell(max_price, latest_release, env::value());
            let (price, change) = sale.map_err(RegistryError::from)?;
            let event = Purchased { id, recipient, payer: env::caller(), price };
            if self.has_mark(Mark::buyer(id), &event.recipient) {
                return Err(RegistryError::AlreadyBought)?;
            }
            let vault = self.roles().vault.ok_or(RegistryError::NoVault)?;
            self.set_mark(Mark::buyer(id), &event.recipient, true);
            if !entry.sold {
                entry.sold = true;
                self.entries.store(&id, entry);
            }
            emit::<Env, _>(&event);
            payment::pay(&vault, id, price)?;
            match to_balance(change) {
                Some(0) => Ok(()),
                Some(change) if env::transfer(&event.payer, &change.to_le_bytes()) => Ok(()),
                _ => Err(RegistryError::TransferFailed)?,
            }
        }

        #[ink_lite(hot)]
        #[ink(message)]
        fn has_bought(&self, id: ContentId, account: AccountId) -> bool {
            self.has_mark(Mark::buyer(id), &account)
        }

        #[ink(message)]
        fn set_listed(
            &mut self,
            list: ListId,
            accounts: Vec<AccountId>,
            listed: bool,
        ) -> Result<(), Box<RegistryError>> {
            self.ensure_manager()?;
            ensure_few(accounts.len(), MAX_LISTED)?;
            for account in &accounts {
                self.set_mark(Mark::listed(list), account, listed);
            }
            emit::<Env, _>(&ListChanged { list, accounts, listed });
            Ok(())
        }

        #[ink(message)]
        fn is_listed(&self, list: ListId, account: AccountId) -> bool {
            self.has_mark(Mark::listed(list), &account)
        }

        #[ink(message)]
        fn set_manager(&mut self, account: AccountId, appointed: bool) -> Result<(), Box<RegistryError>> {
            let mut roles = self.ensure_owner()?;
            let mark = Mark::manager(roles.term);
            let event = ManagerChanged { account, appointed };
            let was = self.has_mark(mark, &event.account);
            // Each manager has a mark, and a u32 counts more than a chain can hold.
            roles.managers = roles.managers.wrapping_add(u32::from(appointed)).wrapping_sub(u32::from(was));
            self.roles.store(&roles);
            self.set_mark(mark, &event.account, appointed);
            emit::<Env, _>(&event);
            Ok(())
        }

        #[ink(message)]
        fn is_manager(&self, account: AccountId) -> bool {
            self.has_mark(Mark::manager(self.roles().term), &account)
        }

        #[ink(message)]
        fn manager_count(&self) -> u32 {
            self.roles().managers
        }

        #[ink(message)]
        fn set_question_limits(&mut self, limits: QuestionLimits) -> Result<(), Box<RegistryError>> {
            self.ensure_owner()?;
            if !limits.are_possible() {
                return Err(RegistryError::LimitsOutOfRange)?;
            }
            self.limits.store(&Stored(limits));
            let QuestionLimits { ref_time, proof_size } = limits;
            emit::<Env, _>(&QuestionLimitsChanged { ref_time, proof_size });
            Ok(())
        }

        #[ink(message)]
        fn question_limits(&self) -> QuestionLimits {
            self.limits()
        }

        #[ink(message)]
        fn set_vault(&mut self, vault: Option<AccountId>) -> Result<(), Box<RegistryError>> {
            let mut roles = self.ensure_owner()?;
            roles.vault = vault;
            self.keep_roles(&roles)?;
            emit::<Env, _>(&VaultChanged { vault });
            Ok(())
        }

        #[ink(message)]
        fn vault(&self) -> Option<AccountId> {
            self.roles().vault
        }

        #[ink(message)]
        fn propose_owner(&mut self, candidate: AccountId) -> Result<(), Box<RegistryError>> {
            let mut roles = self.ensure_owner()?;
            roles.ownership.propose(candidate);
            self.roles.store(&roles);
            emit::<Env, _>(&OwnerProposed { candidate });
            Ok(())
        }

        #[ink(message)]
        fn accept_ownership(&mut self) -> Result<(), Box<RegistryError>> {
            let owner = env::caller();
            let mut roles = self.roles();
            if !roles.ownership.accept(&owner) {
                return Err(RegistryError::NotProposed)?;
            }
            // Whom the old owner has appointed is none of the new one's managers. A u32 outlives any registry.
            roles.term = roles.term.wrapping_add(1);
            roles.managers = 0;
            self.roles.store(&roles);
            emit::<Env, _>(&OwnerChanged { owner });
            Ok(())
        }

        #[ink(message)]
        fn owner(&self) -> AccountId {
            self.roles().ownership.owner
        }

        #[ink(message)]
        fn pending_owner(&self) -> Option<AccountId> {
            self.roles().ownership.candidate
        }
    }

    impl ContentRegistryContract {
        /// What is kept to decide about access. Nothing of a call is freed before its end, so that it can be lent for as long.
        #[inline(never)]
        pub(crate) fn entry(&self, id: ContentId) -> Option<&'static mut Stored<Entry>> {
            self.entries.load(&id).map(Box::leak)
        }

        #[inline(never)]
        pub(crate) fn has_mark(&self, mark: Mark, account: &AccountId) -> bool {
            self.marks.load(&(mark, account)).is_some()
        }

        #[inline(never)]
        fn set_mark(&mut self, mark: Mark, account: &AccountId, is_true: bool) {
            let key = (mark, account);
            if is_true {
                self.marks.store(&key, &true);
            } else {
                self.marks.delete(&key);
            }
        }

        /// What a question may cost.
        pub(crate) fn limits(&self) -> QuestionLimits {
            self.limits.load().0
        }

        fn known_entry(&self, id: ContentId) -> Result<&'static mut Stored<Entry>, Box<RegistryError>> {
            Ok(self.entry(id).ok_or(RegistryError::UnknownContent)?)
        }

        /// For messages that must not be stopped by a contract they ask.
        fn inquiry<'a>(&'a self, account: &'a AccountId) -> Inquiry<'static, AccountId, ChainFacts<'a>> {
            Inquiry::new(ChainFacts::new(self, account, true), env::now())
        }

        #[inline(never)]
        fn roles(&self) -> Box<Stored<Roles>> {
            Box::new(self.roles.load())
        }

        fn keep_roles(&mut self, roles: &Stored<Roles>) -> Result<(), Box<RegistryError>> {
            if roles.vault == Some(env::own_account()) {
                return Err(RegistryError::NamesRegistry)?;
            }
            self.roles.store(roles);
            Ok(())
        }

        /// Refuses whoever is not the owner.
        #[inline(never)]
        fn ensure_owner(&self) -> Result<Box<Stored<Roles>>, Box<RegistryError>> {
            let roles = self.roles();
            if !roles.ownership.is_owner(&env::caller()) {
                return Err(RegistryError::NotOwner)?;
            }
            Ok(roles)
        }

        /// Refuses whoever is neither the owner nor a manager, and returns who it is.
        #[inline(never)]
        fn ensure_manager(&self) -> Result<AccountId, Box<RegistryError>> {
            let caller = env::caller();
            let roles = self.roles();
            if !roles.ownership.is_owner(&caller) && !self.has_mark(Mark::manager(roles.term), &caller) {
                return Err(RegistryError::NotManager)?;
            }
            Ok(caller)
        }

        #[inline(never)]
        fn ensure_terms(&self, terms: &Terms) -> Result<(), Box<RegistryError>> {
            terms.audience.validate().map_err(RegistryError::from)?;
            if terms.audience.names(&env::own_account()) {
                return Err(RegistryError::NamesRegistry)?;
            }
            let most = from_balance(Balance::MAX);
            if !terms.has_possible_price(most) {
                return Err(RegistryError::PriceOutOfRange { most })?;
            }
            if terms.price.is_some() && self.roles().vault.is_none() {
                return Err(RegistryError::NoVault)?;
            }
            Ok(())
        }

        #[inline(never)]
        fn keep_file(&mut self, id: ContentId, content: &Content) -> Result<(), Box<RegistryError>> {
            if content.uri.is_empty() {
                return Err(RegistryError::UriEmpty)?;
            }
            if content.uri.len() > MAX_URI as usize {
                return Err(RegistryError::UriTooLong { most: MAX_URI })?;
            }
            if content.public_key == [0; 32] {
                return Err(RegistryError::InvalidKey)?;
            }
            self.contents.store(&id, content);
            Ok(())
        }
    }

    /// Refuses more than `most` at once.
    fn ensure_few(count: usize, most: u32) -> Result<(), Box<RegistryError>> {
        if count > most as usize {
            return Err(Box::new(RegistryError::TooManyAtOnce { most }));
        }
        Ok(())
    }
}
