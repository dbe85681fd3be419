package dev.roster.operator;

import dev.roster.profile.MergePatch;
import dev.roster.profile.MergedObject;
import dev.roster.user.JsonObject;
import dev.roster.user.StoredUser;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The objects that an operator's edit changes.
 *
 * @param profile null if it does not change
 * @param metadata null if it does not change
 */
record EditedObjects(
        @Nullable MergedObject profile, @Nullable MergedObject metadata) {

    /**
     * Merges the changes into what is stored. The user's row is locked.
     *
     * @throws dev.roster.refusal.RefusedException {@code INVALID} if an object breaks a rule
     */
    static EditedObjects of(Handle handle, StoredUser stored, UserEdit edit) {
        return new EditedObjects(
                edit.profile() == null
                        ? null
                        : merge(edit.profile().patch(), stored.user().profile()),
                edit.metadata() == null ? null : merge(edit.metadata().patch(), metadata(handle, stored)));
    }

    private static @Nullable MergedObject merge(MergePatch patch, JsonObject stored) {
        MergedObject merged = patch.mergeInto(stored);
        return merged.isChanged() ? merged : null;
    }

    private static JsonObject metadata(Handle handle, StoredUser stored) {
        return handle.createQuery("SELECT metadata FROM users WHERE id = :id")
                .bind("id", stored.user().id())
                .map((row, context) -> JsonObject.of(row.getString(1)))
                .one();
    }

    @Nullable
    String profileText() {
        return profile == null ? null : profile.object().text();
    }

    @Nullable
    String metadataText() {
        return metadata == null ? null : metadata.object().text();
    }

    /** Names what changes, for the audit event; null if nothing does. */
    @Nullable
    String details() {
        String details = Stream.of(profile, metadata)
                .filter(object -> object != null)
                .map(MergedObject::details)
                .collect(Collectors.joining(","));
        return details.isEmpty() ? null : details;
    }
}
