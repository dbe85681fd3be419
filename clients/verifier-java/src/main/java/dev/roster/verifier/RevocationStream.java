package dev.roster.verifier;

import dev.roster.verifier.Clocks.Moment;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Holds the stream of revocations open, and looks after the keys and the memory meanwhile. Runs in one thread. */
final class RevocationStream implements Runnable {
    private static final Logger LOG = System.getLogger(RevocationStream.class.getName());

    private static final Duration SILENCE = Duration.ofSeconds(2);
    private static final Duration TICK = Duration.ofMillis(50);
    private static final Duration PURGE = Duration.ofSeconds(10);
    private static final long SHORTEST_PAUSE = 100;
    private static final long LONGEST_PAUSE = 1000;

    /** After a refusal: Roster counts wrong keys. */
    private static final long REFUSED_PAUSE = 5000;

    private static final Pattern CURSOR = Pattern.compile("[!-~]{1,200}");

    private final RosterHttp http;
    private final PublicKeys keys;
    private final RevokedIds revoked;
    private final Freshness freshness;
    private final Clocks clocks;
    private volatile @Nullable String cursor;
    private volatile boolean isLost;
    private long lastPurge;

    RevocationStream(RosterHttp http, PublicKeys keys, RevokedIds revoked, Freshness freshness, Clocks clocks) {
        this.http = http;
        this.keys = keys;
        this.revoked = revoked;
        this.freshness = freshness;
        this.clocks = clocks;
        this.lastPurge = clocks.nanos().getAsLong();
    }

    /** Connects again and again until the thread is interrupted. */
    @Override
    public void run() {
        long pause = SHORTEST_PAUSE;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Connection connection = new Connection();
                lost(read(connection));
                pause = connection.hasBeat ? SHORTEST_PAUSE : Math.min(2 * pause, LONGEST_PAUSE);
                pause(connection.isRefused() ? REFUSED_PAUSE : pause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    /** Returns why the connection ended. */
    private static String read(Connection connection) throws InterruptedException {
        try {
            return connection.read();
        } catch (ExecutionException e) {
            return String.valueOf(e.getCause());
        } catch (RuntimeException e) {
            return e.toString(); // the thread must live on
        }
    }

    /** Waits between half of the time and all of it, so that many services do not connect at once. */
    private void pause(long longest) throws InterruptedException {
        long end = System.nanoTime() + ThreadLocalRandom.current().nextLong(longest / 2, longest + 1) * 1_000_000;
        while (System.nanoTime() - end < 0) {
            Thread.sleep(TICK.toMillis());
            tick();
        }
    }

    private void tick() {
        keys.fetchIfDue();
        long now = clocks.nanos().getAsLong();
        if (now - lastPurge >= PURGE.toNanos()) {
            lastPurge = now;
            revoked.removeExpired(clocks.wall().instant());
        }
    }

    private void lost(String reason) {
        if (!isLost) {
            isLost = true;
            LOG.log(Level.WARNING, "The stream of revocations ended, connecting again: {0}", reason);
        }
    }

    private void found() {
        if (isLost) {
            isLost = false;
            LOG.log(Level.INFO, "The stream of revocations goes on");
        }
    }

    private final class Connection implements EventReader.Events {
        private final Moment start = clocks.now();
        private final StreamConnection bytes = new StreamConnection(new EventReader(this), clocks);
        private volatile int status;
        private volatile boolean hasBeat;
        private long lastFresh = start.nanos();

        /** Reads until the connection ends or is silent, and returns which. */
        String read() throws InterruptedException, ExecutionException {
            tick();
            CompletableFuture<HttpResponse<Void>> exchange = http.stream(cursor, this::accept);
            try {
                while (!bytes.isSilentFor(SILENCE)) {
                    if (hasEnded(exchange)) {
                        return "Roster ended it";
                    }
                    tick();
                }
                return "silent";
            } finally {
                bytes.drop("closed");
                exchange.cancel(true);
            }
        }

        private boolean hasEnded(CompletableFuture<HttpResponse<Void>> exchange)
                throws InterruptedException, ExecutionException {
            try {
                exchange.get(TICK.toMillis(), TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException e) {
                return false;
            }
        }

        /** Whether Roster refused the request itself, for example its key. */
        boolean isRefused() {
            return status == 401 || status == 403 || status == 404;
        }

        private BodySubscriber<Void> accept(ResponseInfo answer) {
            status = answer.statusCode();
            String type = answer.headers().firstValue("Content-Type").orElse("");
            if (status == 200 && type.startsWith("text/event-stream")) {
                freshness.connected(start);
            } else {
                bytes.drop("status " + status + ", content type " + type);
            }
            return bytes;
        }

        @Override
        public void revoked(String id, long end) throws IOException {
            revoked.add(id, end);
        }

        /** Each time, also twice in a second: the second may be for another key. */
        @Override
        public void revokedUntil(long seconds) {
            revoked.addUntil(seconds);
            keys.renew();
        }

        @Override
        public void wereRevokedUntil(long seconds) {
            if (revoked.addUntil(seconds)) {
                keys.renew();
            }
        }

        /**
         * If only late beats come, the first one may have waited behind a long snapshot, or a clock may have been set.
         * A new connection compares the clocks again.
         */
        @Override
        public void completeUntil(Instant moment) throws IOException {
            long now = clocks.nanos().getAsLong();
            if (freshness.beat(moment)) {
                lastFresh = now;
                hasBeat = true;
                found();
            } else if (now - lastFresh > SILENCE.toNanos()) {
                throw new IOException("all beats come late");
            }
        }

        @Override
        public void received(String id) throws IOException {
            if (!CURSOR.matcher(id).matches()) {
                throw new IOException("a malformed cursor");
            }
            cursor = id;
        }
    }
}
