@NullMarked
package dev.roster.support.database;

import org.jspecify.annotations.NullMarked;
