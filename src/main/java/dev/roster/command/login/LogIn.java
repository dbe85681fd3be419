package dev.roster.command.login;

import dev.roster.password.Password;

/**
 * The command to log in: the body of {@code POST /auth/login}. The address may be any text: an invalid one
 * counts as wrong credentials.
 */
public record LogIn(String email, Password password) {}
