import { FrameReader } from './frames.ts'

/** How the stream stands. `since` is when it was last well, or when it was first wanted. */
export interface StreamState {
  readonly status: 'idle' | 'connecting' | 'open' | 'waiting'
  readonly since: number
  readonly cause: string | null
}

/** What the stream needs of its surroundings. */
export interface StreamPorts {
  /** Opens the stream behind the cursor. Rejects with a sentence for people. */
  open(cursor: string | null, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>
  /** Takes one event; the cursor moves on when it has returned, so a crash here means the event comes again. */
  take(event: unknown): void
  changed(state: StreamState): void
  now(): number
  /** Somebody looks at the page; a hidden page does not reconnect. */
  visible(): boolean
}

const connectPatience = 10_000
const silenceLimit = 90_000
const silenceLimitOnReturn = 45_000
const tick = 5_000
const steady = 5_000
const delays = [0, 500, 1_000, 2_000, 4_000]
const longDelays = [5_000, 5_000, 5_000, 15_000, 30_000]

/** One connection to the hub's events for as long as the app lives: it resumes where it was cut, and notices silence. */
export class EventStream {
  readonly #ports: StreamPorts
  #cursor: string | null = null
  #heard = 0
  #failures = 0
  #openedAt = 0
  #wellUntil: number
  #connection: AbortController | null = null
  #wake: (() => void) | null = null
  #stopped = false

  constructor(ports: StreamPorts) {
    this.#ports = ports
    this.#wellUntil = ports.now()
  }

  async run(): Promise<void> {
    const watch = setInterval(() => this.#watch(silenceLimit), tick)
    try {
      while (!this.#stopped) {
        const cause = await this.#connect()
        if (this.#stopped) break
        this.#tell('waiting', cause)
        await this.#pause()
      }
    } finally {
      clearInterval(watch)
    }
  }

  stop(): void {
    this.#stopped = true
    this.#connection?.abort()
    this.#wake?.()
  }

  /** The page is looked at again, or the network is back. */
  revive(): void {
    this.#failures = 0
    this.#watch(silenceLimitOnReturn)
    this.#wake?.()
  }

  async #connect(): Promise<string | null> {
    const connection = new AbortController()
    this.#connection = connection
    this.#heard = this.#ports.now()
    this.#tell('connecting', null)
    const patience = setTimeout(() => connection.abort(), connectPatience)
    try {
      const body = await this.#ports.open(this.#cursor, connection.signal)
      await this.#follow(body, () => clearTimeout(patience))
      return 'The hub ended the connection.'
    } catch (error) {
      return connection.signal.aborted ? 'The hub does not answer.' : error instanceof Error ? error.message : null
    } finally {
      clearTimeout(patience)
      this.#connection = null
    }
  }

  async #follow(body: ReadableStream<Uint8Array>, opened: () => void): Promise<void> {
    const reader = body.getReader()
    const decoder = new TextDecoder()
    const frames = new FrameReader()
    let open = false
    try {
      for (;;) {
        const { value, done } = await reader.read()
        if (done) return
        this.#heard = this.#wellUntil = this.#ports.now()
        for (const frame of frames.read(decoder.decode(value, { stream: true }))) {
          if (!open) {
            open = true
            opened()
            this.#openedAt = this.#ports.now()
            this.#tell('open', null)
          }
          this.#ports.take(parse(frame.data))
          if (frame.id) this.#cursor = frame.id
        }
      }
    } finally {
      await reader.cancel().catch(() => undefined)
    }
  }

  #watch(limit: number): void {
    if (this.#connection && this.#ports.visible() && this.#ports.now() - this.#heard > limit) this.#connection.abort()
  }

  async #pause(): Promise<void> {
    // A hub that takes connections and drops them at once has not come back.
    if (this.#openedAt > 0 && this.#ports.now() - this.#openedAt > steady) this.#failures = 0
    this.#openedAt = 0
    const n = this.#failures++
    const delay = delays[n] ?? longDelays[Math.min(n - delays.length, longDelays.length - 1)] ?? 30_000
    await new Promise<void>(resolve => {
      // A hidden page waits until it is looked at; `revive` wakes it.
      const timer = this.#ports.visible() ? setTimeout(resolve, delay + (n === 0 ? 0 : Math.random() * 250)) : null
      this.#wake = () => {
        if (timer !== null) clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = null
  }

  #tell(status: StreamState['status'], cause: string | null): void {
    this.#ports.changed({ status, since: this.#wellUntil, cause })
  }
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    return null
  }
}
