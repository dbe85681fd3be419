@NullMarked
package dev.roster.page;

import org.jspecify.annotations.NullMarked;
