/**
 * Users as the write side and the read side share them: values, JSON and row shape. Depends on {@code refusal} and the
 * JDK only.
 */
@NullMarked
package dev.roster.user;

import org.jspecify.annotations.NullMarked;
