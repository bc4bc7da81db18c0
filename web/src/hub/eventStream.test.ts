import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { EventStream, type StreamPorts, type StreamState } from './eventStream.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A hub whose connections the test writes, cuts and refuses. */
function stage() {
  const connections: { cursor: string | null; write(text: string): void; cut(): void; signal: AbortSignal }[] = []
  const events: unknown[] = []
  const states: StreamState[] = []
  const world = { refuse: false, visible: true }
  const ports: StreamPorts = {
    open: (cursor, signal) => {
      if (world.refuse) return Promise.reject(new Error('refused'))
      let control: ReadableStreamDefaultController<Uint8Array> | null = null
      const body = new ReadableStream<Uint8Array>({ start: controller => void (control = controller) })
      signal.addEventListener('abort', () => control?.error(new Error('aborted')))
      connections.push({
        cursor,
        signal,
        write: text => control?.enqueue(new TextEncoder().encode(text)),
        cut: () => control?.close(),
      })
      return Promise.resolve(body)
    },
    take: event => void events.push(event),
    changed: state => void states.push(state),
    now: () => Date.now(),
    visible: () => world.visible,
  }
  const stream = new EventStream(ports)
  const running = stream.run()
  const settle = () => vi.advanceTimersByTimeAsync(0)
  return { connections, events, states, world, stream, running, settle }
}

test('a connection that is cut resumes behind the last event', async () => {
  const { connections, events, settle } = stage()
  await settle()
  connections[0]?.write('data: {"n":1}\nid: e:1:n\n\ndata: {"n":2}\n\n')
  await settle()
  connections[0]?.cut()
  await settle()
  await vi.advanceTimersByTimeAsync(1)
  expect(events).toEqual([{ n: 1 }, { n: 2 }])
  expect(connections.map(c => c.cursor)).toEqual([null, 'e:1:n'])
})

test('the first retry is at once, later ones wait', async () => {
  const { connections, states, world, settle } = stage()
  await settle()
  world.refuse = true
  connections[0]?.cut()
  await settle()
  await vi.advanceTimersByTimeAsync(1)
  expect(states.at(-1)).toMatchObject({ status: 'waiting', cause: 'refused' })
  world.refuse = false
  await vi.advanceTimersByTimeAsync(400)
  expect(connections).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(400)
  expect(connections).toHaveLength(2)
})

test('a hub that drops every connection at once is not asked without a pause', async () => {
  const { connections, settle } = stage()
  for (const n of [0, 1]) {
    await vi.advanceTimersByTimeAsync(1)
    connections[n]?.write('data: {}\n\n')
    await settle()
    connections[n]?.cut()
    await settle()
  }
  await vi.advanceTimersByTimeAsync(400)
  expect(connections).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(400)
  expect(connections).toHaveLength(3)
})

test('after a connection that lasted, the first retry is at once again', async () => {
  const { connections, settle } = stage()
  for (let n = 1; n <= 3; n++) {
    await settle()
    await vi.advanceTimersByTimeAsync(1)
    connections.at(-1)?.write('data: {}\n\n')
    await settle()
    await vi.advanceTimersByTimeAsync(6_000)
    connections.at(-1)?.cut()
    await settle()
    await vi.advanceTimersByTimeAsync(1)
    expect(connections).toHaveLength(n + 1)
  }
})

test('a connection on which nothing is heard is given up', async () => {
  const { connections, settle } = stage()
  await settle()
  connections[0]?.write('data: {}\n\n')
  await vi.advanceTimersByTimeAsync(80_000)
  expect(connections[0]?.signal.aborted).toBe(false)
  await vi.advanceTimersByTimeAsync(20_000)
  expect(connections[0]?.signal.aborted).toBe(true)
  expect(connections.length).toBeGreaterThan(1)
})

test('a connection that does not open in ten seconds is given up', async () => {
  const { connections, settle } = stage()
  await settle()
  await vi.advanceTimersByTimeAsync(10_001)
  expect(connections[0]?.signal.aborted).toBe(true)
})

test('a hidden page does not reconnect until it is looked at', async () => {
  const { connections, world, stream, settle } = stage()
  await settle()
  connections[0]?.write('data: {}\n\n')
  world.visible = false
  await settle()
  connections[0]?.cut()
  await vi.advanceTimersByTimeAsync(600_000)
  expect(connections).toHaveLength(1)
  world.visible = true
  stream.revive()
  await settle()
  expect(connections).toHaveLength(2)
})

test('coming back to the page replaces a connection that has been silent for 45 seconds', async () => {
  const { connections, world, stream, settle } = stage()
  await settle()
  connections[0]?.write('data: {}\n\n')
  await settle()
  world.visible = false
  await vi.advanceTimersByTimeAsync(50_000)
  world.visible = true
  stream.revive()
  await settle()
  await vi.advanceTimersByTimeAsync(1)
  expect(connections).toHaveLength(2)
})

test('a stream that is stopped ends', async () => {
  const { stream, running, settle } = stage()
  await settle()
  stream.stop()
  await settle()
  await expect(running).resolves.toBeUndefined()
})
