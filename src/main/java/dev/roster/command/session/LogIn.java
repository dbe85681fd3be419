package dev.roster.command.session;

import dev.roster.http.JsonBody;
import dev.roster.password.Password;

/** The command to log in: the body of {@code POST /auth/login}. The address is any text: a wrong one is wrong credentials. */
public record LogIn(String email, Password password) implements JsonBody {}
