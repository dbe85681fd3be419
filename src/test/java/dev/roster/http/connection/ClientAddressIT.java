package dev.roster.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** B4: which headers determine the client's address. */
class ClientAddressIT {
    @RegisterExtension
    static final RosterExtension BEHIND_NOBODY = new RosterExtension();

    @RegisterExtension
    static final RosterExtension BEHIND_PROXIES =
            new RosterExtension().with("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,2001:db8:ffff::/48");

    @RegisterExtension
    static final RosterExtension BEHIND_FORWARDED = new RosterExtension()
            .with("TRUSTED_PROXIES", "127.0.0.0/8,::1,10.0.0.0/8")
            .with("FORWARDED_HEADER", "Forwarded");

    @ParameterizedTest
    @CsvSource({"X-Forwarded-For, 192.0.2.7", "Forwarded, for=192.0.2.7", "X-Real-IP, 192.0.2.7"})
    void headersAreIgnoredByDefault(String header, String value) {
        assertThat(address(BEHIND_NOBODY, header, value)).isEqualTo("127.0.0.1");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "'192.0.2.7, 10.1.2.3', 192.0.2.7",
        "'192.0.2.7,10.1.2.3 ,  10.0.0.1', 192.0.2.7",
        "2001:db8::7, 2001:db8::7",
        "'[2001:db8::7]:4711, 2001:db8:ffff::1', 2001:db8::7",
        "192.0.2.7:4711, 192.0.2.7",
        "::ffff:192.0.2.7, 192.0.2.7",
        // The client's own addresses are left of the one that the proxy added.
        "'198.51.100.1, 192.0.2.7', 192.0.2.7",
        "'10.9.9.9, 192.0.2.7, 10.0.0.1', 192.0.2.7",
        // Only proxies: the leftmost.
        "'10.9.9.9, 10.0.0.1', 10.9.9.9",
        // Empty elements (RFC 9110, section 5.6.1.2).
        "'192.0.2.7,', 192.0.2.7",
        "'198.51.100.1, , 192.0.2.7 ,, 10.0.0.1, ', 192.0.2.7",
        // A malformed address: the proxy that sent it.
        "'192.0.2.7, unknown, 10.0.0.1', 10.0.0.1",
        "unknown, 127.0.0.1",
        "example.com, 127.0.0.1",
        "999.1.1.1, 127.0.0.1",
        "for=192.0.2.7, 127.0.0.1",
        "'\"', 127.0.0.1",
        "'\", 192.0.2.7', 192.0.2.7",
        "',,', 127.0.0.1"
    })
    void trustedProxyNamesTheClientInXForwardedFor(String value, String address) {
        assertThat(address(BEHIND_PROXIES, "X-Forwarded-For", value)).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource({
        "for=192.0.2.7, 192.0.2.7",
        "'For=192.0.2.7;proto=https;by=10.0.0.1', 192.0.2.7",
        "'proto=https; for=\"192.0.2.7:4711\"', 192.0.2.7",
        "'for=\"[2001:db8::7]:4711\"', 2001:db8::7",
        "'for=198.51.100.1, for=192.0.2.7;by=x, for=10.0.0.1', 192.0.2.7",
        "'for=192.0.2.7, for=_hidden, for=10.0.0.1', 10.0.0.1",
        "'for=\"198.51.100.1, for=192.0.2.7', 127.0.0.1",
        "'for=192.0.2.7;host=\"a,for=1.2.3.4\"', 192.0.2.7",
        "'host=\"a;for=1.2.3.4\";for=192.0.2.7', 192.0.2.7",
        "'host=\"a\\\",for=1.2.3.4\";for=192.0.2.7', 192.0.2.7",
        "',for=192.0.2.7', 192.0.2.7",
        "'for=198.51.100.1, , for=192.0.2.7 ,,for=10.0.0.1, , ', 192.0.2.7",
        "',,', 127.0.0.1",
        "by=192.0.2.7, 127.0.0.1",
        "192.0.2.7, 127.0.0.1",
        "'for=', 127.0.0.1"
    })
    void trustedProxyNamesTheClientInForwarded(String value, String address) {
        assertThat(address(BEHIND_FORWARDED, "Forwarded", value)).isEqualTo(address);
    }

    /** A proxy passes on the header that it does not write, and a client may have forged it. */
    @Test
    void otherHeaderIsIgnored() {
        assertThat(address(BEHIND_PROXIES, "Forwarded", "for=192.0.2.7")).isEqualTo("127.0.0.1");
        assertThat(address(BEHIND_FORWARDED, "X-Forwarded-For", "192.0.2.7")).isEqualTo("127.0.0.1");
    }

    /** Logs in with this header; returns the address in the user's list of sessions. */
    private static String address(RosterExtension roster, String header, String value) {
        TestUser user = roster.api().newUser();
        HttpRequest.Builder login = roster.api()
                .request("/auth/login")
                .header("Content-Type", "application/json")
                .header("User-Agent", "ClientAddressIT")
                .header(header, value)
                .POST(BodyPublishers.ofString(
                        TestTokens.json(Map.of("email", user.email(), "password", Api.PASSWORD))));
        roster.api().send(login).expect(200);
        return roster
                .api()
                .get(user.sessionsPath(), user.token())
                .expect(200)
                .body()
                .path("sessions")
                .findParents("ip")
                .stream()
                .filter(session -> session.path("user_agent").asText().equals("ClientAddressIT"))
                .map(session -> session.path("ip").asText())
                .findAny()
                .orElse("none");
    }
}
