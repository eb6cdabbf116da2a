// Sessions of ioredis; ../python/session.py describes the requests.
const Redis = require("ioredis");
const lines = require("node:readline").createInterface({ input: process.stdin });

const connections = new Map();

// A cluster gets its URL as the first node only; the nodes that it finds get user, password and TLS by redisOptions.
function cluster(node, username, password, tls) {
  return new Redis.Cluster([node], {
    dnsLookup: (address, callback) => callback(null, address),
    redisOptions: { username, password, tls },
  });
}

function open(mode, url) {
  if (mode !== "cluster") return new Redis(url);
  const parts = new URL(url);
  const [username, password] = [parts.username, parts.password].map((part) => decodeURIComponent(part) || undefined);
  const node = { host: parts.hostname, port: Number(parts.port) };
  return cluster(node, username, password, parts.protocol === "rediss:" ? {} : undefined);
}

function secret(mode, host, port, tls, username, password) {
  const node = { host, port: Number(port) };
  const login = [username || undefined, password || undefined, tls === "true" ? {} : undefined];
  if (mode === "cluster") return cluster(node, ...login);
  return new Redis({ ...node, username: login[0], password: login[1], tls: login[2] });
}

async function use(connection) {
  for (let number = 0; number < 16; number++) {
    await connection.client.set(`key-${number}`, number);
    if ((await connection.client.get(`key-${number}`)) !== String(number)) throw new Error("another value");
  }
  return connection.client.acl("WHOAMI");
}

// ioredis reports a refused login, and goes on to connect, so a command may fail late or without the reason.
function refusal(connection) {
  return new Promise((_, reject) => {
    connection.client.on("error", (error) => {
      const reason = error.lastNodeError ?? error;
      if (/WRONGPASS|NOAUTH|certificate/.test(reason.message)) reject(reason);
    });
  });
}

async function answer(verb, name, words) {
  if (verb === "open" || verb === "secret") {
    const connection = { client: verb === "open" ? open(...words) : secret(...words) };
    connections.set(name, connection);
    try {
      return await Promise.race([use(connection), refusal(connection)]);
    } catch (error) {
      connection.client.disconnect();
      throw error;
    }
  }
  if (verb === "use") return use(connections.get(name));
  connections.get(name).client.disconnect();
  return "";
}

(async () => {
  for await (const line of lines) {
    const [verb, name, ...words] = line.split("\t");
    try {
      console.log(`ok\t${await answer(verb, name, words)}`);
    } catch (error) {
      console.log(`error\t${String(error.message ?? error).replace(/\s+/g, " ")}`);
    }
  }
  process.exit();
})();
