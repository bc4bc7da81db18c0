import { text } from '../app/json.ts'

/** The hub refused, or could not be reached (`status` 0). Branch on `status` and `code`, show `message`. */
export class HubError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly code: string | null = null,
    readonly body: unknown = null,
  ) {
    super(message)
  }

  get unreachable(): boolean {
    return this.status === 0
  }

  /** Trying the same thing again later can work. */
  get passing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500
  }
}

export function unreachable(cause: unknown): HubError {
  return cause instanceof HubError ? cause : new HubError(0, 'The hub does not answer.')
}

export async function refusal(answer: Response): Promise<HubError> {
  let body: unknown = null
  try {
    body = await answer.json()
  } catch {
    // Not every refusal has a JSON body.
  }
  return new HubError(answer.status, text(body, 'error') ?? `The hub answered ${answer.status}.`, text(body, 'code'), body)
}

/** What to tell a person. A fault of this app's own has no words for them. */
export function messageOf(error: unknown): string {
  return error instanceof HubError ? error.message : 'Something unexpected happened.'
}
