package dev.roster.fleet;

import dev.roster.support.http.Api;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Names are changed on A and read on B as fast as possible, with the Consistency-Token of the last change and without.
 * In the middle B loses its feed connection for a while.
 */
final class OldRows implements Experiment {
    private static final int LANES = 4;
    private static final Duration BAR = Duration.ofSeconds(1);
    private static final Duration BREATH = Duration.ofMillis(20);
    private static final Duration READER_BREATH = Duration.ofMillis(1);
    private static final String TOKEN = "Consistency-Token";

    private final FaultyLink fault;
    private final Queue<String> older = new ConcurrentLinkedQueue<>();
    private final Queue<String> tooOld = new ConcurrentLinkedQueue<>();
    private final Queue<Answer> failed = new ConcurrentLinkedQueue<>();
    private final Queue<Duration> ages = new ConcurrentLinkedQueue<>();
    private final AtomicInteger reads = new AtomicInteger();

    OldRows(FaultyLink fault) {
        this.fault = fault;
    }

    @Override
    public String title() {
        return "users changed on A and read on B, whose feed connection is " + fault + " for a while";
    }

    @Override
    public List<Finding> run(Fleet fleet, Length length) {
        Node b = fleet.b();
        long before = hits(b);
        try (Loops loops = new Loops()) {
            for (Api.TestUser person : fleet.newPeople(LANES)) {
                Lane lane = new Lane(person);
                Client writer = fleet.a().client(); // neither is closed, as both may hang
                Client reader = b.client();
                loops.repeat(BREATH, () -> lane.write(writer));
                loops.repeat(READER_BREATH, () -> lane.read(reader));
            }
            Loops.pause(length.replayPause());
            fault.befall(b.feed());
            Loops.pause(length.replayPause().plus(BAR));
            b.feed().restore();
            Loops.pause(length.replayPause());
        }
        long hits = hits(b) - before;
        return List.of(
                Finding.right(reads + " reads, of which B answered from memory: " + hits, "> 0", hits > 0),
                Finding.none("with the Consistency-Token of a change, older than it", List.copyOf(older)),
                Finding.none("without one, older than what was acknowledged 1 s before", List.copyOf(tooOld)),
                Finding.figure("by how much those without one were older " + new Durations(List.copyOf(ages))),
                Finding.none("failed requests", List.copyOf(failed)));
    }

    private static long hits(Node node) {
        return node.count("roster_user_cache_lookups_total", "outcome", "hits");
    }

    /** A user whose name is changed and read. */
    private final class Lane {
        private final Api.TestUser person;
        private final String path;
        private final Queue<Write> writes = new ConcurrentLinkedQueue<>();

        Lane(Api.TestUser person) {
            this.person = person;
            this.path = "/api/v1" + person.path();
        }

        void write(Client client) {
            Answer answer = client.send(
                    Request.put(path, Map.of("name", "Name " + writes.size())).as(person.token()));
            String token = answer.header(TOKEN);
            if (answer.accepted() && token != null) {
                writes.add(new Write(version(answer), answer.done(), token));
            } else {
                failed.add(answer);
            }
        }

        void read(Client client) {
            Write last = writes.stream().reduce((earlier, later) -> later).orElse(null);
            if (last != null) {
                Answer exact = client.send(read().with(TOKEN, last.token()));
                Answer any = client.send(read());
                reads.addAndGet(2);
                if (isRead(exact) && version(exact) < last.version()) {
                    older.add(version(exact) + " after " + last.version());
                }
                Write missed = isRead(any) ? firstMissed(version(any)) : null;
                if (missed != null && missed.done() < any.sent()) {
                    Duration age = Duration.ofNanos(any.sent() - missed.done());
                    ages.add(age);
                    if (age.compareTo(BAR) > 0) {
                        tooOld.add(version(any) + " " + Durations.text(age) + " after " + missed.version());
                    }
                }
            }
        }

        private Request read() {
            return Request.get(path).as(person.token());
        }

        private boolean isRead(Answer answer) {
            if (!answer.accepted()) {
                failed.add(answer);
            }
            return answer.accepted();
        }

        private @Nullable Write firstMissed(long seen) {
            return writes.stream()
                    .filter(write -> write.version() > seen)
                    .findFirst()
                    .orElse(null);
        }
    }

    private static long version(Answer answer) {
        return Long.parseLong(String.valueOf(answer.header("ETag")).replace("\"", ""));
    }

    /** @param done when its answer had arrived */
    private record Write(long version, long done, String token) {}
}
