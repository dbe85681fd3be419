package dev.roster.fleet;

import dev.roster.support.http.Api;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The replica stands still, while a user changes their name on A and then searches for themselves on B and C. */
final class ReplayPause implements Experiment {
    private static final Duration BREATH = Duration.ofMillis(20);
    private static final String TOKEN = "Consistency-Token";
    private static final String LAG = "Replica-Lag";

    private final List<Answer> older = new ArrayList<>();
    private final List<Answer> untold = new ArrayList<>();
    private final List<Answer> failed = new ArrayList<>();
    private final List<Duration> times = new ArrayList<>();
    private int stale;
    private long longestLag;

    @Override
    public String title() {
        return "the replica's replay paused";
    }

    @Override
    public List<Finding> run(Fleet fleet, Length length) {
        Api.TestUser person = fleet.newPerson();
        try (Client a = fleet.a().client();
                Client b = fleet.b().client();
                Client c = fleet.c().client()) {
            writeAndRead(length.replayPause(), person, a, b, c);
            fleet.standby().pauseReplay();
            writeAndRead(length.replayPause(), person, a, c, b);
            fleet.standby().resumeReplay();
        }
        long told = length.replayPause().toSeconds() - 1;
        return List.of(
                Finding.none(times.size() + " reads with a Consistency-Token; older than the token", older),
                Finding.figure("their times " + new Durations(times)),
                Finding.right(
                        "reads without one: " + stale + " older, without a Replica-Lag " + untold.size(),
                        "0",
                        untold.isEmpty()),
                Finding.right(
                        "greatest Replica-Lag told: " + longestLag + " s", "≥ " + told + " s", longestLag >= told),
                Finding.none("failed requests", failed));
    }

    private void writeAndRead(Duration duration, Api.TestUser person, Client writer, Client strict, Client lax) {
        String path = "/api/v1" + person.path();
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            String name = "Reader " + times.size(); // a new one each time
            Answer written = writer.send(Request.put(path, Map.of("name", name)).as(person.token()));
            String token = written.header(TOKEN);
            Request read = Request.get("/api/v1/users?q=" + person.email()).as(person.token());
            Answer exact = strict.send(token == null ? read : read.with(TOKEN, token));
            times.add(exact.took());
            Answer any = lax.send(read);
            List.of(written, exact, any).forEach(this::noteFailure);
            if (token == null || !name.equals(name(exact))) {
                older.add(exact);
            }
            if (!name.equals(name(any))) {
                stale++;
                noteLag(any);
            }
            Loops.pause(BREATH);
        }
    }

    private void noteFailure(Answer answer) {
        if (!answer.accepted()) {
            failed.add(answer);
        }
    }

    private void noteLag(Answer answer) {
        String lag = answer.header(LAG);
        if (lag == null) {
            untold.add(answer);
        } else {
            longestLag = Math.max(longestLag, Long.parseLong(lag));
        }
    }

    private static @Nullable String name(Answer answer) {
        return answer.reply() == null
                ? null
                : answer.reply().body().path("users").path(0).path("name").asText();
    }
}
