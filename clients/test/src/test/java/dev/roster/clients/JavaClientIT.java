package dev.roster.clients;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.roster.client.api.AuthenticationApi;
import dev.roster.client.api.SessionsApi;
import dev.roster.client.api.UsersApi;
import dev.roster.client.invoker.ApiClient;
import dev.roster.client.invoker.ApiException;
import dev.roster.client.invoker.ApiResponse;
import dev.roster.client.model.ErrorCode;
import dev.roster.client.model.InvalidMember;
import dev.roster.client.model.LogIn;
import dev.roster.client.model.LoggedIn;
import dev.roster.client.model.Problem;
import dev.roster.client.model.ProblemType;
import dev.roster.client.model.RefreshSession;
import dev.roster.client.model.RegisterUser;
import dev.roster.client.model.Session;
import dev.roster.client.model.TokenPair;
import dev.roster.client.model.User;
import dev.roster.client.model.UserChanges;
import dev.roster.client.model.UserPage;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The client that OpenAPI Generator writes in Java. */
class JavaClientIT {
    private static final String PASSWORD = "Kpass2000$";

    @Test
    void userRegistersLogsInRefreshesAndLogsOut() throws Exception {
        AuthenticationApi authentication = new AuthenticationApi(client());
        ApiResponse<User> registered = authentication.registerWithHttpInfo(
                registration("Juliet Ross", "juliet@java.example").role("admin"));
        assertThat(registered.getStatusCode()).isEqualTo(201);
        User juliet = registered.getData();
        assertThat(juliet.getName()).isEqualTo("Juliet Ross");
        assertThat(juliet.getEmail()).isEqualTo("juliet@java.example");
        assertThat(juliet.getRole()).isEqualTo("admin");
        assertThat(juliet.getCreatedAt()).isEqualTo(juliet.getUpdatedAt());

        LoggedIn login =
                authentication.logIn(new LogIn().email(juliet.getEmail()).password(PASSWORD));
        assertThat(login.getTokenType()).isEqualTo(LoggedIn.TokenTypeEnum.BEARER);
        assertThat(login.getUser()).isEqualTo(juliet);
        assertThat(new UsersApi(client(login.getAccessToken())).getMe(null, null, null))
                .isEqualTo(juliet);

        TokenPair tokens = authentication.refresh(new RefreshSession().refreshToken(login.getRefreshToken()));
        assertThat(tokens.getAccessToken()).isNotEqualTo(login.getAccessToken());
        ApiClient self = client(tokens.getAccessToken());
        assertThat(new SessionsApi(self).listSessions(juliet.getId(), null).getSessions())
                .extracting(Session::getCurrent)
                .containsExactly(true);

        new AuthenticationApi(self).logOut();
        Problem ended = problemOf(() -> new UsersApi(self).getMe(null, null, null));
        assertThat(ended.getStatus()).isEqualTo(401);
        assertThat(ended.getType()).isEqualTo(ProblemType.URN_ROSTER_PROBLEM_INVALID_TOKEN);
    }

    @Test
    void updateWithAStaleVersionIsRefused() throws Exception {
        LoggedIn login = logIn("Tybalt", "tybalt@java.example");
        UsersApi users = new UsersApi(client(login.getAccessToken()));
        User tybalt = login.getUser();

        ApiResponse<User> read = users.getUserWithHttpInfo(tybalt.getId(), null, null, null);
        assertThat(read.getData()).isEqualTo(tybalt);
        String version = requireNonNull(read.getHeaders().get("etag")).get(0);
        UserChanges changes = new UserChanges().name("Tybalt Capulet");

        User changed = users.updateUser(tybalt.getId(), changes, version);
        assertThat(changed).isEqualTo(tybalt.name("Tybalt Capulet").updatedAt(changed.getUpdatedAt()));
        Problem conflict = problemOf(() -> users.updateUser(tybalt.getId(), changes, version));
        assertThat(conflict.getStatus()).isEqualTo(412);
        assertThat(conflict.getType()).isEqualTo(ProblemType.URN_ROSTER_PROBLEM_VERSION_CONFLICT);
    }

    @Test
    void changeOfTheProfileIsMergedAndNullRemovesAMember() throws Exception {
        LoggedIn login = logIn("Viola", "viola.profile@java.example");
        UsersApi users = new UsersApi(client(login.getAccessToken()));
        assertThat(login.getUser().getProfile()).isEqualTo(Map.of());
        users.updateUser(
                login.getUser().getId(), new UserChanges().profile(Map.of("theme", "dark", "a", Map.of("b", 1))), null);
        Map<String, Object> change = Map.of("theme", NullNode.getInstance(), "a", Map.of("c", List.of("x", 2.5)));

        User changed = users.updateUser(login.getUser().getId(), new UserChanges().profile(change), null);

        assertThat(changed.getProfile()).isEqualTo(Map.of("a", Map.of("b", 1, "c", List.of("x", 2.5))));
    }

    @Test
    void nextCursorLeadsToTheNextPage() throws Exception {
        logIn("Romeo Montague", "romeo@java.example");
        logIn("Benvolio Montague", "benvolio@java.example");
        LoggedIn login = logIn("Abraham Montague", "abraham@java.example");
        UsersApi users = new UsersApi(client(login.getAccessToken()));

        UserPage first = users.listUsers(2, "name", null, "montague", null, null);
        UserPage second = users.listUsers(2, "name", null, "montague", first.getNextCursor(), null);

        assertThat(first.getUsers()).extracting(User::getName).containsExactly("Abraham Montague", "Benvolio Montague");
        assertThat(second.getUsers()).extracting(User::getName).containsExactly("Romeo Montague");
        assertThat(second.getNextCursor()).isNull();
    }

    @Test
    void validationProblemNamesTheInvalidMembers() throws Exception {
        AuthenticationApi authentication = new AuthenticationApi(client());

        Problem problem = problemOf(() -> authentication.register(registration(" ", "mercutio")));

        assertThat(problem.getStatus()).isEqualTo(422);
        assertThat(problem.getType()).isEqualTo(ProblemType.URN_ROSTER_PROBLEM_VALIDATION);
        assertThat(problem.getErrors())
                .extracting(InvalidMember::getField, InvalidMember::getCode)
                .containsExactlyInAnyOrder(tuple("name", ErrorCode.BLANK), tuple("email", ErrorCode.MALFORMED));
    }

    private static ApiClient client() {
        ApiClient client = new ApiClient();
        client.updateBaseUri(Service.ADDRESS + "/api/v1");
        return client;
    }

    private static ApiClient client(String accessToken) {
        return client().setRequestInterceptor(request -> request.header("Authorization", "Bearer " + accessToken));
    }

    private static RegisterUser registration(String name, String email) {
        return new RegisterUser().name(name).email(email).password(PASSWORD);
    }

    private static LoggedIn logIn(String name, String email) throws ApiException {
        AuthenticationApi authentication = new AuthenticationApi(client());
        authentication.register(registration(name, email));
        return authentication.logIn(new LogIn().email(email).password(PASSWORD));
    }

    /** Calls, and returns the problem in the response. */
    private static Problem problemOf(ThrowingCallable call) throws JsonProcessingException {
        ApiException exception = catchThrowableOfType(ApiException.class, call);
        return ApiClient.createDefaultObjectMapper().readValue(exception.getResponseBody(), Problem.class);
    }
}
