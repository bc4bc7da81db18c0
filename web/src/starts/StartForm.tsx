import { useMemo, useState, type FormEvent } from 'react'
import { readStored, writeStored } from '../app/storage.ts'
import type { Machine, SessionSummary } from '../contracts.ts'
import { Icon } from '../controls/Icon.tsx'
import { agentsOf, type Offered } from '../machines/readings.ts'
import { agentLabel } from '../sessions/agents.ts'
import { offersOf } from './agentTable.ts'
import { FolderField } from './FolderField.tsx'
import { recentFolders, suggestionsFor } from './folders.ts'
import { start, type Field } from './spawn.ts'
import { useFolder } from './useFolder.ts'

interface Props {
  readonly machine: Machine
  readonly rows: readonly SessionSummary[]
  readonly directory: string | null
  onStarted(sessionId: string): void
}

/** What was chosen last on a machine is what is offered next. */
interface Kept {
  readonly agent: string
  readonly mode: Readonly<Record<string, string>>
  readonly model: Readonly<Record<string, string>>
  readonly command?: Readonly<Record<string, string>>
}

interface Trouble {
  readonly field: Field
  readonly message: string
  readonly missing: boolean
}

export function StartForm({ machine, rows, directory, onStarted }: Props) {
  const keptKey = `start:${machine.id}`
  const offers = useMemo(() => offersOf(agentsOf(machine)), [machine])
  const recents = useMemo(() => recentFolders(rows, machine.id), [rows, machine.id])
  const [kept, setKept] = useState<Kept>(() => readStored<Kept>(keptKey) ?? { agent: '', mode: {}, model: {} })
  const [folder, setFolder] = useState(directory ?? '')
  const [worktree, setWorktree] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const { there, listed } = useFolder(machine, folder)

  const offer = offers.find(known => known.flavor === kept.agent) ?? offers[0]
  if (!offer) return null
  const { flavor, modes, models } = offer
  const command = offer.needsCommand ? (kept.command?.[flavor] ?? '') : null
  const mode = known(modes, kept.mode[flavor])
  const model = known(models, kept.model[flavor])
  // A worktree is made of a repository: there is nothing to make one of when the folder is missing.
  const incomplete = folder.trim() === '' || command?.trim() === '' || (worktree !== null && there === false)
  const creates = worktree === null && (there === false || trouble?.missing === true)
  const at = (field: Field) => (trouble?.field === field ? trouble.message : null)
  const change = (next: Partial<Kept>) => (setKept({ ...kept, ...next }), setTrouble(null))

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy || incomplete) return
    setBusy(true)
    setTrouble(null)
    const answer = await start(machine.id, {
      directory: folder.trim(),
      agent: flavor,
      model: model ?? null,
      permissionMode: mode ?? null,
      worktree: worktree === null ? null : worktree.trim(),
      mayCreate: creates,
      command,
    })
    if ('sessionId' in answer) {
      writeStored(keptKey, { ...kept, agent: flavor })
      onStarted(answer.sessionId)
    } else {
      setTrouble(answer)
      setBusy(false)
    }
  }

  return (
    <form className="start" onSubmit={event => void submit(event)}>
      <FolderField
        value={folder}
        suggestions={suggestionsFor(folder, recents, listed)}
        there={there}
        problem={at('folder')}
        missing={worktree === null ? 'There is no such folder yet.' : 'There is no such folder: a worktree is made of a repository that is there.'}
        onChange={value => (setFolder(value), setTrouble(null))}
      />
      <Choices name="agent" label="Agent" options={offers.map(known => ({ id: known.flavor, label: agentLabel(known.flavor) }))} value={flavor} problem={at('agent')} onChoose={agent => change({ agent })} />
      {command !== null && (
        <label className="start-field">
          <span>Its command</span>
          <input className="field mono" data-testid="start-command" placeholder="my-agent --acp" autoCapitalize="off" autoCorrect="off" spellCheck={false} value={command} onChange={event => change({ command: { ...kept.command, [flavor]: event.target.value } })} />
        </label>
      )}
      {modes.length > 0 && <Select name="mode" label="Permissions" options={modes} value={mode} onChoose={id => change({ mode: { ...kept.mode, [flavor]: id } })} />}
      {models.length > 0 && <Select name="model" label="Model" options={models} value={model} onChoose={id => change({ model: { ...kept.model, [flavor]: id } })} />}
      <div className="start-field">
        <label className="choice start-worktree">
          <input type="checkbox" data-testid="start-worktree" checked={worktree !== null} onChange={event => (setWorktree(event.target.checked ? '' : null), setTrouble(null))} />
          <span>
            In a worktree of its own
            <small>A branch and a folder beside the repository, so that this work disturbs no other.</small>
          </span>
        </label>
        {worktree !== null && (
          <input className="field" data-testid="start-worktree-name" aria-label="Name of the worktree" placeholder="Name (one is made up without)" value={worktree} maxLength={80} autoCapitalize="off" spellCheck={false} onChange={event => (setWorktree(event.target.value), setTrouble(null))} />
        )}
        <Problem text={at('worktree')} />
      </div>
      <Problem text={at('form')} />
      <button type="submit" className="button button-main" data-testid="start-submit" disabled={busy || incomplete} aria-busy={busy}>
        {busy ? (
          <>
            <span className="spinner" aria-hidden="true" /> {agentLabel(flavor)} starts…
          </>
        ) : creates ? (
          'Create the folder and start'
        ) : (
          'Start'
        )}
      </button>
    </form>
  )
}

function known(options: readonly Offered[], id: string | undefined): string | undefined {
  return options.some(option => option.id === id) ? id : undefined
}

function Problem({ text }: { text: string | null }) {
  if (!text) return null
  return (
    <p className="problem" role="alert" data-testid="start-problem">
      <Icon name="alert" />
      <span>{text}</span>
    </p>
  )
}

interface ChoiceProps {
  readonly name: string
  readonly label: string
  readonly options: readonly Offered[]
  readonly value: string | undefined
  readonly problem?: string | null
  onChoose(id: string): void
}

function Choices({ name, label, options, value, problem, onChoose }: ChoiceProps) {
  return (
    <fieldset className="start-field start-agents">
      <legend>{label}</legend>
      <div>
        {options.map(option => (
          <label key={option.id} className="choice">
            <input type="radio" name={name} value={option.id} data-testid={`start-${name}-${option.id}`} checked={option.id === value} onChange={() => onChoose(option.id)} />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
      <Problem text={problem ?? null} />
    </fieldset>
  )
}

function Select({ name, label, options, value, onChoose }: ChoiceProps) {
  return (
    <label className="start-field">
      <span>{label}</span>
      <select className="field" data-testid={`start-${name}`} value={value ?? ''} onChange={event => onChoose(event.target.value)}>
        <option value="">As the agent is set</option>
        {options.map(option => (
          <option key={option.id} value={option.id}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  )
}
