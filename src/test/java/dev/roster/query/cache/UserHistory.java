package dev.roster.query.cache;

import dev.roster.support.Concurrently;
import dev.roster.support.fault.Link;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Twelve threads change and read three users on several nodes whose feeds fail. Collects the reads that were too old.
 * {@code -Dtest.argLine=-Droster.history.operations=2000} sets the number of operations per thread.
 */
final class UserHistory {
    private static final int OPERATIONS = Integer.getInteger("roster.history.operations", 100);
    private static final long SEED = Long.getLong("roster.history.seed", 20261122L);
    private static final Duration PATIENCE = Duration.ofSeconds(60).plusMillis(250L * OPERATIONS);
    private static final int PEOPLE = 3;
    private static final int THREADS = 12;

    private final List<Api> nodes;
    private final List<Link> feeds;
    private final Duration freshness;
    private final List<Person> people;
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    /** @param freshness for how long a node trusts its cache without hearing from its feed */
    UserHistory(List<Api> nodes, List<Link> feeds, Duration freshness) {
        this.nodes = nodes;
        this.feeds = feeds;
        this.freshness = freshness;
        this.people = Stream.generate(() -> new Person(nodes.get(0).newUser(), new ConcurrentLinkedQueue<>()))
                .limit(PEOPLE)
                .toList();
    }

    /** Runs all operations and returns the reads that were too old. */
    List<String> violations() throws Exception {
        Concurrently.run(THREADS, PATIENCE, thread -> {
            Random random = new Random(SEED + thread);
            for (int i = 0; i < OPERATIONS; i++) {
                if (thread < PEOPLE) {
                    write(people.get(thread), random.nextInt(nodes.size()));
                } else {
                    read(people.get(random.nextInt(PEOPLE)), random.nextInt(nodes.size()), random.nextBoolean());
                }
                if (thread == 0) {
                    disturbAFeed(random);
                }
            }
            return thread;
        });
        return List.copyOf(violations);
    }

    private void disturbAFeed(Random random) {
        Link feed = feeds.get(random.nextInt(feeds.size()));
        switch (random.nextInt(6)) {
            case 0 -> feed.cut();
            case 1 -> feed.halfOpen();
            case 2, 3 -> feeds.forEach(Link::restore);
            default -> {}
        }
    }

    /** Only one thread writes a user, so its versions are acknowledged in order. */
    private void write(Person person, int node) {
        TestUser user = person.user();
        Reply reply = nodes.get(node)
                .put(
                        user.path(),
                        user.token(),
                        Map.of("name", "Name " + person.writes().size()))
                .expect(200);
        person.writes()
                .add(new Write(
                        version(reply), node, System.nanoTime(), String.valueOf(reply.header("Consistency-Token"))));
    }

    private void read(Person person, int node, boolean withToken) {
        long begun = System.nanoTime();
        Write last = person.last(write -> true);
        Write lastHere = person.last(write -> write.node() == node);
        Write lastKnown = person.last(write -> begun - write.answered() > freshness.toNanos());
        TestUser user = person.user();
        Api api = nodes.get(node);
        long seen = version((withToken
                        ? api.send(api.request(user.path(), user.token())
                                .header("Consistency-Token", last.token())
                                .GET())
                        : api.get(user.path(), user.token()))
                .expect(200));
        check("on the node that wrote it", lastHere, seen);
        check("after the freshness limit", lastKnown, seen);
        if (withToken) {
            check("with its Consistency-Token", last, seen);
        }
    }

    private void check(String where, Write acknowledged, long seen) {
        if (seen < acknowledged.version()) {
            violations.add(seen + " after " + acknowledged.version() + " " + where);
        }
    }

    private static long version(Reply reply) {
        return Long.parseLong(String.valueOf(reply.header("ETag")).replace("\"", ""));
    }

    /** A user and its acknowledged changes, oldest first. */
    private record Person(TestUser user, Queue<Write> writes) {
        private static final Write REGISTRATION = new Write(1, 0, System.nanoTime(), "0/1");

        Write last(Predicate<Write> condition) {
            return writes.stream().filter(condition).reduce(REGISTRATION, (earlier, later) -> later);
        }
    }

    /** @param answered when the whole response had arrived: the monotonic clock, in nanoseconds */
    private record Write(long version, int node, long answered, String token) {}
}
