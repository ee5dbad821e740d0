using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace LiveProctor.Core.Storage;

/// <summary>Chooses the SQLite library: the system's when it is newer than the bundled 3.35.5, since fixes arrive there first.</summary>
internal static class SqliteLibrary
{
    private const int BundledVersion = 3_035_005;
    private static readonly Lock Once = new();
    private static bool prepared;

    /// <summary>Must run before the first connection; later calls do nothing.</summary>
    public static void Prepare()
    {
        lock (Once)
        {
            if (prepared)
            {
                return;
            }

            NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
            Batteries_V2.Init();
            prepared = true;
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        string.Equals(name, "e_sqlite3", StringComparison.Ordinal) && NewerSystemLibrary() is { } library ? library : 0;

    private static nint? NewerSystemLibrary()
    {
        foreach (var name in (string[])["libsqlite3.so.0", "libsqlite3.dylib"])
        {
            if (NativeLibrary.TryLoad(name, out var library)
                && NativeLibrary.TryGetExport(library, "sqlite3_libversion_number", out var version)
                && Marshal.GetDelegateForFunctionPointer<VersionNumber>(version)() > BundledVersion)
            {
                return library;
            }
        }

        return null;
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int VersionNumber();
}
