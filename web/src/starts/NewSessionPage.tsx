import { useMemo, useState } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { readStored, writeStored } from '../app/storage.ts'
import type { Machine } from '../contracts.ts'
import { Icon } from '../controls/Icon.tsx'
import { PageHead } from '../controls/PageHead.tsx'
import { messageOf } from '../hub/errors.ts'
import { useMachines } from '../machines/queries.ts'
import { canStart, nameOf, runnerOf } from '../machines/readings.ts'
import { useSessions } from '../sessions/queries.ts'
import { StartForm } from './StartForm.tsx'
import './starts.css'

const lastMachineKey = 'last-machine'

/** Where a session is started on a machine that has a runner. */
export default function NewSessionPage() {
  const { data, error, isPending } = useMachines()
  const [search] = useSearchParams()
  const machines = useMemo(() => (data ?? []).filter(canStart), [data])
  const [chosen, setChosen] = useState(() => search.get('machineId') ?? readStored<string>(lastMachineKey))
  const machine = machines.find(known => known.id === chosen) ?? machines[0]
  return (
    <main className="page" aria-label="New session">
      <PageHead title="New session" />
      <div className="page-scroll">
        <div className="page-body">
          {isPending && (
            <p className="hint" role="status">
              Looking for machines…
            </p>
          )}
          {error && (
            <p className="problem" role="alert">
              <Icon name="alert" />
              <span>{messageOf(error)}</span>
            </p>
          )}
          {data && !machine && <NoMachine />}
          {machines.length > 1 && machine && <MachineChoice machines={machines} machine={machine} onChoose={setChosen} />}
          {machine && <StartHere key={machine.id} machine={machine} alone={machines.length === 1} directory={search.get('directory')} />}
        </div>
      </div>
    </main>
  )
}

function NoMachine() {
  return (
    <div className="start-none">
      <h2>No machine can start a session</h2>
      <p className="hint">A session is started by the runner of a machine. Run this on the computer where your agents are:</p>
      <code>hapi runner start</code>
    </div>
  )
}

function MachineChoice({ machines, machine, onChoose }: { machines: readonly Machine[]; machine: Machine; onChoose: (id: string) => void }) {
  return (
    <fieldset className="choices start-choices">
      <legend>Machine</legend>
      {machines.map(known => (
        <label key={known.id} className="choice">
          <input type="radio" name="machine" checked={known.id === machine.id} onChange={() => onChoose(known.id)} />
          <span>
            {nameOf(known)}
            <small>{known.metadata?.platform}</small>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

function StartHere({ machine, alone, directory }: { machine: Machine; alone: boolean; directory: string | null }) {
  const [, navigate] = useLocation()
  const { data: rows } = useSessions()
  const { lastError } = runnerOf(machine)
  return (
    <>
      {alone && (
        <p className="start-machine">
          <Icon name="machine" size={18} /> On <strong>{nameOf(machine)}</strong>
        </p>
      )}
      {lastError && (
        <p className="hint" role="note">
          The last start here failed: {lastError.message}
        </p>
      )}
      <StartForm
        machine={machine}
        rows={rows ?? []}
        directory={directory}
        onStarted={id => {
          writeStored(lastMachineKey, machine.id)
          navigate(`/sessions/${id}`, { replace: true })
        }}
      />
    </>
  )
}

