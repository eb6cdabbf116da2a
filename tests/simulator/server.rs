//! The HTTP server: each request is routed, recorded, carried out or struck by a fault, answered.

use super::Shared;
use super::answer::{self, Answer, Encoded};
use super::calls::{Call, Outcome};
use super::faults::{Echo, EchoedIn, Framing, InjectedFault};
use super::holds::Moment;
use super::lock;
use super::protocol;
use super::route::{Request, route};
use super::wire::{Piece, Wire};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Response, http};
use hyper_util::rt::TokioIo;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Serves until its task is aborted; all connections end with it.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(connections.spawn(converse(stream, Arc::clone(&shared)))),
                // Out of file descriptors, say: let others go on.
                Err(_) => tokio::task::yield_now().await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn converse(stream: TcpStream, shared: Arc<Shared>) {
    let _ = stream.set_nodelay(true);
    let reset = Arc::new(AtomicBool::new(false));
    let wire = TokioIo::new(Wire::new(stream, Arc::clone(&reset)));
    let service = service_fn(|request| {
        let (shared, reset) = (Arc::clone(&shared), Arc::clone(&reset));
        async move {
            let answered = respond(&shared, request).await;
            if answered.is_err() {
                reset.store(true, Ordering::Release);
            }
            answered
        }
    });
    // A client that goes away is its own affair.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(wire, service).await;
}

/// An error resets the connection.
async fn respond(shared: &Shared, request: http::Request<Incoming>) -> io::Result<Response<Piece>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let sessions = lock(&shared.state).sts.sessions.clone();
    let query = head.uri.query().unwrap_or_default();
    let request = match route(head.uri.path(), query, &head.headers, &body, &sessions) {
        Ok(request) => request,
        Err(fault) => return whole(answer::lost(&fault, &request_id(0))),
    };
    let time = shared.clock.tick();
    let call = Call {
        number: 0,
        service: request.service.to_owned(),
        action: request.action.clone(),
        place: request.place.clone(),
        time,
        parameters: request.parameters(),
        headers: request.headers.clone(),
        outcome: None,
    };
    let number = shared.record.begin(call);
    let Some((moment, pause)) = shared.holds.take(&request) else {
        return treat(shared, &request, time, number).await;
    };
    if moment == Moment::Received {
        pause.until_released().await;
        return treat(shared, &request, time, number).await;
    }
    let answered = treat(shared, &request, time, number).await;
    match moment {
        Moment::Answered => pause.announce(),
        _ => pause.until_released().await,
    }
    answered
}

/// Carries a call out, unless a fault strikes it.
async fn treat(shared: &Shared, request: &Request, time: u64, number: u64) -> io::Result<Response<Piece>> {
    let id = request_id(number);
    let limited = (!shared.limits.admit(request.service)).then_some(InjectedFault::Throttle);
    let Some(fault) = shared.script.take(request).or(limited) else {
        let outcome = carry_out(shared, request, time, number);
        return whole(answer::encode(request, outcome, &id));
    };
    struck(shared, request, time, number, fault).await
}

fn carry_out(
    shared: &Shared,
    request: &Request,
    time: u64,
    number: u64,
) -> Result<Answer, protocol::ServiceError> {
    let outcome = lock(&shared.state).carry_out(request, time);
    shared.record.end(
        number,
        match &outcome {
            Ok(_) => Outcome::Done,
            Err(fault) => Outcome::Refused { code: fault.code.clone(), message: fault.message.clone() },
        },
    );
    outcome
}

async fn struck(
    shared: &Shared,
    request: &Request,
    time: u64,
    number: u64,
    fault: InjectedFault,
) -> io::Result<Response<Piece>> {
    let id = request_id(number);
    let name = format!("{fault:?}");
    if let Some(refusal) = fault.refusal(request) {
        shared.record.end(number, Outcome::Faulted(name));
        return whole(answer::encode(request, Err(refusal), &id));
    }
    match fault {
        InjectedFault::Slow(pause) => {
            let outcome = carry_out(shared, request, time, number);
            tokio::time::sleep(pause).await;
            whole(answer::encode(request, outcome, &id))
        }
        InjectedFault::Ignored => {
            shared.record.end(number, Outcome::Lost(name));
            whole(answer::encode(request, Ok(answer::empty(request, None)), &id))
        }
        InjectedFault::Page(token) => {
            shared.record.end(number, Outcome::Faulted(name));
            whole(answer::encode(request, Ok(answer::empty(request, Some(&token))), &id))
        }
        InjectedFault::Unreadable => {
            shared.record.end(number, Outcome::Faulted(name));
            let mut encoded = answer::encode(request, Ok(answer::empty(request, None)), &id);
            encoded.body = b"Sign in to this network".to_vec();
            whole(encoded)
        }
        InjectedFault::Garbled => {
            let outcome = carry_out(shared, request, time, number);
            shared.record.end(number, Outcome::Lost(name));
            let mut encoded = answer::encode(request, outcome, &id);
            encoded.body = b"Sign in to this network".to_vec();
            whole(encoded)
        }
        InjectedFault::Rewritten(rewrite) => {
            let outcome = carry_out(shared, request, time, number);
            let (mut encoded, framing) = rewrite.apply(request, answer::encode(request, outcome, &id));
            if framing == Framing::Whole {
                return whole(encoded);
            }
            if let Framing::Announced(length) = framing {
                encoded.headers.push(("content-length", length.to_string()));
            }
            let body = std::mem::take(&mut encoded.body);
            response(encoded, Piece::chunked(body))
        }
        InjectedFault::Document(document) => {
            shared.record.end(number, Outcome::Faulted(name));
            whole(answer::encode(request, Ok(Answer::Document(document)), &id))
        }
        InjectedFault::Echo(Echo { place: EchoedIn::Page(status), write, .. }) => {
            shared.record.end(number, Outcome::Faulted(name));
            let headers = vec![("content-type", "text/html".to_owned())];
            let body = format!("<html><body><pre>{}</pre></body></html>", write(&request.raw)).into_bytes();
            whole(Encoded { status, headers, body })
        }
        InjectedFault::BadGateway => {
            shared.record.end(number, Outcome::Faulted(name));
            let headers = vec![("content-type", "text/html".to_owned())];
            let body = b"<html><body><h1>502 Bad Gateway</h1></body></html>".to_vec();
            whole(Encoded { status: 502, headers, body })
        }
        InjectedFault::TruncatedBody(part) | InjectedFault::CutBody(part) => {
            let outcome = carry_out(shared, request, time, number);
            shared.record.end(number, Outcome::Lost(name));
            let mut encoded = answer::encode(request, outcome, &id);
            let announced = encoded.body.len();
            encoded.body.truncate(fraction(announced, part));
            if matches!(fault, InjectedFault::TruncatedBody(_)) {
                return whole(encoded);
            }
            encoded.headers.push(("content-length", announced.to_string()));
            let body = std::mem::take(&mut encoded.body);
            response(encoded, Piece::cut(body))
        }
        InjectedFault::AppliedButResponseLost => {
            let _ = carry_out(shared, request, time, number);
            shared.record.end(number, Outcome::Lost(name));
            Err(io::ErrorKind::ConnectionReset.into())
        }
        _ => {
            shared.record.end(number, Outcome::Faulted(name));
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }
}

/// Bodies are far smaller than what a float counts exactly, and the fraction is kept within 0 and 1.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn fraction(of: usize, part: f64) -> usize {
    (of as f64 * part.clamp(0.0, 1.0)) as usize
}

fn whole(mut encoded: Encoded) -> io::Result<Response<Piece>> {
    let body = std::mem::take(&mut encoded.body);
    response(encoded, Piece::whole(body))
}

fn response(encoded: Encoded, body: Piece) -> io::Result<Response<Piece>> {
    let mut builder = Response::builder().status(encoded.status);
    for (name, value) in encoded.headers {
        // A header carries no control characters; a scripted code may.
        builder = builder.header(name, value.replace(char::is_control, " "));
    }
    builder.body(body).map_err(io::Error::other)
}

/// Request ids look like AWS's and tell the number of the call.
fn request_id(number: u64) -> String {
    format!("5104a7ed-0000-4000-8000-{number:012}")
}
