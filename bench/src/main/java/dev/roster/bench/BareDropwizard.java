package dev.roster.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.roster.user.StoredUser;
import dev.roster.user.User;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.jdbi3.JdbiFactory;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.HmacKey;

/**
 * A minimal service on the same libraries, as a baseline: {@code /hello} returns a constant, {@code /users/{id}}
 * verifies a token and selects a row. It has no response headers, limits, revocation, request log or error format.
 */
public final class BareDropwizard extends Application<BareDropwizard.Settings> {
    public static void main(String[] arguments) throws Exception {
        new BareDropwizard().run("server", arguments[0]);
    }

    @Override
    public void run(Settings settings, Environment environment) {
        Jdbi jdbi = new JdbiFactory().build(environment, settings.database, "database");
        jdbi.registerRowMapper(StoredUser.class, (row, context) -> StoredUser.read(row));
        environment.jersey().register(new Resource(jdbi, System.getenv("JWT_SECRET_KEY")));
    }

    /** Its configuration file. */
    public static final class Settings extends Configuration {
        @JsonProperty
        DataSourceFactory database = new DataSourceFactory();
    }

    /** Both routes. */
    @Path("/")
    @Produces(MediaType.APPLICATION_JSON)
    public static final class Resource {
        private final Jdbi jdbi;
        private final JwtConsumer tokens;

        Resource(Jdbi jdbi, String secretKey) {
            this.jdbi = jdbi;
            this.tokens = new JwtConsumerBuilder()
                    .setVerificationKey(new HmacKey(secretKey.getBytes(StandardCharsets.UTF_8)))
                    .setJwsAlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.HMAC_SHA256)
                    .setRequireExpirationTime()
                    .setRequireSubject()
                    .setSkipDefaultAudienceValidation()
                    .build();
        }

        @GET
        @Path("hello")
        public Hello hello() {
            return new Hello("hello");
        }

        @GET
        @Path("users/{id}")
        public User user(@PathParam("id") UUID id, @HeaderParam("Authorization") String authorization)
                throws InvalidJwtException {
            tokens.processToClaims(authorization.substring("Bearer ".length()));
            return jdbi.withHandle(
                            handle -> handle.createQuery("SELECT" + StoredUser.COLUMNS + "FROM users WHERE id = :id")
                                    .bind("id", id)
                                    .mapTo(StoredUser.class)
                                    .findOne())
                    .orElseThrow(NotFoundException::new)
                    .user();
        }
    }

    /** The body of {@code /hello}. */
    public record Hello(String message) {}
}
