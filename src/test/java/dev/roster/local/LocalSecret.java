package dev.roster.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The JWT_SECRET_KEY of the local run: from the environment, otherwise a random one that the first run makes and keeps.
 */
final class LocalSecret {
    private LocalSecret() {}

    static String readOrMake(Path file) throws IOException {
        String given = System.getenv("JWT_SECRET_KEY");
        if (given != null && !given.isEmpty()) {
            return given;
        }
        if (!Files.exists(file)) {
            byte[] random = new byte[48];
            new SecureRandom().nextBytes(random);
            PrivateFile.write(file, "rw-------", Base64.getEncoder().encodeToString(random));
        }
        return Files.readString(file).strip();
    }
}
