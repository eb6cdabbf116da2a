//! StopProvider while AWS does not answer.

use std::time::{Duration, Instant};

use terraform_provider_elasticache::value::Value;
use terraform_provider_elasticache::wire::proto::tfplugin6 as pb;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use super::support::plugin_client::DEADLINE;
use super::{URL, decode, null, object_of, only, provider_block, resource, start};

/// An endpoint of AWS that answers the first `answers.len()` requests, each with
/// one of them, tells of the next one, and answers that only when it is given one.
pub(super) async fn endpoint(
    answers: Vec<&'static str>,
) -> (String, oneshot::Receiver<()>, oneshot::Sender<&'static str>) {
    async fn request(listener: &TcpListener) -> TcpStream {
        let mut stream = listener.accept().await.unwrap().0;
        let _ = stream.read(&mut [0; 8192]).await.unwrap();
        stream
    }
    async fn reply(mut stream: TcpStream, answer: &str) {
        let length = answer.len();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
        stream.write_all(format!("{head}{answer}").as_bytes()).await.unwrap();
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (silent, is_silent) = oneshot::channel();
    let (late, is_late) = oneshot::channel();
    tokio::spawn(async move {
        for answer in answers {
            reply(request(&listener).await, answer).await;
        }
        let unanswered = request(&listener).await;
        silent.send(()).unwrap();
        if let Ok(answer) = is_late.await {
            reply(unanswered, answer).await;
        }
        let _held_open = listener;
        std::future::pending::<()>().await;
    });
    (address, is_silent, late)
}

/// Starts to create a URL, stops the provider while AWS does not answer, lets AWS
/// then answer with `late`, and gives the state that comes back.
async fn stopped(answers: Vec<&'static str>, late: Option<&'static str>) -> Value {
    let (_plugin, mut client) = start().await;
    let (address, is_silent, answer_late) = endpoint(answers).await;
    assert_eq!(call!(client, configure_provider { config: provider_block(&address) }).diagnostics, []);
    let config = object_of(URL, [("name", "/url".into()), ("host", "cache.local".into())]);
    let planned = call!(
        client,
        plan_resource_change {
            type_name: URL.into(),
            prior_state: null(),
            proposed_new_state: config.clone(),
            config: config.clone(),
        }
    );
    assert_eq!(planned.diagnostics, []);
    let mut applying = client.clone();
    let request = pb::apply_resource_change::Request {
        type_name: URL.into(),
        prior_state: null(),
        planned_state: planned.planned_state,
        config,
        planned_private: planned.planned_private,
        ..Default::default()
    };
    let apply = tokio::spawn(async move { applying.apply_resource_change(request).await });
    tokio::time::timeout(DEADLINE, is_silent).await.unwrap().unwrap();

    let requested = Instant::now();
    assert_eq!(call!(client, stop_provider {}).error, "");
    let _never_answered = match late {
        Some(answer) => answer_late.send(answer).map(|()| None).unwrap(),
        None => Some(answer_late),
    };
    let answer = tokio::time::timeout(DEADLINE, apply).await.unwrap().unwrap().unwrap().into_inner();
    assert!(requested.elapsed() < Duration::from_secs(2), "{:?}", requested.elapsed());
    let one = only(&answer.diagnostics);
    assert!(one.detail.contains("the operation was canceled."), "{one:?}");
    decode(answer.new_state, resource(URL).schema().ty())
}

const PUT: &str = r#"{"Version":7,"Tier":"Standard"}"#;

#[track_caller]
fn assert_saved(state: &Value) {
    assert_eq!(*state.get("id"), Value::from("/url"));
    assert_eq!(*state.get("version"), Value::from(7));
    assert!(state.is_wholly_known());
}

#[tokio::test]
async fn a_stop_ends_a_question_that_aws_does_not_answer_and_saves_what_exists() {
    assert_saved(&stopped(vec![PUT], None).await);
}

/// A change under way may have been made, so its answer is waited for; nothing new is begun.
#[tokio::test]
async fn a_stop_waits_for_a_create_under_way_and_saves_what_it_made() {
    assert_saved(&stopped(Vec::new(), Some(PUT)).await);
}
