using LiveProctor.Core.Catalogue;
using LiveProctor.Core.Delivery;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Rehearsals;

/// <summary>What every rehearsal of an organisation uses: a simulated delivery system and its practice test. Neither is in the lists of real ones.</summary>
internal static class RehearsalStage
{
    /// <summary>How many questions the test has.</summary>
    public const int Questions = 10;

    /// <summary>No test of a catalogue can have it: their codes have no space.</summary>
    public const string TestCode = "Rehearsal test";

    /// <summary>Makes what is missing. The organisation's row is locked by the change.</summary>
    public static async Task<DeliverySystem> Set(Change change, string organisationId)
    {
        var delivery = new DeliverySystem
        {
            Id = await change.Find<string>("SELECT id FROM delivery_systems WHERE organisation_id = @organisationId AND simulated", new { organisationId }) ?? "",
            OrganisationId = organisationId,
            Name = "Rehearsal (simulated)",
            Simulated = true,
            CreatedAt = change.Now,
        };
        if (delivery.Id.Length > 0)
        {
            return delivery;
        }

        delivery = delivery with { Id = Id.New(change.Now) };
        await DeliverySystemStore.Insert(change, delivery, Secret.Hash(DeliveryKeys.New()));
        var test = new Test
        {
            Id = Id.New(change.Now),
            Code = TestCode,
            Title = "Ten questions (simulated)",
            Kind = TestKind.Practice,
            Sections = [new SessionSection("Questions", Sealed: false)],
            Minutes = 20,
            Proctored = true,
            LaunchUrl = "https://rehearsal.invalid/",
            Delivery = delivery.Id,
            CreatedAt = change.Now,
        };
        await TestStore.Insert(change, organisationId, test, simulated: true);
        return delivery;
    }
}
