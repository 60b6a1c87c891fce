use std::{sync::Arc, time::Duration};

use jsonrpsee::ws_client::{PingConfig, WsClient, WsClientBuilder};
use patronage_chain::ChainError;
use subxt::{error::RpcError, utils::validate_url_is_secure, Error};

use super::messages::unreachable;

/// Maximum time to connect.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Opens a connection to the node at `url`.
pub(super) async fn open(url: &str) -> Result<Arc<WsClient>, ChainError> {
    validate_url_is_secure(url).map_err(|error| unreachable(url, error))?;
    // Pings detect an idle connection that was dropped on the way.
    let connection = WsClientBuilder::new().enable_ws_ping(PingConfig::new()).build(url);
    let connection = match tokio::time::timeout(CONNECT_TIMEOUT, connection).await {
        Ok(connection) => connection.map_err(|error| RpcError::ClientError(Box::new(error)).into()),
        Err(_) => Err(Error::Other(format!("timeout after {} s", CONNECT_TIMEOUT.as_secs()))),
    };
    connection.map(Arc::new).map_err(|error| unreachable(url, error))
}
