package dev.roster.mail;

import dev.roster.support.fault.StatementProxy;
import dev.roster.support.http.Reply;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What must not differ between the answers of a service to requests about known and unknown addresses. */
public record Alike(StatementProxy database) {
    private static final Pattern SPACE = Pattern.compile("\\s+");

    /** Parts of the statements with which the node finds mails to send, at any moment. */
    private static final Pattern DELIVERY = Pattern.compile("lease_until|FROM mails mail");

    /** The headers of an answer, without those that differ in each answer. */
    public static Map<String, List<String>> headers(Reply reply) {
        Map<String, List<String>> headers = new TreeMap<>(reply.headers().map());
        headers.keySet().removeAll(List.of("date", "x-request-id", "traceresponse"));
        return headers;
    }

    /** The statements of each round trip to the database during a request. */
    public List<List<String>> statements(Runnable request) {
        return database.during(request).stream()
                .map(statements -> statements.stream()
                        .map(sql -> SPACE.matcher(sql).replaceAll(" ").strip())
                        .filter(sql -> !DELIVERY.matcher(sql).find())
                        .toList())
                .filter(statements -> !statements.isEmpty())
                .toList();
    }
}
