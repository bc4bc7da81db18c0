using Hapi.Doctor;

namespace Hapi.Cli.Tests.Doctor;

/// <summary>Which unit a process runs under.</summary>
public sealed class ControlGroupTests
{
    [Theory]
    [InlineData("0::/user.slice/user-1000.slice/user@1000.service/app.slice/hapi-runner.service\n", "hapi-runner.service", true)]
    [InlineData("0::/system.slice/hapi.service\n", "hapi.service", false)]
    [InlineData("1:name=systemd:/system.slice/ssh.service\n", "ssh.service", false)]
    [InlineData("0::/system.slice/hapi.service/sub\n", "hapi.service", false)]
    public void The_last_service_on_the_way_is_its_unit(string text, string unit, bool ofUser) => Assert.Equal(new ControlGroup(unit, ofUser), ControlGroup.Read(text));

    [Theory]
    [InlineData("0::/\n")]
    [InlineData("0::/user.slice/user-1000.slice/session-3.scope\n")]
    [InlineData("0::/user.slice/user-1000.slice/user@1000.service/app.slice/hapi-session-1.scope\n")]
    [InlineData("0::/user.slice/user-1000.slice/user@1000.service/init.scope\n")]
    [InlineData("")]
    public void A_terminal_a_scope_of_its_own_and_a_container_are_none(string text) => Assert.Null(ControlGroup.Read(text));
}
