package dev.roster.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelativeReferenceTest {
    @ParameterizedTest
    @CsvSource({
        "/api/v1/users/1, /api/v1/auth/register, ../users/1",
        "/api/v1/users/1, /api/v1/auth/register/, ../../users/1",
        "/api/v1/users/1, /api/v1/auth/%72egister, ../users/1",
        "/api/v1/users/1, /%61pi/v1/auth/register, ../../../api/v1/users/1",
        "/api/v1/users?q=a/b, /api/v1/users, users?q=a/b",
        "/api/v1/users?q=a/b, /api/v1/users/, ../users?q=a/b",
        "/docs, /, docs",
        "/docs, /docs/, ../docs"
    })
    void referenceLeadsFromTheRequestToThePathOnAnySubPath(String path, String from, String reference) {
        assertThat(RelativeReference.to(path, from)).isEqualTo(reference);
        for (String prefix : new String[] {"", "/roster", "/a/b"}) {
            assertThat(URI.create("https://example.org" + prefix + from).resolve(reference))
                    .hasToString("https://example.org" + prefix + path);
        }
    }
}
