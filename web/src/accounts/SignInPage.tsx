import { useEffect, useRef, useState, type FormEvent } from 'react'
import { Mark } from '../controls/Mark.tsx'
import { Icon } from '../controls/Icon.tsx'
import { explain, signInWithCode, signInWithToken } from './signIn.ts'
import './signIn.css'

interface Props {
  readonly code: string | null
  readonly notice: string | null
  /** This browser is signed in already: a code that fails changes nothing. */
  readonly keepAccount: boolean
  readonly onCodeUsed: () => void
}

export default function SignInPage({ code, notice, keepAccount, onCodeUsed }: Props) {
  const [token, setToken] = useState('')
  const [busy, setBusy] = useState(code !== null)
  const [problem, setProblem] = useState<string | null>(null)
  const used = useRef<string | null>(null)

  useEffect(() => {
    // A code works once: the second run of this effect in development must not spend it again.
    if (code === null || used.current === code) return
    used.current = code
    setBusy(true)
    signInWithCode(code)
      .then(onCodeUsed)
      .catch((error: unknown) => {
        setProblem(explain(error))
        setBusy(false)
        if (keepAccount) onCodeUsed()
      })
  }, [code, keepAccount, onCodeUsed])

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const given = token.trim()
    if (given === '' || busy) return
    setBusy(true)
    setProblem(null)
    try {
      await signInWithToken(given)
      onCodeUsed()
    } catch (error) {
      setProblem(explain(error))
      setBusy(false)
    }
  }

  return (
    <main className="sign-in">
      <div className="sign-in-brand">
        <Mark size={56} />
        <h1>Hapi</h1>
        <p>Your coding agents, in your pocket.</p>
      </div>
      {code !== null && busy ? (
        <p className="hint" role="status">
          Signing in with your link…
        </p>
      ) : (
        <form onSubmit={event => void submit(event)} className="sign-in-form">
          <label htmlFor="token">Access token</label>
          <input
            id="token"
            className="field"
            data-testid="sign-in-token"
            type="password"
            value={token}
            onChange={event => setToken(event.target.value)}
            autoComplete="current-password"
            autoCapitalize="off"
            spellCheck={false}
            aria-describedby="token-help"
          />
          {(problem ?? notice) && (
            <p className="problem" role="alert">
              <Icon name="alert" />
              <span>{problem ?? notice}</span>
            </p>
          )}
          <button type="submit" className="button button-main" data-testid="sign-in-submit" disabled={busy || token.trim() === ''}>
            {busy ? 'Signing in…' : 'Sign in'}
          </button>
          <p className="hint" id="token-help">
            Easier: run <code>hapi up</code> on the computer and open the link that it prints, or scan its code. The token itself stands in <code>settings.json</code> in Hapi’s home folder.
          </p>
        </form>
      )}
    </main>
  )
}
