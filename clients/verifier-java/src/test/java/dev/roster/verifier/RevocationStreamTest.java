package dev.roster.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the stream proves, and for how long. */
class RevocationStreamTest {
    private static final Duration MILLI = Duration.ofMillis(1);
    private Scene scene;

    @BeforeEach
    void start() throws Exception {
        scene = Scene.fresh();
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    @Test
    void streamIsAskedForWithTheKey() {
        assertThat(scene.stream().header("Authorization")).isEqualTo("Bearer " + FakeRoster.KEY);
        assertThat(scene.stream().header("Accept")).isEqualTo("text/event-stream");
        assertThat(scene.stream().header("Last-Event-ID")).isNull();
    }

    @Test
    void tokensSessionsAndUsersAreRevoked() throws Exception {
        String token = scene.token();
        String ofOtherUser = scene.key.tokenWithClaims(scene.now(), claims -> {
            claims.setSubject("other");
            claims.setStringClaim("sid", "other");
        });

        scene.stream().send(Events.revoked("run-2", idOf(token), scene.now().plusSeconds(900)));
        scene.awaitRevoked(token);
        String second = scene.token();
        assertThat(scene.accepts(second)).isTrue();
        scene.stream().send(Events.revoked("run-3", TestKey.SESSION, scene.now().plusSeconds(900)));
        scene.awaitRevoked(second);
        String inOtherSession = scene.key.tokenWithClaims(scene.now(), claims -> claims.setStringClaim("sid", "other"));
        assertThat(scene.accepts(inOtherSession)).isTrue();
        scene.stream().send(Events.revoked("run-4", TestKey.SUBJECT, scene.now().plusSeconds(900)));
        scene.awaitRevoked(inOtherSession);

        assertThat(scene.accepts(ofOtherUser)).isTrue();
    }

    @Test
    void allTokensUntilAMomentAreRevoked() {
        String token = scene.token();
        scene.stream().send(Events.revokedUntil("run-2", scene.now()));

        scene.awaitRevoked(token);

        String later = scene.key.token(scene.now().plusSeconds(1));
        Poll.until("the keys are fetched again", () -> scene.accepts(later));
    }

    @Test
    void eventsMayArriveInPiecesAndWithOtherEndsOfLines() {
        String token = scene.token();
        String event = Events.revoked("run-2", idOf(token), scene.now().plusSeconds(900));
        for (char each : (": comment\r\nunknown: é\r\n\r\n" + event.replace("\n", "\r\n")).toCharArray()) {
            scene.stream().send(String.valueOf(each));
        }

        scene.awaitRevoked(token);
    }

    @Test
    void silentLinkIsRefusedWithinASecond() throws Exception {
        String token = scene.token();
        scene.clocks.advance(Duration.ofMillis(999));
        assertThat(scene.accepts(token)).isTrue();

        scene.clocks.advance(MILLI);

        assertThat(scene.isUnavailable(token)).isTrue();
        scene.beat();
        assertThat(scene.accepts(token)).isTrue();
    }

    @Test
    void otherBytesAreNoProof() {
        String token = scene.token();
        scene.clocks.advance(Duration.ofSeconds(1));
        scene.stream()
                .send(": still here\n\n"
                        + Events.revoked("run-2", "a", scene.now().plusSeconds(900)));
        scene.stream().send("event: later\nid: run-3\ndata: {}\n\n");
        scene.stream().send(Events.revoked("run-4", "b", scene.now().plusSeconds(900)));
        String revoked = scene.key.tokenWithClaims(scene.now(), claims -> claims.setSubject("b"));
        scene.awaitRevoked(revoked);

        assertThat(scene.isUnavailable(token)).isTrue();
    }

    @Test
    void suspendedMachineDoesNotTrustItsMemory() {
        String token = scene.token();

        scene.clocks.setWall(Duration.ofSeconds(1));

        assertThat(scene.isUnavailable(token)).isTrue();
    }

    @Test
    void wallClockThatIsSetBackDoesNotLengthenTheTrust() {
        String token = scene.token();
        scene.clocks.setWall(Duration.ofSeconds(-30));
        assertThat(scene.accepts(token)).isTrue();

        scene.clocks.advanceSteady(Duration.ofSeconds(1));

        assertThat(scene.isUnavailable(token)).isTrue();
    }

    @Test
    void clocksOfRosterMayDiffer() throws Exception {
        Duration behind = Duration.ofMinutes(-3);
        scene.stream().cut();
        FakeRoster.Stream second = scene.roster.stream(2);
        Poll.until("stale", () -> !scene.verifier.isFresh());
        second.beat(scene.now().plus(behind));
        awaitFresh();
        String token = scene.token();
        scene.clocks.advance(Duration.ofMillis(250));
        second.beat(scene.now().plus(behind));
        scene.clocks.advance(Duration.ofMillis(800));

        Poll.until("the second beat counts", () -> scene.accepts(token));
    }

    @Test
    void beatThatWasHeldBackIsOldWhenItArrives() throws Exception {
        String token = scene.token();
        Instant sent = scene.now().plusMillis(250);
        scene.clocks.advance(Duration.ofMillis(1250));
        String marked = scene.key.tokenWithClaims(scene.now(), claims -> claims.setSubject("marker"));
        scene.stream().beat(sent);
        scene.stream().send(Events.revoked("run-5", "marker", scene.now().plusSeconds(900)));
        scene.awaitRevoked(marked); // so the beat has arrived

        assertThat(scene.isUnavailable(token)).isTrue();
        scene.stream().beat(sent.plusMillis(250));
        Poll.until("a beat that is 750 ms old", () -> scene.accepts(token));
        scene.clocks.advance(Duration.ofMillis(250));
        assertThat(scene.isUnavailable(token)).isTrue();
    }

    @Test
    void beatThatIsRepeatedProvesNothing() {
        String token = scene.token();
        Instant first = scene.now();
        scene.clocks.advance(Duration.ofMillis(1500));
        String marked = scene.key.tokenWithClaims(scene.now(), claims -> claims.setSubject("marker"));
        scene.stream().beat(first);
        scene.stream().send(Events.revoked("run-5", "marker", scene.now().plusSeconds(900)));
        scene.awaitRevoked(marked);

        assertThat(scene.isUnavailable(token)).isTrue();
    }

    @Test
    void wallClockThatIsSetForwardCostsOneConnection() throws Exception {
        String token = scene.token();
        scene.clocks.setWall(Duration.ofSeconds(20));
        for (int i = 0; i < 3 && scene.roster.streams().size() == 1; i++) {
            scene.clocks.advance(Duration.ofMillis(900));
            scene.stream().beat(scene.now().minusSeconds(20));
        }

        FakeRoster.Stream second = scene.roster.stream(2);
        second.beat(scene.now().minusSeconds(20));

        Poll.until("fresh", () -> scene.accepts(token));
    }

    @Test
    void silentConnectionIsDroppedAndResumed() {
        String token = scene.token();
        scene.roster.greetWith(": hello\n\n");
        scene.clocks.advance(Duration.ofSeconds(2));

        FakeRoster.Stream second = scene.roster.stream(2);

        assertThat(second.header("Last-Event-ID")).isEqualTo("run-9");
        assertThat(scene.isUnavailable(token)).isTrue();
        second.beat(scene.now());
        Poll.until("fresh", () -> scene.accepts(token));
    }

    @Test
    void newConnectionProvesNothingBeforeItsFirstBeat() {
        String token = scene.token();
        scene.stream().cut();
        FakeRoster.Stream second = scene.roster.stream(2);

        Poll.until("refused", () -> scene.isUnavailable(token));
        second.beat(scene.now());
        Poll.until("fresh", () -> scene.accepts(token));
    }

    @Test
    void pathWithAConstantDelayMakesEachBeatOld() {
        String token = scene.token();
        scene.stream().cut();
        FakeRoster.Stream second = scene.roster.stream(2);
        Poll.until("refused", () -> scene.isUnavailable(token));
        for (int i = 1; i <= 3; i++) {
            scene.clocks.advance(Duration.ofMillis(i == 1 ? 1000 : 250));
            String subject = "marker-" + i;
            String marked = scene.key.tokenWithClaims(scene.now(), claims -> claims.setSubject(subject));
            second.beat(scene.now().minusMillis(1000));
            second.send(Events.revoked("run-5", subject, scene.now().plusSeconds(900)));
            scene.awaitRevoked(marked); // so the beat has arrived

            assertThat(scene.isUnavailable(token)).isTrue();
        }
        scene.clocks.advance(Duration.ofMillis(250));
        second.beat(scene.now().minusMillis(500)); // the path became quicker

        Poll.until("a beat that is 500 ms old", () -> scene.accepts(token));
    }

    @Test
    void firstBeatIsAsOldAsItsRequest() {
        String token = scene.token();
        scene.stream().cut();
        FakeRoster.Stream second = scene.roster.stream(2);
        Poll.until("refused", () -> scene.isUnavailable(token));
        scene.clocks.advance(Duration.ofMillis(600));
        second.beat(scene.now());
        Poll.until("fresh", () -> scene.accepts(token));

        scene.clocks.advance(Duration.ofMillis(400));

        assertThat(scene.isUnavailable(token)).isTrue();
    }

    @Test
    void firstBeatThatComesLateProvesNothing() {
        String token = scene.token();
        scene.stream().cut();
        FakeRoster.Stream second = scene.roster.stream(2);
        Poll.until("refused", () -> scene.isUnavailable(token));
        scene.clocks.advance(Duration.ofMillis(1001));
        String marked = scene.key.tokenWithClaims(scene.now(), claims -> claims.setSubject("marker"));
        second.send(Events.revoked("run-5", "marker", scene.now().plusSeconds(900)));
        scene.awaitRevoked(marked); // so the connection is not silent
        scene.clocks.advance(Duration.ofSeconds(1));
        second.beat(scene.now());

        FakeRoster.Stream third = scene.roster.stream(3);

        assertThat(scene.isUnavailable(token)).isTrue();
        third.beat(scene.now());
        Poll.until("fresh", () -> scene.accepts(token));
    }

    @Test
    void snapshotIsReadInFull() {
        String token = scene.token();
        String[] entries = new String[5000];
        Arrays.setAll(entries, i -> Events.entry("id-" + i, scene.now().plusSeconds(900)));
        entries[4999] = Events.entry(idOf(token), scene.now().plusSeconds(900));
        scene.roster.greetWith(Events.snapshot("run2-1", entries));
        scene.stream().cut();
        scene.roster.stream(2).beat(scene.now());

        scene.awaitRevoked(token);

        for (String subject : new String[] {"id-0", "id-2500", "id-4998"}) {
            assertThat(scene.isRevoked(scene.key.tokenWithClaims(scene.now(), claims -> claims.setSubject(subject))))
                    .isTrue();
        }
        assertThat(scene.accepts(scene.token())).isTrue();
    }

    @Test
    void snapshotMayBeOnOneLineAndRevokeEverything() {
        String token = scene.token();
        long until = scene.now().getEpochSecond();
        scene.roster.greetWith("event: snapshot\nid: run2-1\ndata: {\"revoked\":["
                + Events.entry("subject", scene.now().plusSeconds(900)) + "],\"revoked_until\":" + until + "}\n\n");
        scene.stream().cut();
        scene.roster.stream(2).beat(scene.now());

        scene.awaitRevoked(token);

        Instant later = scene.now().plusSeconds(1);
        Poll.until("later tokens", () -> scene.accepts(scene.key.token(later)));
        assertThat(scene.isRevoked(scene.key.tokenWithClaims(later, claims -> claims.setSubject("subject"))))
                .isTrue();
    }

    @Test
    void revokedIdsAreKeptWhileASnapshotIsIncomplete() {
        String token = scene.token();
        scene.stream().send(Events.revoked("run-2", idOf(token), scene.now().plusSeconds(900)));
        scene.awaitRevoked(token);
        scene.roster.greetWith("event: snapshot\nid: run2-1\ndata: {\"revoked\":[\n");
        scene.stream().cut();
        FakeRoster.Stream second = scene.roster.stream(2);
        assertThat(scene.isRevoked(token)).isTrue();
        second.cut();

        FakeRoster.Stream third = scene.roster.stream(3);

        assertThat(third.header("Last-Event-ID")).isEqualTo("run-2"); // not that of the snapshot
        third.send("data: ]}\n\n");
        third.beat(scene.now());
        assertThat(scene.isRevoked(token)).isTrue();
    }

    @Test
    void nodeThatLagsDoesNotBringATokenBack() throws Exception {
        String token = scene.token();
        scene.stream().send(Events.revoked("run-2", idOf(token), scene.now().plusSeconds(900)));
        scene.awaitRevoked(token);
        scene.roster.greetWith(Events.snapshot("run2-1"));
        scene.stream().cut();
        FakeRoster.Stream second = scene.roster.stream(2);
        Poll.until("stale", () -> !scene.verifier.isFresh());
        second.beat(scene.now());
        awaitFresh();

        assertThat(scene.isRevoked(token)).isTrue();
    }

    @Test
    void malformedEventsEndTheConnection() {
        int number = 1;
        String token = scene.token();
        for (String event : new String[] {
            "event: revoked\nid: run-2\ndata: {}\n\n",
            "event: revoked\nid: run-2\ndata: {\"id\":7,\"exp\":1}\n\n",
            "event: revoked\nid: run-2\ndata: nonsense\n\n",
            "event: snapshot\nid: run-2\ndata: {\"id\":\"a\"}\n\n",
            "event: beat\nid: run-2\ndata: {\"complete_until\":\"now\"}\n\n",
            "event: revoked\nid: é\ndata: {\"id\":\"a\",\"exp\":1}\n\n",
            ": " + "x".repeat(17 * 1024),
            ("data: " + "x".repeat(1024) + "\n").repeat(65)
        }) {
            scene.roster.stream(number).send(event);

            FakeRoster.Stream next = scene.roster.stream(++number);

            next.beat(scene.now());
            Poll.until("fresh", () -> scene.accepts(token));
        }
    }

    @Test
    void refusedStreamIsAskedForAgain() throws Exception {
        String token = scene.token();
        scene.roster.answerStreamWith(503);
        scene.stream().cut();
        int before = scene.roster.streams().size();
        Poll.until("asked again", () -> scene.roster.streams().size() > before + 1);
        scene.roster.answerStreamWith(200);
        int opened = scene.roster.streams().size();

        scene.roster.stream(opened + 1).beat(scene.now());

        awaitFresh();
        assertThat(scene.accepts(token)).isTrue();
    }

    @Test
    void closedVerifierIsStaleAndLetsTheConnectionGo() throws Exception {
        String token = scene.token();
        scene.verifier.close();
        scene.clocks.advance(Duration.ofSeconds(1));

        assertThat(scene.isUnavailable(token)).isTrue();
        Poll.until("disconnected", () -> isBroken(scene.stream()));
        assertThat(scene.roster.streams()).hasSize(1);
    }

    private static boolean isBroken(FakeRoster.Stream stream) {
        try {
            stream.send(": anybody?\n\n");
            return false;
        } catch (java.io.UncheckedIOException e) {
            return true;
        }
    }

    private void awaitFresh() throws InterruptedException {
        assertThat(scene.verifier.awaitFresh(Duration.ofSeconds(30))).isTrue();
    }

    private static String idOf(String token) {
        try {
            JwtClaims claims = new JwtConsumerBuilder()
                    .setSkipAllValidators()
                    .setSkipSignatureVerification()
                    .setDisableRequireSignature()
                    .build()
                    .processToClaims(token);
            return claims.getJwtId();
        } catch (Exception e) {
            throw new IllegalArgumentException(e);
        }
    }
}
