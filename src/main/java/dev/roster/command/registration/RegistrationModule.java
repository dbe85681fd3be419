package dev.roster.command.registration;

import dev.roster.command.Commands;
import dev.roster.command.account.AccountModule;
import dev.roster.command.verification.VerificationModule;
import dev.roster.host.BodyType;
import dev.roster.host.Host;
import dev.roster.host.Room;
import dev.roster.user.ChosenRole;
import dev.roster.user.EmailAddress;
import dev.roster.user.PersonName;
import dev.roster.user.Role;
import dev.roster.user.Roles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Registration. */
public final class RegistrationModule implements Room {
    private static final Logger LOGGER = LoggerFactory.getLogger(RegistrationModule.class);
    private static final String ADMIN = "admin";

    private final boolean isOpen;
    private final Roles roles;
    private final UserCreation creation;
    private final Object resource;

    /** @param isOpen whether users may register themselves; operators always create users */
    public RegistrationModule(
            Host host,
            boolean isOpen,
            Roles roles,
            Commands commands,
            AccountModule accounts,
            VerificationModule verification) {
        this.isOpen = isOpen;
        this.roles = roles;
        this.creation = new UserCreation(commands, accounts.policy(), roles);
        this.resource = verification.isRequired()
                ? new PendingRegistrationResource(new RequestRegistrationHandler(
                        commands, host.ids(), accounts, creation, verification.registrations()))
                : new RegistrationResource(
                        new RegisterUserHandler(commands, host.ids(), accounts, creation, verification.mails()));
    }

    public UserCreation creation() {
        return creation;
    }

    @Override
    public void plugInto(Host host) {
        host.bodyType(new BodyType<>(PersonName.class, PersonName::new, new PersonName("x")));
        host.bodyType(new BodyType<>(EmailAddress.class, EmailAddress::new, new EmailAddress("x@example.com")));
        host.bodyType(new BodyType<>(Role.class, roles::parse, Role.DEFAULT));
        host.bodyType(new BodyType<>(ChosenRole.class, roles::choose, new ChosenRole(Role.DEFAULT, true)));
        if (isOpen) {
            host.jersey(resource);
        } else {
            host.jersey(new ClosedRegistrationResource());
            host.jersey(new ClosedRegistrationResource.Refuse());
        }
        if (roles.selfAssignable().contains(ADMIN)) {
            host.onStart(RegistrationModule::explainRole);
        }
    }

    private static void explainRole() {
        LOGGER.info(
                "Users may give themselves the role {}: it grants nothing in Roster. If it grants something in your"
                        + " systems, remove it from SELF_ASSIGNABLE_ROLES",
                ADMIN);
    }
}
