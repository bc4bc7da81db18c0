import { QueryClient, useQuery } from '@tanstack/react-query'
import type { Session, SessionDetail, SessionList, SessionSummary } from '../contracts.ts'
import { readStored, writeStored } from '../app/storage.ts'
import { HubError } from '../hub/errors.ts'
import { request, sessionPath } from '../hub/request.ts'
import { withMissedEvents } from './missedEvents.ts'

/** The one cache of what the hub knows. The event stream keeps it fresh, so nothing is ever asked for again by a timer. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      refetchOnMount: 'always',
      networkMode: 'always',
      retry: (count, error) => count < 2 && error instanceof HubError && error.passing,
    },
    mutations: { networkMode: 'always', retry: false },
  },
})

export const sessionsKey = ['sessions'] as const
export const sessionKey = (id: string) => ['session', id] as const

const listKey = 'sessions'
const openedKey = 'opened'

export function useSessions() {
  return useQuery<SessionSummary[]>({
    queryKey: sessionsKey,
    queryFn: () => withMissedEvents(async () => (await request<SessionList>('GET', '/api/sessions')).sessions),
    // The last list paints at once, and counts as old.
    initialData: () => readStored<SessionSummary[]>(listKey) ?? undefined,
  })
}

export function useSession(id: string) {
  return useQuery<Session>({
    queryKey: sessionKey(id),
    queryFn: () => withMissedEvents(async () => (await request<SessionDetail>('GET', sessionPath(id))).session),
    initialData: () => lastOpened(id),
  })
}

function lastOpened(id: string): Session | undefined {
  const session = readStored<Session>(openedKey)
  return session?.id === id ? session : undefined
}

let writing: ReturnType<typeof setTimeout> | null = null

/** Keeps the list, and the session that was opened last, for the next cold start, a little after they have changed. */
export function rememberSessions(): () => void {
  return queryClient.getQueryCache().subscribe(event => {
    if (event.type !== 'updated' || writing !== null) return
    writing = setTimeout(() => {
      writing = null
      const sessions = queryClient.getQueryData<SessionSummary[]>(sessionsKey)
      if (sessions) writeStored(listKey, sessions)
      const opened = queryClient.getQueryCache().findAll({ queryKey: ['session'], type: 'active' })[0]?.state.data
      if (opened) writeStored(openedKey, opened)
    }, 500)
  })
}
