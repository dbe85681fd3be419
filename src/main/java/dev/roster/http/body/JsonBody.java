package dev.roster.http.body;

/** Marks the records that {@link JsonBodyReader} reads. */
public interface JsonBody {}
