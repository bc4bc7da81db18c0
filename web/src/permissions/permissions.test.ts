import { afterEach, expect, test, vi } from 'vitest'
import { keepAccount } from '../accounts/account.ts'
import { tokens } from '../accounts/tokens.ts'
import { openRequests } from '../sessions/agentState.ts'
import { approve, canAllowForSession, forSession } from './answers.ts'
import { answersBody, readQuestions } from './questions.ts'
import { requestKind } from './requestKinds.ts'

afterEach(() => void vi.unstubAllGlobals())

const asked = (tool: string, input: unknown, choices: { id: string; label: string; kind: string }[] = []) => ({ id: 'r', tool, input, since: 0, choices })

test('open requests come oldest first, and not when they are closed', () => {
  const state = {
    requests: { b: { tool: 'B', arguments: 1, createdAt: 2 }, a: { tool: 'A', arguments: 2, createdAt: 1 }, c: { tool: 'C', createdAt: 0 }, odd: 'x' },
    completedRequests: { c: { status: 'approved' } },
  }
  expect(openRequests(state).map(request => request.id)).toEqual(['a', 'b'])
  expect(openRequests(null)).toEqual([])
})

test('a command is allowed for the session as it is, another tool by its name', () => {
  expect(forSession(asked('Bash', { command: 'ls' }))).toEqual({ decision: 'approved_for_session', allowTools: ['Bash(ls)'] })
  expect(forSession(asked('Edit', { file_path: 'a' }))).toEqual({ decision: 'approved_for_session', allowTools: ['Edit'] })
})

test('an agent that offers no lasting choice is not asked for one', () => {
  expect(canAllowForSession(asked('X', {}))).toBe(true)
  expect(canAllowForSession(asked('X', {}, [{ id: 'y', label: 'Yes', kind: 'allow_once' }]))).toBe(false)
})

test('tools that ask are told from tools that do', () => {
  expect(['Bash', 'AskUserQuestion', 'request_user_input', 'ExitPlanMode', 'constructor'].map(requestKind)).toEqual(['permission', 'question', 'question', 'plan', 'permission'])
})

test('questions are answered by their place, or by their own id', () => {
  const flat = readQuestions({ questions: [{ question: 'Where?', header: 'Place', multiSelect: true, options: [{ label: 'A', description: 'a' }, 'B'] }, { bad: 1 }, { question: 'When?' }] })
  expect(flat.map(q => [q.key, q.multiple, q.options.map(o => o.label)])).toEqual([['0', true, ['A', 'B']], ['2', false, []]])
  const given = { '0': { chosen: ['A', 'B'], other: ' and C ' }, '2': { chosen: [], other: 'now' } }
  expect(answersBody('AskUserQuestion', flat, given)).toEqual({ '0': ['A', 'B', 'and C'], '2': ['now'] })
  const own = readQuestions({ questions: [{ id: 'env', question: 'Where?', options: ['x'] }] })
  expect(answersBody('request_user_input', own, { env: { chosen: ['x'], other: '' } })).toEqual({ env: { answers: ['x'] } })
})

test('a question that nobody can read is one question with a free answer', () => {
  expect(readQuestions('?')).toMatchObject([{ key: '0', options: [] }])
})

test('who was first is said', async () => {
  keepAccount({ accessToken: 'a', deviceId: null })
  tokens.keep('h.e30.s')
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ error: 'x', code: 'request_already_answered', decision: 'denied', by: 'iPad' }, { status: 409 })))
  await expect(approve('s', 'r', {})).resolves.toEqual({ kind: 'answered-before', how: 'denied by iPad' })
})
