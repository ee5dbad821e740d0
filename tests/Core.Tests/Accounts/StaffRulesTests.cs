using LiveProctor.Core.Accounts;
using Xunit;

namespace LiveProctor.Core.Tests.Accounts;

public sealed class StaffRulesTests
{
    [Theory]
    [InlineData("a@b.example", true)]
    [InlineData("first.last+tag@sub.school.example", true)]
    [InlineData("admin@localhost", true)]
    [InlineData("", false)]
    [InlineData("a", false)]
    [InlineData("a@", false)]
    [InlineData("@b.example", false)]
    [InlineData("a b@c.example", false)]
    [InlineData("Name <a@b.example>", false)]
    [InlineData("a@b.example,c@d.example", false)]
    [InlineData("a@b.example\n", false)]
    public void An_email_is_one_plain_address(string text, bool valid) => Assert.Equal(valid, StaffRules.IsEmail(text));

    [Theory]
    [InlineData("correct horse", true)]
    [InlineData("elevenchars", false)]
    [InlineData("abababababab", false)]
    [InlineData("somebody@school.example", false)]
    [InlineData("SOMEBODY@school.example", false)]
    [InlineData("ein Wort mit Ümläuten", true)]
    public void A_password_is_long_varied_and_not_the_email(string password, bool taken) =>
        Assert.Equal(taken, StaffRules.PasswordFault(password, "somebody@school.example") is null);

    [Fact]
    public void A_password_that_would_be_costly_to_hash_is_refused() =>
        Assert.NotNull(StaffRules.PasswordFault(new string('a', 100) + new string('b', 100) + "cd", "a@b.example"));
}
