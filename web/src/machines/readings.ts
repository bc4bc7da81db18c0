import type { Machine } from '../contracts.ts'
import { isObject, list, number, object, text } from '../app/json.ts'

/** What a machine says of itself, read so that nothing it leaves out or gets wrong can hurt. */
export interface Runner {
  readonly state: 'running' | 'stopping' | 'offline'
  readonly startedAt: number | null
  readonly lastError: { readonly message: string; readonly at: number | null } | null
}

export function nameOf(machine: Machine): string {
  return machine.metadata?.displayName || machine.metadata?.host || machine.id.slice(0, 8)
}

export function runnerOf({ active, runnerState }: Machine): Runner {
  const status = text(runnerState, 'status')
  const error = object(object(runnerState)?.['lastSpawnError'])
  const message = text(error, 'message')
  return {
    state: !active || !status ? 'offline' : status === 'running' ? 'running' : status === 'shutting-down' ? 'stopping' : 'offline',
    startedAt: number(runnerState, 'startedAt'),
    lastError: message ? { message, at: number(error, 'at') } : null,
  }
}

/** Only a runner can start sessions. */
export function canStart(machine: Machine): boolean {
  return runnerOf(machine).state === 'running'
}

export function rootsOf(machine: Machine): readonly string[] {
  return list(object(machine.metadata)?.['workspaceRoots']).filter((root): root is string => typeof root === 'string')
}

/** Something starts the runner again when it stops. */
export function canRestart(machine: Machine): boolean {
  return object(machine.metadata)?.['supervisedRestart'] === true
}

export interface Offered {
  readonly id: string
  readonly label: string
  readonly tone?: string
}

export interface AgentOffer {
  readonly flavor: string
  /** What can be chosen before it starts: `model`, `permission`, `effort`; `null` when that is not told. */
  readonly fields: readonly string[] | null
  readonly modes: readonly Offered[]
  readonly models: readonly Offered[]
}

/** The agents a runner can start, as it tells them; `null` when it tells nothing. */
export function agentsOf({ runnerState }: Machine): readonly AgentOffer[] | null {
  const configs = list(object(object(runnerState)?.['capabilities'])?.['agentConfigs']).filter(isObject)
  const offers = configs.flatMap(config => {
    const flavor = text(config, 'flavor')
    const fields = Array.isArray(config['fields']) ? config['fields'].flatMap(field => text(field, 'id') ?? []) : null
    return flavor ? [{ flavor, fields, modes: offered(config['modes']), models: offered(config['models']) }] : []
  })
  return offers.length > 0 ? offers : null
}

function offered(value: unknown): Offered[] {
  return list(value).flatMap(entry => {
    const id = text(entry, 'id')
    const tone = text(entry, 'tone')
    return id ? [{ id, label: text(entry, 'label', 'name') ?? id, ...(tone ? { tone } : {}) }] : []
  })
}

export interface Health {
  readonly cpu: number | null
  readonly memory: number | null
  readonly load: number | null
  readonly cpus: number | null
  readonly uptime: number | null
}

export function healthOf({ health }: Machine): Health | null {
  if (!isObject(health)) return null
  return {
    cpu: number(health, 'cpuPercent'),
    memory: number(health, 'memoryPercent'),
    load: number(health, 'load1m'),
    cpus: number(health, 'cpuCount'),
    uptime: number(health, 'uptimeSeconds'),
  }
}
