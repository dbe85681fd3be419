package dev.roster.settings;

import io.dropwizard.util.Duration;
import jakarta.validation.Validator;
import jakarta.validation.metadata.ConstraintDescriptor;
import jakarta.validation.metadata.PropertyDescriptor;
import java.lang.annotation.Annotation;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Describes the values that a setting may have, by its type and its constraints. */
final class SettingForm {
    private static final Set<Class<?>> NUMBERS = Set.of(int.class, Integer.class, long.class, Long.class);

    private final Validator validator;

    SettingForm(Validator validator) {
        this.validator = validator;
    }

    /**
     * Returns the form of a number or a duration, such as {@code must be a whole number from 4 to 16}; null for other
     * types.
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
        String kind;
        if (known == Duration.class) {
            kind = "must be a duration (a number and one of the units ms, s, m, h, d)";
        } else if (known != null && NUMBERS.contains(known)) {
            kind = "must be a whole number";
        } else {
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
                    return value == null ? "" : value + (unit instanceof TimeUnit time ? symbol(time) : "");
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
