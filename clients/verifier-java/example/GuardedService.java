import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.roster.verifier.InvalidTokenException;
import dev.roster.verifier.Settings;
import dev.roster.verifier.StalePolicy;
import dev.roster.verifier.UnavailableException;
import dev.roster.verifier.Verifier;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** A service that answers with the id of the user whose token the request has. */
public final class GuardedService {
    private final Verifier verifier;

    private GuardedService(Verifier verifier) {
        this.verifier = verifier;
    }

    /** Serves until it is killed. Prints its port: a free one, unless the variable PORT has one. */
    public static void main(String[] arguments) throws IOException {
        Settings settings = Settings.of(
                        variable("ROSTER_URL", "http://localhost:8000"),
                        variable("JWT_ISSUER", "roster"),
                        variable("JWT_AUDIENCE", "roster"),
                        variable("ROSTER_KEY", "an API key with the scopes revocations and introspect"))
                .withPolicy(StalePolicy.valueOf(variable("POLICY", "REFUSE")));
        GuardedService service = new GuardedService(Verifier.start(settings));
        HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(variable("PORT", "0"))), 0);
        server.setExecutor(Executors.newFixedThreadPool(8));
        server.createContext("/", service::handle);
        server.start();
        System.out.println(server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try {
            String subject = verifier.verify(exchange.getRequestHeaders().getFirst("Authorization"))
                    .subject();
            answer(exchange, 200, subject);
        } catch (InvalidTokenException e) {
            exchange.getResponseHeaders().set("WWW-Authenticate", e.challenge());
            answer(exchange, 401, "Log in");
        } catch (UnavailableException e) {
            exchange.getResponseHeaders().set("Retry-After", "1");
            answer(exchange, 503, "Try again");
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static String variable(String name, String otherwise) {
        return System.getenv().getOrDefault(name, otherwise);
    }
}
