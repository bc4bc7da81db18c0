import { expect, test } from 'vitest'
import type { SyncEvent } from '../contracts.ts'
import { noteEvent, onMissed, withMissedEvents } from './missedEvents.ts'

const ended = (sessionId: string): SyncEvent => ({ type: 'session-ended', sessionId, namespace: 'default' })
const later = () => new Promise(resolve => setTimeout(resolve))

test('what came while an answer was on its way is applied after it, in order and once', async () => {
  const applied: string[] = []
  onMissed(event => applied.push('sessionId' in event ? event.sessionId : ''))
  noteEvent(ended('before'))
  let answer: (rows: string[]) => void = () => undefined
  const reading = withMissedEvents(() => new Promise<string[]>(resolve => (answer = resolve)))
  noteEvent(ended('a'))
  noteEvent(ended('b'))
  answer(['old picture'])
  expect(await reading).toEqual(['old picture'])
  expect(applied).toEqual([])
  await later()
  expect(applied).toEqual(['a', 'b'])
  await withMissedEvents(async () => 'quiet')
  await later()
  expect(applied).toEqual(['a', 'b'])
})

test('a read that fails does not lose what came meanwhile', async () => {
  const applied: string[] = []
  onMissed(event => applied.push('sessionId' in event ? event.sessionId : ''))
  const reading = withMissedEvents(() => Promise.reject(new Error('gone')))
  noteEvent(ended('c'))
  await expect(reading).rejects.toThrow('gone')
  await later()
  expect(applied).toEqual(['c'])
})
