package dev.roster.password;

/** A password that {@link PasswordPolicy} lets somebody choose. */
public record NewPassword(Password password) {}
