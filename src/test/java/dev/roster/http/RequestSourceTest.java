package dev.roster.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.http.connection.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestSourceTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "255.255.255.255, 255.255.255.255",
        "[0:0:0:0:0:0:0:1], 0:0:0:0:0:0:0:1",
        "[::1], 0:0:0:0:0:0:0:1",
        "2001:db8::a, 2001:db8:0:0:0:0:0:a",
        "[fe80:0:0:0:0:0:0:1%2], fe80:0:0:0:0:0:0:1",
        "fe80::1%eth0, fe80:0:0:0:0:0:0:1",
        "::ffff:192.0.2.1, 192.0.2.1"
    })
    void addressIsParsed(String address, String literal) throws UnknownHostException {
        assertThat(IpAddress.parse(address)).isEqualTo(InetAddress.getByName(literal));
    }

    /** None of these is resolved as a name. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "unknown",
                "_hidden",
                "localhost",
                "example.com",
                "256.1.1.1",
                ".:",
                "1.2.3",
                "1",
                "::1::",
                ":",
                "dead.beef",
                "%"
            })
    void otherTextIsNoAddress(String address) {
        assertThat(IpAddress.parse(address)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "'Phone/1.0 (like something)', 'Phone/1.0 (like something)'",
                "'  Phone ', Phone",
                "'Ph\u001b[2Kone\r\n', 'Ph[2Kone'",
                "'\u202ePhone\u2066', Phone",
                "'Ph\u0085o\u2028n\ud800e', Phone",
                "'', -",
                "' ', -",
                "'\u0007\u200e', -"
            })
    void unsafeCharactersAreRemoved(String header, String displayed) {
        assertThat(RequestSource.display(header)).isEqualTo(displayed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "é", "\ud83d\ude00"})
    void first256CharactersAreKept(String character) {
        assertThat(RequestSource.display(character.repeat(256))).isEqualTo(character.repeat(256));
        assertThat(RequestSource.display(character.repeat(257))).isEqualTo(character.repeat(256));
    }
}
