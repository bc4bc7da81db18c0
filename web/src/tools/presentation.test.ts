import { expect, test } from 'vitest'
import { fileChanges } from './fileChanges.ts'
import { outputText, present } from './presentation.ts'

const line = (name: string, input: unknown, more: { title?: string; category?: string } = {}) => {
  const { verb, target } = present({ name, input, title: more.title ?? null, category: more.category ?? null })
  return target === null ? verb : `${verb} ${target}`
}

test.each([
  ['Bash', { command: 'npm  test\n' }, 'Run npm test'],
  ['CodexBash', { command: ['bash', '-lc', 'ls -la'] }, 'Run ls -la'],
  ['Read', { file_path: '/a/b/c.ts' }, 'Read c.ts'],
  ['Edit', { file_path: 'C:\\repo\\x.cs' }, 'Edit x.cs'],
  ['mcp__my_server__do_it', { path: '/x' }, 'my server: do it /x'],
  ['SomethingNew', {}, 'Something New'],
  ['SomethingNew', null, 'Something New'],
  ['', undefined, 'Tool'],
  ['Bash', 'not an object', 'Run'],
])('%s reads as one line', (name, input, expected) => expect(line(name, input)).toBe(expected))

test('a tool with a name of its own is shown by its kind', () => {
  expect(line('look_around', { path: '/a/b' }, { category: 'read' })).toBe('Read b')
  expect(line('look_around', {}, { category: 'execute', title: 'make all' })).toBe('Run make all')
})

test.each<[string, unknown, unknown, unknown[]]>([
  ['a replacement', { file_path: 'a', old_string: 'x', new_string: 'y' }, null, [{ path: 'a', before: 'x', after: 'y' }]],
  ['several', { file_path: 'a', edits: [{ old_string: 'x', new_string: 'y' }, { oldText: '1', newText: '2' }] }, null, [{ path: 'a', before: 'x', after: 'y' }, { path: 'a', before: '1', after: '2' }]],
  ['a whole file', { file_path: 'a', content: 'y' }, null, [{ path: 'a', before: null, after: 'y' }]],
  ['a diff in the result', {}, [{ type: 'diff', path: 'a', oldText: null, newText: 'y' }], [{ path: 'a', before: null, after: 'y' }]],
  ['a diff alone', null, { type: 'diff', path: 'a', oldText: 'x', newText: 'y' }, [{ path: 'a', before: 'x', after: 'y' }]],
  ['no change', { command: 'ls' }, 'out', []],
  ['nonsense', { edits: 7, file_path: {} }, 3, []],
])('a change of a file is found: %s', (_, input, output, expected) => expect(fileChanges(input, output)).toEqual(expected))

test.each<[unknown, string | null]>([
  ['text', 'text'],
  ['  ', null],
  [null, null],
  [{ stdout: 'a', stderr: 'b' }, 'a\nb'],
  [[{ type: 'text', text: 'a' }, { type: 'content', content: { type: 'text', text: 'b' } }], 'a\nb'],
  [{ type: 'diff', newText: 'x' }, null],
  [{ odd: 1 }, '{\n  "odd": 1\n}'],
  [7, '7'],
])('a result reads as text: %j', (output, expected) => expect(outputText(output)).toBe(expected))
