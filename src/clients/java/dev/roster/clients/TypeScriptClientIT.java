package dev.roster.clients;

import dev.roster.support.RosterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The client that OpenAPI Generator makes in TypeScript, type-checked as strictly as there is. */
class TypeScriptClientIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    @Test
    void doesWhatTheDescriptionSays() throws Exception {
        Node.test("client.test.js", ROSTER.api().base());
    }
}
