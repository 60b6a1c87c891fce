use ink::scale::{Encode, Output};

/// Writes SCALE into a given buffer. Ends the call if it is too short.
pub struct Writer<'a> {
    place: &'a mut [u8],
    len: usize,
}

impl<'a> Writer<'a> {
    /// Creates a writer that starts at the beginning of `place`.
    pub fn new(place: &'a mut [u8]) -> Self {
        Self { place, len: 0 }
    }

    /// Returns what was written.
    pub fn done(self) -> &'a [u8] {
        match self.place.get(..self.len) {
            Some(written) => written,
            // What does not fit was refused, so this does not happen.
            None => crate::env::abort(),
        }
    }
}

impl Output for Writer<'_> {
    #[inline(never)]
    fn write(&mut self, bytes: &[u8]) {
        let end = self.len.saturating_add(bytes.len());
        let Some(place) = self.place.get_mut(self.len..end) else { crate::env::abort() };
        crate::decode::copy(place, bytes);
        self.len = end;
    }

    #[inline(never)]
    fn push_byte(&mut self, byte: u8) {
        self.write(&[byte])
    }
}

/// A value of any type that can be written, so that code for writing exists once.
pub trait Write {
    fn write(&self, to: &mut Writer<'_>);
}

impl<T: Encode> Write for T {
    fn write(&self, to: &mut Writer<'_>) {
        self.encode_to(to)
    }
}
