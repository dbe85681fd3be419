package dev.roster.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A name in Dropwizard's registry, or many: what stands at {@code {label}} is a label's value, of whatever text but dots,
 * and at <code>{label:one|other}</code> of these.
 */
final class MetricName {
    private static final Pattern LABEL = Pattern.compile("\\{(?<name>[a-z_]+)(?::(?<values>[^}]+))?}");

    private final Pattern pattern;
    private final List<String> labels = new ArrayList<>();

    MetricName(String template) {
        StringBuilder regex = new StringBuilder();
        Matcher label = LABEL.matcher(template);
        int end = 0;
        while (label.find()) {
            regex.append(Pattern.quote(template.substring(end, label.start())));
            regex.append('(')
                    .append(label.group("values") == null ? "[^.]+" : label.group("values"))
                    .append(')');
            labels.add(label.group("name"));
            end = label.end();
        }
        this.pattern = Pattern.compile(regex + Pattern.quote(template.substring(end)));
    }

    /** The labels of one of these names; empty where it is none of them. */
    Optional<Labels> labels(String name) {
        Matcher matcher = pattern.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Labels found = Labels.EMPTY;
        for (int i = 0; i < labels.size(); i++) {
            found = found.add(labels.get(i), matcher.group(i + 1));
        }
        return Optional.of(found);
    }
}
