package dev.roster.host;

import io.dropwizard.servlets.tasks.Task;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** {@code POST /tasks/purge} on the admin port: the purge, now. */
public final class PurgeTask extends Task {
    private final Purge purge;

    public PurgeTask(Purge purge) {
        super("purge");
        this.purge = purge;
    }

    @Override
    public void execute(Map<String, List<String>> parameters, PrintWriter output) {
        output.println("purged " + purge.purge() + " rows");
    }
}
