import type { SpawnSessionRequest, SpawnSessionResponse } from '../contracts.ts'
import { messageOf } from '../hub/errors.ts'
import { request } from '../hub/request.ts'
import { machinePath } from '../machines/queries.ts'

/** What a new session is to be. */
export interface Start {
  readonly directory: string
  readonly agent: string
  readonly model: string | null
  readonly permissionMode: string | null
  /** `null`: in the folder itself; otherwise in a worktree of this name, or of one that is made up when it is empty. */
  readonly worktree: string | null
  readonly mayCreate: boolean
  /** Of an agent that Hapi does not know: how it is started. */
  readonly command: string | null
}

export type Field = 'folder' | 'agent' | 'worktree' | 'form'

export type Started = { readonly sessionId: string } | { readonly field: Field; readonly message: string; readonly missing: boolean }

/** The hub waits half a minute for the runner, which waits for the agent. */
const patience = 60_000

/** Starts a session. It is never asked for twice by itself: each time starts a process. */
export async function start(machineId: string, wanted: Start): Promise<Started> {
  const body: SpawnSessionRequest = {
    directory: wanted.directory,
    agent: wanted.agent,
    ...(wanted.model ? { model: wanted.model } : {}),
    ...(wanted.permissionMode ? { permissionMode: wanted.permissionMode } : {}),
    sessionType: wanted.worktree === null ? 'simple' : 'worktree',
    ...(wanted.worktree ? { worktreeName: wanted.worktree } : {}),
    ...(wanted.command ? { command: wordsOf(wanted.command) } : {}),
    // Said each time: a folder that is mistyped must not come to be.
    approvedNewDirectoryCreation: wanted.mayCreate,
  }
  try {
    return readStarted(await request<SpawnSessionResponse>('POST', machinePath(machineId, '/spawn'), body, patience))
  } catch (error) {
    return { field: 'form', message: messageOf(error), missing: false }
  }
}

/** The answer is a union on `type`; what went wrong is shown where it can be put right. */
export function readStarted({ type, sessionId, code, message, directory }: SpawnSessionResponse): Started {
  if (type === 'success' && sessionId) return { sessionId }
  const missing = typeof directory === 'string'
  return { field: missing ? 'folder' : fieldOf(code), message: missing ? 'There is no such folder.' : (message ?? 'The session did not start.'), missing }
}

/** A command line as a list of words; quotes keep a word together. */
export function wordsOf(line: string): string[] {
  return Array.from(line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g), match => match[1] ?? match[2] ?? match[3] ?? '')
}

function fieldOf(code: string | null | undefined): Field {
  if (code?.startsWith('directory_')) return 'folder'
  if (code?.startsWith('worktree_')) return 'worktree'
  return code?.startsWith('agent_') ? 'agent' : 'form'
}
