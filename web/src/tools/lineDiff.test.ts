import { expect, test } from 'vitest'
import { countOf, firstLines, hunksOf, lineDiff } from './lineDiff.ts'

const rebuilt = (lines: ReturnType<typeof lineDiff>, side: '-' | '+') => lines.filter(line => line.mark === ' ' || line.mark === side).map(line => line.text)

test('either side can be read off the difference, whatever the texts', () => {
  let seed = 7
  const next = (n: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % n
  for (let round = 0; round < 300; round++) {
    const [a, b] = [0, 1].map(() => Array.from({ length: next(12) }, () => 'abcd'[next(4)] ?? ''))
    const lines = lineDiff((a ?? []).join('\n'), (b ?? []).join('\n'))
    expect(rebuilt(lines, '-')).toEqual(a)
    expect(rebuilt(lines, '+')).toEqual(b)
  }
})

test('only what changed is marked', () => {
  const lines = lineDiff('a\nb\nc\n', 'a\nx\nc\n')
  expect(lines.map(line => line.mark + line.text)).toEqual([' a', '-b', '+x', ' c'])
  expect(countOf(lines)).toEqual({ added: 1, removed: 1 })
})

test('a new file is all new', () => {
  expect(countOf(lineDiff('', 'a\nb'))).toEqual({ added: 2, removed: 0 })
})

test('changes far apart are hunks of their own', () => {
  const text = Array.from({ length: 40 }, (_, i) => `line ${i}`)
  const lines = lineDiff(text.join('\n'), text.map((line, i) => (i === 5 || i === 30 ? 'new' : line)).join('\n'))
  const hunks = hunksOf(lines)
  expect(hunks).toHaveLength(2)
  expect(firstLines(hunks, 3).flatMap(hunk => hunk.lines)).toHaveLength(3)
})

test('texts too large to compare in good time still come out right', () => {
  const a = Array.from({ length: 3_000 }, (_, i) => `a${i}`)
  const b = Array.from({ length: 3_000 }, (_, i) => `b${i}`)
  const lines = lineDiff(a.join('\n'), b.join('\n'))
  expect(countOf(lines)).toEqual({ added: 3_000, removed: 3_000 })
})
