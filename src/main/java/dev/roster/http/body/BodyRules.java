package dev.roster.http.body;

import dev.roster.refusal.Reason;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import jakarta.validation.ConstraintViolation;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Objects;
import org.hibernate.validator.constraintvalidation.HibernateConstraintValidatorContext;
import org.hibernate.validator.engine.HibernateConstraintViolation;

/**
 * The rules across the members of a body: methods of its record with Dropwizard's {@code @SelfValidation}. If a body
 * breaks a rule, the method tells the reason here.
 */
public final class BodyRules {
    private BodyRules() {}

    /** A record without required members that a request may leave out: no body then means {@code {}}. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    public @interface MayBeAbsent {}

    /** The object that is checked breaks a rule. */
    public static void refuse(ViolationCollector violations, Reason reason) {
        attach(violations, reason);
        violations.addViolation(reason.message());
    }

    /** This component of the record that is checked breaks a rule. */
    public static void refuse(ViolationCollector violations, String component, Reason reason) {
        attach(violations, reason);
        violations.addViolation(component, reason.message());
    }

    private static void attach(ViolationCollector violations, Reason reason) {
        violations
                .getContext()
                .unwrap(HibernateConstraintValidatorContext.class)
                .withDynamicPayload(reason);
    }

    static Reason reason(ConstraintViolation<?> violation) {
        HibernateConstraintViolation<?> broken = violation.unwrap(HibernateConstraintViolation.class);
        return Objects.requireNonNull(broken.getDynamicPayload(Reason.class), "A rule of a body tells its reason");
    }
}
