/**
 * The database: its settings, connection pools, schema, migrations, health checks, and how its failures are classified.
 */
@NullMarked
package dev.roster.database;

import org.jspecify.annotations.NullMarked;
