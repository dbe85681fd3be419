package dev.roster.shell;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.roster.key.SecretKey;
import java.io.IOException;
import java.util.UUID;
import net.sourceforge.argparse4j.inf.Namespace;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/** The command {@code export-user}: {@link PersonalData}, of one moment, as JSON. */
public final class ExportUserOperation implements Operation {
    private final Jdbi jdbi;
    private final SecretKey limitKey;
    private final Terminal terminal;

    /** @param limitKey of what limits count by */
    public ExportUserOperation(Jdbi jdbi, SecretKey limitKey, Terminal terminal) {
        this.jdbi = jdbi;
        this.limitKey = limitKey;
        this.terminal = terminal;
    }

    @Override
    public void run(Namespace arguments) throws IOException {
        jdbi.useTransaction(TransactionIsolationLevel.REPEATABLE_READ, handle -> {
            handle.execute("SET TRANSACTION READ ONLY");
            UUID id = People.named(handle, arguments);
            PersonalData data = new PersonalData(handle, id, limitKey);
            if (!data.exists()) {
                throw People.nobody();
            }
            write(data);
        });
    }

    private void write(PersonalData data) throws IOException {
        JsonGenerator json = new JsonFactory().createGenerator(terminal.out()).useDefaultPrettyPrinter();
        data.write(json);
        json.writeRaw('\n');
        json.flush();
    }
}
