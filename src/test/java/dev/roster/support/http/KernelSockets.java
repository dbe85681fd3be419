package dev.roster.support.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The sockets of a local port as the kernel sees them, those that no process has open any more included. Only on Linux:
 * see "/proc/net/tcp" in the kernel's documentation.
 */
public final class KernelSockets {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final int LISTENS = 0x0A;

    private KernelSockets() {}

    /** Whether this kernel can be asked. */
    public static boolean areKnown() {
        return TABLES.stream().allMatch(Files::isReadable);
    }

    /** How many connections of the port have bytes that their clients have not taken. */
    public static long withUntakenBytes(int port) {
        return of(port).filter(socket -> socket.untaken() > 0).count();
    }

    /** How many connections of the port with these clients' ports have bytes that the clients have not taken. */
    public static long withUntakenBytes(int port, Set<Integer> clients) {
        return of(port).filter(socket -> socket.untaken() > 0 && clients.contains(socket.client()))
                .count();
    }

    /** How many bytes the kernel holds for the clients of the port. */
    public static long untakenBytes(int port) {
        return of(port).mapToLong(Socket::untaken).sum();
    }

    private static Stream<Socket> of(int port) {
        return TABLES.stream()
                .flatMap(table -> lines(table).stream())
                .filter(line -> !line.contains("local_address"))
                .map(Socket::parse)
                .filter(socket -> socket.port() == port && socket.state() != LISTENS);
    }

    private static List<String> lines(Path table) {
        try {
            return Files.readAllLines(table);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Socket(int port, int client, int state, long untaken) {
        /** Fields: number, local address, remote address, state, send queue and receive queue; all hexadecimal. */
        static Socket parse(String line) {
            String[] fields = line.strip().split(" +", -1);
            return new Socket(
                    port(fields[1]),
                    port(fields[2]),
                    Integer.parseInt(fields[3], 16),
                    Long.parseLong(fields[4].substring(0, fields[4].indexOf(':')), 16));
        }

        private static int port(String address) {
            return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
        }
    }
}
