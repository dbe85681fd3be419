package dev.roster.settings;

import io.dropwizard.util.DataSize;
import io.dropwizard.util.DataSizeUnit;
import io.dropwizard.util.Duration;
import jakarta.validation.Validator;
import jakarta.validation.metadata.ConstraintDescriptor;
import jakarta.validation.metadata.PropertyDescriptor;
import java.lang.annotation.Annotation;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Describes the values that a setting may have, by its type and its constraints. */
final class SettingForm {
    private static final String DURATION = "must be a duration with its unit (ms, s, m, h or d)";
    private static final String NUMBER = "must be a whole number";
    private static final String SIZE = "must be a size with its unit (B, KiB, MiB or GiB)";
    private static final String SWITCH = "must be true or false";

    private static final Map<Class<?>, String> KINDS = Map.of(
            Duration.class, DURATION,
            DataSize.class, SIZE,
            int.class, NUMBER,
            Integer.class, NUMBER,
            long.class, NUMBER,
            Long.class, NUMBER,
            boolean.class, SWITCH,
            Boolean.class, SWITCH);

    private final Validator validator;

    SettingForm(Validator validator) {
        this.validator = validator;
    }

    /**
     * Returns the form of a number, a duration, a size or a switch, such as {@code must be a whole number from 4 to
     * 16}; null for other types.
     *
     * @param section the class that has the setting
     * @param type the setting's own class, if its constraints do not tell
     */
    @Nullable
    String of(@Nullable Class<?> section, String setting, @Nullable Class<?> type) {
        PropertyDescriptor property = section == null
                ? null
                : validator.getConstraintsForClass(section).getConstraintsForProperty(setting);
        Class<?> known = property == null ? type : property.getElementClass();
        String kind = known == null ? null : KINDS.get(known);
        if (kind == null) {
            return null;
        }
        String least = property == null ? null : bound(property, "Min", "min");
        String most = property == null ? null : bound(property, "Max", "max");
        return kind
                + (least != null && most != null
                        ? " from " + least + " to " + most
                        : least != null ? " of at least " + least : most != null ? " of at most " + most : "");
    }

    /**
     * @param prefix of constraints with one bound: {@code Min}, {@code MinDuration}
     * @param attribute of constraints with two: {@code PortRange}
     */
    private static @Nullable String bound(PropertyDescriptor property, String prefix, String attribute) {
        return property.getConstraintDescriptors().stream()
                .flatMap(SettingForm::withParts)
                .map(constraint -> {
                    Class<? extends Annotation> type =
                            constraint.getAnnotation().annotationType();
                    Object value = type.getSimpleName().startsWith(prefix)
                            ? constraint.getAttributes().get("value")
                            : constraint.getAttributes().get(attribute);
                    Object unit = constraint.getAttributes().get("unit");
                    return value == null ? "" : value + symbol(unit);
                })
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse(null);
    }

    private static Stream<ConstraintDescriptor<?>> withParts(ConstraintDescriptor<?> constraint) {
        return Stream.concat(
                Stream.of(constraint),
                constraint.getComposingConstraints().stream().flatMap(SettingForm::withParts));
    }

    private static String symbol(@Nullable Object unit) {
        return unit instanceof TimeUnit time ? symbol(time) : unit instanceof DataSizeUnit size ? symbol(size) : "";
    }

    private static String symbol(DataSizeUnit unit) {
        return unit == DataSizeUnit.BYTES ? "B" : " " + unit.name().toLowerCase(Locale.ROOT);
    }

    private static String symbol(TimeUnit unit) {
        return switch (unit) {
            case NANOSECONDS -> "ns";
            case MICROSECONDS -> "us";
            case MILLISECONDS -> "ms";
            case SECONDS -> "s";
            case MINUTES -> "m";
            case HOURS -> "h";
            case DAYS -> "d";
        };
    }
}
