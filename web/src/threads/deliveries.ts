import { lookup } from '../app/json.ts'
import type { ChatMessage } from '../contracts.ts'
import { isWaiting } from '../messages/places.ts'

interface Line {
  readonly text: string
  readonly failed: boolean
  /** Only a person can decide whether it is given to the agent once more. */
  readonly unsure?: boolean
}

/** What a person should know of a message on its way. Once the agent has it there is nothing to say. */
const lines: Readonly<Record<string, Line>> = {
  stored: { text: 'Kept by the hub until the session is back', failed: false },
  sent: { text: 'On its way to the agent', failed: false },
  accepted: { text: 'With the session', failed: false },
  refused: { text: 'The session did not take this message', failed: true },
  expired: { text: 'The session did not take this message in time', failed: true },
  cancelled: { text: 'Taken back', failed: false },
  unknown: { text: 'Nobody can tell whether the agent got this', failed: true, unsure: true },
}

export function deliveryLine(row: ChatMessage): Line | null {
  if (row.delivery?.state === 'consumed') return null
  if (row.deliveryState === 'indeterminate') return lines['unknown'] ?? null
  if (row.delivery) {
    const line = lookup(lines, row.delivery.state) ?? null
    return line && (line.failed || isWaiting(row)) ? line : null
  }
  return isWaiting(row) ? (lines['stored'] ?? null) : null
}
