package dev.roster.command.session;

import dev.roster.password.Password;

/**
 * The command to log in: the body of {@code POST /auth/login}. The address is any text; one that nobody can have is wrong
 * credentials.
 */
public record LogIn(String email, Password password) {}
