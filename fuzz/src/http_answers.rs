//! A server in memory, which gives each connection of a client the next of some answers.

use std::{
    collections::VecDeque,
    io,
    sync::{Arc, Mutex, PoisonError},
};

use ureq::{
    config::Config,
    http::Uri,
    unversioned::{
        resolver::{ResolvedSocketAddrs, Resolver},
        transport::{Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport},
    },
    Agent, Error,
};

/// Answers that are not given yet.
#[derive(Debug, Clone, Default)]
pub struct HttpAnswers(Arc<Mutex<VecDeque<Vec<u8>>>>);

impl HttpAnswers {
    /// A client of a server with these answers. Connections are refused when there are none.
    pub fn agent(&self, config: Config) -> Agent {
        Agent::with_parts(config, self.clone(), ThisMachine)
    }

    /// Replaces the answers.
    pub fn set(&self, answers: impl IntoIterator<Item = Vec<u8>>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = answers.into_iter().collect();
    }

    fn next(&self) -> Option<Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

/// Every name is one of this machine.
#[derive(Debug)]
struct ThisMachine;

impl Resolver for ThisMachine {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let mut addresses = self.empty();
        addresses.push(([127, 0, 0, 1], 80).into());
        Ok(addresses)
    }
}

impl Connector for HttpAnswers {
    type Out = Connection;

    fn connect(&self, details: &ConnectionDetails<'_>, _: Option<()>) -> Result<Option<Connection>, Error> {
        let answer = self.next().ok_or_else(|| Error::Io(io::ErrorKind::ConnectionRefused.into()))?;
        let buffers = LazyBuffers::new(details.config.input_buffer_size(), details.config.output_buffer_size());
        Ok(Some(Connection { buffers, answer, given: 0 }))
    }
}

/// A connection that ends after its answer, whatever the request was.
#[derive(Debug)]
pub struct Connection {
    buffers: LazyBuffers,
    answer: Vec<u8>,
    given: usize,
}

impl Transport for Connection {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, _: usize, _: NextTimeout) -> Result<(), Error> {
        Ok(())
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, Error> {
        let rest = &self.answer[self.given..];
        let room = self.buffers.input_append_buf();
        let count = rest.len().min(room.len());
        room[..count].copy_from_slice(&rest[..count]);
        self.buffers.input_appended(count);
        self.given += count;
        Ok(count > 0)
    }

    fn is_open(&mut self) -> bool {
        false
    }

    fn is_tls(&self) -> bool {
        true
    }
}
