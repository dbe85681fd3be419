package dev.roster.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotificationTest {
    private static final String ID = "019ab6f0-7a1b-7c3d-8e4f-5a6b7c8d9e0f";

    @Test
    void payloadOfTheTriggerIsParsed() {
        assertThat(Notification.parse(ID + " 1795600000 1795599100123"))
                .contains(new Notification(
                        UUID.fromString(ID),
                        Instant.ofEpochSecond(1_795_600_000),
                        Instant.ofEpochMilli(1_795_599_100_123L)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "reload",
                ID,
                ID + " 1795600000",
                ID + " 1795600000 1 2",
                ID + " Infinity 1795599100123",
                ID + " 1795600000 ",
                ID + " 9223372036854775807 1795599100123",
                "x 1795600000 1795599100123"
            })
    void otherPayloadsAreNotParsed(String payload) {
        assertThat(Notification.parse(payload)).isEmpty();
    }
}
