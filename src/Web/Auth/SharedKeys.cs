using System.Xml.Linq;
using Dapper;
using LiveProctor.Core.Storage;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace LiveProctor.Web.Auth;

/// <summary>Keeps the keys that protect cookies in the database, so that a person signed in at one node is signed in at all.</summary>
internal sealed class SharedKeys(Db db) : IXmlRepository
{
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
