using System.Data;
using Dapper;

namespace LiveProctor.Core.Storage;

/// <summary>How values stand in columns: instants as Unix milliseconds.</summary>
internal static class Columns
{
    /// <summary>Registers the conversions with Dapper; repeating it does nothing.</summary>
    public static void Register()
    {
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new InstantColumn());
    }

    private sealed class InstantColumn : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => DateTimeOffset.FromUnixTimeMilliseconds((long)value);

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value)
        {
            parameter.DbType = DbType.Int64;
            parameter.Value = value.ToUnixTimeMilliseconds();
        }
    }
}
