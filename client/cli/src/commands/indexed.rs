//! The index of a creator's history: where it is, and how it is brought up to date.

use std::path::Path;

use clap::Args;
use patronage::error::Error;
use patronage_indexer::{
    follow::{catch_up, Followed},
    sqlite_url, Index, IndexError,
};
use tokio::runtime::Runtime;

use super::{context::Context, progress::Blocks};

/// The index.
#[derive(Args, Clone)]
pub struct IndexArguments {
    /// The index of the history: a file, or the URL of a PostgreSQL database. Without it, a file beside the deployment file.
    #[arg(long, value_name = "FILE|URL", env = "PATRONAGE_INDEX", hide_env_values = true)]
    index: Option<String>,
}

/// An index that is up to date.
pub struct OpenIndex {
    /// Runs the queries.
    pub runtime: Runtime,
    /// The database.
    pub index: Index,
    /// The creator.
    pub followed: Followed,
}

/// An error of the index as an error of a command.
pub fn failed(error: IndexError) -> Error {
    match error {
        IndexError::Chain(error) => Error::from(error),
        error => Error::Request(error.to_string()),
    }
}

/// The URL of the index that --index names, for the creator of `context`. Without a name, it is a file beside the deployment file.
pub fn url(named: Option<&str>, context: &Context<'_>) -> String {
    match named {
        Some(url) if url.contains("://") => url.to_owned(),
        Some(file) => sqlite_url(Path::new(file)),
        None => sqlite_url(&context.deployment_path().with_extension("index.sqlite")),
    }
}

impl IndexArguments {
    /// Opens the index, and stores the final blocks that it does not know yet.
    ///
    /// # Errors
    ///
    /// If the index or the chain can't be used.
    pub fn open(&self, context: &mut Context<'_>) -> Result<OpenIndex, Error> {
        let deployment = context.client()?.deployment;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|error| Error::Request(format!("the index can't be used: {error}")))?;
        let url = url(self.index.as_deref(), context);
        let (index, followed) = runtime
            .block_on(async {
                let index = Index::open(&url).await?;
                let followed = Followed::new(&index, &deployment).await?;
                Ok((index, followed))
            })
            .map_err(failed)?;
        let mut blocks = Blocks::new("reading the history", context.global.json);
        let mut progress = |done| blocks.show(done);
        catch_up(&index, runtime.handle(), &mut *context.chain, &followed, &mut progress).map_err(failed)?;
        Ok(OpenIndex { runtime, index, followed })
    }
}
