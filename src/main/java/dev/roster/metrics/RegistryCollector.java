package dev.roster.metrics;

import com.codahale.metrics.Counting;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Histogram;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/** Shows what is counted in Dropwizard's registry, as {@link Exposed} lists it. Thread-safe. */
final class RegistryCollector implements MultiCollector {
    private static final double[] QUANTILES = {0.5, 0.99};

    private final MetricRegistry registry;

    RegistryCollector(MetricRegistry registry) {
        this.registry = registry;
    }

    @Override
    public MetricSnapshots collect() {
        Map<String, Metric> metrics = registry.getMetrics();
        MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
        for (Exposed exposed : Exposed.ALL) {
            Map<Labels, Metric> byLabels = new TreeMap<>();
            metrics.forEach(
                    (name, metric) -> exposed.source().labels(name).ifPresent(labels -> byLabels.put(labels, metric)));
            snapshots.metricSnapshot(snapshot(exposed, byLabels));
        }
        return snapshots.build();
    }

    private static MetricSnapshot snapshot(Exposed exposed, Map<Labels, Metric> metrics) {
        return switch (exposed.kind()) {
            case COUNTER -> counter(exposed, metrics);
            case GAUGE -> gauge(exposed, metrics);
            case SUMMARY -> summary(exposed, metrics);
        };
    }

    private static MetricSnapshot counter(Exposed exposed, Map<Labels, Metric> metrics) {
        var counter = CounterSnapshot.builder().name(exposed.name()).help(exposed.help());
        metrics.forEach((labels, metric) -> values(exposed, metric)
                .forEach(value -> counter.dataPoint(CounterDataPointSnapshot.builder()
                        .labels(labels)
                        .value(value)
                        .build())));
        return counter.build();
    }

    private static MetricSnapshot gauge(Exposed exposed, Map<Labels, Metric> metrics) {
        var gauge = GaugeSnapshot.builder().name(exposed.name()).help(exposed.help());
        metrics.forEach((labels, metric) -> values(exposed, metric)
                .forEach(value -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(labels)
                        .value(value)
                        .build())));
        return gauge.build();
    }

    private static MetricSnapshot summary(Exposed exposed, Map<Labels, Metric> metrics) {
        var summary = SummarySnapshot.builder().name(exposed.name()).help(exposed.help());
        metrics.forEach((labels, metric) -> summary.dataPoint(SummaryDataPointSnapshot.builder()
                .labels(labels)
                .count(((Histogram) metric).getCount())
                .quantiles(quantiles(exposed, (Histogram) metric))
                .build()));
        return summary.build();
    }

    /** None, where a gauge has none now. */
    private static DoubleStream values(Exposed exposed, Metric metric) {
        Object value = metric instanceof Gauge<?> gauge ? gauge.getValue() : ((Counting) metric).getCount();
        if (value instanceof Boolean truth) {
            return DoubleStream.of(truth ? 1 : 0);
        }
        return value instanceof Number number
                ? DoubleStream.of(number.doubleValue() * exposed.unit())
                : DoubleStream.empty();
    }

    private static Quantiles quantiles(Exposed exposed, Histogram histogram) {
        var values = histogram.getSnapshot();
        Quantiles.Builder quantiles = Quantiles.builder();
        for (double quantile : QUANTILES) {
            quantiles.quantile(new Quantile(quantile, values.getValue(quantile) * exposed.unit()));
        }
        return quantiles.build();
    }
}
