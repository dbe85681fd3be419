package dev.roster.http.connection;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Bounds the heap that answers take while their clients read them. Past the bound, the connections whose answers have
 * waited longest are reset. A number of connections alone would not bound it: a page of users with large profiles has
 * megabytes. Thread-safe.
 */
public final class UnreadAnswers {
    private static final long LEAST = 16L * 1024 * 1024;

    /** In bytes: an eighth of the heap. */
    static final long MAXIMUM = Math.max(LEAST, Runtime.getRuntime().maxMemory() / 8);

    private final EndedConnections ended;

    /** The bytes of each answer, oldest first; guarded by this. */
    private final Map<BufferedResponse, Long> answers = new LinkedHashMap<>();

    private long sum;

    public UnreadAnswers(EndedConnections ended) {
        this.ended = ended;
    }

    /**
     * Counts a complete answer, until {@link #remove}, and makes room for it.
     *
     * @param bytes without those that all clients share
     */
    void add(BufferedResponse answer, long bytes) {
        if (bytes > 0) {
            // Without the lock: whoever sends these answers is called back.
            addAndMakeRoom(answer, bytes).forEach(oldest -> ended.displace(oldest.endPoint()));
        }
    }

    /** Returns the answers that must make way. */
    private synchronized List<BufferedResponse> addAndMakeRoom(BufferedResponse answer, long bytes) {
        answers.put(answer, bytes);
        sum += bytes;
        List<BufferedResponse> displaced = new ArrayList<>(0);
        Iterator<Map.Entry<BufferedResponse, Long>> oldest = answers.entrySet().iterator();
        while (sum > MAXIMUM) {
            Map.Entry<BufferedResponse, Long> next = oldest.next();
            sum -= next.getValue();
            displaced.add(next.getKey());
            oldest.remove();
        }
        return displaced;
    }

    /** The answer has been sent, or its connection has ended. */
    synchronized void remove(BufferedResponse answer) {
        Long bytes = answers.remove(answer);
        sum -= bytes == null ? 0 : bytes;
    }
}
