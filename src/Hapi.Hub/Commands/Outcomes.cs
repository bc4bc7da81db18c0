namespace Hapi.Hub.Commands;

/// <summary>What became of a wish.</summary>
internal enum SendOutcome
{
    Stored,

    /// <summary>Stored; the process is out of reach and gets it when it is back.</summary>
    Pending,
    Ended,

    /// <summary>The process would not.</summary>
    Refused,
}

/// <summary>What became of a person's answer to a request.</summary>
internal enum AnswerOutcome
{
    Stored,
    Pending,
    Ended,
    Unknown,
    AlreadyAnswered,
    ModeNotOffered,
}

/// <summary>What became of taking a message back.</summary>
internal enum CancelOutcome
{
    Cancelled,
    Invoked,
    Busy,
}

/// <summary>What became of trying a message again.</summary>
internal enum RetryOutcome
{
    Retried,
    AlreadyQueued,
    Unavailable,
    Invoked,
    NotFound,
}

/// <summary>What won when a request was answered before.</summary>
internal sealed record WinningAnswer(string Decision, string? By);
