package dev.roster.support.http;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The metrics at {@code /prometheus}.
 *
 * @param text in Prometheus' text format
 */
public record Exposition(String text) {
    private static final Pattern SAMPLE =
            Pattern.compile("(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(?<labels>.*)})? (?<value>\\S+)");
    private static final Pattern LABEL = Pattern.compile("(?<name>[a-zA-Z_][a-zA-Z0-9_]*)=\"(?<value>[^\"]*)\",?");

    public static Exposition of(Api admin) {
        return new Exposition(admin.raw("GET", "/prometheus").expect(200).text());
    }

    public List<Sample> samples() {
        return text.lines()
                .filter(line -> !line.startsWith("#"))
                .map(Exposition::sample)
                .toList();
    }

    /** The samples with this name. */
    public Stream<Sample> samples(String name) {
        return samples().stream().filter(sample -> sample.name().equals(name));
    }

    /** The value of the sample with exactly these labels ({@code name, value, …}), or NaN if there is none. */
    public double value(String name, String... labels) {
        Map<String, String> all = new TreeMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            all.put(labels[i], labels[i + 1]);
        }
        return samples(name)
                .filter(sample -> sample.labels().equals(all))
                .mapToDouble(Sample::value)
                .findAny()
                .orElse(Double.NaN);
    }

    private static Sample sample(String line) {
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
            throw new AssertionError("No sample: " + line);
        }
        Map<String, String> labels = new TreeMap<>();
        if (sample.group("labels") != null) {
            LABEL.matcher(sample.group("labels"))
                    .results()
                    .forEach(label -> labels.put(label.group(1), label.group(2)));
        }
        String value = sample.group("value").replace("Inf", "Infinity");
        return new Sample(sample.group("name"), labels, Double.parseDouble(value));
    }

    /** One line. */
    public record Sample(String name, Map<String, String> labels, double value) {}
}
