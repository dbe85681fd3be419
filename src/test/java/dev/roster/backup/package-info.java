/**
 * Backs a database up with PostgreSQL's own programs, restores it, and holds the service to {@code docs/backup.md}.
 * {@code mvn verify -Prestore} runs {@link dev.roster.backup.RestoreProof}.
 */
@NullMarked
package dev.roster.backup;

import org.jspecify.annotations.NullMarked;
