using System.Data.Common;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Http;

/// <summary>What goes wrong inside becomes an answer with a stable code; what a client causes is no fault of the hub.</summary>
internal sealed partial class Faults(RequestDelegate next, ILogger<Faults> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException ex)
        {
            await RefuseAsync(context, ex.StatusCode,
                ex.StatusCode is StatusCodes.Status413PayloadTooLarge ? "The body is too large." : "The request is malformed.",
                ex.StatusCode is StatusCodes.Status413PayloadTooLarge ? ErrorCodes.BodyTooLarge : ErrorCodes.BadRequest);
        }
        catch (HubStoppingException)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "The hub is stopping.", ErrorCodes.Stopping);
        }
        catch (WriteConflictException)
        {
            await RefuseAsync(context, StatusCodes.Status409Conflict, "It was changed by others at the same time, again and again. Nothing was written; try again.", ErrorCodes.MetadataConflict);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Abort(); // nobody is left to hear an answer
        }
        catch (Exception ex)
        {
            LogFault(ex is DbException ? ex.GetBaseException() : ex, context.Request.Method, context.GetEndpoint()?.DisplayName);
            await RefuseAsync(context, StatusCodes.Status500InternalServerError, "Something went wrong in the hub.", ErrorCodes.Internal);
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string error, string code)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        return Bodies.WriteAsync(context, status, error, code);
    }

    // The route, not the address: an address may carry a token.
    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Route} failed.")]
    private partial void LogFault(Exception exception, string method, string? route);
}
