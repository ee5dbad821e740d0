using System.Text;
using Dapper;

namespace LiveProctor.Core.Storage;

/// <summary>Several statements that are sent as one command: the database is waited for once, not once each.</summary>
internal sealed class Statements
{
    private readonly StringBuilder text = new();

    /// <summary>What the command says.</summary>
    public string Text => text.ToString();

    /// <summary>How many they are: for names of parameters that a statement asked for twice does not share.</summary>
    public int Count { get; private set; }

    /// <summary>The parameters of all of them.</summary>
    public DynamicParameters Parameters { get; } = new();

    /// <summary>Adds a statement, with parameters whose names no other statement of the command has.</summary>
    public void Add(string statement, DynamicParameters parameters)
    {
        Count++;
        text.AppendLine(statement).AppendLine(";");
        Parameters.AddDynamicParams(parameters);
    }
}
