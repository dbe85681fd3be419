package dev.roster.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * By how much two samples can be told apart: the area under the ROC curve, by Mann and Whitney's U. It is the chance that
 * one value of the first is less than one of the second: 0.5 where nobody can tell them apart, 0 or 1 where one value does.
 */
final class Auc {
    private Auc() {}

    static double of(List<Long> first, List<Long> second) {
        record Value(long value, boolean isFirst) {}
        List<Value> all = new ArrayList<>();
        first.forEach(value -> all.add(new Value(value, true)));
        second.forEach(value -> all.add(new Value(value, false)));
        all.sort(Comparator.comparingLong(Value::value));
        double ranks = 0; // of the second; equal values share theirs
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
