import { useState } from 'react'
import { pretty, text } from '../app/json.ts'
import { CodeBlock } from '../markdown/CodeBlock.tsx'
import { DiffView } from '../tools/DiffView.tsx'
import { fileChanges } from '../tools/fileChanges.ts'
import { commandText, present } from '../tools/presentation.ts'
import { approve, canAllowForSession, choiceLabel, deny, forSession } from './answers.ts'
import { RequestHead } from './RequestHead.tsx'
import type { RequestProps } from './requestProps.ts'
import { Why } from './Why.tsx'

export function PermissionCard({ sessionId, asked, busy, answer }: RequestProps) {
  const [why, setWhy] = useState<string | null>(null)
  const { verb, target, literal } = present({ name: asked.tool, title: null, category: null, input: asked.input })
  const command = commandText(asked.input)
  const reason = text(asked.input, 'description', 'justification')
  return (
    <>
      <RequestHead title={command === null ? (target ? `${verb} ${literal ? '' : '“'}${target}${literal ? '' : '”'}?` : `Use ${verb}?`) : 'Run this command?'} />
      {reason && <p className="request-reason">{reason}</p>}
      <What input={asked.input} tool={asked.tool} command={command} />
      {why === null ? (
        <div className="request-buttons">
          <button type="button" className="button button-main" data-testid="permission-allow" disabled={busy} onClick={() => answer(() => approve(sessionId, asked.id, {}))}>
            {choiceLabel(asked, 'allow_once') ?? 'Allow'}
          </button>
          {canAllowForSession(asked) && (
            <button type="button" className="button" data-testid="permission-allow-session" disabled={busy} onClick={() => answer(() => approve(sessionId, asked.id, forSession(asked)))}>
              {choiceLabel(asked, 'allow_always') ?? 'Allow for this session'}
            </button>
          )}
          <div className="request-pair">
            <button type="button" className="button button-bad" data-testid="permission-deny" disabled={busy} onClick={() => answer(() => deny(sessionId, asked.id, {}))}>
              {choiceLabel(asked, 'reject_once') ?? 'Deny'}
            </button>
            <button type="button" className="button button-quiet" data-testid="permission-deny-reason" disabled={busy} onClick={() => setWhy('')}>
              Say why not…
            </button>
          </div>
        </div>
      ) : (
        <Why value={why} busy={busy} label="What should it do instead?" action="Deny" onChange={setWhy} onBack={() => setWhy(null)} onSend={() => answer(() => deny(sessionId, asked.id, { reason: why.trim() || null }))} />
      )}
    </>
  )
}

function What({ input, tool, command }: { input: unknown; tool: string; command: string | null }) {
  const changes = fileChanges(input, null)
  if (changes.length > 0) return changes.map((change, i) => <DiffView key={i} change={change} />)
  if (command !== null) return <CodeBlock text={command} language="bash" label={tool} />
  return input === null || input === undefined ? null : <CodeBlock text={pretty(input)} language="json" label={tool} />
}
