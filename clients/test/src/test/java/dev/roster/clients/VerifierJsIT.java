package dev.roster.clients;

import org.junit.jupiter.api.Test;

/** Runs the tests of the package in {@code clients/verifier-js}. */
class VerifierJsIT {
    @Test
    void verifierPassesItsOwnTests() throws Exception {
        Node.run("npm", "--prefix", "../verifier-js", "test");
    }

    @Test
    void verifierPassesItsTestsWithTheService() throws Exception {
        SigningRoster.of("ES256"); // otherwise skipped
        Node.test("verifier.test.mjs");
    }
}
