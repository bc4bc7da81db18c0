export interface DiffLine {
  readonly mark: ' ' | '+' | '-'
  readonly text: string
  readonly before: number | null
  readonly after: number | null
}

/** Lines that belong together, with a few unchanged ones around. */
export interface Hunk {
  readonly lines: readonly DiffLine[]
}

const around = 2
const largest = 1_500_000

/** The difference of two texts by lines. Texts too different to compare in good time come out as all old, then all new. */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const a = linesOf(before)
  const b = linesOf(after)
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++

  const lines: DiffLine[] = []
  const same = (i: number, j: number) => lines.push({ mark: ' ', text: a[i] ?? '', before: i + 1, after: j + 1 })
  const gone = (i: number) => lines.push({ mark: '-', text: a[i] ?? '', before: i + 1, after: null })
  const come = (j: number) => lines.push({ mark: '+', text: b[j] ?? '', before: null, after: j + 1 })

  for (let i = 0; i < start; i++) same(i, i)
  walk(a.slice(start, a.length - end), b.slice(start, b.length - end), {
    same: (i, j) => same(start + i, start + j),
    gone: i => gone(start + i),
    come: j => come(start + j),
  })
  for (let k = end; k > 0; k--) same(a.length - k, b.length - k)
  return lines
}

export function hunksOf(lines: readonly DiffLine[]): readonly Hunk[] {
  const near = lines.map((_, i) => lines.slice(Math.max(0, i - around), i + around + 1).some(line => line.mark !== ' '))
  const hunks: DiffLine[][] = []
  lines.forEach((line, i) => {
    if (!near[i]) return
    if (i === 0 || !near[i - 1]) hunks.push([])
    hunks.at(-1)?.push(line)
  })
  return hunks.map(hunk => ({ lines: hunk }))
}

/** As many lines as there is room for. */
export function firstLines(hunks: readonly Hunk[], room: number): readonly Hunk[] {
  const shown: Hunk[] = []
  for (const hunk of hunks) {
    if (room <= 0) break
    shown.push({ lines: hunk.lines.slice(0, room) })
    room -= hunk.lines.length
  }
  return shown
}

export function countOf(lines: readonly DiffLine[]): { added: number; removed: number } {
  return { added: lines.filter(line => line.mark === '+').length, removed: lines.filter(line => line.mark === '-').length }
}

interface Steps {
  same(i: number, j: number): void
  gone(i: number): void
  come(j: number): void
}

// The longest common run of lines, by the table of all its suffixes.
function walk(a: readonly string[], b: readonly string[], steps: Steps): void {
  let i = 0
  let j = 0
  if (a.length * b.length <= largest) {
    const width = b.length + 1
    const table = new Uint32Array((a.length + 1) * width)
    const at = (x: number, y: number) => table[x * width + y] ?? 0
    for (let x = a.length - 1; x >= 0; x--)
      for (let y = b.length - 1; y >= 0; y--) table[x * width + y] = a[x] === b[y] ? at(x + 1, y + 1) + 1 : Math.max(at(x + 1, y), at(x, y + 1))
    while (i < a.length && j < b.length) {
      if (a[i] === b[j]) steps.same(i++, j++)
      else if (at(i + 1, j) >= at(i, j + 1)) steps.gone(i++)
      else steps.come(j++)
    }
  }
  while (i < a.length) steps.gone(i++)
  while (j < b.length) steps.come(j++)
}

function linesOf(text: string): string[] {
  if (text === '') return []
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')
}
