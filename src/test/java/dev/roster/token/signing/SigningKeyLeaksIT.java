package dev.roster.token.signing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import dev.roster.support.process.ConsoleLog;
import java.math.BigInteger;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jose4j.jwk.PublicJsonWebKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** A private key is in no table, in no log line, not even at TRACE, and in no answer. */
class SigningKeyLeaksIT {
    private final RosterExtension roster = new RosterExtension().with("LOG_LEVEL", "TRACE");

    @AfterEach
    void stop() {
        roster.stop();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "HS256")
    void privateKeyIsNowhere(SigningAlgorithm algorithm) throws Exception {
        List<String> answers = new ArrayList<>();
        String log;
        try (ConsoleLog console = new ConsoleLog()) {
            roster.with("TOKEN_ALGORITHM", algorithm.id()).start();
            Api api = roster.api();
            TestUser user = api.newUser();
            answers.add(show(api.login(user.email(), Api.PASSWORD)));
            answers.add(show(api.get("/users/me", user.token())));
            answers.add(show(api.get("/users/me", user.token() + "x")));
            answers.add(show(api.raw("GET", "/.well-known/jwks.json").expect(200)));
            Api admin = new Api(roster.admin());
            for (String path : List.of("/healthcheck", "/prometheus", "/metrics", "/threads")) {
                answers.add(show(admin.raw("GET", path)));
            }
            log = String.join("\n", console.linesUntil(1, line -> line.contains("/threads")));
        }
        KeyTable table = new KeyTable(roster.database());
        PublicJsonWebKey pair = table.open(table.active());
        String dump = dump(roster.jdbi());

        assertThat(dump).contains(table.active()); // it looks into the table
        assertThat(log).contains("TRACE", "DEBUG");
        assertThat(secrets(pair)).isNotEmpty().allSatisfy(secret -> {
            for (String form : forms(secret)) {
                assertThat(dump).doesNotContain(form);
                assertThat(log).doesNotContain(form);
                assertThat(answers).noneMatch(answer -> answer.contains(form));
            }
        });
    }

    private static String show(Reply reply) {
        return reply.headers().map() + reply.text();
    }

    /** All rows of all tables. */
    private static String dump(Jdbi jdbi) {
        return jdbi.withHandle(handle -> {
            List<String> rows = new ArrayList<>();
            for (String table : handle.createQuery("""
                            SELECT format('%I.%I', table_schema, table_name)
                              FROM information_schema.tables
                             WHERE table_type = 'BASE TABLE'
                               AND table_schema NOT IN ('pg_catalog', 'information_schema')
                            """).mapTo(String.class).list()) {
                rows.addAll(handle.createQuery("SELECT entry::text FROM " + table + " AS entry")
                        .mapTo(String.class)
                        .list());
            }
            return String.join("\n", rows);
        });
    }

    /** The numbers of a private key, each of which is enough to sign. */
    private static List<byte[]> secrets(PublicJsonWebKey pair) {
        if (pair.getPrivateKey() instanceof ECPrivateKey ec) {
            return List.of(bytes(ec.getS()));
        }
        if (pair.getPrivateKey() instanceof RSAPrivateCrtKey rsa) {
            return List.of(bytes(rsa.getPrivateExponent()), bytes(rsa.getPrimeP()), bytes(rsa.getPrimeQ()));
        }
        return List.of(((EdECPrivateKey) pair.getPrivateKey()).getBytes().orElseThrow());
    }

    private static byte[] bytes(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    /** A part of it, as a dump or a log would show it. In base64, the text depends on where a group of three begins. */
    private static List<String> forms(byte[] secret) {
        String hex = HexFormat.of().formatHex(secret, 4, 14);
        return Stream.concat(
                        Stream.of(hex, hex.toUpperCase(Locale.ROOT), new BigInteger(1, secret).toString()),
                        Stream.of(0, 1, 2)
                                .map(from -> Arrays.copyOfRange(secret, from, from + 15))
                                .flatMap(part -> Stream.of(
                                        Base64.getEncoder().encodeToString(part),
                                        Base64.getUrlEncoder().encodeToString(part))))
                .toList();
    }
}
