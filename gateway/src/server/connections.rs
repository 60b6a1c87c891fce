//! Accepts connections, closes slow ones, and stops without interrupting answers.

use std::{convert::Infallible, future::Future, pin::pin, sync::Arc, time::Duration};

use axum::{body::Body, extract::Request, Router};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;
use tracing::{debug, warn};

use super::{
    api::{self, Peer},
    forwarded::trusts,
    limits::{Caller, Connection, Connections},
    target, Shared,
};

/// How often idle callers are forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(10);
/// The maximum length of a request's head, in bytes: the lowest value that the library accepts.
const MOST_HEAD: usize = 8 * 1024;
/// Pause after an error that is not about one connection, such as too many open files.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers requests until `stop` is ready.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>, routes: Router, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let router = api::routes(shared.clone(), routes);
    let slots = Arc::new(Semaphore::new(shared.config.most_connections.min(Semaphore::MAX_PERMITS)));
    let connections = Arc::new(Connections::default());
    let mut tasks = JoinSet::new();
    let mut forget = tokio::time::interval(FORGET_EVERY);
    let mut stop = pin!(stop);
    loop {
        let (stream, slot) = tokio::select! {
            () = &mut stop => break,
            _ = forget.tick() => {
                shared.rate.forget();
                let state = shared.state.clone();
                tasks.spawn(async move {
                    if let Err(error) = state.forget().await {
                        warn!(%error, "expired entries are not deleted");
                    }
                });
                continue;
            }
            accepted = accept(&listener, &slots) => match accepted {
                Some(accepted) => accepted,
                None => continue,
            },
        };
        let Ok(peer) = stream.peer_addr() else { continue };
        let limited = !trusts(&shared.config.trusted_proxies, peer.ip());
        let most = if limited { shared.config.most_connections_per_address } else { usize::MAX };
        let Some(counted) = connections.admit(Caller::new(peer.ip()), most) else {
            debug!(%peer, "too many connections from one address");
            continue;
        };
        let connection = connect(stream, Peer(peer), router.clone(), &shared);
        let held: (OwnedSemaphorePermit, Connection) = (slot, counted);
        let connection = graceful.watch(connection);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(async move {
            let _held = held;
            if let Err(error) = connection.await {
                debug!(%peer, %error, "a connection was closed");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(shared.config.stop_timeout, graceful.shutdown()).await.is_err() {
        warn!("some requests took too long and are cancelled");
        tasks.shutdown().await;
    }
}

/// Accepts the next connection, when a slot is free.
async fn accept(listener: &TcpListener, slots: &Arc<Semaphore>) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let slot = slots.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((stream, slot)),
        Err(error) => {
            warn!(%error, "a connection could not be accepted");
            tokio::time::sleep(PAUSE).await;
            None
        }
    }
}

type Io = TokioIo<std::pin::Pin<Box<TimeoutStream<TcpStream>>>>;

fn connect(
    stream: TcpStream,
    peer: Peer,
    router: Router,
    shared: &Shared,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> + Send + 'static {
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(shared.config.write_timeout));
    let io: Io = TokioIo::new(Box::pin(stream));
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        // Before the path selects the route.
        target::normalize(request.uri_mut());
        let router = router.clone();
        async move {
            Ok::<_, Infallible>(router.oneshot(request.map(Body::new)).await.unwrap_or_else(|never| match never {}))
        }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(shared.config.header_timeout)
        .max_buf_size(MOST_HEAD)
        .serve_connection(io, service)
}
