use crate::{
    host, memory,
    writer::{Write, Writer},
};
use ink::{
    prelude::boxed::Box,
    scale::{Encode, EncodeLike},
    storage::{
        traits::{Packed, StorageKey},
        Lazy, Mapping,
    },
};
use patronage_wire::{Read, Reader};

/// Amounts by key, of which zero is none: it takes no storage, and setting it gives the deposit back.
pub trait Amounts<K: Encode> {
    /// The amount of `key`.
    fn amount(&self, key: &impl EncodeLike<K>) -> u128;
    /// Sets the amount of `key`.
    fn set_amount(&mut self, key: &impl EncodeLike<K>, amount: u128);
}

impl<K: Encode, S: StorageKey> Amounts<K> for Mapping<K, u128, S> {
    #[inline(never)]
    fn amount(&self, key: &impl EncodeLike<K>) -> u128 {
        amount(key_of(S::KEY, key))
    }

    #[inline(never)]
    fn set_amount(&mut self, key: &impl EncodeLike<K>, amount: u128) {
        set_amount(key_of(S::KEY, key), amount)
    }
}

/// One record that is there from the constructor on.
pub trait Record<V> {
    /// Reads it. Ends the call where there is none.
    fn load(&self) -> V;
    /// Writes it.
    fn store(&mut self, value: &V);
}

impl<V: Encode + Read, S: StorageKey> Record<V> for Lazy<V, S> {
    #[inline(never)]
    fn load(&self) -> V {
        match record(&S::KEY.to_le_bytes(), V::MAX) {
            Some(mut record) => V::read(&mut record),
            None => host::stop(),
        }
    }

    #[inline(never)]
    fn store(&mut self, value: &V) {
        store(&S::KEY.to_le_bytes(), value, V::MAX)
    }
}

/// Records by key.
pub trait Records<K: Encode, V> {
    /// Reads the record of `key`. In a box, as each `?` and `let` on the way would copy it.
    fn load(&self, key: &impl EncodeLike<K>) -> Option<Box<V>>;
    /// Reads the record of `key`, and where there is none, what is written as zeros only: for an amount 0, for an option `None`,
    /// for a list none. So no type needs code for its default too.
    fn load_or_zero(&self, key: &impl EncodeLike<K>) -> V;
    /// Writes the record of `key`.
    fn store(&mut self, key: &impl EncodeLike<K>, value: &V);
    /// Deletes the record of `key`, which gives its deposit back.
    fn delete(&mut self, key: &impl EncodeLike<K>);
}

impl<K: Encode, V: Encode + Read + Packed, S: StorageKey> Records<K, V> for Mapping<K, V, S> {
    #[inline(never)]
    fn load(&self, key: &impl EncodeLike<K>) -> Option<Box<V>> {
        record(key_of(S::KEY, key), V::MAX).map(|mut record| Box::new(V::read(&mut record)))
    }

    #[inline(never)]
    fn load_or_zero(&self, key: &impl EncodeLike<K>) -> V {
        V::read(&mut record_or_zeros(key_of(S::KEY, key), V::MAX))
    }

    #[inline(never)]
    fn store(&mut self, key: &impl EncodeLike<K>, value: &V) {
        store(key_of(S::KEY, key), value, V::MAX)
    }

    #[inline(never)]
    fn delete(&mut self, key: &impl EncodeLike<K>) {
        host::clear(key_of(S::KEY, key))
    }
}

/// Longest key: the field's, and two accounts with a little more.
const KEY: usize = 80;

/// The key of an entry as ink!'s `Mapping` has it: the field's and then the entry's.
#[inline(never)]
fn key_of(field: u32, entry: &dyn Write) -> &'static [u8] {
    let mut writer = Writer::new(memory(KEY));
    field.encode_to(&mut writer);
    entry.write(&mut writer);
    writer.done()
}

#[inline(never)]
fn amount(key: &[u8]) -> u128 {
    let mut amount = [0; 16];
    host::get(key, &mut amount);
    u128::from_le_bytes(amount)
}

#[inline(never)]
fn set_amount(key: &[u8], amount: u128) {
    if amount == 0 {
        host::clear(key)
    } else {
        host::set(key, &amount.to_le_bytes())
    }
}

/// Keeps a record of at most `max` bytes.
#[inline(never)]
fn store(key: &[u8], value: &dyn Write, max: usize) {
    let mut writer = Writer::new(memory(max));
    value.write(&mut writer);
    host::set(key, writer.done())
}

/// The bytes of a record of at most `max`.
#[inline(never)]
fn record(key: &[u8], max: usize) -> Option<Reader<'static>> {
    host::get(key, memory(max)).map(|record| Reader::new(record, host::stop))
}

/// The bytes of a record of at most `max`, or as many zeros.
#[inline(never)]
fn record_or_zeros(key: &[u8], max: usize) -> Reader<'static> {
    record(key, max).unwrap_or_else(|| Reader::new(memory(max), host::stop))
}
