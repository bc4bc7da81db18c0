// A runner, or one of the session processes it starts, as a real program without a hub and without agents.
using Hapi.RunnerTestProgram;

return args is ["runner", "start-sync", .. var wishes] ? await RunnerProgram.RunAsync(wishes) : await SessionProgram.RunAsync(args);
