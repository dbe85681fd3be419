/**
 * Users as the write side and the read side share them: values, JSON and row shape. Depends on {@code refusal}, the
 * JDK and Jackson's annotations only.
 */
@NullMarked
package dev.roster.user;

import org.jspecify.annotations.NullMarked;
