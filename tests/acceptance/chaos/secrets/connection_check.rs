//! A cache that sends back everything it has received, in each of its answers.

use std::sync::{Arc, Mutex};

use serde_json::json;
use terraform_provider_elasticache::registry::REGISTRY;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::arguments::{Kind, secrets, shown};
use super::marks::{Index, Mark};
use super::world::World;

const NAME: &str = "elasticache_connection_check";

/// What the cache answers: to the login, and to everything after it; `{}` stands for all that it has received.
const ANSWERS: &[(&str, &str)] = &[
    ("-ERR unknown command, with args beginning with: {}", ""),
    ("-{} is not a code", ""),
    ("-WRONGPASS {}", ""),
    ("-NOAUTH {}", ""),
    ("+OK", "-ERR {}"),
    ("+OK", "-{}"),
    ("+OK", "-NOPERM {}"),
    ("{}", ""),
    ("+{}", "+{}"),
    (":{}", ""),
    ("+OK", "HTTP/1.1 400 Bad Request: {}"),
];

/// Serves one connection.
async fn answer(mut stream: TcpStream, (login, later): (&'static str, &'static str)) {
    let (mut received, mut buffer, mut turn) = (String::new(), vec![0; 4096], 0);
    while let Ok(length @ 1..) = stream.read(&mut buffer).await {
        received += &String::from_utf8_lossy(&buffer[..length]);
        let words = received.split("\r\n").filter(|word| !word.starts_with(['*', '$']) && *word != "AUTH");
        let words = words.collect::<Vec<_>>().join(" ");
        let answer = if turn == 0 { login } else { later };
        turn += 1;
        let line = format!("{}\r\n", answer.replace("{}", words.trim()));
        if stream.write_all(line.as_bytes()).await.is_err() {
            break;
        }
    }
}

/// A listener is made by the caller, so that the port is known.
fn cache(world: &World, answers: (&'static str, &'static str), received: Arc<Mutex<usize>>) -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    world.serve(async move {
        let listener = TcpListener::from_std(listener).unwrap();
        while let Ok((stream, _)) = listener.accept().await {
            *received.lock().unwrap() += 1;
            answer(stream, answers).await;
        }
    });
    port
}

#[test]
fn no_answer_of_a_cache_shows_the_token_of_a_connection_check() {
    let source = REGISTRY.data_sources.iter().find(|it| it.type_name() == NAME).unwrap();
    let connected = Arc::new(Mutex::new(0));
    let mut world = World::new(&[], "secret-key-of-a-test", "token-of-a-test");
    let mut checked = 0;
    for secret in secrets().iter().filter(|secret| secret.kind == Kind::DataSource) {
        assert_eq!((secret.type_name, secret.path.len()), (NAME, 1), "how is {} used?", secret.name());
        let mark = Mark::of(&secret.name());
        let index = Index::of(std::slice::from_ref(&mark));
        for answers in ANSWERS {
            for required in [false, true] {
                let port = cache(&world, *answers, Arc::clone(&connected));
                let encoded =
                    percent_encoding::utf8_percent_encode(&mark.text, percent_encoding::NON_ALPHANUMERIC);
                let config = match secret.path[0] {
                    "url" => {
                        json!({ "url": format!("redis://:{encoded}@127.0.0.1:{port}"), "required": required })
                    }
                    name => json!({
                        "host": "127.0.0.1", "port": port, "transit_encryption_enabled": false, name: mark.text,
                        "required": required,
                    }),
                };
                let state = world.read(NAME, &config);
                let said = world.take();
                let text = format!("{}{}{}", said.diagnostics, said.log, said.replies);
                let found = index.search(text.as_bytes());
                assert!(found.is_empty(), "{} {answers:?}: {found:?} in {text}", secret.name());
                assert!(index.search(shown(&source.schema().block, &state).as_bytes()).is_empty());
                checked += 1;
            }
        }
    }
    assert_eq!(*connected.lock().unwrap(), checked, "connections");
}
