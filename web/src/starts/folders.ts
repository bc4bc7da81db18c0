import type { SessionSummary } from '../contracts.ts'
import { text } from '../app/json.ts'

/** The folders that sessions of a machine have worked in, newest first. A worktree counts as the repository it belongs to. */
export function recentFolders(rows: readonly SessionSummary[], machineId: string): string[] {
  const folders = rows
    .filter(row => row.metadata?.machineId === machineId)
    .toSorted((a, b) => b.updatedAt - a.updatedAt)
    .map(row => text(row.metadata?.worktree, 'basePath') ?? row.metadata?.path ?? '')
  return [...new Set(folders)].filter(folder => folder !== '')
}

export function expandHome(path: string, home: string | null | undefined): string {
  const trimmed = path.trim()
  if (!home || !/^~(?=$|[\\/])/.test(trimmed)) return trimmed
  return home + trimmed.slice(1)
}

/** The folder whose entries may complete what is typed, and how they begin. `null` when nothing can be listed yet. */
export function completing(path: string): { folder: string; start: string } | null {
  const at = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))
  if (at < 0) return null
  const folder = path.slice(0, at)
  const start = path.slice(at + 1)
  // The root itself, `/` or `C:\`, keeps its separator.
  return { folder: folder === '' || /^[A-Za-z]:$/.test(folder) ? path.slice(0, at + 1) : folder, start }
}

export function within(path: string, roots: readonly string[]): boolean {
  return roots.some(root => path === root || path.startsWith(root.endsWith('/') || root.endsWith('\\') ? root : `${root}${separatorOf(root)}`))
}

export function join(folder: string, name: string): string {
  const separator = separatorOf(folder)
  return folder.endsWith(separator) ? folder + name : folder + separator + name
}

function separatorOf(path: string): string {
  return path.includes('\\') ? '\\' : '/'
}

const most = 6

/** What to offer for what is typed: where sessions have worked before, then what lies there. */
export function suggestionsFor(typed: string, recents: readonly string[], listed: readonly string[]): string[] {
  const wanted = typed.trim().toLowerCase()
  const known = recents.filter(folder => folder.toLowerCase().includes(wanted) && folder !== typed)
  const start = completing(typed)?.start.toLowerCase() ?? ''
  const here = listed.filter(folder => folder !== typed && (folder.split(/[\\/]/).at(-1) ?? '').toLowerCase().startsWith(start))
  return [...new Set([...known, ...here])].slice(0, most)
}
