package dev.roster.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The area under the ROC curve of two samples, from the Mann-Whitney U. It is the probability that a random value of
 * the first sample is less than one of the second: 0.5 if the samples look alike, 0 or 1 if one value tells them apart.
 */
final class Auc {
    private Auc() {}

    static double of(List<Long> first, List<Long> second) {
        record Value(long value, boolean isFirst) {}
        List<Value> all = new ArrayList<>();
        first.forEach(value -> all.add(new Value(value, true)));
        second.forEach(value -> all.add(new Value(value, false)));
        all.sort(Comparator.comparingLong(Value::value));
        double ranks = 0; // of the second sample; equal values share the mean of their ranks
        for (int start = 0, end; start < all.size(); start = end) {
            end = start;
            int ofSecond = 0;
            while (end < all.size() && all.get(end).value() == all.get(start).value()) {
                ofSecond += all.get(end).isFirst() ? 0 : 1;
                end++;
            }
            ranks += ofSecond * (start + 1 + end) / 2.0;
        }
        double smallest = second.size() * (second.size() + 1) / 2.0;
        return (ranks - smallest) / ((double) first.size() * second.size());
    }
}
