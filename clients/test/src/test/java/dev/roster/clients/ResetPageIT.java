package dev.roster.clients;

import org.junit.jupiter.api.Test;

/** Runs {@code reset-page.test.mjs}: the page to set a new password in Chromium. */
class ResetPageIT {
    @Test
    void resetPagePassesItsTestsInChromium() throws Exception {
        Node.test("reset-page.test.mjs");
    }
}
