@NullMarked
package dev.roster.docs;

import org.jspecify.annotations.NullMarked;
