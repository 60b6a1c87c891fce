use crate::{host, memory, writer::Writer};
use ink::{
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
        load(&S::KEY.to_le_bytes()).unwrap_or_else(|| host::stop())
    }

    #[inline(never)]
    fn store(&mut self, value: &V) {
        store(&S::KEY.to_le_bytes(), value)
    }
}

/// Records by key.
pub trait Records<K: Encode, V> {
    /// Reads the record of `key`.
    fn load(&self, key: &impl EncodeLike<K>) -> Option<V>;
    /// Writes the record of `key`.
    fn store(&mut self, key: &impl EncodeLike<K>, value: &V);
    /// Deletes the record of `key`, which gives its deposit back.
    fn delete(&mut self, key: &impl EncodeLike<K>);
}

impl<K: Encode, V: Encode + Read + Packed, S: StorageKey> Records<K, V> for Mapping<K, V, S> {
    #[inline(never)]
    fn load(&self, key: &impl EncodeLike<K>) -> Option<V> {
        load(key_of(S::KEY, key))
    }

    #[inline(never)]
    fn store(&mut self, key: &impl EncodeLike<K>, value: &V) {
        store(key_of(S::KEY, key), value)
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
fn key_of(field: u32, entry: &impl Encode) -> &'static [u8] {
    let mut writer = Writer::new(memory(KEY));
    field.encode_to(&mut writer);
    entry.encode_to(&mut writer);
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

fn load<V: Read>(key: &[u8]) -> Option<V> {
    record(key, V::MAX).map(|mut record| V::read(&mut record))
}

fn store<V: Encode + Read>(key: &[u8], value: &V) {
    let mut writer = Writer::new(memory(V::MAX));
    value.encode_to(&mut writer);
    host::set(key, writer.done())
}

/// The bytes of a record of at most `max`.
#[inline(never)]
fn record(key: &[u8], max: usize) -> Option<Reader<'static>> {
    host::get(key, memory(max)).map(|record| Reader::new(record, host::stop))
}
