@NullMarked
package dev.roster.query.list;

import org.jspecify.annotations.NullMarked;
