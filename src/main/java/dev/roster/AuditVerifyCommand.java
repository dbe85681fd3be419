package dev.roster;

import dev.roster.audit.AuditVerifier;
import dev.roster.audit.Head;
import dev.roster.database.Schema;
import dev.roster.settings.StartErrors;
import dev.roster.settings.StartRefusedException;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import io.dropwizard.core.setup.Bootstrap;
import java.time.Clock;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jdbi.v3.core.Jdbi;

/**
 * The command {@code audit-verify}: prints what was done to the audit trail since it was written, a line each, and a
 * summary. Fails where there is any such thing, or it cannot tell.
 */
final class AuditVerifyCommand extends ConfiguredCommand<RosterConfiguration> {
    private final Clock clock;

    AuditVerifyCommand(Clock clock) {
        super("audit-verify", "Finds what was edited, removed, put in or reordered in the audit trail");
        this.clock = clock;
    }

    @Override
    public void configure(Subparser parser) {
        super.configure(parser);
        parser.addArgument("--head")
                .metavar("NUMBER:CODE")
                .help("the head that an earlier run printed: finds that the newest seals since then were cut off");
    }

    @Override
    protected void run(Bootstrap<RosterConfiguration> bootstrap, Namespace namespace, RosterConfiguration configuration)
            throws Exception {
        String noted = namespace.getString("head");
        Head head = noted == null
                ? null
                : Head.parse(noted)
                        .orElseThrow(
                                () -> new StartRefusedException("--head", "is none that audit-verify has printed"));
        configuration.database().await();
        Jdbi jdbi = Jdbi.create(configuration.database()::openVerification);
        new Schema(jdbi).requireCurrent();
        AuditVerifier verifier = new AuditVerifier(
                configuration.auditKey(), configuration.audit().oldestMonth(clock.instant()), System.out::println);
        if (!verifier.verify(jdbi, head)) {
            throw new NotAsWrittenException();
        }
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable error) {
        if (!(error instanceof NotAsWrittenException)) {
            StartErrors.print(cli.getStdErr(), error);
        }
    }

    /** What is wrong is said already. */
    private static final class NotAsWrittenException extends Exception {
        private static final long serialVersionUID = 1L;
    }
}
