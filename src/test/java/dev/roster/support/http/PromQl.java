package dev.roster.support.http;

import dev.roster.support.http.Exposition.Sample;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A query in PromQL. Finds names, labels and values of labels that the service does not export. */
public record PromQl(String query) {
    private static final Pattern LABEL_LIST =
            Pattern.compile("\\b(?:by|without|ignoring|on|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern SELECTOR = Pattern.compile(
            "(?<![\\w.])(?<name>[a-zA-Z_:][\\w:]*)\\s*(?:\\{(?<matchers>(?:[^\"}]|\"[^\"]*\")*)}|(?<call>\\())?");
    private static final Pattern MATCHER =
            Pattern.compile("(?<label>\\w+)\\s*(?<operator>=~|!~|!=|=)\\s*\"(?<value>[^\"]*)\"");
    private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");

    /** Labels that Prometheus adds. */
    private static final Set<String> PROMETHEUS_LABELS = Set.of("instance", "job");

    private static final Set<String> PROMETHEUS_NAMES = Set.of("up");

    /** What the query uses and the service does not export. */
    public List<String> missingIn(Exposition exposition) {
        List<String> missing = new ArrayList<>();
        Set<String> labels = new HashSet<>(PROMETHEUS_LABELS);
        for (MatchResult selector : selectors()) {
            List<Sample> samples = exposition.samples(selector.group(1)).toList();
            if (samples.isEmpty()) {
                missing.add(selector.group(1));
            }
            samples.forEach(sample -> labels.addAll(sample.labels().keySet()));
            String matchers = selector.group(2) == null ? "" : selector.group(2);
            MATCHER.matcher(matchers)
                    .results()
                    .filter(matcher -> !PROMETHEUS_LABELS.contains(matcher.group(1)))
                    .filter(matcher -> !matches(matcher, samples))
                    .forEach(matcher -> missing.add(selector.group(1) + "{" + matcher.group() + "}"));
        }
        LABEL_LIST
                .matcher(query)
                .results()
                .flatMap(list -> Pattern.compile("\\w+").matcher(list.group(1)).results())
                .map(MatchResult::group)
                .filter(label -> !labels.contains(label))
                .forEach(missing::add);
        return missing;
    }

    /** Whether samples have every value that the matcher asks for. */
    private static boolean matches(MatchResult matcher, List<Sample> samples) {
        String label = matcher.group(1);
        List<String> values = matcher.group(2).endsWith("~")
                ? List.of(matcher.group(3).split("\\|"))
                : List.of(Pattern.quote(matcher.group(3)));
        return samples.stream().anyMatch(sample -> sample.labels().containsKey(label))
                && (matcher.group(2).startsWith("!")
                        || values.stream().allMatch(value -> samples.stream()
                                .anyMatch(sample ->
                                        sample.labels().getOrDefault(label, "").matches(value))));
    }

    private List<MatchResult> selectors() {
        String rest = LABEL_LIST.matcher(query).replaceAll(" ");
        return SELECTOR.matcher(RANGE.matcher(rest).replaceAll(" "))
                .results()
                .filter(selector -> selector.group(3) == null)
                .filter(selector -> !WORDS.contains(selector.group(1)) && !PROMETHEUS_NAMES.contains(selector.group(1)))
                .toList();
    }
}
