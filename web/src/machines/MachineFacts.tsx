import { text } from '../app/json.ts'
import type { Machine } from '../contracts.ts'
import { healthOf, runnerOf, type Health } from './readings.ts'

const runnerWords = { running: 'Running', stopping: 'Stopping', offline: 'Not running' } as const

/** What there is to know of a machine at a glance. */
export function MachineFacts({ machine }: { machine: Machine }) {
  const runner = runnerOf(machine)
  const health = healthOf(machine)
  const facts: [string, string | null][] = [
    ['Runner', runner.startedAt && runner.state === 'running' ? `Running since ${new Date(runner.startedAt).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' })}` : runnerWords[runner.state]],
    ['Host', text(machine.metadata, 'host')],
    ['System', text(machine.metadata, 'platform')],
    ['Version', text(machine.metadata, 'happyCliVersion')],
    ['Up', health?.uptime ? uptimeWords(health.uptime) : null],
  ]
  return (
    <>
      <dl className="facts" data-testid="machine-facts" data-runner={runner.state}>
        {facts.map(([name, value]) =>
          value ? (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ) : null,
        )}
      </dl>
      {health && <HealthLines health={health} />}
      {runner.state === 'offline' && (
        <p className="hint">
          Sessions can be started and reopened here while its runner runs: <code>hapi runner start</code>
        </p>
      )}
      {runner.lastError && <p className="hint">The last start here failed: {runner.lastError.message}</p>}
    </>
  )
}

function HealthLines({ health }: { health: Health }) {
  const { cpu, memory, load, cpus } = health
  return (
    <dl className="health" aria-label="Health">
      {cpu !== null && <Meter name="Processor" percent={cpu} />}
      {memory !== null && <Meter name="Memory" percent={memory} />}
      {load !== null && (
        <div>
          <dt>Load</dt>
          <dd>
            {load.toFixed(1)}
            {cpus !== null && ` on ${cpus} ${cpus === 1 ? 'core' : 'cores'}`}
          </dd>
        </div>
      )}
    </dl>
  )
}

function Meter({ name, percent }: { name: string; percent: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <meter min={0} max={100} low={70} high={90} optimum={0} value={percent} aria-label={name} />
        <span>{Math.round(percent)} %</span>
      </dd>
    </div>
  )
}

function uptimeWords(seconds: number): string {
  const hours = Math.floor(seconds / 3600)
  return hours < 1 ? 'less than an hour' : hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`
}
