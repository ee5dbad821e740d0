using LiveProctor.Core.Audit;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Accounts;

/// <summary>What an administrator says of a new member of staff.</summary>
public sealed record NewStaff
{
    /// <summary>What the person signs in by.</summary>
    public string? Email { get; init; }

    /// <summary>1–120 characters.</summary>
    public string? Name { get; init; }

    /// <summary>What the person may do.</summary>
    public Role? Role { get; init; }

    /// <summary>Left out, one is generated and shown once.</summary>
    public string? Password { get; init; }
}

/// <summary>Adds a member of staff to the administrator's organisation.</summary>
public sealed class CreateStaff(Changes changes)
{
    /// <summary>The account; <c>invalid</c>, or <c>duplicate</c> when the e-mail is taken.</summary>
    /// <param name="hash">Makes what is kept of a password.</param>
    public async Task<Result<StaffView>> Run(Actor by, NewStaff input, string generatedPassword, Func<string, string> hash, Once? once)
    {
        var check = new Check();
        var email = check.Text("email", input.Email, 254);
        check.That(email.Length == 0 || StaffRules.IsEmail(email), "email", "This is an e-mail address such as name@example.org.");
        var name = check.Text("name", input.Name, 120);
        var role = check.Choice("role", input.Role);
        if (input.Password is { } chosen && StaffRules.PasswordFault(chosen, email) is { } fault)
        {
            check.Add("password", fault);
        }

        if (check.Failed(out var problem))
        {
            return problem;
        }

        var passwordHash = hash(input.Password ?? generatedPassword);
        return await changes.Run<StaffView>(
            by,
            async change =>
            {
                var staff = new Staff
                {
                    Id = Id.New(change.Now), OrganisationId = by.OrganisationId, Email = email, Name = name, Role = role,
                    PasswordHash = passwordHash, SecurityStamp = Secret.New(), CreatedAt = change.Now,
                };
                if (!await StaffStore.Insert(change, staff))
                {
                    return new Problem(ProblemKind.Duplicate, "Somebody signs in by this e-mail already.");
                }

                change.Record(by.OrganisationId, AuditLog.Organisation(by.OrganisationId), "staffCreated", staff.Id, new { staff.Email, staff.Name, staff.Role });
                return StaffView.Of(staff) with { Password = input.Password is null ? generatedPassword : null };
            },
            once);
    }
}

/// <summary>A member of staff as administrators see it.</summary>
public sealed record StaffView(string Id, string Email, string Name, Role Role, bool Disabled, DateTimeOffset CreatedAt)
{
    /// <summary>A generated password, in the answer to creating the account and never again.</summary>
    public string? Password { get; init; }

    /// <summary>What is shown of an account.</summary>
    public static StaffView Of(Staff staff) => new(staff.Id, staff.Email, staff.Name, staff.Role, staff.Disabled, staff.CreatedAt);
}
