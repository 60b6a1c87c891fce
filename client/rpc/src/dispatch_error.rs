use subxt::Metadata;

/// The runtime's error of a transaction, in the encoding of `sp-runtime`.
#[derive(Debug, PartialEq, Eq)]
#[ink::scale_derive(Decode)]
pub(super) enum DispatchError {
    Other,
    CannotLookup,
    BadOrigin,
    /// An error of the pallet with this index. The first byte is the index of the error.
    Module {
        index: u8,
        error: [u8; 4],
    },
    ConsumerRemaining,
    NoProviders,
    TooManyConsumers,
    Token(TokenError),
    Arithmetic(ArithmeticError),
    Transactional(TransactionalError),
    Exhausted,
    Corruption,
    Unavailable,
    RootNotAllowed,
    Trie(u8),
}

#[derive(Debug, PartialEq, Eq)]
#[ink::scale_derive(Decode)]
pub(super) enum TokenError {
    FundsUnavailable,
    OnlyProvider,
    BelowMinimum,
    CannotCreate,
    UnknownAsset,
    Frozen,
    Unsupported,
    CannotCreateHold,
    NotExpendable,
    Blocked,
}

#[derive(Debug, PartialEq, Eq)]
#[ink::scale_derive(Decode)]
pub(super) enum ArithmeticError {
    Underflow,
    Overflow,
    DivisionByZero,
}

#[derive(Debug, PartialEq, Eq)]
#[ink::scale_derive(Decode)]
pub(super) enum TransactionalError {
    LimitReached,
    NoLayer,
}

impl DispatchError {
    /// Its name, as in the embedded chain.
    pub(super) fn name(&self, metadata: &Metadata) -> String {
        let Self::Module { index, error } = self else { return format!("{self:?}") };
        let pallet = metadata.pallet_by_index(*index);
        let variant = pallet.and_then(|pallet| pallet.error_variant_by_index(error[0]));
        variant.map_or_else(|| format!("{self:?}"), |variant| variant.name.clone())
    }
}

#[cfg(test)]
mod tests {
    use ink::scale::Decode;

    use super::*;

    #[test]
    fn errors_are_read_as_the_runtime_encodes_them_and_no_further() {
        let mut bytes = &[7, 0, 3, 8, 2, 0, 0, 0, 7, 8, 13, 9][..];
        let mut next = || DispatchError::decode(&mut bytes);
        assert_eq!(next(), Ok(DispatchError::Token(TokenError::FundsUnavailable)));
        assert_eq!(next(), Ok(DispatchError::Module { index: 8, error: [2, 0, 0, 0] }));
        assert_eq!(next().map(|error| format!("{error:?}")), Ok("Token(NotExpendable)".to_owned()));
        assert_eq!(next(), Ok(DispatchError::RootNotAllowed));
        assert_eq!(bytes, [9]);
    }
}
