package dev.roster.password;

/** A password that {@link PasswordPolicy} accepts. */
public record NewPassword(Password password) {}
