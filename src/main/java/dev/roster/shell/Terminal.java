package dev.roster.shell;

import java.io.BufferedReader;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a command's input comes from and its result goes, in UTF-8. Unlike {@code System.out} it tells when nobody reads
 * any more.
 *
 * @param console for what shall not be shown as it is typed; gives null where nobody types
 */
public record Terminal(InputStream in, OutputStream out, Supplier<@Nullable Console> console) {

    /** The process's own. */
    public static Terminal ofProcess() {
        return new Terminal(System.in, new FileOutputStream(FileDescriptor.out), System::console);
    }

    /** @throws UntoldException where it cannot be written */
    void print(String done) throws UntoldException {
        print(done, "");
    }

    /**
     * Says what is done.
     *
     * @param secret follows on the line, but is for nobody else where it cannot be written
     * @throws UntoldException where it cannot
     */
    void print(String done, String secret) throws UntoldException {
        try {
            out.write((done + secret + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw new UntoldException(done, e);
        }
    }

    /**
     * Reads a line without its end; null where there is none.
     *
     * @throws java.nio.charset.CharacterCodingException where it is not UTF-8
     */
    @Nullable
    String readLine() throws IOException {
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder())).readLine();
    }
}
