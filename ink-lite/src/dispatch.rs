//! What [`contract`](crate::contract) expands to. Not for direct use.

#[cfg(not(feature = "std"))]
pub use chain::*;

/// ink!'s id of a trait's message, by its index within the trait, as ink! computes it.
///
/// ink! allows no identifiers of its own in a contract's module. This macro keeps them out of it.
#[doc(hidden)]
#[macro_export]
macro_rules! trait_message_id {
    ($storage:ty, $interface:path, $local:literal) => {
        ::core::primitive::u32::from_be_bytes(
            <<::ink::reflect::TraitDefinitionRegistry<<$storage as ::ink::env::ContractEnv>::Env> as $interface>::__ink_TraitInfo as ::ink::reflect::TraitMessageInfo<$local>>::SELECTOR,
        )
    };
}

/// Whether no constructor has the selector of a message.
#[must_use]
pub const fn are_distinct(constructors: &[u32], messages: &[u32]) -> bool {
    // Loops without iterators, which are not `const`. Each index is below the length of its list.
    let mut i = 0;
    while i < constructors.len() {
        let mut j = 0;
        while j < messages.len() {
            if constructors[i] == messages[j] {
                return false;
            }
            j = j.wrapping_add(1);
        }
        i = i.wrapping_add(1);
    }
    true
}

/// Decodes a code hash of 64 hexadecimal digits, with or without `0x`.
///
/// # Panics
/// If the text is not 64 hexadecimal digits, at compile time.
#[must_use]
pub const fn code_hash(text: &str) -> [u8; 32] {
    let digits = match text.as_bytes() {
        [b'0', b'x', digits @ ..] => digits,
        digits => digits,
    };
    assert!(digits.len() == 64, "a code hash has 64 hexadecimal digits");
    let mut hash = [0; 32];
    let mut i = 0;
    // Below 32, so both indices are in range.
    while i < 32 {
        hash[i] = digit(digits[i * 2]) << 4 | digit(digits[i * 2 + 1]);
        i += 1;
    }
    hash
}

const fn digit(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte.wrapping_sub(b'0'),
        b'a'..=b'f' => byte.wrapping_sub(b'a').wrapping_add(10),
        b'A'..=b'F' => byte.wrapping_sub(b'A').wrapping_add(10),
        _ => panic!("a code hash has hexadecimal digits only"),
    }
}

#[cfg(not(feature = "std"))]
mod chain {
    use crate::{
        alloc_zeroed, env,
        writer::{Write, Writer},
        Reader,
    };
    use ink::scale::Output;
    use pallet_contracts_uapi::{CallFlags, HostFn, HostFnImpl as api};

    /// The maximum length of input and return data, as in ink!.
    const BUFFER: usize = 1 << 14;

    /// The call's input.
    #[inline(never)]
    pub fn input() -> Reader<'static> {
        Reader::new(env::input(alloc_zeroed(BUFFER)), unreadable)
    }

    /// Ends the call with `LangError::CouldNotReadInput`.
    #[inline(never)]
    pub fn unreadable() -> ! {
        env::answer(true, &[1, 1])
    }

    /// Ends the call if value was transferred, as ink! does.
    #[inline(never)]
    pub fn deny_payment() {
        if env::value() != 0 {
            env::abort()
        }
    }

    /// Ends the call with a message's return value, in the `Ok` of ink!'s `Result<_, LangError>`.
    #[inline(never)]
    pub fn answer(reverted: bool, answer: &dyn Write) -> ! {
        let mut writer = Writer::new(alloc_zeroed(BUFFER));
        writer.push_byte(0);
        answer.write(&mut writer);
        env::answer(reverted, writer.done())
    }

    /// Runs the code with this hash on the contract's own storage, and ends the call with its return data. Ends the
    /// call if the chain does not have the code.
    #[inline(never)]
    pub fn forward(code_hash: &[u8; 32]) -> ! {
        // Returns only if the code failed.
        let _ = api::delegate_call(CallFlags::FORWARD_INPUT | CallFlags::TAIL_CALL, code_hash, &[], None);
        env::abort()
    }

    /// Locks the code with this hash as a dependency, so that the chain keeps it while the contract exists.
    pub fn lock(code_hash: &[u8; 32]) {
        api::lock_delegate_dependency(code_hash);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_hash_is_decoded_from_its_digits() {
        let digits = "00ff0123456789abcdefABCDEF00000000000000000000000000000000000042";
        let hash = code_hash(digits);
        assert_eq!(hash[..9], [0, 0xFF, 0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD]);
        assert_eq!(hash[9..14], [0xEF, 0xAB, 0xCD, 0xEF, 0]);
        assert_eq!(hash[31], 0x42);
        assert_eq!(code_hash(&format!("0x{digits}")), hash);
    }

    #[test]
    #[should_panic(expected = "64 hexadecimal digits")]
    fn a_short_code_hash_is_refused() {
        let _ = code_hash("0x00");
    }

    #[test]
    #[should_panic(expected = "hexadecimal digits only")]
    fn a_code_hash_of_other_characters_is_refused() {
        let _ = code_hash(&"g".repeat(64));
    }

    #[test]
    fn selectors_are_distinct_unless_a_constructor_has_one_of_a_message() {
        assert!(are_distinct(&[1, 2], &[3, 4]));
        assert!(are_distinct(&[], &[3]) && are_distinct(&[1], &[]));
        assert!(!are_distinct(&[1, 2], &[3, 2]));
        assert!(!are_distinct(&[4], &[3, 4]));
    }
}
