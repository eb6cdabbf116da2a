//! The simulated AWS as a program, for playing with.

#![allow(clippy::print_stdout, clippy::print_stderr)]

#[path = "mod.rs"]
mod simulator;

use simulator::Simulator;
use std::process::ExitCode;
use tokio::net::TcpListener;

const USAGE: &str = "usage: simulator [--port PORT] [--scale SECONDS] [--groups COUNT]

A simulated AWS on loopback, for ElastiCache and what is around it. Nothing is kept when it stops.

  --port PORT      listen there; 0, as without it, takes a free one
  --scale SECONDS  simulated seconds in a real one (60)
  --groups COUNT   quota of parameter groups and of subnet groups (150, as in AWS)";

struct Options {
    port: u16,
    scale: f64,
    groups: Option<usize>,
}

fn options() -> Option<Options> {
    let mut options = Options { port: 0, scale: 60.0, groups: None };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let (name, value) = match argument.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (argument, arguments.next()),
        };
        match name.as_str() {
            "--port" => options.port = value?.parse().ok()?,
            "--scale" => options.scale = value?.parse().ok()?,
            "--groups" => options.groups = Some(value?.parse().ok()?),
            _ => return None,
        }
    }
    Some(options)
}

#[tokio::main]
async fn main() -> ExitCode {
    let Some(options) = options() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match run(&options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("simulator: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> std::io::Result<()> {
    let simulator = Simulator::serve(TcpListener::bind(("127.0.0.1", options.port)).await?).await?;
    simulator.clock().set_scale(options.scale);
    if let Some(count) = options.groups {
        simulator.with_state(|aws| {
            aws.elasticache.configure(|config| {
                (config.quotas.parameter_groups, config.quotas.subnet_groups) = (count, count);
            });
        });
    }
    println!("# AWS is simulated at {}; a second is {} of its seconds.", simulator.endpoint(), options.scale);
    println!("export AWS_ENDPOINT_URL={}", simulator.endpoint());
    println!("export AWS_REGION=us-east-1");
    println!("export AWS_ACCESS_KEY_ID={}", simulator::DEFAULT_ACCOUNT);
    println!("export AWS_SECRET_ACCESS_KEY=simulated");
    println!(
        "# There are a subnet-00000001, subnet-00000002, subnet-00000003 and any other of this form, all in the"
    );
    println!("# vpc-00000001, and any sg-00000001. Ctrl-C ends it.");
    tokio::signal::ctrl_c().await?;
    Ok(())
}
