using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Registrations;

/// <summary>Registrations that the change has locked, to be written over what they were.</summary>
internal sealed class RegistrationSaves : IWriteLater
{
    private readonly Dictionary<string, Registration> saves = new(StringComparer.Ordinal);

    public void Add(Registration registration) => saves[registration.Id] = registration;

    public void Take(IWriteLater later)
    {
        foreach (var registration in ((RegistrationSaves)later).saves.Values)
        {
            Add(registration);
        }
    }

    public Task Write(Change change) => RegistrationStore.Save(change, saves.Values);
}
