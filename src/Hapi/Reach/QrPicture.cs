using System.Text;
using QRCoder;

namespace Hapi.Reach;

/// <summary>A QR code as text: two modules a character, light on dark, with the quiet zone a camera needs.</summary>
internal static class QrPicture
{
    private const int Quiet = 2;

    public static IReadOnlyList<string> Lines(string content)
    {
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(content, QRCodeGenerator.ECCLevel.L);
        var modules = code.ModuleMatrix;
        var border = modules.TakeWhile(row => !row.Cast<bool>().Any(dark => dark)).Count(); // the library brings a border of its own
        var size = modules.Count - (2 * border);
        bool Dark(int x, int y) => x >= 0 && y >= 0 && x < size && y < size && modules[y + border][x + border];

        var lines = new List<string>();
        for (var y = -Quiet; y < size + Quiet; y += 2)
        {
            var line = new StringBuilder();
            for (var x = -Quiet; x < size + Quiet; x++)
            {
                line.Append((Dark(x, y), Dark(x, y + 1)) switch
                {
                    (false, false) => '█',
                    (false, true) => '▀',
                    (true, false) => '▄',
                    _ => ' ',
                });
            }

            lines.Add(line.ToString());
        }

        return lines;
    }
}
