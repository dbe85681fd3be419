package dev.roster.clients;

import org.junit.jupiter.api.Test;

/** Runs {@code client.test.ts}: the client that OpenAPI Generator writes in TypeScript, which the package contains. */
class TypeScriptClientIT {
    @Test
    void typeScriptClientPassesItsTests() throws Exception {
        Node.test("client.test.js");
    }
}
