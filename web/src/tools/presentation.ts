import { isObject, list, lookup, text } from '../app/json.ts'
import { lastSegment } from '../sessions/statuses.ts'
import type { IconName } from '../controls/Icon.tsx'

/** A call in one line: what is done, and to what. */
export interface Presentation {
  readonly icon: IconName
  readonly verb: string
  readonly target: string | null
  /** The target is code or a path, not prose. */
  readonly literal: boolean
}

interface Call {
  readonly name: string
  readonly title: string | null
  readonly category: string | null
  readonly input: unknown
}

interface Rule {
  readonly icon: IconName
  readonly verb: string
  /** Members of the input that name the target, the first that is there. */
  readonly from: readonly string[]
  readonly as?: 'path' | 'prose'
}

const command: Rule = { icon: 'terminal', verb: 'Run', from: ['command', 'cmd', 'script'] }
const read: Rule = { icon: 'file', verb: 'Read', from: ['file_path', 'path', 'filePath', 'notebook_path'], as: 'path' }
const edit: Rule = { icon: 'edit', verb: 'Edit', from: ['file_path', 'path', 'filePath', 'notebook_path'], as: 'path' }
const write: Rule = { ...edit, verb: 'Write' }
const search: Rule = { icon: 'search', verb: 'Search', from: ['pattern', 'query', 'glob', 'path'] }
const fetched: Rule = { icon: 'globe', verb: 'Fetch', from: ['url'] }
const agent: Rule = { icon: 'agent', verb: 'Agent', from: ['description', 'summary', 'message', 'prompt'], as: 'prose' }
const question: Rule = { icon: 'question', verb: 'Question', from: [], as: 'prose' }
const plan: Rule = { icon: 'plan', verb: 'Plan', from: [], as: 'prose' }

/** The tools of all agents, by the names they give them. What is missing here is shown by its kind, or as itself. */
const byName: Readonly<Record<string, Rule>> = {
  bash: command, shell: command, shell_command: command, run_shell_command: command, codexbash: command, execute: command, bashoutput: { ...command, verb: 'Output of', from: ['bash_id'] },
  read, notebookread: read, read_file: read, view: read,
  edit, multiedit: edit, notebookedit: edit, str_replace: edit, replace: edit, codexpatch: edit, apply_patch: edit,
  write, write_file: write, create_file: write,
  grep: search, glob: { ...search, verb: 'Find' }, ls: { icon: 'search', verb: 'List', from: ['path'], as: 'path' }, list_directory: { icon: 'search', verb: 'List', from: ['path', 'dir_path'], as: 'path' },
  webfetch: fetched, web_fetch: fetched, websearch: { icon: 'globe', verb: 'Search the web', from: ['query'], as: 'prose' },
  task: agent, agent, codexagent: agent, spawn_agent: agent,
  todowrite: { ...plan, verb: 'Update steps' }, update_plan: { ...plan, verb: 'Update steps' },
  exitplanmode: plan, exit_plan_mode: plan,
  askuserquestion: question, ask_user_question: question, request_user_input: question,
  skill: { icon: 'bulb', verb: 'Skill', from: ['skill', 'name'], as: 'prose' },
}

const byCategory: Readonly<Record<string, Rule>> = {
  read, edit, search, execute: command, fetch: fetched,
  delete: { icon: 'edit', verb: 'Delete', from: ['path', 'file_path'], as: 'path' },
  move: { icon: 'edit', verb: 'Move', from: ['path', 'file_path', 'source'], as: 'path' },
  think: { icon: 'bulb', verb: 'Think', from: ['thought'], as: 'prose' },
  switch_mode: plan,
}

const anyTarget = ['file_path', 'path', 'command', 'pattern', 'url', 'query', 'description', 'name', 'prompt'] as const

export function present(call: Call): Presentation {
  const rule = lookup(byName, call.name.toLowerCase()) ?? lookup(byCategory, call.category?.toLowerCase() ?? '')
  if (!rule) return generic(call)
  const value = firstOf(call.input, rule.from)
  const target = value ?? (call.title !== null && call.title !== call.name ? call.title : null)
  return {
    icon: rule.icon,
    verb: rule.verb,
    target: target === null ? null : oneLine(rule.as === 'path' && value !== null ? lastSegment(target) || target : target),
    literal: value !== null && rule.as !== 'prose',
  }
}

function generic(call: Call): Presentation {
  const [, server, tool] = /^mcp__(.+?)__(.+)$/.exec(call.name) ?? []
  const value = firstOf(call.input, anyTarget)
  const named = server && tool ? `${spaced(server)}: ${spaced(tool)}` : spaced(call.name)
  return { icon: server ? 'plug' : 'wrench', verb: named, target: oneLine(value ?? (call.title === call.name ? null : call.title)), literal: value !== null }
}

function firstOf(input: unknown, names: readonly string[]): string | null {
  if (!isObject(input)) return null
  for (const name of names) {
    const value = input[name]
    if (typeof value === 'string' && value.trim() !== '') return value
    // Codex: ["bash", "-lc", "ls"].
    if (Array.isArray(value) && value.length > 0 && value.every(part => typeof part === 'string')) return commandOf(value)
  }
  return null
}

function commandOf(parts: readonly string[]): string {
  return (parts[0]?.endsWith('sh') && /^-l?c$/.test(parts[1] ?? '') ? parts.slice(2) : parts).join(' ')
}

/** The whole command of a call that runs one. */
export function commandText(input: unknown): string | null {
  return firstOf(input, command.from)
}

function oneLine(value: string | null): string | null {
  return value === null ? null : value.replaceAll(/\s+/g, ' ').trim().slice(0, 160)
}

function spaced(name: string): string {
  return name.replaceAll(/([a-z\d])([A-Z])/g, '$1 $2').replaceAll(/[_-]+/g, ' ').trim() || 'Tool'
}

/** What a result says, as text: the parts agents wrap it in fall away. `null` when there is nothing to show. */
export function outputText(output: unknown): string | null {
  if (output === null || output === undefined) return null
  if (typeof output === 'string') return output.trim() === '' ? null : output
  if (Array.isArray(output)) {
    const parts = list(output).map(part => outputText(part)).filter(part => part !== null)
    return parts.length > 0 ? parts.join('\n') : null
  }
  if (!isObject(output)) return String(output)
  if (output['type'] === 'diff') return null
  const streams = [text(output, 'stdout'), text(output, 'stderr')].filter(part => part !== null && part !== '')
  if (streams.length > 0) return streams.join('\n')
  if ('content' in output) return outputText(output['content'])
  const said = text(output, 'text', 'output', 'message', 'result', 'error')
  return said ?? JSON.stringify(output, null, 2)
}
