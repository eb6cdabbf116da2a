//! A small HTTP/1 server on loopback that remembers what it was asked.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

/// One request as the server saw it.
#[derive(Debug, Clone, Default)]
pub(super) struct Recorded {
    /// The request line, such as `POST / HTTP/1.1`.
    pub(super) line: String,
    /// Headers with lower-case names.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Recorded {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Access key id and region of the signature, as `AKID/region`.
    pub(super) fn signed_by(&self) -> String {
        let scope = self.header("authorization").split("Credential=").nth(1).unwrap_or_default().to_owned();
        let parts: Vec<&str> = scope.split('/').collect();
        match parts.as_slice() {
            [key, _, region, ..] => format!("{key}/{region}"),
            _ => String::new(),
        }
    }
}

#[derive(Clone)]
pub(super) struct Server {
    pub(super) url: String,
    visited: Arc<Mutex<Vec<Recorded>>>,
}

type Handler = dyn Fn(&Recorded) -> (u16, String) + Send + Sync;

impl Server {
    /// Answers every request with what `handler` says: status and body.
    pub(super) async fn start(handler: impl Fn(&Recorded) -> (u16, String) + Send + Sync + 'static) -> Self {
        Self::start_with_tls(None, handler).await
    }

    pub(super) async fn start_with_tls(
        tls: Option<tokio_rustls::TlsAcceptor>,
        handler: impl Fn(&Recorded) -> (u16, String) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}", listener.local_addr().unwrap());
        let visited = Arc::new(Mutex::new(Vec::new()));
        let handler: Arc<Handler> = Arc::new(handler);
        let remembered = Arc::clone(&visited);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (handler, remembered, tls) = (Arc::clone(&handler), Arc::clone(&remembered), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, &*handler, &remembered).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, &*handler, &remembered).await;
                            }
                        }
                    }
                });
            }
        });
        Self { url, visited }
    }

    pub(super) fn visited(&self) -> Vec<Recorded> {
        self.visited.lock().unwrap().clone()
    }
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    handler: &Handler,
    remembered: &Mutex<Vec<Recorded>>,
) {
    let mut stream = BufReader::new(stream);
    loop {
        let mut visited = Recorded::default();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            match line.trim_end() {
                "" => break,
                line if visited.line.is_empty() => visited.line = line.to_owned(),
                line => {
                    let (name, value) = line.split_once(':').unwrap();
                    visited.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
                }
            }
        }
        let mut body = vec![0; visited.header("content-length").parse().unwrap_or(0)];
        stream.read_exact(&mut body).await.unwrap();
        visited.body = String::from_utf8_lossy(&body).into_owned();
        let (status, body) = handler(&visited);
        remembered.lock().unwrap().push(visited);
        let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
        stream.flush().await.unwrap();
    }
}

/// Plays ElastiCache and STS: no groups, account 111122223333, and for each
/// role assumed credentials named after it (`AKIA-<role name>`).
pub(super) fn small_aws(request: &Recorded) -> (u16, String) {
    let field = |name: &str| {
        request
            .body
            .split('&')
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
            .unwrap_or_default()
    };
    let operation = field("Action").to_owned();
    let credentials = |role: &str| {
        format!(
            "<Credentials><AccessKeyId>AKIA-{role}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>\
             <SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
        )
    };
    let role = field("RoleArn").rsplit("%2F").next().unwrap_or_default();
    let result = match operation.as_str() {
        "GetCallerIdentity" => "<Account>111122223333</Account>".to_owned(),
        "AssumeRole" | "AssumeRoleWithWebIdentity" if role == "forbidden" => {
            return (403, error_xml("AccessDenied", "User is not authorized to perform: sts:AssumeRole"));
        }
        "AssumeRole" | "AssumeRoleWithWebIdentity" => credentials(role),
        _ => String::new(),
    };
    (
        200,
        format!("<{operation}Response><{operation}Result>{result}</{operation}Result></{operation}Response>"),
    )
}

/// An error in the form of the query protocol.
pub(super) fn error_xml(code: &str, message: &str) -> String {
    format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
         <RequestId>req-42</RequestId></ErrorResponse>"
    )
}
