package dev.roster.fleet;

import dev.roster.fleet.Finding.Verdict;
import java.util.ArrayList;
import java.util.List;

/** The findings of all experiments, as Markdown. */
public final class Table {
    private static final List<String> HEAD = List.of("experiment", "measured", "bar", "met?");

    private final List<List<String>> lines = new ArrayList<>(List.of(HEAD));
    private final List<Verdict> verdicts = new ArrayList<>();

    public void add(String experiment, List<Finding> findings) {
        String title = experiment;
        for (Finding finding : findings) {
            verdicts.add(finding.verdict());
            lines.add(List.of(title, finding.measured(), finding.bar(), met(finding)));
            title = "";
        }
    }

    private static String met(Finding finding) {
        return switch (finding.verdict()) {
            case MET -> finding.bar().isEmpty() ? "" : "met";
            case MISSED -> "MISSED";
            case FAILED -> "FAILED";
        };
    }

    /** @param strict whether a finding that is only late is a failure */
    public boolean proves(boolean strict) {
        return !verdicts.contains(Verdict.FAILED) && !(strict && verdicts.contains(Verdict.MISSED));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            text.append(line(lines.get(i), " "));
            if (i == 0) {
                text.append(line(List.of("", "", "", ""), "-"));
            }
        }
        return text.toString();
    }

    private String line(List<String> cells, String filler) {
        StringBuilder text = new StringBuilder("|");
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            text.append(' ')
                    .append(cell)
                    .append(filler.repeat(width(column) - cell.length()))
                    .append(" |");
        }
        return text.append('\n').toString();
    }

    private int width(int column) {
        return lines.stream()
                .mapToInt(cells -> cells.get(column).length())
                .max()
                .orElse(0);
    }
}
