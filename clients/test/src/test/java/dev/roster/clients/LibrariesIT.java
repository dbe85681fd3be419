package dev.roster.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.clients.SigningRoster.Session;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Four libraries that are not Roster's accept every token of every algorithm while keys rotate: those of the new key at
 * once, and those of earlier keys until they expire.
 */
class LibrariesIT {
    private static final List<String> ALGORITHMS = List.of("ES256", "RS256", "EdDSA");
    private static final int ROTATIONS = 3;

    /** What a library has done. */
    private static final class Tally {
        private final List<String> refusals = new ArrayList<>();
        private int checks;
    }

    @Test
    @Timeout(120)
    void noLibraryRefusesATokenWhileKeysRotate() throws Exception {
        List<SigningRoster> rosters = ALGORITHMS.stream().map(SigningRoster::of).toList();
        ExecutorService threads = Executors.newFixedThreadPool(rosters.size());
        try {
            List<Future<Map<String, Tally>>> runs = rosters.stream()
                    .map(roster -> threads.submit(() -> rotate(roster)))
                    .toList();
            for (Future<Map<String, Tally>> run : runs) {
                assertThat(run.get()).hasSize(4).allSatisfy((library, tally) -> {
                    assertThat(tally.refusals).as(library).isEmpty();
                    assertThat(tally.checks).as(library).isGreaterThan(10 * ROTATIONS);
                });
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Map<String, Tally> rotate(SigningRoster roster) throws Exception {
        Map<String, Tally> tallies = new LinkedHashMap<>();
        try (TokenLibrary jose = ScriptLibrary.jose(roster);
                TokenLibrary nimbus = new NimbusLibrary(roster);
                TokenLibrary pyJwt = ScriptLibrary.python("pyjwt.py", roster);
                TokenLibrary jwcrypto = ScriptLibrary.python("jwcrypto_jwt.py", roster)) {
            List<TokenLibrary> libraries = List.of(jose, nimbus, pyJwt, jwcrypto);
            Session session = roster.logIn();
            List<String> lastOfEachKey = new ArrayList<>();
            for (int rotation = 0; rotation < ROTATIONS; rotation++) {
                check(libraries, session.accessToken(), tallies);
                String next = roster.rotate();
                do {
                    Session refreshed = roster.refresh(session);
                    if (SigningRoster.keyId(refreshed.accessToken()).equals(next)) {
                        lastOfEachKey.add(session.accessToken());
                    }
                    session = refreshed;
                    check(libraries, session.accessToken(), tallies);
                } while (!SigningRoster.keyId(session.accessToken()).equals(next));
                for (String earlier : lastOfEachKey) {
                    check(libraries, earlier, tallies);
                }
            }
            assertThat(lastOfEachKey)
                    .extracting(SigningRoster::keyId)
                    .doesNotHaveDuplicates()
                    .hasSize(ROTATIONS);
        }
        tallies.forEach((library, tally) ->
                System.out.println(roster.algorithm() + ", " + library + ": " + tally.checks + " checks"));
        return tallies;
    }

    private static void check(List<TokenLibrary> libraries, String token, Map<String, Tally> tallies) throws Exception {
        for (TokenLibrary library : libraries) {
            Tally tally = tallies.computeIfAbsent(library.toString(), name -> new Tally());
            tally.checks++;
            String verdict = library.check(token);
            if (!verdict.equals(TokenLibrary.ACCEPTED)) {
                tally.refusals.add(verdict + " " + token);
            }
        }
    }
}
