import type { AgentOffer } from '../machines/readings.ts'

/** What can be chosen before an agent runs, for those whose runner does not tell. */
export const agentTable: readonly AgentOffer[] = [
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
  { flavor: 'demo', modes: [], models: [] },
]

/** The offers of a machine, completed from the table where it says nothing of modes or models. */
export function offersOf(told: readonly AgentOffer[] | null): readonly AgentOffer[] {
  if (!told) return agentTable
  return told.map(offer => {
    const known = agentTable.find(row => row.flavor === offer.flavor)
    return { ...offer, modes: offer.modes.length > 0 ? offer.modes : (known?.modes ?? []), models: offer.models.length > 0 ? offer.models : (known?.models ?? []) }
  })
}
