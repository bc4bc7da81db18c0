/** One frame of an event stream. */
export interface Frame {
  readonly id: string | null
  readonly data: string
}

/** Reads `text/event-stream` however its bytes are cut. */
export class FrameReader {
  #rest = ''
  #data: string[] = []
  #id: string | null = null

  read(chunk: string): Frame[] {
    const lines = (this.#rest + chunk).split('\n')
    this.#rest = lines.pop() ?? ''
    const frames: Frame[] = []
    for (const raw of lines) {
      const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
      if (line === '') {
        if (this.#data.length > 0) frames.push({ id: this.#id, data: this.#data.join('\n') })
        this.#data = []
        this.#id = null
        continue
      }

      const colon = line.indexOf(':')
      const field = colon < 0 ? line : line.slice(0, colon)
      const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
      if (field === 'data') this.#data.push(value)
      else if (field === 'id') this.#id = value
    }
    return frames
  }
}
