// A session process without a hub, whose agent does what its mode says: to see how such a session ends.
using Hapi.Agents;
using Hapi.Session;
using Hapi.TestSession;

var (home, id, mode) = args is [var h, var i, var m] ? (h, i, m) : throw new InvalidOperationException("Home, session id and mode, please.");
var flavor = new AgentFlavor("odd", "Odd agent", "oddSessionId", [], (_, host, _) => new OddAgent(mode, host));
var options = new SessionOptions(
    home, new Uri("http://127.0.0.1:9"), "token", "1.0.0", id, flavor, new AgentStart("odd", home, new Dictionary<string, string>()), "machine", "host", "terminal");
return await SessionHost.RunAsync(options, new OddLines(mode), TimeProvider.System);
