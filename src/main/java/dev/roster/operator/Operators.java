package dev.roster.operator;

import dev.roster.apikey.ApiKeys;
import dev.roster.audit.AuditModule;
import dev.roster.audit.Head;
import dev.roster.database.DatabaseModule;
import dev.roster.host.Host;
import dev.roster.operator.data.Blocklist;
import dev.roster.settings.StartRefusedException;
import dev.roster.token.signing.KeyRotation;
import java.security.SecureRandom;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** All operations for operators. {@code shell} and {@code admin} use them. */
public final class Operators {
    private final Host host;
    private final DatabaseModule database;
    private final UserAdministration users;
    private final KeyAdministration keys;
    private final SigningKeyAdministration signingKeys;
    private final AuditModule audit;

    public Operators(
            Host host,
            DatabaseModule database,
            UserAdministration users,
            ApiKeys keys,
            KeyRotation rotation,
            AuditModule audit) {
        this.host = host;
        this.database = database;
        this.users = users;
        this.keys = new KeyAdministration(users.commands(), keys, database, host);
        this.signingKeys = new SigningKeyAdministration(users.commands(), rotation, host.ids());
        this.audit = audit;
    }

    /**
     * Waits until the database accepts connections. Call it first.
     *
     * @throws StartRefusedException if it does not in time, or its schema is behind
     */
    public void awaitDatabase() throws InterruptedException {
        database.await();
    }

    /**
     * Checks that this process has the nodes' audit key. Call it before anything that writes events or derives codes:
     * with another key, the events would look forged, and this process would not find the nodes' limits.
     *
     * @throws StartRefusedException if it has another
     */
    public void requireAuditKey() {
        if (!audit.verifier(finding -> {}).isKeyRight(database.commands())) {
            throw new StartRefusedException(
                    "AUDIT_SECRET_KEY, or JWT_SECRET_KEY",
                    "is not the one with which this database's audit trail was written");
        }
    }

    public UserAdministration users() {
        return users;
    }

    public KeyAdministration keys() {
        return keys;
    }

    public SigningKeyAdministration signingKeys() {
        return signingKeys;
    }

    public PersonalDataExport export() {
        return new PersonalDataExport(database.lists(), host::personalData);
    }

    public Blocklist blocklist() {
        return new Blocklist(database.commands());
    }

    /** Deletes expired revocations, and returns how many. */
    public int purgeBlocklist() {
        return host.purge("token_blocklist");
    }

    /**
     * Verifies the whole audit trail as of one moment, without a timeout.
     *
     * @param noted the newest seal that an earlier run printed; null if there is none
     * @param out takes each finding, and a summary at the end
     * @return whether there is no finding
     */
    public boolean verifyAudit(@Nullable Head noted, Consumer<String> out) {
        return audit.verifier(out).verify(Jdbi.create(database::openVerification), noted);
    }

    public SecureRandom random() {
        return host.random();
    }
}
