import { useQuery } from '@tanstack/react-query'
import type { Machine, MachineList, SyncEvent } from '../contracts.ts'
import { request } from '../hub/request.ts'
import { queryClient } from '../sessions/queries.ts'

const machinesKey = ['machines'] as const

export const machinePath = (id: string, rest = '') => `/api/machines/${encodeURIComponent(id)}${rest}`

/** The machines that are there now. */
export function useMachines() {
  return useQuery<Machine[]>({ queryKey: machinesKey, queryFn: async () => (await request<MachineList>('GET', '/api/machines')).machines })
}

export function refreshMachines(): void {
  void queryClient.invalidateQueries({ queryKey: machinesKey })
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
