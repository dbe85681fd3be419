package dev.roster.profile;

/** A change to {@code metadata}, which operators keep about a person, as a member of a request's body. */
public record MetadataChange(MergePatch patch) {}
