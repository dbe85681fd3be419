package dev.roster.operator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.roster.database.pool.PoolClient;
import dev.roster.host.PersonalData;
import dev.roster.operator.data.Row;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * Exports everything that the database holds about one person, who may be deleted, except what {@code left_out} names.
 * Thread-safe.
 */
public final class PersonalDataExport {
    private static final int FETCH_SIZE = 1000;

    private final Jdbi jdbi;
    private final Supplier<List<PersonalData>> members;

    /** @param members what each room holds about a person */
    PersonalDataExport(Jdbi jdbi, Supplier<List<PersonalData>> members) {
        this.jdbi = jdbi;
        this.members = members;
    }

    /**
     * Writes one JSON object, as of one moment. Rows are written as they are read.
     *
     * @throws RefusedException {@code NOT_FOUND} if nothing is held about such a person; {@code UNAVAILABLE} once the
     *     request is late
     */
    public void write(UserReference user, OutputStream out) throws IOException {
        jdbi.useTransaction(TransactionIsolationLevel.REPEATABLE_READ, handle -> {
            handle.execute("SET TRANSACTION READ ONLY");
            UUID userId = user.resolve(handle);
            List<PersonalData> data = members.get();
            if (data.stream().noneMatch(member -> isPresent(member.query(handle, userId)))) {
                throw UserReference.unknownId();
            }
            JsonGenerator json = new JsonFactory().createGenerator(out).useDefaultPrettyPrinter();
            write(json, handle, userId, data);
            json.writeRaw('\n');
            json.flush();
        });
    }

    private static boolean isPresent(Query query) {
        return query.setMaxRows(1).map((row, context) -> true).findFirst().isPresent();
    }

    private static void write(JsonGenerator json, Handle handle, UUID userId, List<PersonalData> data)
            throws IOException {
        json.writeStartObject();
        json.writeFieldName("export");
        writeRow(
                json,
                handle.createQuery("SELECT :id AS user_id, now() AS exported_at")
                        .bind("id", userId));
        // The user first, then what belongs to the user.
        for (boolean isSingle : new boolean[] {true, false}) {
            for (PersonalData member : data) {
                if (member.isSingle() == isSingle) {
                    requireTime();
                    json.writeFieldName(member.member());
                    write(json, member, member.query(handle, userId).setFetchSize(FETCH_SIZE));
                }
            }
        }
        writeLeftOut(json, data);
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, PersonalData member, Query query) throws IOException {
        if (member.isSingle()) {
            writeRow(json, query);
            return;
        }
        json.writeStartArray();
        Iterator<Row> rows = query.map((row, context) -> Row.read(row)).iterator();
        while (rows.hasNext()) {
            requireTime();
            rows.next().write(json);
        }
        json.writeEndArray();
    }

    /** Each statement has a timeout, and a request has a deadline for all of them. A command at a shell has none. */
    private static void requireTime() {
        if (PoolClient.current().isLate()) {
            throw new RefusedException(Refusal.UNAVAILABLE, "The export took too long.");
        }
    }

    private static void writeRow(JsonGenerator json, Query query) throws IOException {
        Iterator<Row> rows = query.map((row, context) -> Row.read(row)).iterator();
        if (rows.hasNext()) {
            rows.next().write(json);
        } else {
            json.writeNull();
        }
    }

    private static void writeLeftOut(JsonGenerator json, List<PersonalData> data) throws IOException {
        json.writeObjectFieldStart("left_out");
        for (PersonalData.Reason reason : PersonalData.Reason.values()) {
            json.writeArrayFieldStart(reason.name().toLowerCase(Locale.ROOT));
            for (PersonalData member : data) {
                for (Map.Entry<String, PersonalData.Reason> column :
                        member.leftOut().entrySet()) {
                    if (column.getValue() == reason) {
                        json.writeString(column.getKey());
                    }
                }
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }
}
