namespace LiveProctor.Core.Notifications;

/// <summary>
/// Without a mail server, mails are .eml files. A file's name is the mail's id and it appears whole, so writing it again after a crash changes nothing.
/// </summary>
public sealed class FileCarrier(string folder) : IMailCarrier
{
    public (TimeSpan Talk, TimeSpan End) Patience => (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));

    public bool Repeatable => true;

    // RFC 2606: an address that nobody has.
    public string From => "liveproctor@localhost.invalid";

    public MailDelivery Describe() => new("files", folder, From);

    public async Task<MailFate> Carry(Mail mail, Func<Task<bool>> handOver, CancellationToken stop)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            var path = Path.Combine(folder, $"{mail.MessageId[..mail.MessageId.IndexOf('@', StringComparison.Ordinal)]}.eml");
            var part = path + ".part";
            await using (var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                await file.WriteAsync(MimeMessage.Write(mail), stop);
                file.Flush(flushToDisk: true);
            }

            if (!await handOver())
            {
                File.Delete(part);
                return new MailFate(Fate.Abandoned, "");
            }

            File.Move(part, path, overwrite: true);
            return new MailFate(Fate.Written, Path.GetFileName(path));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new MailFate(Fate.Later, $"The file could not be written: {fault.Message}", Server: true);
        }
    }

    public Task Rest() => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
