import type { ToolBlock } from '../blocks/block.ts'
import { readSteps } from '../blocks/genericFamily.ts'
import { isObject, pretty, text } from '../app/json.ts'
import { CodeBlock } from '../markdown/CodeBlock.tsx'
import { Markdown } from '../markdown/Markdown.tsx'
import { StepList } from './StepList.tsx'
import { DiffView } from './DiffView.tsx'
import type { FileChange } from './fileChanges.ts'
import { commandText, outputText } from './presentation.ts'

/** What went into a call and what came out. Any shape is fine: what has no view of its own is shown as it came. */
export function ToolDetail({ tool, changes }: { tool: ToolBlock; changes: readonly FileChange[] }) {
  const output = outputText(tool.output)
  return (
    <>
      <Input tool={tool} changes={changes} />
      {output !== null && (changes.length === 0 || tool.state === 'failed') && <CodeBlock text={output} language="" label={tool.state === 'failed' ? 'What went wrong' : 'Result'} />}
    </>
  )
}

function Input({ tool, changes }: { tool: ToolBlock; changes: readonly FileChange[] }) {
  if (changes.length > 0) return changes.map((change, i) => <DiffView key={i} change={change} />)
  const command = commandText(tool.input)
  if (command !== null) return <CodeBlock text={command} language="bash" label={text(tool.input, 'description') ?? 'Command'} />
  const plan = text(tool.input, 'plan')
  if (plan !== null) return <Markdown text={plan} />
  const steps = isObject(tool.input) ? readSteps(tool.input['todos'] ?? tool.input['plan'] ?? tool.input['entries']) : []
  if (steps.length > 0) return <StepList steps={steps} />
  const path = text(tool.input, 'file_path', 'path', 'url')
  if (path !== null && isObject(tool.input) && Object.keys(tool.input).length === 1) return <p className="tool-path mono">{path}</p>
  return isEmpty(tool.input) ? null : <CodeBlock text={pretty(tool.input)} language="json" label={tool.name} />
}

function isEmpty(input: unknown): boolean {
  return input === null || input === undefined || (isObject(input) && Object.keys(input).length === 0)
}
