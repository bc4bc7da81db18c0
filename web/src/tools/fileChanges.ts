import { isObject, list, text } from '../app/json.ts'

/** One change of a file that a tool makes. */
export interface FileChange {
  readonly path: string
  /** `null` when the file is new, or what it held is not known. */
  readonly before: string | null
  readonly after: string
}

/** The changes that a call announces, in any of the forms in which agents say them. */
export function fileChanges(input: unknown, output: unknown): readonly FileChange[] {
  const diffs = [...diffParts(output), ...diffParts(isObject(input) ? input['content'] : null)]
  if (diffs.length > 0) return diffs
  const path = text(input, 'file_path', 'filePath', 'path', 'notebook_path') ?? ''
  const edits = isObject(input) ? list(input['edits']).flatMap(edit => replaced(path, edit)) : []
  if (edits.length > 0) return edits
  const single = replaced(path, input)
  if (single.length > 0) return single
  const content = text(input, 'content', 'new_source')
  return path !== '' && content !== null ? [{ path, before: null, after: content }] : []
}

function replaced(path: string, edit: unknown): FileChange[] {
  const before = text(edit, 'old_string', 'oldText', 'old_str')
  const after = text(edit, 'new_string', 'newText', 'new_str')
  return before !== null && after !== null ? [{ path: text(edit, 'path', 'file_path') ?? path, before, after }] : []
}

// ACP: {type: 'diff', path, oldText, newText}, alone or among other parts.
function diffParts(value: unknown): FileChange[] {
  const parts = Array.isArray(value) ? list(value) : [value]
  return parts.flatMap(part => {
    const after = text(part, 'newText')
    return text(part, 'type') === 'diff' && after !== null ? [{ path: text(part, 'path') ?? '', before: text(part, 'oldText'), after }] : []
  })
}
