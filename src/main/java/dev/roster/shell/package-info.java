/**
 * Commands of operators at a shell. They run beside the service and with its configuration; running nodes hear of what
 * they revoke over the change feed.
 */
@NullMarked
package dev.roster.shell;

import org.jspecify.annotations.NullMarked;
