//! The content registry. Its rules are in `patronage-core` (`access`, `content`, `ownership`). Its messages are described
//! in `patronage-interfaces` (`registry`, `ownable`).
#![cfg_attr(not(feature = "std"), no_std, no_main)]

mod onchain_oracle;
mod payment;
mod records;
// ink!'s environment for unit tests has balances of 128 bits only.
#[cfg(all(test, not(feature = "balance-u64")))]
mod tests;

#[ink_lite::contract(env = patronage_interfaces::PatronageEnvironment)]
pub mod content_registry {
    use crate::{
        onchain_oracle::OnchainOracle,
        payment,
        records::{Flag, Roles},
    };
    use ink::{
        prelude::{boxed::Box, vec::Vec},
        storage::{Lazy, Mapping},
    };
    use ink_lite::{emit, env, put, Record, Records};
    use patronage_core::{
        access::{AccessOracle, Evaluator},
        content::validate_file,
        ownership::Ownership,
        query_limits::QuestionLimits,
    };
    use patronage_interfaces::{
        ownable::{Ownable, OwnerChanged, OwnerProposed, OwnershipError},
        patronage::Standing,
        registry::{
            self, Access, Content, ContentId, Entry, FileReplaced, ListChanged, ListId, ManagerChanged, Published,
            Purchased, QuestionLimitsChanged, RegistryError, Terms, TermsChanged, VaultChanged, MAX_CHECKS, MAX_LISTED,
        },
        try_into_balance, PatronageEnvironment as Env, Stored, LIMITS,
    };

    /// The maximum length of return data, in bytes, with room for what ink! puts before it.
    const LONGEST_ANSWER: usize = 16_000;

    type FlagOfAccount = (Flag, AccountId);

    /// Each field is a record of its own, so a call reads and writes only what it uses.
    #[ink(storage)]
    pub struct ContentRegistryContract {
        roles: Lazy<Stored<Roles>>,
        count: Lazy<ContentId>,
        /// The only record that access needs, unless someone has bought the content or a rule asks for a list.
        entries: Mapping<ContentId, Stored<Entry>>,
        contents: Mapping<ContentId, Content>,
        /// Flags that are set. Others have no entry.
        flags: Mapping<FlagOfAccount, bool>,
        /// Limits of a call to another contract. Read after a failed call only.
        limits: Lazy<Stored<QuestionLimits>>,
    }

    impl ContentRegistryContract {
        /// Creates an empty registry, owned by the caller. `vault` receives the money for purchases.
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
                flags: Mapping::new(),
                limits: Lazy::new(),
            };
            registry.count.store(&0);
            registry.limits.store(&Stored(QuestionLimits::LEAST));
            registry.store_roles(&Stored(Roles {
                ownership: Ownership::new(env::caller()),
                vault,
                term: 0,
                managers: 0,
            }))?;
            Ok(registry)
        }
    }

    // Hot: queries of gateways and other contracts, and purchases. All other messages are rare.
    #[ink_lite(cold)]
    impl registry::ContentRegistry for ContentRegistryContract {
        #[ink(message)]
        fn publish(&mut self, content: Content, terms: Terms) -> Result<ContentId, Box<RegistryError>> {
            let publisher = self.ensure_manager()?;
            self.ensure_terms(&terms)?;
            let id = self.count.load();
            let count = id.checked_add(1).ok_or(RegistryError::TooManyContents)?;
            self.store_file(id, &content)?;
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
            self.store_file(id, &content)?;
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
            Evaluator::new(OnchainOracle::<false>::new(self, &account), env::now()).grant(id, entry).is_some()
        }

        #[ink(message)]
        fn check(&self, id: ContentId, account: AccountId) -> Result<Access, Box<RegistryError>> {
            let entry = self.known_entry(id)?;
            Ok(self.evaluator(&account).check(id, entry))
        }

        #[ink(message)]
        fn check_many(
            &self,
            ids: Vec<ContentId>,
            account: AccountId,
        ) -> Result<Vec<Option<Access>>, Box<RegistryError>> {
            ensure_few(ids.len(), MAX_CHECKS)?;
            let mut evaluator = self.evaluator(&account);
            let mut answers = Vec::with_capacity(ids.len());
            let mut room = LONGEST_ANSWER;
            for (fit, id) in (0..).zip(ids) {
                let access = self.entry(id).map(|entry| evaluator.check(id, entry));
                let bytes = access.as_ref().map_or(1, Access::most_bytes);
                room = room.checked_sub(bytes).ok_or(RegistryError::AnswerTooLong { fit })?;
                put(&mut answers, access);
            }
            Ok(answers)
        }

        #[ink_lite(hot)]
        #[ink(message)]
        fn balance_at(&self, token: AccountId, account: AccountId) -> Option<u128> {
            OnchainOracle::<false>::new(self, &account).balance_of(&token)
        }

        #[ink_lite(hot)]
        #[ink(message)]
        fn standing_at(&self, vault: AccountId, account: AccountId) -> Option<Standing> {
            OnchainOracle::<false>::new(self, &account).standing_of(&vault)
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
            if self.has_flag(Flag::buyer(id), &event.recipient) {
                return Err(RegistryError::AlreadyBought)?;
            }
            let vault = self.roles().vault.ok_or(RegistryError::NoVault)?;
            self.set_flag(Flag::buyer(id), &event.recipient, true);
            if !entry.sold {
                entry.sold = true;
                self.entries.store(&id, entry);
            }
            emit::<Env, _>(&event);
            payment::pay(&vault, id, price)?;
            match try_into_balance(change) {
                Some(0) => Ok(()),
                Some(change) if env::transfer(&event.payer, &change.to_le_bytes()) => Ok(()),
                _ => Err(RegistryError::TransferFailed)?,
            }
        }

        #[ink_lite(hot)]
        #[ink(message)]
        fn has_bought(&self, id: ContentId, account: AccountId) -> bool {
            self.has_flag(Flag::buyer(id), &account)
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
                self.set_flag(Flag::listed(list), account, listed);
            }
            emit::<Env, _>(&ListChanged { list, accounts, listed });
            Ok(())
        }

        #[ink(message)]
        fn is_listed(&self, list: ListId, account: AccountId) -> bool {
            self.has_flag(Flag::listed(list), &account)
        }

        #[ink(message)]
        fn set_manager(&mut self, account: AccountId, appointed: bool) -> Result<(), Box<RegistryError>> {
            let mut roles = self.ensure_owner()?;
            let flag = Flag::manager(roles.term);
            let event = ManagerChanged { account, appointed };
            let was = self.has_flag(flag, &event.account);
            // Each manager has a flag, and a chain cannot store 2^32 of them.
            roles.managers = roles.managers.wrapping_add(u32::from(appointed)).wrapping_sub(u32::from(was));
            self.roles.store(&roles);
            self.set_flag(flag, &event.account, appointed);
            emit::<Env, _>(&event);
            Ok(())
        }

        #[ink(message)]
        fn is_manager(&self, account: AccountId) -> bool {
            self.has_flag(Flag::manager(self.roles().term), &account)
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
            self.store_roles(&roles)?;
            emit::<Env, _>(&VaultChanged { vault });
            Ok(())
        }

        #[ink(message)]
        fn vault(&self) -> Option<AccountId> {
            self.roles().vault
        }
    }

    #[ink_lite(cold)]
    impl Ownable for ContentRegistryContract {
        #[ink(message)]
        fn propose_owner(&mut self, candidate: AccountId) -> Result<(), OwnershipError> {
            let mut roles = self.roles();
            let event = OwnerProposed { owner: env::caller(), candidate };
            roles.ownership.propose(&event.owner, &event.candidate)?;
            self.roles.store(&roles);
            emit::<Env, _>(&event);
            Ok(())
        }

        #[ink(message)]
        fn accept_ownership(&mut self) -> Result<(), OwnershipError> {
            let owner = env::caller();
            let mut roles = self.roles();
            let previous = roles.ownership.accept(&owner)?;
            // Managers of the previous owner are not managers any more. A registry never has 2^32 owners.
            roles.term = roles.term.wrapping_add(1);
            roles.managers = 0;
            self.roles.store(&roles);
            emit::<Env, _>(&OwnerChanged { previous, owner });
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
        /// The record of content. Memory is not freed before the end of a call, so the reference can be static.
        #[inline(never)]
        pub(crate) fn entry(&self, id: ContentId) -> Option<&'static mut Stored<Entry>> {
            self.entries.load(&id).map(Box::leak)
        }

        #[inline(never)]
        pub(crate) fn has_flag(&self, flag: Flag, account: &AccountId) -> bool {
            self.flags.load(&(flag, account)).is_some()
        }

        #[inline(never)]
        fn set_flag(&mut self, flag: Flag, account: &AccountId, is_true: bool) {
            let key = (flag, account);
            if is_true {
                self.flags.store(&key, &true);
            } else {
                self.flags.delete(&key);
            }
        }

        /// Limits of a call to another contract.
        pub(crate) fn limits(&self) -> QuestionLimits {
            self.limits.load().0
        }

        fn known_entry(&self, id: ContentId) -> Result<&'static mut Stored<Entry>, Box<RegistryError>> {
            Ok(self.entry(id).ok_or(RegistryError::UnknownContent)?)
        }

        /// An evaluator for messages that other contracts must not be able to stop.
        fn evaluator<'a>(&'a self, account: &'a AccountId) -> Evaluator<'static, AccountId, OnchainOracle<'a, true>> {
            Evaluator::new(OnchainOracle::new(self, account), env::now())
        }

        #[inline(never)]
        fn roles(&self) -> Box<Stored<Roles>> {
            Box::new(self.roles.load())
        }

        fn store_roles(&mut self, roles: &Stored<Roles>) -> Result<(), Box<RegistryError>> {
            if roles.vault == Some(env::own_account()) {
                return Err(RegistryError::NamesRegistry)?;
            }
            self.roles.store(roles);
            Ok(())
        }

        /// Fails if the caller is not the owner.
        #[inline(never)]
        fn ensure_owner(&self) -> Result<Box<Stored<Roles>>, Box<RegistryError>> {
            let roles = self.roles();
            if !roles.ownership.is_owner(&env::caller()) {
                return Err(RegistryError::NotOwner)?;
            }
            Ok(roles)
        }

        /// Fails if the caller is neither the owner nor a manager. Returns the caller.
        #[inline(never)]
        fn ensure_manager(&self) -> Result<AccountId, Box<RegistryError>> {
            let caller = env::caller();
            let roles = self.roles();
            if !roles.ownership.is_owner(&caller) && !self.has_flag(Flag::manager(roles.term), &caller) {
                return Err(RegistryError::NotManager)?;
            }
            Ok(caller)
        }

        #[inline(never)]
        fn ensure_terms(&self, terms: &Terms) -> Result<(), Box<RegistryError>> {
            terms.validate(&LIMITS).map_err(RegistryError::from)?;
            if terms.audience.names(&env::own_account()) {
                return Err(RegistryError::NamesRegistry)?;
            }
            if terms.price.is_some() && self.roles().vault.is_none() {
                return Err(RegistryError::NoVault)?;
            }
            Ok(())
        }

        #[inline(never)]
        fn store_file(&mut self, id: ContentId, content: &Content) -> Result<(), Box<RegistryError>> {
            validate_file(&content.uri, &content.public_key).map_err(RegistryError::from)?;
            self.contents.store(&id, content);
            Ok(())
        }
    }

    /// Fails for more than `most` items.
    fn ensure_few(count: usize, most: u32) -> Result<(), Box<RegistryError>> {
        if count > most as usize {
            return Err(Box::new(RegistryError::TooManyAtOnce { most }));
        }
        Ok(())
    }
}
