package dev.roster.command.registration;

import dev.roster.command.Commands;
import dev.roster.command.account.AccountModule;
import dev.roster.host.BodyType;
import dev.roster.host.Host;
import dev.roster.host.Room;
import dev.roster.limit.RegistrationLimit;
import dev.roster.user.ChosenRole;
import dev.roster.user.EmailAddress;
import dev.roster.user.PersonName;
import dev.roster.user.Role;
import dev.roster.user.Roles;

/** Registration. */
public final class RegistrationModule implements Room {
    private final Roles roles;
    private final UserCreation creation;
    private final RegisterUserHandler register;

    public RegistrationModule(
            Host host, Roles roles, Commands commands, AccountModule accounts, RegistrationLimit limit) {
        this.roles = roles;
        this.creation = new UserCreation(commands, accounts.policy(), roles);
        this.register = new RegisterUserHandler(
                commands, limit, host.ids(), accounts.passwords(), creation, accounts.threads());
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
        host.jersey(new RegistrationResource(register));
    }
}
