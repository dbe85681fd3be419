/**
 * Which requests the admin port serves: the documented paths and methods, the Jersey application of operators, and no
 * web page of another origin.
 */
@NullMarked
package dev.roster.host.admin;

import org.jspecify.annotations.NullMarked;
