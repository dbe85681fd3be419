package dev.roster.database.session;

import dev.roster.settings.StartRefusedException;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import org.postgresql.util.PSQLException;

/**
 * Why a new connection failed: whether PostgreSQL answered, and what kind of refusal it gave. Chosen by SQLSTATE and by
 * class, because messages contain values of settings and depend on the locale.
 *
 * @param setting the variable to look at
 * @param reason does not contain its value
 * @param mayPass whether waiting may help
 */
public record ConnectionRefusal(String setting, String reason, boolean mayPass) {
    private static final String URL = "DATABASE_URL";
    private static final String USER = "POSTGRES_USER";

    /** The refusal that a failed attempt to connect shows. */
    public static ConnectionRefusal of(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        ConnectionRefusal refusal = isFromServer(failure) ? ofServer(state) : ofDriver(failure, state);
        return new ConnectionRefusal(
                refusal.setting(), refusal.reason() + " (SQLSTATE " + state + ")", refusal.mayPass());
    }

    /** @param waited how long the start has waited, in words */
    public StartRefusedException refuseStart(String waited) {
        return new StartRefusedException(setting, mayPass ? reason + "; waited " + waited : reason);
    }

    private static boolean isFromServer(SQLException failure) {
        return failure instanceof PSQLException answer && answer.getServerErrorMessage() != null;
    }

    private static ConnectionRefusal ofServer(String state) {
        return switch (state) {
            case "28P01" ->
                lasting(USER + " or POSTGRES_PASSWORD", "the database does not accept this user with this password");
            case "3D000" -> lasting(URL, "there is no such database on the server");
            case "42501" ->
                lasting(USER, "the database answers, but this user has no right to connect to it (GRANT CONNECT)");
            case "55000" ->
                lasting(URL, "the database answers, but it is closed to connections (ALLOW_CONNECTIONS false)");
            case "25006" -> lasting(URL, "the database is read-only: is it a replica?");
            case "57P03" -> passing(URL, "the server answers, but the database has not started");
            case "53300" -> passing(URL, "the server answers, but the database has no connection to spare");
            default -> ofServerClass(state);
        };
    }

    private static ConnectionRefusal ofServerClass(String state) {
        return switch (state.substring(0, Math.min(2, state.length()))) {
            case "28" ->
                lasting(
                        USER,
                        "the database answers, but does not let this user in from here: there is no such user, it has"
                                + " no right to log in, or pg_hba.conf has no entry for it (perhaps only with TLS)");
            case "22", "42", "0A" ->
                lasting(
                        URL,
                        "the server answers, but refuses a parameter of the session; Roster needs PostgreSQL 14 or"
                                + " newer");
            case "08", "53", "57", "58" -> passing(URL, "the server answers, but cannot open a session now");
            default -> lasting(URL, "the server answers, but refuses the connection");
        };
    }

    private static ConnectionRefusal ofDriver(SQLException failure, String state) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return passing(URL, "no server answers: the name of the host is not known");
            }
            if (cause instanceof SocketTimeoutException) {
                return late();
            }
            if (cause instanceof ConnectException) {
                return passing(URL, "no server answers: nothing listens there");
            }
            if (cause instanceof EOFException || cause instanceof SocketException) {
                return passing(URL, "no PostgreSQL answers: the connection is closed or cannot be opened");
            }
        }
        return switch (state) {
            case "57P03" -> passing(URL, String.valueOf(failure.getMessage())); // the watch's, not the driver's
            case "08001" -> late();
            case "08004" ->
                lasting(
                        URL,
                        "the server answers, but offers no TLS, which sslmode demands, or asks for a login that the"
                                + " driver cannot give");
            case "08006" ->
                lasting(
                        URL,
                        "TLS fails: look at sslmode, sslrootcert, sslcert, sslkey, the server's certificate and its"
                                + " name");
            case "08P01" -> lasting(URL, "what answers there is not PostgreSQL");
            default -> lasting(URL, "the driver does not accept a parameter");
        };
    }

    private static ConnectionRefusal late() {
        return passing(
                URL,
                "no server answers in time (if it is far away, raise DATABASE_CONNECT_TIMEOUT and"
                        + " DATABASE_LOGIN_TIMEOUT)");
    }

    private static ConnectionRefusal lasting(String setting, String reason) {
        return new ConnectionRefusal(setting, reason, false);
    }

    private static ConnectionRefusal passing(String setting, String reason) {
        return new ConnectionRefusal(setting, reason, true);
    }
}
