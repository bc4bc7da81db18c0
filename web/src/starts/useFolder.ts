import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ListDirectoryResult, Machine, PathExistsResult } from '../contracts.ts'
import { request } from '../hub/request.ts'
import { machinePath } from '../machines/queries.ts'
import { rootsOf } from '../machines/readings.ts'
import { completing, expandHome, join, within } from './folders.ts'

const pause = 250
const fresh = 15_000

/** What the machine says of a folder that is being typed: whether it is there (`null`: not known), and what lies beside it. */
export function useFolder(machine: Machine | undefined, typed: string): { there: boolean | null; listed: readonly string[] } {
  const path = useSettled(expandHome(typed, machine?.metadata?.homeDir))
  const id = machine?.id ?? ''
  const exists = useQuery({
    queryKey: ['folder', id, path],
    enabled: id !== '' && path !== '',
    staleTime: fresh,
    gcTime: fresh,
    retry: false,
    queryFn: async () => {
      const answer = await request<PathExistsResult>('POST', machinePath(id, '/paths/exists'), { paths: [path] })
      return answer.exists[path] ?? null
    },
  })
  const roots = machine ? rootsOf(machine) : []
  const folder = completing(path)?.folder ?? ''
  const entries = useQuery({
    queryKey: ['entries', id, folder],
    enabled: id !== '' && folder !== '' && within(folder, roots),
    staleTime: fresh,
    gcTime: fresh,
    retry: false,
    queryFn: async () => {
      const answer = await request<ListDirectoryResult>('POST', machinePath(id, '/list-directory'), { path: folder })
      return (answer.entries ?? []).flatMap(entry => (entry.type === 'directory' ? [join(folder, entry.name)] : []))
    },
  })
  return { there: path === '' ? null : (exists.data ?? null), listed: typed.trim() === '' ? roots : (entries.data ?? []) }
}

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pause)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
