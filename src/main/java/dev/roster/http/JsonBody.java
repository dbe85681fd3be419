package dev.roster.http;

/** Marks the records that {@link JsonBodyReader} reads. */
public interface JsonBody {}
