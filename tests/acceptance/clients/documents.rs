//! The client code of the documents, as it is, with what the modules under `examples/modules`
//! write for applications.
//!
//! A module is applied to the simulated AWS, and the real server gets its token. Of a URL only
//! host and port are replaced, which lead nowhere in a simulation.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::clients::apps::{self, Ran};
use crate::clients::server::{self, HOST, Server};
use crate::fixture::Fixture;
use crate::support::documents::{KONEKSI, REVRX, SECUREBASE, SIMPLE, UNIT};
use crate::support::lifeline;
use crate::support::terraform::skipped;

const NETWORK: &str = r#"subnet_ids = ["subnet-00000001", "subnet-00000002"]"#;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A snippet of a document, as it is there.
fn snippet(name: &str) -> String {
    fs::read_to_string(root().join("tests/acceptance/clients/snippets").join(name)).unwrap()
}

/// A fixture in which a module is applied, with these arguments.
fn applied(module: &str, arguments: &str) -> Fixture {
    let fixture = Fixture::new(&format!(
        r#"module "redis" {{
  source = "./{module}"
  {arguments}
}}
output "redis" {{
  value     = module.redis
  sensitive = true
}}
"#
    ));
    fixture.terraform.copy(&root().join("examples/modules").join(module), module);
    fixture.terraform.run(&["get"]).succeeds();
    fixture.terraform.apply();
    fixture
}

fn outputs(fixture: &Fixture) -> Value {
    serde_json::from_str(&fixture.terraform.run(&["output", "-json", "redis"]).succeeds().stdout).unwrap()
}

/// A URL with the host and the port of the server.
fn here(server: &Server, url: &str) -> String {
    let mut url = url::Url::parse(url).unwrap();
    url.set_host(Some(HOST)).unwrap();
    url.set_port(Some(server.port)).unwrap();
    url.to_string()
}

/// The token that the password of a URL is, as a server knows it.
fn token(url: &str) -> String {
    let url = url::Url::parse(url).unwrap();
    percent_encoding::percent_decode_str(url.password().unwrap()).decode_utf8().unwrap().into_owned()
}

/// Document 000: the shell of Django, with the URLs that a task gets.
#[test]
fn unit() {
    let server = Server::start();
    let fixture = applied(
        "redis-unit",
        &format!(
            r#"name = "django"
  {NETWORK}
  transit_encryption_enabled = true
  auth_token_enabled = true
  parameter_store_prefix = "/django""#
        ),
    );
    let redis = here(&server, &apps::parameter(&fixture, "/django/redis-url"));
    let celery = here(&server, &apps::parameter(&fixture, "/django/celery-broker-url"));
    server.takes_tokens(&[&token(&redis)]);
    let variables = [("REDIS_URL", &*redis), ("CELERY_BROKER_URL", &*celery)];

    // `manage.py shell`, of a project whose CACHES is as the README has it, replicas and all.
    let shell = r#"import os, django
from django.conf import settings
settings.configure(CACHES={"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": [os.environ["REDIS_URL"], os.environ["REDIS_URL"]]}})
django.setup()
"#;
    UNIT.works("154-159: the cache of Django", || {
        let ran = apps::python_code(&server, &format!("{shell}{}", snippet("unit_cache.py")), &variables);
        assert_eq!((ran.stdout.trim_end(), ran.success), ("hello", true), "{ran:#?}");
    });
    UNIT.cannot("161-164: the connection of Celery", || {
        let ran = apps::python_code(&server, &snippet("unit_celery.py"), &variables);
        assert!(!ran.success && ran.stderr.contains("name 'os' is not defined"), "{ran:#?}");
        let ran =
            apps::python_code(&server, &format!("import os\n{}", snippet("unit_celery.py")), &variables);
        assert!(ran.success && !ran.stdout.is_empty(), "{ran:#?}");
    });
}

/// Document 001: cache, sessions and Dramatiq with the one URL, and its ping.
#[test]
fn simple() {
    let server = Server::start();
    let fixture = applied(
        "redis-simple",
        &format!(
            r#"app_name = "backend-booking"
  environment = "dev"
  vpc_id = "vpc-00000001"
  {NETWORK}
  security_group_ids = ["sg-00000001"]
  enable_auth_token = true
  auth_token = "0123456789!&#$^<>-""#
        ),
    );
    let url = SIMPLE.works("8, 55-57: one REDIS_URL", || {
        let stored = apps::parameter(&fixture, "/backend-booking/dev/redis/url");
        assert_eq!(outputs(&fixture)["redis_url"], stored);
        here(&server, &stored)
    });
    server.takes_tokens(&[&token(&url)]);
    let settings = snippet("simple_settings.py");
    let run = |code: &str| -> Ran {
        let django = r#"import json, django
from django.conf import settings
settings.configure(SECRET_KEY="x", INSTALLED_APPS=["django.contrib.sessions"], CACHES=CACHES, SESSION_ENGINE=SESSION_ENGINE)
django.setup()
"#;
        apps::python_code(&server, &format!("{settings}\n{django}{code}"), &[("REDIS_URL", &url)])
    };
    SIMPLE.works("59-65: the cache, by django-redis", || {
        let code = r#"from django.core.cache import cache
cache.set("a", {"b": 1}, 60)
print(json.dumps(cache.get("a")))"#;
        assert_eq!(run(code).json(), json!({ "b": 1 }));
    });
    SIMPLE.works("67-68: sessions", || {
        let code = r#"from django.contrib.sessions.backends.cache import SessionStore
s = SessionStore()
s["n"] = 7
s.save()
print(json.dumps(SessionStore(session_key=s.session_key)["n"]))"#;
        assert_eq!(run(code).json(), json!(7));
    });
    SIMPLE.works("9, 70-74: Dramatiq", || {
        // As django_dramatiq makes a broker of the setting.
        let code = r#"import dramatiq
from django.utils.module_loading import import_string
broker = import_string(DRAMATIQ_BROKER["BROKER"])(**DRAMATIQ_BROKER["OPTIONS"])
dramatiq.set_broker(broker)
done = []
@dramatiq.actor
def greet(name): done.append(name)
greet.send("booking")
worker = dramatiq.Worker(broker, worker_threads=1, worker_timeout=100)
worker.start()
broker.join("default")
worker.join()
worker.stop()
print(json.dumps(done))"#;
        assert_eq!(run(code).json(), json!(["booking"]));
    });
    SIMPLE.works("210-214: ping from a container", || {
        let code = format!("{}\nprint(r.ping())", snippet("simple_ping.py"));
        let ran = apps::python_code(&server, &code, &[("REDIS_URL", &url)]);
        assert_eq!(ran.stdout.trim_end(), "True", "{ran:#?}");
    });
}

/// Document 002: the Lambda code, with the secret that the output names.
#[test]
fn securebase() {
    let server = Server::start();
    let fixture = applied(
        "securebase-elasticache",
        &format!(
            r#"environment = "prod"
  vpc_id = "vpc-00000001"
  {NETWORK}"#
        ),
    );
    let arn = outputs(&fixture)["auth_token_secret_arn"].as_str().unwrap().to_owned();
    let answer = fixture.ask("secretsmanager", "GetSecretValue", &json!({ "SecretId": arn }));
    let config: Value = serde_json::from_str(answer["SecretString"].as_str().unwrap()).unwrap();
    server.takes_tokens(&[config["auth_token"].as_str().unwrap()]);
    let endpoint = fixture.aws.endpoint();
    let (port, host) = (server.port.to_string(), config["host"].as_str().unwrap());
    let variables = [
        ("REDIS_AUTH_SECRET", &*arn),
        ("AWS_ENDPOINT_URL", &*endpoint),
        ("AWS_ACCESS_KEY_ID", "123456789012"),
        ("AWS_SECRET_ACCESS_KEY", "simulated"),
        ("AWS_DEFAULT_REGION", "eu-west-1"),
        ("CACHE", host),
        ("PORT", &*port),
    ];
    // The host of the secret leads to the server, as a resolver would have it.
    let resolver = format!(
        r#"import os as _os, redis.connection as _c
_init = _c.Connection.__init__
def _here(self, host="", port=0, **more):
    assert host == _os.environ["CACHE"]
    _init(self, host="{HOST}", port=int(_os.environ["PORT"]), **more)
_c.Connection.__init__ = _here
customer_id, date_range, asked = 7, "today", []
def query_database(*arguments): asked.append(arguments); return {{"total": 42}}
"#
    );
    let lambda = snippet("securebase_lambda.py");
    let twice = "\nimport json\nprint(json.dumps([lambda_handler({}, None), lambda_handler({}, None), len(asked), \
                 get_redis_client().ttl('analytics:7:today')]))";
    SECUREBASE.cannot("101-140: the Lambda code", || {
        let ran = apps::python_code(&server, &format!("{resolver}{lambda}{twice}"), &variables);
        assert!(!ran.success && ran.stderr.contains("name 'os' is not defined"), "{ran:#?}");
        let ran = apps::python_code(&server, &format!("{resolver}import os\n{lambda}{twice}"), &variables);
        assert_eq!(ran.json(), json!([{ "total": 42 }, { "total": 42 }, 1, 300]));
    });
    SECUREBASE.works("79-86: times to live", || {
        let ttl = snippet("securebase_ttl.py");
        let code = format!(
            "{resolver}import os\n{lambda}\nredis, value = get_redis_client(), 'x'\n{ttl}\n\
             print(json.dumps([redis.ttl('customer:123:' + key) for key in ('invoices', 'metrics', 'tier')]))"
        );
        assert_eq!(apps::python_code(&server, &code, &variables).json(), json!([300, 3600, 86400]));
    });
}

/// A snippet of document 003 with the server for both of its hosts.
fn koneksi_snippet(server: &Server, name: &str) -> String {
    let text = snippet(name);
    let (primary, reader) = (
        "koneksi-staging-redis.xxxxx.cache.amazonaws.com",
        "koneksi-staging-redis-ro.xxxxx.cache.amazonaws.com",
    );
    assert!(text.contains(primary) && text.contains(reader));
    text.replace(primary, HOST).replace(reader, HOST).replace("6379", &server.port.to_string())
}

/// Document 003: redis-py, without a token.
#[test]
fn koneksi_python() {
    let server = Server::start();
    server.takes_anyone();
    KONEKSI.works("333-357: redis-py", || {
        let code = format!(
            "{}\nimport json\nprint(json.dumps([user, session]))",
            koneksi_snippet(&server, "koneksi.py")
        );
        let ran = apps::python_code(&server, &code, &[]);
        assert_eq!(ran.json(), json!(["john_doe", { "user_id": "123" }]));
    });
}

/// A folder that outlives the run, so that packages are fetched once.
fn retained(name: &str) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&place).unwrap();
    place
}

/// Runs a package manager, with what it needs of the user's settings; the reason if it fails.
fn fetched(program: &str, arguments: &[&str], place: &Path) -> Result<(), String> {
    let output = Command::new(program).args(arguments).current_dir(place).output();
    let output = output.map_err(|error| format!("{program} does not run: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{program} {}: {}", arguments.join(" "), said.lines().last().unwrap_or_default()))
}

/// Document 003: ioredis. Node has no `await` beside `require`, so an async function is around it.
#[test]
fn koneksi_node() {
    let server = Server::start();
    server.takes_anyone();
    let place = retained("npm");
    let install =
        ["install", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=20000", "ioredis@5"];
    if !place.join("node_modules/ioredis").is_dir()
        && let Err(reason) = fetched("npm", &install, &place)
    {
        skipped("ioredis", &reason);
        return;
    }
    KONEKSI.works("361-384: ioredis", || {
        let code = format!(
            "(async () => {{\n{}\nconsole.log(JSON.stringify([user, session]));\nprimary.disconnect();\n\
             reader.disconnect();\n}})();",
            koneksi_snippet(&server, "koneksi.js")
        );
        let modules = place.join("node_modules");
        let mut node = Command::new("node");
        let variables = [("NODE_PATH", modules.to_str().unwrap())];
        let ran = apps::program(&server, node.arg("-e").arg(code), &variables);
        assert_eq!(ran.json(), json!(["john_doe", { "user_id": "123" }]));
    });
}

/// The Go program of the module's README.
fn program_of_the_readme() -> String {
    let readme = fs::read_to_string(root().join("examples/modules/koneksi-elasticache/README.md")).unwrap();
    let (_, program) = readme.split_once("```go\n").unwrap();
    program.split("```").next().unwrap().to_owned()
}

/// Document 003: go-redis. As written it does not compile; the README has the whole program.
#[test]
fn koneksi_go() {
    let server = Server::start();
    server.takes_anyone();
    let place = retained("go");
    fs::write(
        place.join("go.mod"),
        "module client\n\ngo 1.21\n\nrequire github.com/go-redis/redis/v8 v8.11.5\n",
    )
    .unwrap();
    let program = program_of_the_readme();
    let address = "master.koneksi-staging-redis.xxxxx.apse1.cache.amazonaws.com:6379";
    assert!(program.contains(address), "{program}");
    fs::write(place.join("main.go"), program.replace(address, &format!("{HOST}:{}", server.port))).unwrap();
    if let Err(reason) = fetched("go", &["mod", "tidy"], &place) {
        skipped("go-redis", &reason);
        return;
    }
    KONEKSI.cannot("387-415: go-redis", || {
        fetched("go", &["build", "-o", "client", "main.go"], &place).unwrap();
        let ran = apps::program(&server, &mut Command::new(place.join("client")), &[]);
        assert_eq!((ran.stdout.trim_end(), ran.success), ("john_doe", true), "{ran:#?}");
        let written = place.join("_written");
        fs::create_dir_all(&written).unwrap();
        fs::write(written.join("main.go"), snippet("koneksi.go")).unwrap();
        let refused = fetched("go", &["build", "-o", "client", "./_written"], &place).unwrap_err();
        assert!(refused.contains("syntax error"), "{refused}");
    });
}

/// Document 004: the commands of redis-cli with and without TLS, by redis-py in its place.
#[test]
fn revrx_commands() {
    let server = Server::start();
    let fixture = applied(
        "revrx-redis",
        &format!(
            r#"{NETWORK}
  app_security_group_id = "sg-00000001""#
        ),
    );
    let url = here(&server, &apps::parameter(&fixture, "/revrx-redis-prod/redis-url"));
    server.takes_tokens(&[&token(&url)]);
    let run = |commands: &[&[&str]], tls: bool| {
        let url = if tls { url.clone() } else { url.replace("rediss://", "redis://") };
        let code = "import json, os, redis\nr = redis.Redis.from_url(os.environ['URL'], decode_responses=True)\n\
                    print(json.dumps([str(r.execute_command(*c)) for c in json.loads(os.environ['COMMANDS'])]))";
        let commands = json!(commands).to_string();
        apps::python_code(&server, code, &[("URL", &url), ("COMMANDS", &commands)])
    };
    let only_with_tls = |commands: &[&[&str]]| -> Vec<String> {
        let refused = run(commands, false);
        assert!(!refused.success && refused.stderr.contains("ConnectionError"), "{refused:#?}");
        serde_json::from_value(run(commands, true).json()).unwrap()
    };
    REVRX.cannot("228-240: health checks", || {
        let answers = only_with_tls(&[&["PING"], &["INFO", "memory"], &["CLIENT", "LIST"]]);
        assert!(answers[1].contains("used_memory"), "{answers:?}");
    });
    REVRX.works("244-249: key metrics of INFO", || {
        let all = run(&[&["INFO"]], true).json().to_string();
        for name in [
            "used_memory_human",
            "maxmemory",
            "connected_clients",
            "instantaneous_ops_per_sec",
            "keyspace_hits",
            "keyspace_misses",
            "evicted_keys",
            "master_repl_offset",
        ] {
            assert!(all.contains(name), "{name}");
        }
    });
    REVRX.cannot("264-273: connection issues", || {
        only_with_tls(&[&["PING"]]);
    });
    REVRX.cannot("277-286: performance issues", || {
        only_with_tls(&[&["SLOWLOG", "GET", "10"], &["MEMORY", "USAGE", "a"], &["LATENCY", "LATEST"]]);
    });
    REVRX.cannot("290-296: clearing the queue", || {
        only_with_tls(&[&["FLUSHDB"], &["KEYS", "*"]]);
    });
}

/// Document 004: Celery with the URL of the production `.env`, and the settings of its results.
#[test]
fn revrx_celery() {
    let server = Server::start();
    let fixture = applied(
        "revrx-redis",
        &format!(
            r#"{NETWORK}
  app_security_group_id = "sg-00000001"
  auth_token = "0123456789!&#$^<>-""#
        ),
    );
    let url = here(&server, &apps::parameter(&fixture, "/revrx-redis-prod/celery-url"));
    server.takes_tokens(&[&token(&url)]);
    let ran = apps::python(&server, "celery_app.py", &[("CELERY_BROKER_URL", &url)]).json();
    assert_eq!((&ran["queued"], &ran["result"]), (&json!(1), &json!(42)));

    REVRX.works("327-335: settings of the results", || {
        let code = format!(
            "import json, os\nfrom celery import Celery\nfrom celery.contrib.testing.worker import start_worker\n\
             url = os.environ['CELERY_BROKER_URL']\ncelery = Celery('reports', broker=url, backend=url)\n{}\n\
             celery.conf.result_expires = result_expires\n@celery.task\ndef total(numbers): return sum(numbers)\n\
             sent = total.delay([1, 2])\nwith start_worker(celery, pool='solo', concurrency=1, \
             perform_ping_check=False, shutdown_timeout=60): sent.get(timeout=60)\n\
             client = celery.backend.client\nkeys = [key.decode() for key in client.keys('*task-meta-*')]\n\
             mine = [key for key in keys if sent.id in key]\n\
             print(json.dumps([mine[0].replace(sent.id, ''), 0 < client.ttl(mine[0]) <= 3600]))",
            snippet("revrx_results.py")
        );
        let ran = apps::python_code(&server, &code, &[("CELERY_BROKER_URL", &url)]).json();
        let prefix = ran[0].as_str().unwrap();
        assert!(prefix.starts_with("celery") && prefix.ends_with("celery-task-meta-"), "{prefix}");
        assert_eq!(ran[1], true, "results expire within the hour");
    });
}

/// Document 004: local development, with the server as the compose file starts it and the `.env`
/// as python-dotenv reads it, with and without a password.
#[test]
fn revrx_local() {
    let local = root().join("examples/modules/revrx-redis/local");
    let reader = Fixture::new(
        r#"output "all" {
  value = yamldecode(file("docker-compose.yml"))
}
"#,
    );
    reader.terraform.copy(&local, "");
    let plan = reader.terraform.plan();
    let command =
        plan.json()["planned_values"]["outputs"]["all"]["value"]["services"]["redis"]["command"].clone();
    let command: Vec<String> = serde_json::from_value(command).unwrap();
    let tls = Server::start();
    for password in ["", "devpassword"] {
        let env = fs::read_to_string(local.join(".env")).unwrap();
        let line = env.lines().find(|line| line.starts_with("REDIS_PASSWORD=")).unwrap();
        let env = env.replace(line, &line.replace(r#""""#, &format!(r#""{password}""#)));
        let port = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let env = env.replace("6379", &port.to_string());
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join(".env"), &env).unwrap();
        let mut arguments: Vec<String> =
            command[1..].iter().map(|word| word.replace("${REDIS_PASSWORD-}", password)).collect();
        arguments.extend(["--bind", "127.0.0.1", "--port", &port.to_string()].map(str::to_owned));
        let place = tempfile::tempdir().unwrap().keep();
        let mut running = lifeline::command(&server::program(), &arguments, &place).spawn().unwrap();
        let code =
            "import json, os, sys, dotenv\nprint(json.dumps(dotenv.dotenv_values(os.environ['FILE'])))";
        let file = directory.path().join(".env");
        let read = apps::python_code(&tls, code, &[("FILE", file.to_str().unwrap())]).json();
        let read: BTreeMap<String, String> = serde_json::from_value(read).unwrap();
        let wait = "import os, time, redis\nfor _ in range(600):\n  try:\n    \
                    print(redis.Redis.from_url(os.environ['URL']).ping()); break\n  \
                    except redis.ConnectionError as error: last = error; time.sleep(0.05)\n\
                    else: raise last\n";
        let ran = apps::python_code(&tls, wait, &[("URL", &read["REDIS_URL"])]);
        let log = fs::read_to_string(place.join(lifeline::LOG)).unwrap_or_default();
        assert_eq!(ran.stdout.trim_end(), "True", "{ran:#?}, and the server's log: {log}");
        let url = &*read["CELERY_BROKER_URL"];
        let ran = apps::python(&tls, "celery_app.py", &[("CELERY_BROKER_URL", url)]).json();
        assert_eq!(ran["result"], 42, "password {password:?}");
        // The end of its standard input ends the server.
        drop(running.stdin.take());
        running.wait().unwrap();
    }
    REVRX.differs("69-75: the .env of local development, with its empty password in quotes", || {
        let env = fs::read_to_string(local.join(".env")).unwrap();
        assert!(env.contains(
            r#"REDIS_PASSWORD=""  # Empty for local dev, required for production
"#
        ));
        assert!(
            env.contains("REDIS_URL=redis://:${REDIS_PASSWORD}@${REDIS_HOST}:${REDIS_PORT}/${REDIS_DB}\n")
        );
        // As written, python-dotenv reads the comment as the password.
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join(".env");
        fs::write(&file, env.replace(r#"""  #"#, "  #")).unwrap();
        let code = "import json, os, dotenv\nprint(json.dumps(dotenv.dotenv_values(os.environ['FILE'])))";
        let read = apps::python_code(&tls, code, &[("FILE", file.to_str().unwrap())]).json();
        assert_eq!(read["REDIS_PASSWORD"], "# Empty for local dev, required for production");
    });
}
