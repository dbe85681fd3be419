package dev.roster.shell.terminal;

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
 * A command's input and output, in UTF-8. Unlike {@code System.out}, writing fails if nobody reads.
 *
 * @param console reads passwords without showing them; gives null if there is no console
 */
public record Terminal(InputStream in, OutputStream out, Supplier<@Nullable Console> console) {

    /** The process's own terminal. */
    public static Terminal ofProcess() {
        return new Terminal(System.in, new FileOutputStream(FileDescriptor.out), System::console);
    }

    /** @throws UntoldException if it cannot be written */
    public void print(String done) throws UntoldException {
        print(done, "");
    }

    /**
     * Prints the result of the command.
     *
     * @param secret follows on the same line, but is not part of the exception's message
     * @throws UntoldException if it cannot be written
     */
    public void print(String done, String secret) throws UntoldException {
        try {
            out.write((done + secret + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw new UntoldException(done, e);
        }
    }

    /**
     * Reads a line without its end; null if the input is empty.
     *
     * @throws java.nio.charset.CharacterCodingException if it is not UTF-8
     */
    @Nullable
    public String readLine() throws IOException {
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder())).readLine();
    }
}
