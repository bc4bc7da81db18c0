import { lookup } from '../app/json.ts'

export type Ink = 'word' | 'text' | 'number' | 'note' | null

export interface Piece {
  readonly text: string
  readonly ink: Ink
}

interface Grammar {
  readonly note: string
  readonly words: string
}

const hash = String.raw`#[^\n]*`
const slashes = String.raw`\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)`
const dashes = String.raw`--[^\n]*`

const c = 'abstract|as|async|await|base|bool|boolean|break|byte|case|catch|char|class|const|continue|def|default|defer|delete|do|double|else|enum|export|extends|extern|false|final|finally|float|fn|for|foreach|from|func|function|go|if|impl|implements|import|in|instanceof|int|interface|internal|is|let|lock|long|match|mod|mut|namespace|new|nil|null|of|out|override|package|private|protected|pub|public|readonly|record|ref|return|sealed|self|static|string|struct|super|switch|this|throw|trait|true|try|type|typeof|undefined|unsafe|use|using|val|var|virtual|void|when|where|while|with|yield'
const python = 'and|as|assert|async|await|break|class|continue|def|del|elif|else|except|False|finally|for|from|global|if|import|in|is|lambda|None|nonlocal|not|or|pass|raise|return|self|True|try|while|with|yield'
const shell = 'case|cd|do|done|echo|elif|else|esac|export|fi|for|function|if|in|local|return|set|then|while'
const sql = 'select|from|where|insert|into|values|update|set|delete|create|table|index|join|left|inner|on|group|by|order|having|limit|and|or|not|null|as|primary|key|SELECT|FROM|WHERE|INSERT|INTO|VALUES|UPDATE|SET|DELETE|CREATE|TABLE|INDEX|JOIN|LEFT|INNER|ON|GROUP|BY|ORDER|HAVING|LIMIT|AND|OR|NOT|NULL|AS|PRIMARY|KEY'

const grammars: Readonly<Record<string, Grammar>> = {
  c: { note: slashes, words: c },
  python: { note: hash, words: python },
  shell: { note: hash, words: shell },
  sql: { note: dashes, words: sql },
  data: { note: hash, words: 'true|false|null|yes|no' },
}

const names: Readonly<Record<string, keyof typeof grammars>> = {
  bash: 'shell', sh: 'shell', shell: 'shell', zsh: 'shell', console: 'shell', dockerfile: 'shell', makefile: 'shell',
  py: 'python', python: 'python', rb: 'python', ruby: 'python', sql: 'sql', lua: 'sql',
  json: 'data', jsonc: 'data', yaml: 'data', yml: 'data', toml: 'data', ini: 'data',
  js: 'c', jsx: 'c', ts: 'c', tsx: 'c', javascript: 'c', typescript: 'c', cs: 'c', csharp: 'c', java: 'c', kotlin: 'c', kt: 'c', go: 'c', rust: 'c', rs: 'c',
  c: 'c', cpp: 'c', h: 'c', swift: 'c', php: 'c', css: 'c', scss: 'c', dart: 'c', scala: 'c',
}

const compiled = new Map<string, RegExp>()
const longest = 20_000

/** Colours for the eye, not a parser: notes, texts, numbers and words of the common languages. Languages it does not know stay plain. */
export function highlight(code: string, language: string): readonly Piece[] {
  const name = lookup(names, language.toLowerCase())
  const grammar = name ? grammars[name] : undefined
  if (!name || !grammar || code.length > longest) return [{ text: code, ink: null }]
  let pattern = compiled.get(name)
  if (!pattern) {
    const quoted = String.raw`"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|` + '`(?:\\\\.|[^`\\\\])*`'
    pattern = new RegExp(String.raw`(${grammar.note})|(${quoted})|\b(\d[\w.]*)\b|\b(${grammar.words})\b`, 'g')
    compiled.set(name, pattern)
  }
  const pieces: Piece[] = []
  let end = 0
  for (const match of code.matchAll(pattern)) {
    if (match.index > end) pieces.push({ text: code.slice(end, match.index), ink: null })
    const ink: Ink = match[1] ? 'note' : match[2] ? 'text' : match[3] ? 'number' : 'word'
    pieces.push({ text: match[0], ink })
    end = match.index + match[0].length
  }
  if (end < code.length) pieces.push({ text: code.slice(end), ink: null })
  return pieces
}
