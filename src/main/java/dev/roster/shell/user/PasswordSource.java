package dev.roster.shell.user;

import dev.roster.password.NewPassword;
import dev.roster.password.PasswordPolicy;
import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.shell.terminal.Terminal;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.MutuallyExclusiveGroup;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/** Reads or makes a new password. Never from an argument: everybody on the machine could see it. */
final class PasswordSource {
    private static final String FROM_STDIN = "password_stdin";
    private static final String GENERATE = "generate";

    /** Some editors and shells begin UTF-8 text with it. Nobody could type it. */
    private static final String BYTE_ORDER_MARK = "\ufeff";

    private static final int GENERATED_BYTES = 18; // 144 bits, 24 characters
    private static final int BYTES_OF_A_GROUP = 3;
    private static final int CHARACTERS_OF_A_GROUP = 4;

    private final PasswordPolicy policy;
    private final SecureRandom random;
    private final Terminal terminal;

    PasswordSource(PasswordPolicy policy, SecureRandom random, Terminal terminal) {
        this.policy = policy;
        this.random = random;
        this.terminal = terminal;
    }

    /** Returns the group of its options, of which a command takes one at most. */
    static MutuallyExclusiveGroup declare(Subparser parser) {
        MutuallyExclusiveGroup group = parser.addMutuallyExclusiveGroup()
                .description("where the password comes from; by default, the command asks");
        group.addArgument("--password-stdin")
                .dest(FROM_STDIN)
                .action(Arguments.storeTrue())
                .help("from the first line of stdin");
        group.addArgument("--generate-password")
                .dest(GENERATE)
                .action(Arguments.storeTrue())
                .help("generate one and print it");
        return group;
    }

    /** @throws RefusedException {@code INVALID} */
    Given read(Namespace arguments) throws IOException {
        String generated = arguments.getBoolean(GENERATE) ? generate() : null;
        String text = generated != null ? generated : arguments.getBoolean(FROM_STDIN) ? readLine() : ask();
        if (text.indexOf('\ufffd') >= 0) {
            throw invalid("has characters that this process's locale cannot read: set LC_ALL=C.UTF-8");
        }
        try {
            return new Given(policy.parse(text), generated);
        } catch (InvalidValueException e) {
            throw RefusedException.invalid("password", e.reason());
        }
    }

    private String generate() {
        int groups = Math.max(
                GENERATED_BYTES / BYTES_OF_A_GROUP,
                (policy.minimumLength() + BYTES_OF_A_GROUP) / CHARACTERS_OF_A_GROUP);
        byte[] bytes = new byte[groups * BYTES_OF_A_GROUP];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().encodeToString(bytes);
    }

    private String readLine() throws IOException {
        try {
            String line = terminal.readLine();
            if (line == null) {
                throw invalid("is missing: stdin is empty");
            }
            if (line.startsWith(BYTE_ORDER_MARK)) {
                throw invalid("begins with a byte order mark: remove it");
            }
            return line;
        } catch (CharacterCodingException e) {
            throw invalid("must be in UTF-8");
        }
    }

    private String ask() {
        Console console = terminal.console().get();
        if (console == null) {
            throw invalid("cannot be asked for without a terminal: use --password-stdin or --generate-password");
        }
        char[] first = console.readPassword("Password: ");
        char[] again = console.readPassword("Again: ");
        if (first == null || !Arrays.equals(first, again)) {
            throw invalid("was typed differently the second time");
        }
        return new String(first);
    }

    private static RefusedException invalid(String reason) {
        return new RefusedException(Refusal.INVALID, "password " + reason);
    }

    /** @param generated the text of a generated password, to be printed; otherwise null */
    record Given(NewPassword password, @Nullable String generated) {
        @Override
        public String toString() {
            return "Given[********]";
        }
    }
}
