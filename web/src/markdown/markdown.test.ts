import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { highlight } from './highlight.ts'
import { safeHref } from './links.ts'
import { Markdown } from './Markdown.tsx'

const html = (text: string) => renderToStaticMarkup(createElement(Markdown, { text })).replace(/^<div class="markdown">|<\/div>$/g, '')

test.each([
  ['**a** and `b < c`', '<p><strong>a</strong> and <code>b &lt; c</code></p>'],
  ['# T', '<h2>T</h2>'],
  ['one\ntwo', '<p>one<br/>two</p>'],
  ['1. a\n2. b', '<ol start="1"><li>a</li><li>b</li></ol>'],
  ['AT&amp;T &copy;', '<p>AT&amp;T &amp;copy;</p>'],
  ['![picture](https://evil.example/x.png)', '<p><span class="image-name">picture</span></p>'],
])('%s', (text, expected) => expect(html(text)).toBe(expected))

test('raw HTML is text, never elements', () => {
  for (const text of ['<script>alert(1)</script>', 'a <img src=x onerror=alert(1)> b', '<div>\n\n<b>x</b>\n\n</div>']) expect(html(text)).not.toMatch(/<(script|img|b|div)\b/)
})

test.each(['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd', '/sessions/x', 'nonsense'])('a link to %s does not open', href => {
  expect(safeHref(href)).toBeNull()
  expect(html(`[x](${href})`)).not.toMatch(/href/)
})

test('links to the web open apart and say nothing of where they come from', () => {
  expect(html('[x](https://example.org/a)')).toBe('<p><a href="https://example.org/a" target="_blank" rel="noreferrer noopener">x</a></p>')
})

test('a text that is not finished is drawn as far as it goes', () => {
  expect(html('```ts\nconst a')).toMatch(/const/)
  expect(html('| a | b |\n| - |')).toMatch(/a/)
})

test('colours change no letter', () => {
  for (const [code, language] of [['const a = "x" // y\n1.5', 'ts'], ['# note\necho `ls`', 'sh'], ['{"a": true}', 'json'], ['??', 'klingon'], ["'open", 'js']] as const)
    expect(highlight(code, language).map(piece => piece.text).join('')).toBe(code)
})

test('words, texts, numbers and notes have their colours', () => {
  expect(highlight('return "a" // 1', 'ts').filter(piece => piece.ink).map(piece => piece.ink)).toEqual(['word', 'text', 'note'])
})
