package dev.roster.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.http.body.QueryParameters;
import dev.roster.http.connection.IpAddress;
import dev.roster.http.cors.AllowedOrigins;
import dev.roster.http.trace.RequestId;
import dev.roster.refusal.RefusedException;
import dev.roster.support.Chance;
import jakarta.ws.rs.BadRequestException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** L7: any query or header is read or refused; no other exception is thrown. The profile fuzz runs this too. */
public class HeaderFuzzTest {
    private static final Set<String> KNOWN = Set.of("limit", "q", "cursor");

    @Test
    void anyQueryOrHeaderIsReadOrRefused() {
        Chance.tryAll(
                List.of(
                        "limit=50&q=%C3%A9+x&cursor=AZq28P__-_",
                        "q=a&q=b&&=&limit",
                        "for=\"[2001:db8::1]:80\";proto=https, for=192.0.2.1",
                        "[fe80::1%25lo]:80",
                        "2001:db8::192.0.2.1",
                        "https://app.example.org:8443"),
                HeaderFuzzTest::fuzzerTestOneInput);
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1); // as Jetty reads a header
        readQuery(text);
        assertThat(RequestId.of(text)).matches("[A-Za-z0-9._-]{1,64}");
        String shown = RequestSource.display(text);
        assertThat(shown == null || shown.codePoints().noneMatch(Character::isISOControl))
                .isTrue();
        InetAddress unusedAddress = IpAddress.parse(text);
        AllowedOrigins origins = new AllowedOrigins(text);
        assertThat(origins.isWellFormed() && origins.contains("null")).isFalse();
    }

    private static void readQuery(String query) {
        try {
            QueryParameters parameters = new QueryParameters(query, KNOWN);
            @Nullable String q = parameters.get("q", text -> text);
            parameters.requireValid();
            String changed = parameters.with("limit", "1");
            assertThat(new QueryParameters(changed, KNOWN).<String>get("q", text -> text))
                    .isEqualTo(q);
        } catch (BadRequestException | RefusedException e) {
            return; // refused
        }
    }
}
