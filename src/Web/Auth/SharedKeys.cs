using System.Xml.Linq;
using Dapper;
using LiveProctor.Core.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace LiveProctor.Web.Auth;

/// <summary>Keeps the keys that protect cookies in the database, so that a person signed in at one node is signed in at all.</summary>
internal sealed class SharedKeys(Db db) : IXmlRepository
{
    // Any number that nothing else in the database uses.
    private const long LockNumber = 4_771_902_238;

    /// <summary>Has the first key made by one node alone: of nodes that start at once, each would make its own and not look for the others' for a day.</summary>
    public async Task MakeFirst(IDataProtectionProvider protection)
    {
        await using var connection = await db.Open();
        if (db.Dialect == Dialect.Postgres)
        {
            await connection.ExecuteAsync("SELECT pg_advisory_lock(@number)", new { number = LockNumber });
        }

        try
        {
            protection.CreateProtector(nameof(SharedKeys)).Protect("");
        }
        finally
        {
            if (db.Dialect == Dialect.Postgres)
            {
                await connection.ExecuteAsync("SELECT pg_advisory_unlock(@number)", new { number = LockNumber });
            }
        }
    }

    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. Wait(db.Read(connection => connection.QueryAsync<string>("SELECT xml FROM data_protection_keys ORDER BY name"))).Select(XElement.Parse)];

    public void StoreElement(XElement element, string friendlyName) => Wait(db.Write(async (connection, transaction) =>
    {
        const string sql = "INSERT INTO data_protection_keys (name, xml) VALUES (@name, @xml) ON CONFLICT (name) DO UPDATE SET xml = @xml";
        return (await connection.ExecuteAsync(sql, new { name = friendlyName, xml = element.ToString(SaveOptions.DisableFormatting) }, transaction), Commit: true);
    }));

    // The framework's interface knows no tasks; it is called at start and about once a day.
    private static T Wait<T>(Task<T> task) => Task.Run(() => task).GetAwaiter().GetResult();
}
