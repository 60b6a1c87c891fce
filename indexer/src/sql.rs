//! Builds statements with numbered parameters, which both databases understand. sqlx's builder for any database writes `?`, which PostgreSQL
//! does not.

use sqlx::{
    any::{AnyArguments, AnyRow},
    Any, Arguments, Encode, Executor, Type,
};

/// A statement and its parameters.
pub(crate) struct Sql {
    text: String,
    parameters: AnyArguments<'static>,
    count: usize,
}

impl Sql {
    /// A statement that begins with `text`.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), parameters: AnyArguments::default(), count: 0 }
    }

    /// Appends `text`.
    pub(crate) fn push(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.text.push_str(text.as_ref());
        self
    }

    /// Appends a parameter with this value.
    pub(crate) fn push_bind<T>(&mut self, value: T) -> &mut Self
    where
        T: Encode<'static, Any> + Type<Any> + 'static,
    {
        // Numbers and texts can always be encoded.
        if self.parameters.add(value).is_ok() {
            self.count = self.count.saturating_add(1);
            self.text.push_str(&format!("${}", self.count));
        }
        self
    }

    /// Runs the statement, and returns its rows.
    pub(crate) async fn fetch_all<'e, E>(self, executor: E) -> Result<Vec<AnyRow>, sqlx::Error>
    where
        E: Executor<'e, Database = Any>,
    {
        sqlx::query_with(&self.text, self.parameters).fetch_all(executor).await
    }

    /// Runs the statement, and returns its first row.
    pub(crate) async fn fetch_optional<'e, E>(self, executor: E) -> Result<Option<AnyRow>, sqlx::Error>
    where
        E: Executor<'e, Database = Any>,
    {
        sqlx::query_with(&self.text, self.parameters).fetch_optional(executor).await
    }
}
