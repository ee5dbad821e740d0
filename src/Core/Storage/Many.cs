using System.Data;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;

namespace LiveProctor.Core.Storage;

/// <summary>
/// Any number of texts as one parameter of <see cref="Dialect.Among"/>: an array for PostgreSQL, a JSON document for SQLite.
/// A parameter each would take SQLite's driver a time that grows with the square of their number.
/// </summary>
internal sealed class Many(IEnumerable<string> values) : SqlMapper.ICustomQueryParameter
{
    public void AddParameter(IDbCommand command, string name)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = command is SqliteCommand ? JsonSerializer.Serialize(values) : values.ToArray();
        command.Parameters.Add(parameter);
    }
}
