import type { SessionSummary } from '../contracts.ts'
import { useStore } from '../app/store.ts'
import { Icon } from '../controls/Icon.tsx'
import { isInterrupted, reopenErrorOf } from './endings.ts'
import { dismissed, dismissInterrupted, progressOf, reopenAll, reopeningAll, type Progress } from './interruptions.ts'
import { reopenProblem } from './reopening.ts'
import { titleOf } from './statuses.ts'

/** What was cut off, and one tap to bring all of it back. */
export function InterruptedBar({ rows }: { rows: readonly SessionSummary[] }) {
  const run = useStore(reopeningAll)
  const seen = useStore(dismissed)
  const interrupted = rows.filter(isInterrupted)
  const progress = run && progressOf(run, rows)
  const problem = run && run.error !== null ? reopenProblem(run.error, null) : null
  if (progress && (problem || progress.running || progress.failed.length > 0)) return <Progressing rows={rows} progress={progress} problem={problem} />
  if (interrupted.every(row => seen.includes(row.id))) return null
  return (
    <section className="interrupted" aria-label="Interrupted sessions" data-testid="interrupted-bar">
      <p>{interrupted.length === 1 ? '1 session was interrupted' : `${interrupted.length} sessions were interrupted`}</p>
      <button type="button" className="button" data-testid="reopen-all" onClick={() => reopenAll(rows)}>
        {interrupted.length === 1 ? 'Reopen' : 'Reopen all'}
      </button>
      <Dismiss rows={rows} />
    </section>
  )
}

interface ProgressProps {
  readonly rows: readonly SessionSummary[]
  readonly progress: Progress
  readonly problem: ReturnType<typeof reopenProblem> | null
}

function Progressing({ rows, progress, problem }: ProgressProps) {
  const { total, back, failed } = progress
  const running = progress.running && !problem
  return (
    <section className="interrupted" aria-label="Interrupted sessions" data-testid="interrupted-bar">
      <p role="status">
        {running && <span className="spinner" aria-hidden="true" />}
        {problem ? 'Not reopened' : running ? `Reopening: ${back} of ${total} back` : `${back} of ${total} are back`}
      </p>
      {!running && (
        <button type="button" className="button" data-testid="reopen-all" onClick={() => reopenAll(rows)}>
          Try again
        </button>
      )}
      <Dismiss rows={rows} />
      {(problem !== null || failed.length > 0) && (
        <ul className="interrupted-why" data-testid="reopen-failures">
          {problem && (
            <li>
              {problem.what} {problem.todo}
            </li>
          )}
          {failed.map(row => (
            <li key={row.id}>
              <strong>{titleOf(row.metadata, row.id)}</strong>: {reopenErrorOf(row.metadata)}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Dismiss({ rows }: { rows: readonly SessionSummary[] }) {
  return (
    <button type="button" className="round" aria-label="Not now" data-testid="interrupted-dismiss" onClick={() => dismissInterrupted(rows)}>
      <Icon name="cross" size={18} />
    </button>
  )
}
