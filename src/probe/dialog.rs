//! The commands of a probe.
//!
//! An answer may quote what was sent, such as that of a server that does not know AUTH. So of the answer to AUTH only
//! the code is shown, and nothing of an answer that is not of the Redis protocol.

use std::pin::pin;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Cmd, ErrorKind, InfoDict, RedisConnectionInfo, RedisError, cmd};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Instant;

use super::bounded::Bounded;
use super::{Answer, Reason, Target, Unreachable};
use crate::secret::Secret;

/// Logs in and asks over an open connection.
///
/// # Errors
/// The cache refuses a command, closes the connection, or speaks another protocol.
pub(super) async fn ask<S>(stream: S, target: &Target<'_>) -> Result<Answer, Unreachable>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    // The crate would report each failed login alike, so AUTH and SELECT are sent below.
    let nothing = RedisConnectionInfo::default().set_skip_set_lib_name();
    let config = AsyncConnectionConfig::new().set_response_timeout(None);
    let (connection, driver) = MultiplexedConnection::new_with_config(&nothing, Bounded::new(stream), config)
        .await
        .map_err(|error| refused("the connection", &error, target))?;
    let mut answering = pin!(answer(connection, target));
    tokio::select! {
        biased;
        answer = &mut answering => answer,
        // The connection is closed. What was received before still counts.
        () = driver => answering.await,
    }
}

async fn answer(mut connection: MultiplexedConnection, target: &Target<'_>) -> Result<Answer, Unreachable> {
    let connection = &mut connection;
    if target.username.is_some() || target.password.is_some() {
        let mut auth = cmd("AUTH");
        if let Some(username) = target.username {
            auth.arg(username);
        }
        auth.arg(target.password.map_or("", Secret::expose));
        auth.query_async::<()>(connection).await.map_err(|error| not_logged_in(&error, target))?;
    }
    if let Some(database) = target.database.filter(|database| *database != 0) {
        let mut select = cmd("SELECT");
        select.arg(database);
        select.query_async::<()>(connection).await.map_err(|error| refused("SELECT", &error, target))?;
    }
    let sent = Instant::now();
    let ping = cmd("PING").query_async::<String>(connection).await;
    let latency = sent.elapsed();
    ping.map_err(|error| refused("PING", &error, target))?;

    let info = described(connection, &cmd("INFO"), target).await?;
    let text = |name: &str| info.as_ref()?.get::<String>(name);
    let cluster_enabled = text("cluster_enabled").map(|value| value == "1");
    let slots = match cluster_enabled {
        Some(true) => {
            let mut command = cmd("CLUSTER");
            command.arg("INFO");
            described(connection, &command, target).await?
        }
        _ => None,
    };
    Ok(Answer {
        latency,
        role: text("role").map(|role| if role == "master" { "primary" } else { "replica" }),
        // Valkey reports the Redis OSS version that it is compatible with as well.
        engine: info
            .as_ref()
            .map(|info| if info.contains_key(&"valkey_version") { "valkey" } else { "redis" }),
        version: text("valkey_version").or_else(|| text("redis_version")),
        cluster_enabled,
        slots_covered: slots.and_then(|slots| slots.get("cluster_slots_ok")),
    })
}

/// The `name:value` lines that a command returns; `None` if the user is not allowed to run it.
async fn described(
    connection: &mut MultiplexedConnection,
    command: &Cmd,
    target: &Target<'_>,
) -> Result<Option<InfoDict>, Unreachable> {
    match command.query_async(connection).await {
        Ok(info) => Ok(Some(info)),
        Err(error) if is_of_server(&error) => Ok(None),
        Err(error) => Err(refused("INFO", &error, target)),
    }
}

/// True for an error that the cache returned, as opposed to one of the connection.
fn is_of_server(error: &RedisError) -> bool {
    matches!(error.kind(), ErrorKind::Server(_) | ErrorKind::Extension)
}

/// A failed AUTH.
fn not_logged_in(error: &RedisError, target: &Target<'_>) -> Unreachable {
    if !is_of_server(error) {
        return refused("AUTH", error, target);
    }
    let detail = error.detail().unwrap_or_default();
    let message = match error.code().unwrap_or_default() {
        "WRONGPASS" => "The cache rejects the user name or the token (WRONGPASS).".to_owned(),
        "ERR" if detail.contains("without any password") || detail.contains("no password is set") => {
            "The cache has no AUTH token, but one was sent.".to_owned()
        }
        "ERR" if detail.contains("max number of clients") => return refused("AUTH", error, target),
        code => format!("The cache rejects AUTH ({code})."),
    };
    Unreachable::new(Reason::Auth, message)
}

/// A failed command.
fn refused(what: &str, error: &RedisError, target: &Target<'_>) -> Unreachable {
    if is_of_server(error) {
        let code = error.code().unwrap_or_default();
        let reason =
            if matches!(code, "NOAUTH" | "NOPERM" | "WRONGPASS") { Reason::Auth } else { Reason::Protocol };
        let detail = error.detail().unwrap_or_default().trim_end_matches('.');
        return Unreachable::new(reason, format!("The cache answers {what} with an error: {code} {detail}."));
    }
    let tls = if target.tls.is_none() { " It may require TLS." } else { "" };
    let message = match error.kind() {
        ErrorKind::Io => format!("The cache closed the connection during {what}: {error}.{tls}"),
        _ => format!("The answer to {what} is not of the Redis protocol.{tls}"),
    };
    Unreachable::new(Reason::Protocol, message)
}
