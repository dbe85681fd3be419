package dev.roster.profile;

/** A change to {@code profile}, as a member of a request's body. */
public record ProfileChange(MergePatch patch) {}
