using System.Runtime.InteropServices;
using Hapi.Bench;
using Hapi.Bench.Rows;

if (args is not [var executable, var web, .. var wanted])
{
    Console.Error.WriteLine("Hapi.Bench <hapi> <web/dist> [row …]");
    return 2;
}

IReadOnlyList<IRow> all =
[
    new StoredRow(), new DeliveredRow(), new ScreenRow(clients: 1, gzip: false), new ScreenRow(clients: 50, gzip: true), new AgentRow(), new CallsRow(),
    new SessionListRow(), new PagesRow(), new IdleSessionsRow(), new FootprintRow(), new StartRow(), new ScriptRow(), new KilledRow(),
];
var rows = wanted.Length == 0 ? all : [.. all.Where(row => wanted.Contains(row.Name))];
if (rows.Count == 0)
{
    Console.Error.WriteLine($"There is no such row. There are: {string.Join(", ", all.Select(row => row.Name).Distinct())}");
    return 2;
}

using var stage = new Stage(Path.GetFullPath(executable), Path.GetFullPath(web));
Console.WriteLine($"Hub and clients on the same {Environment.ProcessorCount} cores, {RuntimeInformation.OSArchitecture}; load before: {Stage.Load}");
Console.WriteLine();
Console.WriteLine("| row | what | goal | measured |");
Console.WriteLine("| --- | --- | --- | --- |");
foreach (var row in rows)
{
    string measured;
    try
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        measured = await row.MeasureAsync(stage, patience.Token);
    }
    catch (Exception ex)
    {
        // One row that cannot be measured must not hide the others.
        measured = $"not measured: {ex.GetType().Name}: {ex.Message}";
    }

    Console.WriteLine($"| {row.Name} | {row.What} | {row.Goal} | {measured} |");
}

Console.WriteLine();
Console.WriteLine($"Load after: {Stage.Load}");
return 0;
