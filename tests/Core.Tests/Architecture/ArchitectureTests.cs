using System.Text.RegularExpressions;
using System.Xml.Linq;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using Xunit;

namespace LiveProctor.Core.Tests.Architecture;

/// <summary>What the folders promise: who knows whom, and which code is pure.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string[] Machinery = ["Dapper", "Npgsql", "Microsoft.Data", "System.Data", "StackExchange.Redis", "Quartz", "Microsoft.AspNetCore", "Microsoft.Extensions", "LiveProctor.Core.Storage"];

    public static TheoryData<string, string[]> Arrows => new()
    {
        { "Core", [] },
        { "Hub", ["Core"] },
        { "Scheduler", ["Core"] },
        { "Web", ["Core", "Hub", "Scheduler"] },
    };

    public static TheoryData<Type> PureTypes => [.. typeof(ProblemKind).Assembly.GetTypes().Where(IsPure)];

    [Theory]
    [MemberData(nameof(Arrows))]
    public void A_project_knows_only_those_that_the_arrows_point_to(string project, string[] known)
    {
        var references = XDocument.Parse(Repository.Read($"src/{project}/{project}.csproj"))
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

        Assert.Equal(known, references.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Core_is_built_without_the_web_and_without_the_scheduler()
    {
        var foreign = typeof(ProblemKind).Assembly.GetReferencedAssemblies()
            .Select(assembly => assembly.Name!)
            .Where(name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
                || name.StartsWith("LiveProctor", StringComparison.Ordinal)
                || name.StartsWith("Quartz", StringComparison.Ordinal));

        Assert.Empty(foreign);
    }

    [Theory]
    [InlineData("StackExchange.Redis", "src/Core/")]
    [InlineData("Quartz", "src/Scheduler/")]
    [InlineData("Microsoft.AspNetCore.Http", "src/Web/")]
    public void What_one_project_is_there_for_no_other_uses(string used, string where)
    {
        var users = Repository.Files("src", "*.cs").Where(file => Regex.IsMatch(
            Repository.Read(file), $@"^(global )?using {Regex.Escape(used)}\b", RegexOptions.Multiline, TimeSpan.FromSeconds(10)));

        Assert.All(users, file => Assert.StartsWith(where, file, StringComparison.Ordinal));
    }

    [Fact]
    public void Rules_and_entities_are_found()
    {
        var names = typeof(ProblemKind).Assembly.GetTypes().Where(IsPure).Select(type => type.Name).ToList();

        Assert.Superset(new HashSet<string>(StringComparer.Ordinal) { "Session", "SessionRules", "Entry", "EntryRules", "PresenceRules" }, names.ToHashSet(StringComparer.Ordinal));
        Assert.DoesNotContain(nameof(Db), names);
    }

    [Fact]
    public void Machinery_is_seen_where_it_is_used() => Assert.Contains(typeof(Dapper.SqlMapper), NamedTypes.Of(typeof(SessionStore)));

    [Theory]
    [MemberData(nameof(PureTypes))]
    public void Rules_and_entities_know_nothing_of_the_machinery(Type pure)
    {
        var machinery = NamedTypes.Of(pure)
            .Where(type => Machinery.Any(name => type.Namespace == name || type.Namespace?.StartsWith(name + ".", StringComparison.Ordinal) == true));

        Assert.Empty(machinery);
    }

    [Theory]
    [InlineData(@"\bStopwatch\b|\bEnvironment\.TickCount", "the time comes from TimeProvider")]
    [InlineData(@"disable RS0030|NoWarn.*RS0030|SuppressMessage.*RS0030", "banned symbols stay banned")]
    [InlineData(@"\bSpinWait\b|\bSpinUntil\b", "wait on an event")]
    public void Nobody_goes_around_the_banned_symbols(string pattern, string because)
    {
        var self = $"{nameof(ArchitectureTests)}.cs";
        var found = new[] { "src", "tests" }.SelectMany(folder => Repository.Files(folder, "*.cs").Concat(Repository.Files(folder, "*.csproj")))
            .Where(file => Path.GetFileName(file) != self && Regex.IsMatch(Repository.Read(file), pattern, RegexOptions.None, TimeSpan.FromSeconds(10)));

        Assert.True(!found.Any(), $"{because}: {string.Join(", ", found)}");
    }

    [Fact]
    public void Tests_wait_for_what_they_wait_for_and_not_for_a_while()
    {
        var sleeping = Repository.Files("tests", "*.cs")
            .Where(file => file != Path.Combine("tests", "Support", "Eventually.cs") && SystemDelay().IsMatch(Repository.Read(file)));

        Assert.Empty(sleeping);
    }

    /// <summary>Rules, and the records of things that have rules or a store of their own.</summary>
    private static bool IsPure(Type type)
    {
        return !type.IsNested && type.Namespace != typeof(Db).Namespace
            && (type.Name.EndsWith("Rules", StringComparison.Ordinal) || type.Name.EndsWith("Transitions", StringComparison.Ordinal) || Stands("Rules") || Stands("Store"));

        bool Stands(string suffix) => type.Assembly.GetType(type.FullName + suffix) is not null;
    }

    [GeneratedRegex(@"Task\.Delay\([^;]*TimeProvider\.System|Thread\.Sleep", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex SystemDelay();
}
