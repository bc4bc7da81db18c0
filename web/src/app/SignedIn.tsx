import { QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense, useEffect } from 'react'
import { Route, Switch, useRoute } from 'wouter'
import { ConnectionBanner } from '../notices/ConnectionBanner.tsx'
import { queryClient, rememberSessions } from '../sessions/queries.ts'
import { followHub } from './liveFeed.ts'
import './shell.css'

const SessionsPage = lazy(() => import('../sessions/SessionsPage.tsx'))
const NewSessionPage = lazy(() => import('../starts/NewSessionPage.tsx'))
const MachinePage = lazy(() => import('../machines/MachinePage.tsx'))
const ThreadPage = lazy(() => import('../threads/ThreadPage.tsx'))

/** The app of somebody who is signed in: the list, and beside it (on a phone: over it) what was opened. */
export default function SignedIn() {
  useEffect(() => {
    const stops = [followHub(), rememberSessions()]
    return () => stops.forEach(stop => stop())
  }, [])
  const [session] = useRoute('/sessions/:id')
  const [machine] = useRoute('/machines/:id')
  const opened = session || machine
  return (
    <QueryClientProvider client={queryClient}>
      <div className={opened ? 'shell shell-opened' : 'shell'}>
        <ConnectionBanner />
        <div className="panes">
          <div className="pane-list">
            <Suspense fallback={null}>
              <SessionsPage />
            </Suspense>
          </div>
          <div className="pane-main">
            <Suspense fallback={null}>
              <Switch>
                <Route path="/sessions/new">
                  <NewSessionPage />
                </Route>
                <Route path="/machines/:id">{({ id }) => <MachinePage key={id} id={id} />}</Route>
                <Route path="/sessions/:id">{({ id }) => <ThreadPage key={id} id={id} />}</Route>
                <Route>
                  <p className="pane-empty">Choose a session.</p>
                </Route>
              </Switch>
            </Suspense>
          </div>
        </div>
      </div>
    </QueryClientProvider>
  )
}
