package dev.roster.fleet;

import dev.roster.apikey.Scope;
import dev.roster.support.TestKeys;
import dev.roster.support.fault.Link;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** API keys are revoked on A, while all of them are used on B, whose feed works or is lost. */
final class RevokedKeys implements Experiment {
    private static final int KEYS = 24;
    private static final int READERS = 4;
    private static final Duration HEALTHY_BAR = Duration.ofMillis(250);
    private static final Duration FAULTY_BAR = Duration.ofSeconds(1);
    private static final Duration STALE_BAR = Duration.ofSeconds(4);
    private static final Duration BREATH = Duration.ofMillis(10);

    /** Longer than the bar of 4 s. */
    private static final Duration WATCH = Duration.ofMillis(4_200);

    private final @Nullable FaultyLink fault;
    private final Queue<Use> uses = new ConcurrentLinkedQueue<>();

    private RevokedKeys(@Nullable FaultyLink fault) {
        this.fault = fault;
    }

    static RevokedKeys withoutFault() {
        return new RevokedKeys(null);
    }

    static RevokedKeys during(FaultyLink fault) {
        return new RevokedKeys(fault);
    }

    /** A key, and when the last byte of the answer to its revocation arrived. */
    private static final class Key {
        private final String text;
        private volatile OptionalLong ended = OptionalLong.empty();

        Key(String text) {
            this.text = text;
        }

        Answer use(Client client) {
            return client.send(Request.get("/admin/v1/keys").as(text));
        }

        /** Revokes itself. */
        void revoke(Client client) {
            Request request = Request.delete("/admin/v1/keys/" + TestKeys.id(text))
                    .as(text)
                    .with("Roster-Reason", "the fleet proof");
            Answer answer = client.send(request);
            answer.expect(204);
            ended = OptionalLong.of(answer.done());
        }
    }

    private record Use(Key key, Answer answer) {
        /** The time from the revocation to this use. Negative if the use came first. */
        Duration age() {
            OptionalLong ended = key.ended;
            return ended.isPresent() ? Duration.ofNanos(answer.sent() - ended.getAsLong()) : Duration.ofDays(-1);
        }
    }

    @Override
    public String title() {
        return "API keys revoked on A and used on B, "
                + (fault == null ? "all is well" : "whose feed connection is " + fault);
    }

    @Override
    public List<Finding> run(Fleet fleet, Length length) {
        Node b = fleet.b();
        List<Key> keys = Stream.generate(() -> new Key(fleet.a().newKey(Scope.KEYS)))
                .limit(KEYS)
                .toList();
        try (Client client = b.admin()) {
            keys.forEach(key -> key.use(client).expect(200));
        }
        Link feed = b.feed();
        try (Loops readers = new Loops();
                Client a = fleet.a().admin()) {
            for (int reader = 0; reader < READERS; reader++) {
                List<Key> own = every(keys, reader);
                Client client = b.admin();
                readers.repeat(() -> own.forEach(key -> {
                    uses.add(new Use(key, key.use(client)));
                    Loops.pause(BREATH);
                }));
            }
            if (fault != null) {
                fault.befall(feed);
            }
            for (Key key : keys) {
                key.revoke(a);
                Loops.pause(BREATH);
            }
            Loops.pause(WATCH);
        }
        feed.restore();
        return findings();
    }

    private static List<Key> every(List<Key> keys, int first) {
        return IntStream.iterate(first, i -> i < keys.size(), i -> i + READERS)
                .mapToObj(keys::get)
                .toList();
    }

    private List<Finding> findings() {
        Duration bar = fault == null ? HEALTHY_BAR : FAULTY_BAR;
        Duration latest = uses.stream()
                .filter(use -> use.answer().accepted() && !use.age().isNegative())
                .map(Use::age)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        long late = acceptedLaterThan(bar);
        List<Answer> undecided = uses.stream()
                .map(Use::answer)
                .filter(answer -> answer.status() != 200 && answer.status() != 401)
                .toList();
        return List.of(
                Finding.figure(KEYS + " keys, " + uses.size() + " uses on B; the last accepted one came "
                        + Durations.text(latest) + " after the 204"),
                Finding.timely("accepted uses later than " + Durations.text(bar) + ": " + late, "0", late == 0),
                Finding.none("accepted uses later than 4 s", acceptedLaterThan(STALE_BAR)),
                Finding.none("uses neither accepted nor refused (5xx, no answer)", undecided));
    }

    private long acceptedLaterThan(Duration bar) {
        return uses.stream()
                .filter(use -> use.answer().accepted() && use.age().compareTo(bar) > 0)
                .count();
    }
}
