import { spawn, type ChildProcess } from 'node:child_process'

/** A real process that a test owns: started with exactly the environment it names, gone when the test ends. */
export class Program {
  readonly output: string[] = []
  private readonly child: ChildProcess
  private readonly exited: Promise<number | null>
  private readonly waiting = new Set<() => void>()

  constructor(
    readonly name: string,
    file: string,
    args: readonly string[],
    options: { cwd: string; env: Record<string, string> },
  ) {
    this.child = spawn(file, args, { cwd: options.cwd, env: options.env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.exited = new Promise((resolve, reject) => {
      this.child.once('error', reject)
      this.child.once('exit', code => {
        resolve(code)
        this.wake()
      })
    })
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8')
      stream?.on('data', (text: string) => {
        this.output.push(text)
        this.wake()
      })
    }
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`${this.name} did not start`)
    return this.child.pid
  }

  get text(): string {
    return this.output.join('')
  }

  /** Waits until the program has printed something that matches. */
  async printed(pattern: RegExp, withinMs = 30_000): Promise<RegExpMatchArray> {
    const deadline = Date.now() + withinMs
    for (;;) {
      const match = this.text.match(pattern)
      if (match) return match
      if (this.child.exitCode !== null) throw new Error(`${this.name} exited with ${this.child.exitCode}:\n${this.text}`)
      const left = deadline - Date.now()
      if (left <= 0) throw new Error(`${this.name} never printed ${pattern}:\n${this.text}`)
      await this.change(left)
    }
  }

  /** Until something is printed, the program ends, or the time is over. */
  private async change(withinMs: number): Promise<void> {
    await new Promise<void>(resolve => {
      const woken = () => {
        clearTimeout(timer)
        this.waiting.delete(woken)
        resolve()
      }
      const timer = setTimeout(woken, withinMs)
      this.waiting.add(woken)
    })
  }

  private wake(): void {
    for (const woken of this.waiting) woken()
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }

  /** Completes with the exit code (null when a signal ended it). */
  async gone(): Promise<number | null> {
    return this.exited
  }

  /** Asks, then insists. */
  async stop(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.signal('SIGTERM')
      const insist = setTimeout(() => this.signal('SIGKILL'), 8_000)
      await this.exited.catch(() => null)
      clearTimeout(insist)
    }
    return this.child.exitCode
  }
}
