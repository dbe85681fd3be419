package dev.roster.clients;

import org.junit.jupiter.api.Test;

/** Runs {@code docs-page.test.mjs}: the page at {@code /docs} in Chromium. */
class DocsPageIT {
    @Test
    void docsPagePassesItsTestsInChromium() throws Exception {
        Node.test("docs-page.test.mjs");
    }
}
