/**
 * What the write side and the read side both mean by a user: its values, its JSON and row shape, and the reasons for
 * which the service says no. Knows the JDK alone, so every other room may know it.
 */
@NullMarked
package dev.roster.user;

import org.jspecify.annotations.NullMarked;
