//! What [`entry_points!`](crate::entry_points) expands to. Nothing here is for use by hand.

#[cfg(not(feature = "std"))]
pub use chain::*;
pub use patronage_wire::Read;

#[cfg(not(feature = "std"))]
mod chain {
    use crate::{
        host, memory,
        writer::{Write, Writer},
    };
    use ink::scale::Output;
    use patronage_wire::Reader;

    /// Longest input and longest answer, as in ink!.
    const BUFFER: usize = 1 << 14;

    /// The call's input.
    #[inline(never)]
    pub fn input() -> Reader<'static> {
        Reader::new(host::input(memory(BUFFER)), unreadable)
    }

    /// Ends a call whose selector or arguments can't be read: `LangError::CouldNotReadInput`.
    #[inline(never)]
    pub fn unreadable() -> ! {
        host::answer(true, &[1, 1])
    }

    /// Ends the call if money came with it, as ink! does.
    #[inline(never)]
    pub fn deny_payment() {
        if host::value() != 0 {
            host::stop()
        }
    }

    /// Ends the call with a message's answer, in the `Ok` of the `Result<_, LangError>` that ink! wraps it in.
    #[inline(never)]
    pub fn answer(reverted: bool, answer: &dyn Write) -> ! {
        let mut writer = Writer::new(memory(BUFFER));
        writer.push_byte(0);
        answer.write(&mut writer);
        host::answer(reverted, writer.done())
    }
}

/// Makes a contract's `call` and `deploy`.
///
/// Takes the contract, its constructor and its messages: each with ink!'s label (`Trait::message`), from which its selector
/// comes, and with the method and a name for each argument. Selectors, types, and who takes money come from ink!'s own
/// description of the contract, so a label that is no message of it does not compile. A message that is left out can't be called.
///
/// ```ignore
/// patronage_thin::entry_points! {
///     Flipper;
///     "new" => new(value);
///     "Flip::flip" => Flip::flip();
///     "Flip::get" => Flip::get();
/// }
/// ```
///
/// Every field of the contract must be a `Mapping` or a `Lazy`, and the constructor must return a `Result`.
#[macro_export]
macro_rules! entry_points {
    (
        $contract:ident;
        $constructor:literal => $new:ident($($term:ident),*);
        $($label:literal => $interface:ident::$message:ident($($argument:ident),*);)*
    ) => {
        const _: () = {
            use ::ink::reflect::{DispatchableConstructorInfo, DispatchableMessageInfo};
            use $crate::entry::{answer, deny_payment, input, unreadable, Read};

            const _: () = assert!(::core::mem::size_of::<$contract>() == 0, "a field is neither Mapping nor Lazy");

            #[no_mangle]
            pub extern "C" fn call() {
                let mut reader = input();
                let selector = u32::read(&mut reader);
                // Once for all, as few messages take money.
                let takes_money = false $(|| {
                    <$contract as DispatchableMessageInfo<{ ::ink::selector_id!($label) }>>::PAYABLE
                        && selector == const { u32::swap_bytes(::ink::selector_id!($label)) }
                })*;
                if !takes_money {
                    deny_payment();
                }
                let Ok(mut contract) = <$contract as ::ink::storage::traits::Storable>::decode(&mut &[][..]) else {
                    unreadable()
                };
                $(
                    if selector == const { u32::swap_bytes(::ink::selector_id!($label)) } {
                        type Output =
                            <$contract as DispatchableMessageInfo<{ ::ink::selector_id!($label) }>>::Output;
                        $(let $argument = Read::read(&mut reader);)*
                        let result: Output = $interface::$message(&mut contract, $($argument),*);
                        let reverted = ::ink::is_result_type!(Output) && ::ink::is_result_err!(result);
                        answer(reverted, &result);
                    }
                )*
                unreadable()
            }

            #[no_mangle]
            pub extern "C" fn deploy() {
                let mut reader = input();
                if u32::read(&mut reader) != const { u32::swap_bytes(::ink::selector_id!($constructor)) } {
                    unreadable()
                }
                if !<$contract as DispatchableConstructorInfo<{ ::ink::selector_id!($constructor) }>>::PAYABLE {
                    deny_payment();
                }
                $(let $term = Read::read(&mut reader);)*
                let result = $contract::$new($($term),*).map(|_| ());
                answer(result.is_err(), &result)
            }
        };
    };
}
