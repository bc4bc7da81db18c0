import { lazy, Suspense, useEffect, useState } from 'react'
import { accountStore } from '../accounts/account.ts'
import { takeCode } from '../accounts/signIn.ts'
import { ErrorBoundary } from '../controls/ErrorBoundary.tsx'
import { Toasts } from '../notices/Toasts.tsx'
import { useStore } from './store.ts'

const SignInPage = lazy(() => import('../accounts/SignInPage.tsx'))
const SignedIn = lazy(() => import('./SignedIn.tsx'))

export function App({ code: first }: { code: string | null }) {
  const { account, notice } = useStore(accountStore)
  const [code, setCode] = useState(first)
  useEffect(() => {
    // A link that is opened in a tab that shows the app already only changes the fragment.
    const changed = () => setCode(before => takeCode() ?? before)
    window.addEventListener('hashchange', changed)
    return () => window.removeEventListener('hashchange', changed)
  }, [])
  return (
    <ErrorBoundary fallback={(error, retry) => <Broken error={error} retry={retry} />}>
      <Suspense fallback={null}>
        {account && !code ? <SignedIn /> : <SignInPage code={code} notice={notice} onCodeUsed={() => setCode(null)} keepAccount={account !== null} />}
      </Suspense>
      <Toasts />
    </ErrorBoundary>
  )
}

function Broken({ error, retry }: { error: Error; retry: () => void }) {
  return (
    <main className="broken" role="alert">
      <h1>This page has failed</h1>
      <p className="hint">{error.message}</p>
      <button type="button" className="button button-main" onClick={retry}>
        Try again
      </button>
      <button type="button" className="button" onClick={() => location.assign('/')}>
        Back to the start
      </button>
    </main>
  )
}
