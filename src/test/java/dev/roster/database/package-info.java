@NullMarked
package dev.roster.database;

import org.jspecify.annotations.NullMarked;
