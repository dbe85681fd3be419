/**
 * What is revoked: the set in memory, its table, and the feed that keeps one like the other on every node. Knows ids alone:
 * what a token is, is above. And since the feed is there, it also tells whose row of users has changed: ids again.
 */
@NullMarked
package dev.roster.token.revocation;

import org.jspecify.annotations.NullMarked;
