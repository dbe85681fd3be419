package dev.roster.admin.key;

import dev.roster.apikey.KeyRow;
import java.util.List;

/** The answer to {@code GET /admin/v1/keys}. */
record KeyList(List<KeyRow> keys) {}
