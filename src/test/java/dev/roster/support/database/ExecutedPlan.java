package dev.roster.support.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jdbi.v3.core.statement.Query;

/** How PostgreSQL has executed a query. */
public record ExecutedPlan(JsonNode root) {
    private static final String EXPLAIN = "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> SCANS = Set.of("Index Scan", "Index Only Scan", "Bitmap Heap Scan", "Seq Scan");

    /** Returns the query that {@link #of} executes for this one. */
    public static String explain(String sql) {
        return EXPLAIN + sql;
    }

    /** Executes a query that {@link #explain} returned. */
    public static ExecutedPlan of(Query query) {
        String json = query.mapTo(String.class).one();
        try {
            return new ExecutedPlan(JSON.readTree(json).path(0).path("Plan"));
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }

    /** How it has read a table: the types of its scans. */
    public Set<String> scansOf(String table) {
        return root.findParents("Relation Name").stream()
                .filter(node -> node.path("Relation Name").asText().equals(table))
                .map(node -> node.path("Node Type").asText())
                .collect(Collectors.toSet());
    }

    /** How many rows it has read from tables, or from indexes alone. */
    public long rowsRead() {
        return rowsRead(root);
    }

    private static long rowsRead(JsonNode node) {
        long below = StreamSupport.stream(node.path("Plans").spliterator(), false)
                .mapToLong(ExecutedPlan::rowsRead)
                .sum();
        if (!SCANS.contains(node.path("Node Type").asText())) {
            return below;
        }
        double each = node.path("Actual Rows").asDouble() // an average since PostgreSQL 18
                + node.path("Rows Removed by Filter").asDouble()
                + node.path("Rows Removed by Index Recheck").asDouble();
        return below + Math.round(node.path("Actual Loops").asLong() * each);
    }

    @Override
    public String toString() {
        return root.toPrettyString();
    }
}
