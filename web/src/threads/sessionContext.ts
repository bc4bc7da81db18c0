import { createContext, use } from 'react'

/** The session whose thread is shown, for what stands deep inside it. */
export const SessionIdContext = createContext<string | null>(null)

export function useSessionId(): string | null {
  return use(SessionIdContext)
}
