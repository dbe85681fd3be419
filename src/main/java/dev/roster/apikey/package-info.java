/**
 * API keys: credentials of operators' programs, with scopes. Nodes keep the keys in memory, hear of changes over the
 * feed, and ask the database while the feed is not fresh. A key's secret is stored as a hash, and shown once.
 */
@NullMarked
package dev.roster.apikey;

import org.jspecify.annotations.NullMarked;
