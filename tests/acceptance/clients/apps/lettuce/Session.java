// Sessions of Lettuce; ../python/session.py describes the requests.

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

public final class Session {
    private record Connection(AbstractRedisClient client, RedisClusterCommands<String, String> commands) {
        String use() {
            for (int number = 0; number < 16; number++) {
                String value = String.valueOf(number);
                commands.set("key-" + number, value);
                if (!value.equals(commands.get("key-" + number))) {
                    throw new IllegalStateException("another value");
                }
            }
            return commands.aclWhoami();
        }
    }

    private static final Map<String, Connection> CONNECTIONS = new HashMap<>();

    private static Connection connect(String mode, RedisURI uri) {
        uri.setTimeout(Duration.ofSeconds(10));
        if (!mode.equals("cluster")) {
            RedisClient client = RedisClient.create(uri);
            return new Connection(client, client.connect().sync());
        }
        RedisClusterClient client = RedisClusterClient.create(uri);
        return new Connection(client, client.connect().sync());
    }

    private static RedisURI uri(String host, String port, String tls, String username, String password) {
        RedisURI.Builder uri = RedisURI.builder()
            .withHost(host).withPort(Integer.parseInt(port)).withSsl(tls.equals("true"));
        if (!username.isEmpty()) {
            uri.withAuthentication(username, password);
        } else if (!password.isEmpty()) {
            uri.withPassword(password.toCharArray());
        }
        return uri.build();
    }

    private static String answer(String[] words) {
        String name = words[1];
        switch (words[0]) {
            case "open" -> CONNECTIONS.put(name, connect(words[2], RedisURI.create(words[3])));
            case "secret" -> {
                RedisURI uri = uri(words[3], words[4], words[5], words[6], words[7]);
                CONNECTIONS.put(name, connect(words[2], uri));
            }
            case "close" -> {
                CONNECTIONS.get(name).client().shutdown(Duration.ZERO, Duration.ofSeconds(2));
                return "";
            }
            default -> { }
        }
        return CONNECTIONS.get(name).use();
    }

    /** The message of the error and those of its causes, without line breaks. */
    private static String text(Throwable error) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            text.append(text.isEmpty() ? "" : ": ").append(cause.getMessage());
        }
        return text.toString().replaceAll("\\s+", " ");
    }

    /** The authority of SSL_CERT_FILE among those of this process, as an administrator adds one to those of Java. */
    private static void trust(Path file) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(Path.of(System.getenv("SSL_CERT_FILE")))) {
            for (Certificate it : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("authority", it);
            }
        }
        try (OutputStream written = Files.newOutputStream(file)) {
            store.store(written, "of the test".toCharArray());
        }
        System.setProperty("javax.net.ssl.trustStore", file.toString());
        System.setProperty("javax.net.ssl.trustStorePassword", "of the test");
    }

    public static void main(String[] arguments) throws Exception {
        trust(Path.of("authorities.p12"));
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            String answer;
            try {
                answer = "ok\t" + answer(line.split("\t", -1));
            } catch (Exception error) {
                answer = "error\t" + text(error);
            }
            System.out.println(answer);
        }
        System.exit(0);
    }
}
