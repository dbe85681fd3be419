package dev.roster.clients;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import org.junit.jupiter.api.Test;

/** Runs the tests of the package in {@code clients/typescript}, in Node.js and in two tabs of Chromium. */
class TypeScriptPackageIT {
    @Test
    void typeScriptPackagePassesItsTests() throws Exception {
        Node.test("package.test.js");
    }

    @Test
    void typeScriptClientOfOperatorsPassesItsTests() throws Exception {
        assumeFalse(Service.KEY.isEmpty(), "ROSTER_KEY is not set");
        Node.test("operators.test.js");
    }

    @Test
    void typeScriptPackagePassesItsTestsInTwoTabsOfChromium() throws Exception {
        Node.test("tabs.test.js");
    }
}
