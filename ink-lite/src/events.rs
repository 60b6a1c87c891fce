use ink::env::{Environment, Event};

/// Emits `event` on a chain with environment `E`, with its signature and its `#[ink(topic)]` fields as topics.
///
/// The fields are at most 4,096 bytes, and each topic is at most 32. Anything longer ends the call. (ink! would hash a
/// longer topic, by a host function that some chains lack.)
#[cfg(not(feature = "std"))]
#[inline(always)]
pub fn emit<E: Environment, T: Event>(event: &T) {
    chain::deposit(&chain::Typed::<E, T>::new(event))
}

/// Emits `event` in ink!'s test environment.
#[cfg(feature = "std")]
pub fn emit<E: Environment, T: Event + ink::scale::Decode>(event: &T) {
    // The environment takes the event by value, and events are not `Clone`.
    let Ok(event) = T::decode(&mut &event.encode()[..]) else { crate::env::abort() };
    ink::env::emit_event::<E, _>(event)
}

#[cfg(not(feature = "std"))]
mod chain {
    use super::{Environment, Event};
    use crate::{alloc_zeroed, env, writer::Writer};
    use core::marker::PhantomData;
    use ink::{env::event::TopicsBuilderBackend, scale::Encode};

    /// The signature and three more topics, which is the maximum on every chain.
    const TOPICS: usize = 4;
    const TOPIC: usize = 32;
    const DATA: usize = 4_096;

    /// An event of any type, so that the code for events exists once.
    pub trait Loggable {
        fn topics(&self, to: &mut Topics);
        fn data(&self, to: &mut Writer<'_>);
    }

    pub struct Typed<'a, E, T>(&'a T, PhantomData<E>);

    impl<'a, E, T> Typed<'a, E, T> {
        pub fn new(event: &'a T) -> Self {
            Self(event, PhantomData)
        }
    }

    impl<E: Environment, T: Event> Loggable for Typed<'_, E, T> {
        fn topics(&self, to: &mut Topics) {
            self.0.topics::<E, _>(to.into())
        }

        fn data(&self, to: &mut Writer<'_>) {
            self.0.encode_to(to)
        }
    }

    #[inline(never)]
    pub fn deposit(event: &dyn Loggable) {
        let mut topics = Topics { bytes: alloc_zeroed(1 + TOPICS * TOPIC), len: 1 };
        event.topics(&mut topics);
        let mut writer = Writer::new(alloc_zeroed(DATA));
        event.data(&mut writer);
        let Some(topics) = topics.bytes.get(..topics.len) else { env::abort() };
        env::deposit_event(topics, writer.done())
    }

    /// A list of hashes in the host function's format.
    pub struct Topics {
        bytes: &'static mut [u8],
        len: usize,
    }

    impl Topics {
        /// The place of the next topic.
        #[inline(never)]
        fn next(&mut self) -> &mut [u8] {
            let start = self.len;
            // Below the length of the list, as ink! checks the number of topics at compile time.
            self.len = start.wrapping_add(TOPIC);
            match self.bytes.get_mut(start..self.len) {
                Some(place) => place,
                None => env::abort(),
            }
        }
    }

    impl<E: Environment> TopicsBuilderBackend<E> for &mut Topics {
        type Output = ();

        fn expect(&mut self, expected_topics: usize) {
            // SCALE's compact form of a number below 64.
            if let Some(first) = self.bytes.first_mut() {
                *first = (expected_topics as u8) << 2;
            }
        }

        fn push_topic<T: Encode>(&mut self, topic_value: &T) {
            topic_value.encode_to(&mut Writer::new(self.next()))
        }

        fn output(self) {}
    }
}
