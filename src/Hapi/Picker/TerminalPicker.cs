using System.Text;

namespace Hapi.Picker;

/// <summary>A picker on the terminal: the whole screen while it lasts, and the screen as it was afterwards. It draws on stderr; stdout is for answers.</summary>
internal static class TerminalPicker
{
    private const int UsualWidth = 80, UsualHeight = 24;
    private const string Enter = "\e[?1049h\e[?25l", Leave = "\e[?25h\e[?1049l", Home = "\e[H", ClearLine = "\e[K", ClearBelow = "\e[J";

    /// <summary>Whether somebody can see it and type.</summary>
    public static bool CanShow => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    /// <summary>Gives the picked row, or <see langword="null"/> when the person left.</summary>
    public static PickerRow? Choose(string title, IReadOnlyList<PickerRow> rows)
    {
        var state = new PickerState(title, rows, Known(Console.WindowHeight, UsualHeight));
        void Restore(object? sender, EventArgs e) => Console.Error.Write(Leave);
        AppDomain.CurrentDomain.ProcessExit += Restore; // a signal must not leave the terminal on the other screen
        Console.TreatControlCAsInput = true;
        try
        {
            Console.Error.Write(Enter);
            while (true)
            {
                Draw(state);
                switch (state.Press(Console.ReadKey(intercept: true)))
                {
                    case PickerOutcome.Chosen:
                        return state.Selected;
                    case PickerOutcome.Cancelled:
                        return null;
                }
            }
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= Restore;
            Console.TreatControlCAsInput = false;
            Restore(null, EventArgs.Empty);
        }
    }

    // A terminal without a window, as some programs make them, says 0.
    private static int Known(int size, int usual) => size > 0 ? size : usual;

    private static void Draw(PickerState state)
    {
        var screen = new StringBuilder(Home);
        screen.AppendJoin("\r\n", state.Lines(Known(Console.WindowWidth, UsualWidth) - 1).Select(line => line + ClearLine));
        Console.Error.Write(screen.Append(ClearBelow).ToString());
    }
}
