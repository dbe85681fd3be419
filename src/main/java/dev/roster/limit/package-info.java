/**
 * Limits on attempts, by account and by client address, and on what one person does. They are counted in the database,
 * so all nodes share them and they survive a restart. Each node remembers its recent refusals, so that a flood does not
 * reach the database.
 */
@NullMarked
package dev.roster.limit;

import org.jspecify.annotations.NullMarked;
