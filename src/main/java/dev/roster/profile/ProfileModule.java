package dev.roster.profile;

import dev.roster.host.BodyType;
import dev.roster.host.Host;
import dev.roster.host.Room;
import dev.roster.settings.StartRefusedException;
import java.util.List;

/** Adds {@code profile} and {@code metadata} to the bodies of requests. */
public final class ProfileModule implements Room {
    private final ObjectRules profile;
    private final ObjectRules metadata = new ObjectRules("metadata");
    private final List<ProfileFilter> filters;

    /** @throws StartRefusedException if the schema is wrong */
    public ProfileModule(ProfileConfiguration configuration) {
        if (configuration.schema().isEmpty()) {
            profile = new ObjectRules("profile");
            filters = List.of();
        } else {
            SchemaFile file = SchemaFile.read(configuration.schema());
            profile = new ObjectRules("profile", file.schema());
            filters = file.filters();
        }
    }

    /** The members of profiles that lists can be filtered by. */
    public List<ProfileFilter> filters() {
        return filters;
    }

    @Override
    public void plugInto(Host host) {
        host.bodyType(BodyType.ofObject(ProfileChange.class, this::profileChange, profileChange(MergePatch.NOTHING)));
        host.bodyType(
                BodyType.ofObject(MetadataChange.class, this::metadataChange, metadataChange(MergePatch.NOTHING)));
    }

    private ProfileChange profileChange(String text) {
        return new ProfileChange(new MergePatch(profile, text));
    }

    private MetadataChange metadataChange(String text) {
        return new MetadataChange(new MergePatch(metadata, text));
    }
}
