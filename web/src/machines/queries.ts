import { useQuery } from '@tanstack/react-query'
import type { Machine, MachineList, StopSessionResult, SyncEvent } from '../contracts.ts'
import { HubError } from '../hub/errors.ts'
import { request, sessionPath } from '../hub/request.ts'
import { queryClient } from '../sessions/queries.ts'
import { canStart } from './readings.ts'

const stopPatience = 45_000
const machinesKey = ['machines'] as const

export const machinePath = (id: string, rest = '') => `/api/machines/${encodeURIComponent(id)}${rest}`

/** The machines that are there now. */
export function useMachines() {
  return useQuery<Machine[]>({ queryKey: machinesKey, queryFn: async () => (await request<MachineList>('GET', '/api/machines')).machines })
}

export function refreshMachines(): void {
  void queryClient.invalidateQueries({ queryKey: machinesKey })
}

/** Stops a session. A runner can also stop one that does not listen any more; without one the session itself is told. */
export async function stopSession(id: string, machine: Machine | undefined): Promise<void> {
  if (!machine || !canStart(machine)) {
    await request('POST', sessionPath(id, '/archive'))
    return
  }
  const { status } = await request<StopSessionResult>('POST', machinePath(machine.id, '/stop-session'), { sessionId: id }, stopPatience)
  if (status === 'still_alive') throw new HubError(200, 'Its process could not be stopped.')
}

/** Brings an event into the cache of machines. */
export function takeMachineEvent(event: SyncEvent): void {
  if (event.type !== 'machine-updated') return
  const { data } = event
  const known = queryClient.getQueryData<Machine[]>(machinesKey)
  if (!known) return
  // An event without the machine says only that something is different.
  if (data) queryClient.setQueryData<Machine[]>(machinesKey, withMachine(known, data))
  else refreshMachines()
}

export function withMachine(machines: readonly Machine[], machine: Machine): Machine[] {
  const at = machines.findIndex(known => known.id === machine.id)
  if (!machine.active) return machines.filter(known => known.id !== machine.id)
  return at < 0 ? [...machines, machine] : machines.with(at, machine)
}
