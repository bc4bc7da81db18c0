namespace Hapi.Bench.Rows;

/// <summary>One line of the table. Each starts what it needs, and leaves nothing behind.</summary>
internal interface IRow
{
    /// <summary>The word that picks it on the command line.</summary>
    string Name { get; }

    string What { get; }

    string Goal { get; }

    Task<string> MeasureAsync(Stage stage, CancellationToken cancellationToken);
}
