package dev.roster.mail.proof;

import dev.roster.support.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A Postfix of its own on a free port of this machine: it shares nothing with the machine's. It offers STARTTLS, takes
 * mails only from its one account, refuses lines without CR, and delivers all mails to one Maildir.
 */
final class Postfix implements AutoCloseable {
    static final String USER = "roster";
    static final String PASSWORD = "a-password";

    private final Path folder;
    private final int port = Ports.free();
    private final ServerCertificate certificate;

    Postfix() throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            throw new IllegalStateException("Only root can start Postfix: run this as root, such as in a container");
        }
        String postfix = Program.find("postfix");
        // Not in target/: Postfix works as other users too, who need not be allowed to enter the project's folder.
        folder = Files.createTempDirectory("postfix");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        certificate = ServerCertificate.make(folder);
        Path settings = Files.createDirectory(folder.resolve("conf"));
        Files.createDirectory(folder.resolve("queue"));
        change(Files.createDirectory(folder.resolve("data")), "postfix");
        change(Files.createDirectory(folder.resolve("mail")), "nobody");
        Files.writeString(settings.resolve("main.cf"), main());
        Files.writeString(settings.resolve("master.cf"), master());
        addAccount(Files.createDirectory(settings.resolve("sasl"))); // where Debian's Postfix looks
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
        String unused = Program.run(postfix, "-c", settings.toString(), "start");
    }

    private static void change(Path file, String owner) throws IOException {
        Files.setOwner(
                file, file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(owner));
    }

    private String main() {
        return """
                compatibility_level = 3.6
                queue_directory = %1$s/queue
                data_directory = %1$s/data
                maillog_file = %1$s/log
                maillog_file_prefixes = %1$s
                inet_interfaces = 127.0.0.1
                inet_protocols = ipv4
                myhostname = localhost
                mydestination =
                alias_maps =
                virtual_mailbox_domains = static:all
                virtual_mailbox_maps = static:inbox/
                virtual_mailbox_base = %1$s/mail
                virtual_uid_maps = static:65534
                virtual_gid_maps = static:65534
                smtpd_peername_lookup = no
                smtpd_tls_security_level = encrypt
                smtpd_tls_chain_files = %2$s, %3$s
                smtpd_sasl_auth_enable = yes
                smtpd_relay_restrictions = permit_sasl_authenticated, reject
                smtpd_recipient_restrictions = permit_sasl_authenticated, reject
                smtpd_forbid_bare_newline = reject
                smtpd_forbid_bare_newline_exclusions =
                """.formatted(folder, certificate.key(), certificate.certificate());
    }

    private String master() {
        return """
                127.0.0.1:%d inet n - n - - smtpd
                cleanup unix n - n - 0 cleanup
                qmgr unix n - n 300 1 qmgr
                rewrite unix - - n - - trivial-rewrite
                bounce unix - - n - 0 bounce
                defer unix - - n - 0 bounce
                virtual unix - n n - - virtual
                postlog unix-dgram n - n - 1 postlogd
                anvil unix - - n - 1 anvil
                tlsmgr unix - - n 1000? 1 tlsmgr
                error unix - - n - - error
                proxymap unix - - n - - proxymap
                """.formatted(port);
    }

    private void addAccount(Path sasl) throws IOException {
        Path accounts = sasl.resolve("accounts");
        Path password = Files.writeString(sasl.resolve("password"), PASSWORD);
        Files.writeString(sasl.resolve("smtpd.conf"), """
                pwcheck_method: auxprop
                auxprop_plugin: sasldb
                mech_list: PLAIN LOGIN
                sasldb_path: %s
                """.formatted(accounts));
        String unused = Program.run(new ProcessBuilder(
                        Program.find("saslpasswd2"), "-p", "-c", "-f", accounts.toString(), "-u", "localhost", USER)
                .redirectInput(password.toFile()));
        Files.setPosixFilePermissions(accounts, PosixFilePermissions.fromString("rw-r--r--"));
    }

    ServerCertificate certificate() {
        return certificate;
    }

    int port() {
        return port;
    }

    /** The delivered mails, each in a file of its own. */
    Path inbox() {
        return folder.resolve("mail/inbox/new");
    }

    /** What the server has logged so far. */
    String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void stop() {
        if (Files.exists(folder.resolve("queue/pid/master.pid"))) {
            String unused = Program.run(
                    Program.find("postfix"), "-c", folder.resolve("conf").toString(), "stop");
        }
    }

    /** Stops the server and deletes everything. */
    @Override
    public void close() {
        stop();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
