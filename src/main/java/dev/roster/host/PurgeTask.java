package dev.roster.host;

import io.dropwizard.servlets.tasks.Task;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** {@code POST /tasks/purge} on the admin port: purges now. */
final class PurgeTask extends Task {
    private final Host host;

    PurgeTask(Host host) {
        super("purge");
        this.host = host;
    }

    @Override
    public void execute(Map<String, List<String>> parameters, PrintWriter output) {
        output.println("purged " + host.purge() + " rows");
    }
}
