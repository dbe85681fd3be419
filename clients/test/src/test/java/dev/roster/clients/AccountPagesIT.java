package dev.roster.clients;

import org.junit.jupiter.api.Test;

/** Runs {@code account-pages.test.mjs}: the pages that prove, change and take back an address in Chromium. */
class AccountPagesIT {
    @Test
    void accountPagesPassTheirTestsInChromium() throws Exception {
        Node.test("account-pages.test.mjs");
    }
}
