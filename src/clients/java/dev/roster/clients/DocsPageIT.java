package dev.roster.clients;

import dev.roster.support.RosterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page at {@code /docs}, in Chromium. */
class DocsPageIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    @Test
    void registersLogsInAuthorizesAndReads() throws Exception {
        Node.test("docs-page.test.mjs", ROSTER.api().base());
    }
}
