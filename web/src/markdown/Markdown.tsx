import { lexer, type Token, type Tokens } from 'marked'
import { Fragment, memo, useMemo, type ReactNode } from 'react'
import { CodeBlock } from './CodeBlock.tsx'
import { safeHref } from './links.ts'
import './markdown.css'

/** Markdown as elements, never as HTML: raw HTML is shown as the text it is, links open by scheme. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  const tokens = useMemo(() => read(text), [text])
  return (
    <div className="markdown">
      {tokens.map((token, i) => (
        // The place is the identity: while text streams in, only the last part changes.
        <Part key={i} token={token} raw={token.raw} />
      ))}
    </div>
  )
})

const Part = memo(
  function Part({ token }: { token: Token; raw: string }) {
    return block(token)
  },
  (a, b) => a.raw === b.raw && a.token.type === b.token.type,
)

function read(text: string): Token[] {
  try {
    return lexer(text, { gfm: true, breaks: true })
  } catch {
    return [{ type: 'text', raw: text, text } as Tokens.Text]
  }
}

function block(token: Token): ReactNode {
  const t = token as Tokens.Generic
  switch (token.type) {
    case 'heading': {
      const Heading = `h${Math.min(4, Number(t['depth']) + 1)}` as 'h2'
      return <Heading>{inline(t.tokens)}</Heading>
    }
    case 'paragraph':
      return <p>{inline(t.tokens)}</p>
    case 'code':
      return <CodeBlock text={String(t['text'])} language={typeof t['lang'] === 'string' ? t['lang'] : ''} />
    case 'blockquote':
      return <blockquote>{blocks(t.tokens)}</blockquote>
    case 'list':
      return list(token as Tokens.List)
    case 'table':
      return table(token as Tokens.Table)
    case 'hr':
      return <hr />
    case 'space':
    case 'def':
      return null
    case 'text':
      return t.tokens ? <p>{inline(t.tokens)}</p> : <p>{t['text']}</p>
    default:
      return <p>{token.raw}</p>
  }
}

function blocks(tokens: Token[] | undefined): ReactNode {
  return tokens?.map((token, i) => <Fragment key={i}>{block(token)}</Fragment>)
}

function list(token: Tokens.List): ReactNode {
  const items = token.items.map((item, i) => (
    <li key={i} className={item.task ? 'task' : undefined}>
      {item.task && <input type="checkbox" checked={item.checked === true} readOnly disabled aria-label={item.checked ? 'Done' : 'Open'} />}
      {item.tokens.map((inner, n) => (
        <Fragment key={n}>{inner.type === 'text' && !token.loose ? inline((inner as Tokens.Text).tokens ?? [inner]) : inner.type === 'checkbox' ? null : block(inner)}</Fragment>
      ))}
    </li>
  ))
  return token.ordered ? <ol start={typeof token.start === 'number' ? token.start : undefined}>{items}</ol> : <ul>{items}</ul>
}

function table(token: Tokens.Table): ReactNode {
  return (
    // The table scrolls in itself: the page never moves sideways. It takes the focus so that the keyboard can scroll it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="table" role="region" aria-label="Table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {token.header.map((cell, i) => (
              <th key={i} align={cell.align ?? undefined}>
                {inline(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, r) => (
            <tr key={r}>
              {row.map((cell, i) => (
                <td key={i} align={cell.align ?? undefined}>
                  {inline(cell.tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function inline(tokens: Token[] | undefined): ReactNode {
  return tokens?.map((token, i) => <Fragment key={i}>{span(token)}</Fragment>)
}

function span(token: Token): ReactNode {
  const t = token as Tokens.Generic
  switch (token.type) {
    case 'strong':
      return <strong>{inline(t.tokens)}</strong>
    case 'em':
      return <em>{inline(t.tokens)}</em>
    case 'del':
      return <del>{inline(t.tokens)}</del>
    case 'codespan':
      return <code>{plain(String(t['text']))}</code>
    case 'br':
      return <br />
    case 'link': {
      const href = safeHref(String(t['href']))
      return href ? (
        <a href={href} target="_blank" rel="noreferrer noopener">
          {inline(t.tokens)}
        </a>
      ) : (
        <>{inline(t.tokens)}</>
      )
    }
    case 'image':
      // Nothing is fetched from elsewhere because an agent mentions it.
      return <span className="image-name">{String(t['text'] || t['href'])}</span>
    case 'escape':
    case 'text':
      return t.tokens ? inline(t.tokens) : plain(String(t['text']))
    default:
      return token.raw
  }
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' }

function plain(text: string): string {
  return text.includes('&') ? text.replaceAll(/&(amp|lt|gt|quot|#39|nbsp);/g, (whole, name: string) => entities[name] ?? whole) : text
}
