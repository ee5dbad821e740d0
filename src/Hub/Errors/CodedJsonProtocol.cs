using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using LiveProctor.Core.Problems;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace LiveProctor.Hub.Errors;

/// <summary>
/// The JSON protocol, with one difference: arguments that cannot be read are refused with a code like any other bad input.
/// The framework's own answer to them is a sentence without one, given before any filter runs.
/// </summary>
public sealed class CodedJsonProtocol(IOptions<JsonHubProtocolOptions> options) : IHubProtocol
{
    private readonly JsonHubProtocol json = new(options);

    public string Name => json.Name;

    public int Version => json.Version;

    public TransferFormat TransferFormat => json.TransferFormat;

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => json.GetMessageBytes(message);

    public bool IsVersionSupported(int version) => json.IsVersionSupported(version);

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message) =>
        json.TryParseMessage(ref input, binder, out message);

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => json.WriteMessage(
        message is CompletionMessage { Error: { } error } completion && !error.Contains(": [", StringComparison.Ordinal) && !error.StartsWith('[')
            ? CompletionMessage.WithError(completion.InvocationId!, Coded(error))
            : message,
        output);

    private static string Coded(string error) =>
        error.StartsWith("Unknown hub method", StringComparison.Ordinal) || error.EndsWith("HubException: Method does not exist.", StringComparison.Ordinal)
        ? $"[{ProblemKind.NotFound.Code}] There is no such method."
        : $"[{ProblemKind.InvalidArguments.Code}] The arguments are not those that this method takes.";
}
