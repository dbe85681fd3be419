package dev.roster.mail.proof;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A delivered mail, as Python's {@code email.parser} reads it.
 *
 * @param bareNewlines how many lines of the file do not end with CR LF
 * @param type the content type of the whole
 * @param links where the HTML leads
 * @param defects what the parser found wrong
 */
@JsonNaming(SnakeCaseStrategy.class)
record ReceivedMail(
        int bareNewlines,
        List<String> messageIds,
        List<String> autoSubmitted,
        String subject,
        String fromName,
        String fromAddress,
        List<String> to,
        String type,
        List<Part> parts,
        List<String> links,
        List<String> defects) {

    /** Reads the mails to this address in a folder. */
    static List<ReceivedMail> read(Path folder, String address) {
        if (!Files.exists(folder)) {
            return List.of();
        }
        String json = Program.run(Program.find("python3"), "src/test/resources/mail/read_mails.py", folder.toString());
        try {
            return new ObjectMapper()
                    .readValue(json, new TypeReference<List<ReceivedMail>>() {}).stream()
                            .filter(mail -> mail.to().contains(address))
                            .toList();
        } catch (IOException e) {
            throw new AssertionError(json, e);
        }
    }

    /** One of the two texts. */
    record Part(String type, String charset, String text) {}
}
