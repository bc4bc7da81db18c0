import { QueryClient, useQuery } from '@tanstack/react-query'
import type { Session, SessionDetail, SessionList, SessionSummary } from '../contracts.ts'
import { readStored, writeStored } from '../app/storage.ts'
import { HubError } from '../hub/errors.ts'
import { request, sessionPath } from '../hub/request.ts'

/** The one cache of what the hub knows. The event stream keeps it fresh, so nothing is ever asked for again by a timer. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      networkMode: 'always',
      retry: (count, error) => count < 2 && error instanceof HubError && error.passing,
    },
    mutations: { networkMode: 'always', retry: false },
  },
})

export const sessionsKey = ['sessions'] as const
export const sessionKey = (id: string) => ['session', id] as const

const listKey = 'sessions'

export function useSessions() {
  return useQuery<SessionSummary[]>({
    queryKey: sessionsKey,
    queryFn: async () => (await request<SessionList>('GET', '/api/sessions')).sessions,
    // The last list paints at once, and counts as old.
    initialData: () => readStored<SessionSummary[]>(listKey) ?? undefined,
    initialDataUpdatedAt: 0,
  })
}

export function useSession(id: string) {
  return useQuery<Session>({
    queryKey: sessionKey(id),
    queryFn: async () => (await request<SessionDetail>('GET', sessionPath(id))).session,
  })
}

let writing: ReturnType<typeof setTimeout> | null = null

/** Keeps the list for the next cold start, a little after it has changed. */
export function rememberList(): () => void {
  return queryClient.getQueryCache().subscribe(event => {
    if (event.type !== 'updated' || event.query.queryKey[0] !== sessionsKey[0] || writing !== null) return
    writing = setTimeout(() => {
      writing = null
      const sessions = queryClient.getQueryData<SessionSummary[]>(sessionsKey)
      if (sessions) writeStored(listKey, sessions)
    }, 500)
  })
}
