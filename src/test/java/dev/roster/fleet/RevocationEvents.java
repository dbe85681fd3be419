package dev.roster.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.apikey.Scope;
import dev.roster.integration.stream.Endings;
import dev.roster.integration.stream.Endings.Reason;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.EventStream;
import dev.roster.support.http.EventStream.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Tokens are ended on A in every way that there is, while streams of revocations are open on B and C. */
final class RevocationEvents implements Experiment {
    private static final Duration BAR = Duration.ofMillis(250);

    /** Streams on each node. */
    private static final int STREAMS = 4;

    @Override
    public String title() {
        return "tokens ended on A, heard on streams of B and C";
    }

    @Override
    public List<Finding> run(Fleet fleet, Length length) {
        List<Node> nodes = fleet.startTogether(Endings.SETTINGS);
        try {
            return run(nodes, Math.max(2, length.logouts() / Reason.values().length));
        } finally {
            nodes.forEach(Node::close);
        }
    }

    private static List<Finding> run(List<Node> nodes, int times) {
        List<EventStream> streams = new ArrayList<>();
        for (Node node : nodes.subList(1, nodes.size())) {
            String key = node.newKey(Scope.REVOCATIONS);
            for (int i = 0; i < STREAMS; i++) {
                streams.add(EventStream.open(node.address(), key));
            }
        }
        Map<Reason, Durations> lags = new EnumMap<>(Reason.class);
        try {
            streams.forEach(stream -> stream.await("beat"));
            for (Reason reason : Reason.values()) {
                int count = reason == Reason.ALL_SESSIONS_ENDED ? 1 : times; // it covers tokens of the next second, too
                lags.put(reason, new Durations(lags(nodes.get(0), reason, count, streams)));
            }
        } finally {
            streams.forEach(EventStream::close);
        }
        lags.forEach((reason, lag) -> System.out.println("  " + reason + ": " + lag));
        Durations all = new Durations(
                lags.values().stream().flatMap(lag -> lag.all().stream()).toList());
        return List.of(
                Finding.figure(all.all().size() + " events, " + streams.size() + " streams; from the answer on A to the"
                        + " event: " + all),
                Finding.within("99 % of them", all.quantile(0.99), BAR),
                Finding.within(
                        "99 % of those of the slowest way",
                        lags.values().stream()
                                .map(lag -> lag.quantile(0.99))
                                .max(Duration::compareTo)
                                .orElseThrow(),
                        BAR));
    }

    private static List<Duration> lags(Node a, Reason reason, int count, List<EventStream> streams) {
        Api api = a.api();
        Endings endings = a.endings();
        List<Duration> lags = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TestUser user = api.newUser();
            TestSession session = api.newSession(user);
            JsonNode claims = Endings.claims(session);
            endings.end(reason, user, session);
            long answered = System.nanoTime();
            for (EventStream stream : streams) {
                Event event = stream.await("revoked", each -> Endings.covers(each, claims));
                lags.add(Duration.ofNanos(Math.max(0, event.nanos() - answered)));
            }
        }
        return lags;
    }
}
