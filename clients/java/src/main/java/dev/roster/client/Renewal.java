package dev.roster.client;

import dev.roster.client.api.AuthenticationApi;
import dev.roster.client.invoker.ApiException;
import dev.roster.client.model.RefreshSession;
import dev.roster.client.model.TokenPair;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Exchanges the refresh token for the next pair of tokens, once for all threads that need it. */
final class Renewal {
    private final TokenStorage storage;
    private final AuthenticationApi authentication;
    private final Runnable onLoggedOut;
    private @Nullable CompletableFuture<Optional<Tokens>> running;

    Renewal(TokenStorage storage, AuthenticationApi authentication, Runnable onLoggedOut) {
        this.storage = storage;
        this.authentication = authentication;
        this.onLoggedOut = onLoggedOut;
    }

    /**
     * Waits for the tokens in place of a refused access token. A thread that is interrupted stops waiting; the renewal
     * goes on for the others.
     *
     * @return empty if the user is logged out
     */
    Optional<Tokens> replace(String refused) throws IOException, InterruptedException {
        try {
            return run(refused).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ApiException failure) {
                throw failure;
            }
            throw new IOException(e.getCause());
        }
    }

    private synchronized CompletableFuture<Optional<Tokens>> run(String refused) {
        if (running == null || running.isDone()) {
            running = CompletableFuture.supplyAsync(() -> renew(refused));
        }
        return running;
    }

    private Optional<Tokens> renew(String refused) {
        Optional<Tokens> present = storage.load();
        if (present.isEmpty() || !present.get().accessToken().equals(refused)) {
            return present; // renewed already, or the user has logged in or out
        }
        Optional<Tokens> next = exchange(present.get().refreshToken());
        if (!storage.load().equals(present)) {
            return storage.load(); // the user has logged in or out meanwhile
        }
        storage.save(next);
        if (next.isEmpty()) {
            onLoggedOut.run();
        }
        return next;
    }

    /** Empty if the session has ended. */
    private Optional<Tokens> exchange(String refreshToken) {
        RefreshSession request = new RefreshSession().refreshToken(refreshToken);
        try {
            TokenPair pair = refresh(request);
            return Optional.of(new Tokens(pair.getAccessToken(), pair.getRefreshToken()));
        } catch (ProblemException e) {
            if (e.status() == 401) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private TokenPair refresh(RefreshSession request) {
        try {
            return authentication.refresh(request);
        } catch (ProblemException e) {
            throw e;
        } catch (ApiException e) {
            return authentication.refresh(request); // the answer is lost: the service gives it again
        }
    }
}
