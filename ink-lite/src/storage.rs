use crate::{
    alloc_zeroed, env,
    writer::{Write, Writer},
    Decode, MaxEncodedLen, Reader,
};
use ink::{
    prelude::boxed::Box,
    scale::{Encode, EncodeLike},
    storage::{
        traits::{Packed, StorageKey},
        Lazy, Mapping,
    },
};

/// A map of amounts. Zero entries are removed from storage, which returns their deposit.
pub trait Amounts<K: Encode> {
    /// Returns the amount of `key`.
    fn amount(&self, key: &impl EncodeLike<K>) -> u128;
    /// Sets the amount of `key`.
    fn set_amount(&mut self, key: &impl EncodeLike<K>, amount: u128);
}

impl<K: Encode + MaxEncodedLen, S: StorageKey> Amounts<K> for Mapping<K, u128, S> {
    #[inline(never)]
    fn amount(&self, key: &impl EncodeLike<K>) -> u128 {
        amount(field::<K, S>(), key)
    }

    #[inline(never)]
    fn set_amount(&mut self, key: &impl EncodeLike<K>, amount: u128) {
        set_amount(field::<K, S>(), key, amount)
    }
}

/// A single record, which the constructor creates.
pub trait Record<V> {
    /// Reads the record. Ends the call if there is none.
    fn load(&self) -> V;
    /// Writes the record.
    fn store(&mut self, value: &V);
}

impl<V: Encode + Decode, S: StorageKey> Record<V> for Lazy<V, S> {
    #[inline(never)]
    fn load(&self) -> V {
        match read(&S::KEY.to_le_bytes(), max_len::<V>()) {
            Some(mut record) => Decode::decode(&mut record),
            None => env::abort(),
        }
    }

    #[inline(never)]
    fn store(&mut self, value: &V) {
        write(&S::KEY.to_le_bytes(), value, max_len::<V>())
    }
}

/// Records by key.
pub trait Records<K: Encode, V> {
    /// Reads the record of `key`. It is in a box, as each `?` and `let` would copy it.
    fn load(&self, key: &impl EncodeLike<K>) -> Option<Box<V>>;
    /// Reads the record of `key`. If there is none, decodes zeros: 0 for an amount, `None` for an option, an empty
    /// list. So types need no code for a default.
    fn load_or_zero(&self, key: &impl EncodeLike<K>) -> V;
    /// Writes the record of `key`.
    fn store(&mut self, key: &impl EncodeLike<K>, value: &V);
    /// Deletes the record of `key`, which returns its deposit.
    fn delete(&mut self, key: &impl EncodeLike<K>);
}

impl<K: Encode + MaxEncodedLen, V: Encode + Decode + Packed, S: StorageKey> Records<K, V> for Mapping<K, V, S> {
    #[inline(never)]
    fn load(&self, key: &impl EncodeLike<K>) -> Option<Box<V>> {
        load(field::<K, S>(), key, max_len::<V>()).map(|mut record| Box::new(Decode::decode(&mut record)))
    }

    #[inline(never)]
    fn load_or_zero(&self, key: &impl EncodeLike<K>) -> V {
        Decode::decode(&mut load_or_zeros(field::<K, S>(), key, max_len::<V>()))
    }

    #[inline(never)]
    fn store(&mut self, key: &impl EncodeLike<K>, value: &V) {
        store(field::<K, S>(), key, value, max_len::<V>())
    }

    #[inline(never)]
    fn delete(&mut self, key: &impl EncodeLike<K>) {
        delete(field::<K, S>(), key)
    }
}

/// The maximum length of a key: the field's key, and a little more than two accounts.
const KEY: usize = 80;
/// The maximum length of a record of `pallet-contracts`.
const RECORD: usize = 1 << 14;

/// The key of a mapping, whose entries have keys of the type `K`.
const fn field<K: MaxEncodedLen, S: StorageKey>() -> u32 {
    const { assert!(4 + K::MAX_ENCODED_LEN <= KEY, "the key of a mapping is longer than 76 bytes") };
    S::KEY
}

/// The maximum length of a record of the type `V`.
const fn max_len<V: MaxEncodedLen>() -> usize {
    const { assert!(V::MAX_ENCODED_LEN <= RECORD, "a record is longer than 16,384 bytes") };
    V::MAX_ENCODED_LEN
}

/// The key of an entry as in ink!'s `Mapping`: the field's key, then the entry's.
#[inline(never)]
fn mapping_key(field: u32, entry: &dyn Write) -> &'static [u8] {
    let mut writer = Writer::new(alloc_zeroed(KEY));
    field.encode_to(&mut writer);
    entry.write(&mut writer);
    writer.done()
}

// Each of these takes what the key is made of, as a function that returns the key gives its address and its length through memory.

#[inline(never)]
fn amount(field: u32, entry: &dyn Write) -> u128 {
    let mut amount = [0; 16];
    env::get(mapping_key(field, entry), &mut amount);
    u128::from_le_bytes(amount)
}

#[inline(never)]
fn set_amount(field: u32, entry: &dyn Write, amount: u128) {
    let key = mapping_key(field, entry);
    if amount == 0 {
        env::clear(key)
    } else {
        env::set(key, &amount.to_le_bytes())
    }
}

/// The bytes of an entry of at most `max`.
#[inline(never)]
fn load(field: u32, entry: &dyn Write, max: usize) -> Option<Reader<'static>> {
    read(mapping_key(field, entry), max)
}

/// The bytes of an entry of at most `max`, or as many zeros.
#[inline(never)]
fn load_or_zeros(field: u32, entry: &dyn Write, max: usize) -> Reader<'static> {
    load(field, entry, max).unwrap_or_else(|| Reader::new(alloc_zeroed(max), env::abort))
}

/// Keeps an entry of at most `max` bytes.
#[inline(never)]
fn store(field: u32, entry: &dyn Write, value: &dyn Write, max: usize) {
    write(mapping_key(field, entry), value, max)
}

#[inline(never)]
fn delete(field: u32, entry: &dyn Write) {
    env::clear(mapping_key(field, entry))
}

/// Keeps a record of at most `max` bytes.
#[inline(never)]
fn write(key: &[u8], value: &dyn Write, max: usize) {
    let mut writer = Writer::new(alloc_zeroed(max));
    value.write(&mut writer);
    env::set(key, writer.done())
}

/// Reads a record of at most `max` bytes.
#[inline(never)]
fn read(key: &[u8], max: usize) -> Option<Reader<'static>> {
    env::get(key, alloc_zeroed(max)).map(|record| Reader::new(record, env::abort))
}
