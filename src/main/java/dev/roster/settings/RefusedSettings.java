package dev.roster.settings;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import dev.roster.settings.Variables.Variable;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationValidationException;
import io.dropwizard.validation.ConstraintViolations;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Path;
import jakarta.validation.Validator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Explains in one line which variable or setting has a wrong value, what it may be, and an example. */
final class RefusedSettings {
    /** A message that names its variable by itself. */
    private static final Pattern NAMED = Pattern.compile("\\((?<name>[A-Z_]+)\\) (?<message>.*)", Pattern.DOTALL);

    private final Variables variables;
    private final SettingForm form;

    RefusedSettings(Variables variables, Validator validator) {
        this.variables = variables;
        this.form = new SettingForm(validator);
    }

    /** Returns the line, or null if nothing is known about the setting. Values are not part of it. */
    @Nullable
    String explain(ConfigurationException failure) {
        if (failure instanceof ConfigurationValidationException violated) {
            return violated.getConstraintViolations().stream()
                    .map(this::explain)
                    .sorted()
                    .distinct()
                    .collect(Collectors.joining("; "));
        }
        return failure.getCause() instanceof JsonMappingException unread
                        && !(unread instanceof UnrecognizedPropertyException)
                        && !unread.getPath().isEmpty()
                ? explain(unread)
                : null;
    }

    private String explain(ConstraintViolation<?> violation) {
        String setting = SettingPath.of(violation.getPropertyPath());
        Matcher named = NAMED.matcher(violation.getMessage());
        if (named.matches()) {
            return named.group("name") + ": " + named.group("message");
        }
        Variable variable = variables.feeding(setting);
        String property = "";
        for (Path.Node node : violation.getPropertyPath()) {
            property = String.valueOf(node.getName());
        }
        Object section = violation.getLeafBean();
        boolean isRule = violation.getConstraintDescriptor().getAnnotation() instanceof ValidationMethod;
        String allowed = section == null || isRule ? null : form.of(section.getClass(), property, null);
        return variable == null && allowed == null
                ? ConstraintViolations.format(violation).strip()
                : line(variable, setting, allowed, violation.getMessage());
    }

    private @Nullable String explain(JsonMappingException unread) {
        List<Reference> path = unread.getPath();
        String setting = SettingPath.of(path);
        Variable variable = variables.feeding(setting);
        Reference last = path.get(path.size() - 1);
        Class<?> section = last.getFrom() instanceof Class<?> type
                ? type
                : last.getFrom() == null ? null : last.getFrom().getClass();
        String allowed = form.of(section, String.valueOf(last.getFieldName()), type(unread));
        return variable == null && allowed == null
                ? null
                : line(variable, setting, allowed, "has a value of the wrong type");
    }

    private static @Nullable Class<?> type(JsonMappingException unread) {
        if (unread instanceof ValueInstantiationException value) {
            return value.getType().getRawClass();
        }
        return unread instanceof MismatchedInputException value ? value.getTargetType() : null;
    }

    private static String line(@Nullable Variable variable, String setting, @Nullable String form, String otherwise) {
        String allowed = form == null ? otherwise : form;
        if (variable == null) {
            return setting + ": " + allowed;
        }
        boolean isExemplified =
                variable.standard().isEmpty() || (form == null && otherwise.contains(variable.standard()));
        return variable.name() + " (" + setting + "): " + allowed
                + (isExemplified ? "" : ", such as " + variable.standard());
    }
}
