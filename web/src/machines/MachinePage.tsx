import { useState, type FormEvent } from 'react'
import { Link } from 'wouter'
import { useMinutes } from '../app/clock.ts'
import { text } from '../app/json.ts'
import type { Machine, SessionSummary } from '../contracts.ts'
import { Confirm } from '../controls/Confirm.tsx'
import { Icon } from '../controls/Icon.tsx'
import { PageHead } from '../controls/PageHead.tsx'
import { Sheet } from '../controls/Sheet.tsx'
import { StatusMark, statusWords } from '../controls/StatusMark.tsx'
import { useDeed } from '../controls/useDeed.tsx'
import { messageOf } from '../hub/errors.ts'
import { request } from '../hub/request.ts'
import { useSessions } from '../sessions/queries.ts'
import { statusOfRow, titleOf } from '../sessions/statuses.ts'
import { ago } from '../sessions/times.ts'
import { MachineFacts } from './MachineFacts.tsx'
import { machinePath, refreshMachines, stopSession, useMachines } from './queries.ts'
import { canRestart, canStart, nameOf, runnerOf } from './readings.ts'
import '../sessions/menu.css'
import './machines.css'

/** One machine: how it is, and what runs on it. */
export default function MachinePage({ id }: { id: string }) {
  const { data, error, isPending } = useMachines()
  const { data: rows } = useSessions()
  const machine = data?.find(known => known.id === id)
  const here = (rows ?? []).filter(row => row.metadata?.machineId === id)
  const live = here.filter(row => !['ended', 'interrupted'].includes(statusOfRow(row)))
  const title = machine ? nameOf(machine) : (here[0]?.metadata?.host ?? 'Machine')
  return (
    <main className="page" aria-label="Machine">
      <PageHead title={title} />
      <div className="page-scroll">
        <div className="page-body">
          {error && (
            <p className="problem" role="alert">
              <Icon name="alert" />
              <span>{messageOf(error)}</span>
            </p>
          )}
          {!isPending && !error && !machine && <p className="hint">This machine is not connected now. What ran on it can still be read.</p>}
          {machine && <Known machine={machine} live={live.length} />}
          <Sessions rows={live} machine={machine} />
        </div>
      </div>
    </main>
  )
}

type Open = 'rename' | 'restart' | null

function Known({ machine, live }: { machine: Machine; live: number }) {
  const [open, setOpen] = useState<Open>(null)
  const runner = runnerOf(machine)
  const close = () => setOpen(null)
  return (
    <>
      <MachineFacts machine={machine} />
      <div className="machine-deeds">
        {canStart(machine) && (
          <Link href={`/sessions/new?machineId=${encodeURIComponent(machine.id)}`} className="button button-main" data-testid="machine-start">
            <Icon name="plus" size={18} /> New session
          </Link>
        )}
        <button type="button" className="button" data-testid="machine-rename" onClick={() => setOpen('rename')}>
          <Icon name="edit" size={18} /> Rename
        </button>
        {runner.state === 'running' && canRestart(machine) && (
          <button type="button" className="button" data-testid="machine-restart" onClick={() => setOpen('restart')}>
            <Icon name="refresh" size={18} /> Restart the runner
          </button>
        )}
      </div>
      {open === 'rename' && <Rename machine={machine} onClose={close} />}
      {open === 'restart' && (
        <Confirm
          title="Restart the runner?"
          about={live > 0 ? 'Its service starts it again. The sessions go on meanwhile.' : 'Its service starts it again.'}
          action="Restart"
          told="The runner restarts."
          deed={() => request('POST', machinePath(machine.id, '/restart-runner'))}
          onClose={close}
        />
      )}
    </>
  )
}

function Rename({ machine, onClose }: { machine: Machine; onClose: () => void }) {
  const [name, setName] = useState(nameOf(machine))
  const { busy, problem, run } = useDeed(() => {
    refreshMachines()
    onClose()
  })
  const save = (event: FormEvent) => {
    event.preventDefault()
    run(() => request('PATCH', machinePath(machine.id), { displayName: name.trim() }))
  }
  return (
    <Sheet title="Rename" onClose={onClose}>
      <form className="menu-form" onSubmit={save}>
        <input className="field" data-testid="machine-name" aria-label="Name of the machine" value={name} maxLength={64} placeholder={text(machine.metadata, 'host') ?? ''} onChange={event => setName(event.target.value)} onFocus={event => event.target.select()} />
        <p className="hint">Without a name it is called as its host is.</p>
        {problem}
        <button type="submit" className="button button-main" data-testid="machine-name-save" disabled={busy}>
          Save
        </button>
      </form>
    </Sheet>
  )
}

function Sessions({ rows, machine }: { rows: readonly SessionSummary[]; machine: Machine | undefined }) {
  const now = useMinutes()
  const [stopping, setStopping] = useState<SessionSummary | null>(null)
  return (
    <section aria-labelledby="machine-sessions" className="machine-sessions">
      <h2 id="machine-sessions">Sessions</h2>
      {rows.length === 0 && <p className="hint">None runs here now.</p>}
      <ul>
        {rows.map(row => {
          const status = statusOfRow(row)
          const title = titleOf(row.metadata, row.id)
          return (
            <li key={row.id} data-testid="machine-session">
              <Link href={`/sessions/${row.id}`}>
                <StatusMark status={status} />
                <span>
                  {title}
                  <small>
                    {statusWords[status]} · {ago(row.updatedAt, now)}
                  </small>
                </span>
              </Link>
              <button type="button" className="button button-bad" aria-label={`Stop ${title}`} data-testid="machine-stop" onClick={() => setStopping(row)}>
                Stop
              </button>
            </li>
          )
        })}
      </ul>
      {stopping && (
        <Confirm
          title={`Stop ${titleOf(stopping.metadata, stopping.id)}?`}
          about="The agent stops, whatever it is doing. The conversation stays, and the session can be reopened."
          action="Stop"
          told="The session is stopped."
          deed={() => stopSession(stopping.id, machine)}
          onClose={() => setStopping(null)}
        />
      )}
    </section>
  )
}
