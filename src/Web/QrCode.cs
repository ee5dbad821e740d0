using QRCoder;

namespace LiveProctor.Web;

/// <summary>QR codes as SVG: sharp on a projector and on paper.</summary>
internal static class QrCode
{
    /// <summary>The code of an address, dark on light with its quiet zone, whatever the page's colours.</summary>
    public static string Svg(string address)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(address, QRCodeGenerator.ECCLevel.M);
        using var code = new SvgQRCode(data);
        return code.GetGraphic(8, "#000000", "#ffffff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
    }
}
