import type { AgentOffer, Offered } from '../machines/readings.ts'

/** What is known of an agent before it runs. */
export interface Startable {
  readonly flavor: string
  readonly modes: readonly Offered[]
  readonly models: readonly Offered[]
  /** Any program of its kind: the person says which. */
  readonly needsCommand?: boolean
}

const agentTable: readonly Startable[] = [
  {
    flavor: 'claude',
    modes: [
      { id: 'default', label: 'Ask before each step' },
      { id: 'acceptEdits', label: 'Accept edits', tone: 'warning' },
      { id: 'plan', label: 'Plan', tone: 'info' },
      { id: 'auto', label: 'Auto', tone: 'warning' },
      { id: 'bypassPermissions', label: 'Bypass permissions', tone: 'danger' },
    ],
    models: [
      { id: 'opus', label: 'Opus' },
      { id: 'sonnet', label: 'Sonnet' },
      { id: 'haiku', label: 'Haiku' },
    ],
  },
  { flavor: 'acp', modes: [], models: [], needsCommand: true },
  { flavor: 'demo', modes: [], models: [] },
]

/** The agents that can be started on a machine: those its runner tells of, with what the table knows of them. */
export function offersOf(told: readonly AgentOffer[] | null): readonly Startable[] {
  if (!told) return agentTable
  return told.map(({ flavor, fields, modes, models }) => {
    const known = agentTable.find(row => row.flavor === flavor)
    const offers = (field: string) => fields === null || fields.includes(field)
    return {
      flavor,
      modes: modes.length > 0 ? modes : offers('permission') ? (known?.modes ?? []) : [],
      models: models.length > 0 ? models : offers('model') ? (known?.models ?? []) : [],
      needsCommand: known?.needsCommand ?? false,
    }
  })
}
