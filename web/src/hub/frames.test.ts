import { expect, test } from 'vitest'
import { FrameReader } from './frames.ts'

const stream = 'data: {"a":1}\nid: x:1:y\n\n: a comment\ndata: one\r\ndata: two\r\n\r\nid: alone\n\ndata:no space\n\n'
const frames = [
  { id: 'x:1:y', data: '{"a":1}' },
  { id: null, data: 'one\ntwo' },
  { id: null, data: 'no space' },
]

test('frames are the same however the text is cut', () => {
  for (let size = 1; size <= stream.length; size++) {
    const reader = new FrameReader()
    const read = []
    for (let at = 0; at < stream.length; at += size) read.push(...reader.read(stream.slice(at, at + size)))
    expect(read).toEqual(frames)
  }
})

test('a frame that is not finished is not given out', () => {
  expect(new FrameReader().read('data: half\n')).toEqual([])
})
