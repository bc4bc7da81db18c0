import { mkdtempSync, readdirSync, readFileSync, rmSync, mkdirSync, existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Program } from './program.ts'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')

/** The executable under test: the published one when it is named, or the one built from source. */
const executable =
  process.env['HAPI_TEST_EXECUTABLE'] ??
  [join(root, 'artifacts/bin/Hapi/release/hapi'), join(root, 'artifacts/bin/Hapi/debug/hapi')].find(
    existsSync,
  )

export const agents = join(root, 'tests/agents/node_modules/.bin')

/** One empty home, one project folder, one hub, and every process a test starts. Nothing of it is left afterwards. */
export class Stage {
  readonly folder = mkdtempSync(join(tmpdir(), 'hapi-stage-'))
  readonly project = join(this.folder, 'project')
  readonly home = join(this.folder, 'home')
  readonly hapiHome = join(this.home, '.hapi')
  private readonly programs: Program[] = []
  private port = 0

  constructor() {
    mkdirSync(this.project)
    mkdirSync(this.home)
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** The owner's token, as the hub wrote it at its first start. */
  get token(): string {
    const settings = JSON.parse(readFileSync(join(this.hapiHome, 'settings.json'), 'utf8')) as { cliApiToken: string }
    return settings.cliApiToken
  }

  /** Starts the real executable with a scrubbed environment. */
  hapi(args: readonly string[], env: Record<string, string> = {}): Program {
    if (!executable) throw new Error('There is no hapi executable to test. Build it first.')
    const program = new Program(`hapi ${args[0] ?? ''}`, executable, args, {
      cwd: this.project,
      env: {
        HOME: this.home,
        HAPI_HOME: this.hapiHome,
        HAPI_API_URL: this.url,
        PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
        LANG: 'C.UTF-8',
        NO_PROXY: '*',
        ...env,
      },
    })
    this.programs.push(program)
    return program
  }

  /** Runs another program of the tests' own (the model server). */
  tool(name: string, file: string, args: readonly string[], env: Record<string, string> = {}): Program {
    const program = new Program(name, file, args, {
      cwd: this.folder,
      env: { HOME: this.home, PATH: process.env['PATH'] ?? '/usr/bin:/bin', LANG: 'C.UTF-8', ...env },
    })
    this.programs.push(program)
    return program
  }

  /** Starts the hub, on the same port each time, and waits until it answers. */
  async hub(): Promise<Program> {
    if (this.port === 0) await this.freePort()
    const hub = this.hapi(['hub', '--port', String(this.port)])
    await this.answers(hub)
    return hub
  }

  private async answers(hub: Program): Promise<void> {
    const deadline = Date.now() + 30_000
    while (Date.now() < deadline) {
      try {
        if ((await fetch(`${this.url}/health`)).ok) return
      } catch {
        await new Promise(resolve => setTimeout(resolve, 50))
      }
    }
    throw new Error(`The hub never answered:\n${hub.text}`)
  }

  /** A port that nobody listens on; the stage's addresses use it from now on. */
  async freePort(): Promise<number> {
    this.port = await freePort()
    return this.port
  }

  /** Asks the hub as the owner would. */
  async api<T>(method: string, path: string, body?: unknown): Promise<T> {
    const auth = await fetch(`${this.url}/api/auth`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ accessToken: this.token }),
    })
    const { token } = (await auth.json()) as { token: string }
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as T
  }

  /** What every program printed, for the report of a failed test. */
  transcript(): string {
    return this.programs.map(p => `--- ${p.name}\n${p.text}`).join('\n')
  }

  // A runner's sessions outlive it; each leaves a state file that names its process.
  private sessionsLeft(): number[] {
    const folder = join(this.hapiHome, 'run')
    if (!existsSync(folder)) return []
    return readdirSync(folder)
      .filter(name => name.endsWith('.json'))
      .flatMap(name => {
        const { pid } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { pid?: number }
        return typeof pid === 'number' && this.owns(pid) ? [pid] : []
      })
  }

  // A file may outlive its process, and the number may be another's by now.
  private owns(pid: number): boolean {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(this.folder)
    } catch {
      return process.platform !== 'linux'
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.programs.reverse().map(p => p.stop().catch(() => null)))
    await Promise.all(this.sessionsLeft().map(gone))
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}

/** Ends a process that a program of the stage started, and waits for it. */
async function gone(pid: number): Promise<void> {
  const insistAt = Date.now() + 5_000
  for (let signal: NodeJS.Signals | 0 = 'SIGTERM'; alive(pid, signal); signal = Date.now() > insistAt ? 'SIGKILL' : 0) {
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

function alive(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}
