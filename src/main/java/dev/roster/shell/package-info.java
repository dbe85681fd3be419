/**
 * What operators do at a shell, beside the service and by its rules: each command checks its arguments, does its work in
 * one transaction as a request would (but within no limit, and in the name of nobody), and says in one line what it did.
 * Running nodes hear of what it revokes from the database. Its way in and out is a {@link dev.roster.shell.Terminal}.
 */
@NullMarked
package dev.roster.shell;

import org.jspecify.annotations.NullMarked;
