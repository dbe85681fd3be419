package dev.roster.clients;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import org.junit.jupiter.api.Test;

/** Runs {@code operators-page.test.mjs}: the operators' page in Chromium, and pages of other origins beside it. */
class OperatorsPageIT {
    @Test
    void operatorsPagePassesItsTestsInChromium() throws Exception {
        assumeFalse(Service.KEY.isEmpty(), "ROSTER_KEY is not set");
        Node.test("operators-page.test.mjs");
    }
}
