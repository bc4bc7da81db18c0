import { useMemo, useState } from 'react'
import { useMinutes } from '../app/clock.ts'
import { Link } from 'wouter'
import { Icon } from '../controls/Icon.tsx'
import { Mark } from '../controls/Mark.tsx'
import { messageOf } from '../hub/errors.ts'
import { useMachines } from '../machines/queries.ts'
import { canStart } from '../machines/readings.ts'
import { InterruptedBar } from './InterruptedBar.tsx'
import { useSessions } from './queries.ts'
import { SessionRow } from './SessionRow.tsx'
import { SettingsSheet } from './SettingsSheet.tsx'
import { sectionsOf, type Section } from './statuses.ts'
import './sessions.css'

export default function SessionsPage() {
  const { data, error, isPending } = useSessions()
  const sections = useMemo(() => sectionsOf(data ?? []), [data])
  const [settings, setSettings] = useState(false)
  const machines = useMachines().data ?? []
  const startable = machines.some(canStart)
  return (
    <main className="sessions" aria-label="Sessions">
      <header className="sessions-head">
        <Mark size={30} />
        <h1>Sessions</h1>
        {startable && (
          <Link href="/sessions/new" className="round" aria-label="New session" data-testid="new-session">
            <Icon name="plus" />
          </Link>
        )}
        <button type="button" className="round" aria-label="Settings" onClick={() => setSettings(true)}>
          <Icon name="more" />
        </button>
      </header>
      {error && (
        <p className="problem sessions-problem" role="alert">
          <Icon name="alert" />
          <span>{messageOf(error)}</span>
        </p>
      )}
      {data && <InterruptedBar rows={data} />}
      {isPending && <Waiting />}
      {data && data.length === 0 && !error && <Nothing startable={startable} />}
      {sections.map(section => (
        <SectionList key={section.id} section={section} />
      ))}
      <InsecureNote />
      {settings && <SettingsSheet machines={machines} onClose={() => setSettings(false)} />}
    </main>
  )
}

function SectionList({ section }: { section: Section }) {
  const now = useMinutes()
  const [open, setOpen] = useState(section.id !== 'ended')
  const headline = (
    <>
      {section.title} <span className="count">{section.rows.length}</span>
    </>
  )
  return (
    <section className={`section section-${section.id}`} aria-label={section.title}>
      <h2>
        {section.id === 'ended' ? (
          <button type="button" className="section-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
            <Icon name={open ? 'down' : 'chevron'} size={16} /> {headline}
          </button>
        ) : (
          headline
        )}
      </h2>
      {open && (
        <ul className="rows">
          {section.rows.map(row => (
            <li key={row.id}>
              <SessionRow row={row} now={now} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Waiting() {
  return (
    <div className="rows rows-waiting" role="status" aria-label="Loading">
      <span />
      <span />
      <span />
    </div>
  )
}

function Nothing({ startable }: { startable: boolean }) {
  return (
    <div className="sessions-none">
      <h2>No session yet</h2>
      {startable && (
        <Link href="/sessions/new" className="button button-main">
          New session
        </Link>
      )}
      <p>{startable ? 'Or start' : 'Start'} an agent on your computer and it appears here:</p>
      <dl>
        <dt>
          <code>hapi</code>
        </dt>
        <dd>Claude Code in the current folder</dd>
        <dt>
          <code>hapi demo</code>
        </dt>
        <dd>an agent to play with</dd>
      </dl>
    </div>
  )
}

// Plain HTTP is fine in a home network; what is missing then should surprise nobody.
function InsecureNote() {
  return window.isSecureContext ? null : (
    <p className="hint sessions-insecure">Over plain HTTP, as now, everything here works. HTTPS would add: installing Hapi as an app, opening it offline, and copy buttons.</p>
  )
}
