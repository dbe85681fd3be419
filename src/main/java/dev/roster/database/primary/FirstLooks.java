package dev.roster.database.primary;

import dev.roster.database.session.ConnectionRefusal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One look at each host, at the same time. Closes the connections that nobody has taken. Not thread-safe. */
final class FirstLooks implements AutoCloseable {
    private final List<Look> looks;

    private FirstLooks(List<Look> looks) {
        this.looks = looks;
    }

    /** Waits for the answers of all hosts, or their failures. */
    static FirstLooks at(List<String> addresses, Opener opener) {
        List<CompletableFuture<Look>> looks = new ArrayList<>();
        for (String address : addresses) {
            looks.add(CompletableFuture.supplyAsync(() -> look(address, opener), FirstLooks::onItsOwnThread));
        }
        return new FirstLooks(
                new ArrayList<>(looks.stream().map(CompletableFuture::join).toList()));
    }

    private static void onItsOwnThread(Runnable look) {
        Thread thread = new Thread(look, "primary-look");
        thread.setDaemon(true);
        thread.start();
    }

    private static Look look(String address, Opener opener) {
        Connection connection = null;
        try {
            connection = opener.open(address);
            return new Look(connection, Claim.of(connection), null);
        } catch (SQLException e) {
            close(connection);
            return new Look(null, null, e);
        }
    }

    /** The claim of each host; null for one that has not answered. */
    List<@Nullable Claim> claims() {
        return looks.stream().map(Look::claim).toList();
    }

    /** @throws SQLException if no host has answered: rather a refusal that waiting does not mend */
    void requireAnswer() throws SQLException {
        List<SQLException> failures =
                looks.stream().map(Look::failure).filter(Objects::nonNull).toList();
        if (failures.size() == looks.size()) {
            throw failures.stream()
                    .filter(failure -> !ConnectionRefusal.of(failure).mayPass())
                    .findFirst()
                    .orElse(failures.get(0));
        }
    }

    /** The connection to this host, which the caller closes; null if the host has not answered. */
    @Nullable
    Connection take(int host) {
        Look look = looks.get(host);
        looks.set(host, new Look(null, look.claim(), look.failure()));
        return look.connection();
    }

    @Override
    public void close() {
        looks.forEach(look -> close(look.connection()));
    }

    private static void close(@Nullable Connection connection) {
        if (connection != null) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                return; // it is closed
            }
        }
    }

    private record Look(
            @Nullable Connection connection,
            @Nullable Claim claim,
            @Nullable SQLException failure) {}
}
