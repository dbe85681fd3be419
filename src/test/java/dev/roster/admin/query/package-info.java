@NullMarked
package dev.roster.admin.query;

import org.jspecify.annotations.NullMarked;
