import { useId } from 'react'
import { Icon } from '../controls/Icon.tsx'

interface Props {
  readonly value: string
  readonly suggestions: readonly string[]
  readonly there: boolean | null
  readonly problem: string | null
  /** What is said of a folder that is missing. */
  readonly missing: string
  onChange(value: string): void
}

/** A path that is typed, or chosen from what is known. */
export function FolderField({ value, suggestions, there, problem, missing, onChange }: Props) {
  const id = useId()
  return (
    <div className="start-field">
      <label htmlFor={id}>Folder</label>
      <input
        id={id}
        className="field mono"
        data-testid="start-folder"
        autoComplete="off"
        autoCapitalize="off"
        autoCorrect="off"
        spellCheck={false}
        placeholder="~/code/project"
        aria-invalid={problem !== null}
        aria-describedby={`${id}-note`}
        value={value}
        onChange={event => onChange(event.target.value)}
      />
      <div id={`${id}-note`} className="start-note" role="status" data-testid="start-folder-note">
        {problem ? (
          <span className="problem">
            <Icon name="alert" /> <span>{problem}</span>
          </span>
        ) : there === true ? (
          <span className="start-there">
            <Icon name="check" size={16} /> This folder is there
          </span>
        ) : there === false ? (
          <span>{missing}</span>
        ) : null}
      </div>
      {suggestions.length > 0 && (
        <ul className="start-folders" aria-label="Folders to choose from">
          {suggestions.map(folder => (
            <li key={folder}>
              <button type="button" data-testid="start-suggestion" onClick={() => onChange(folder)}>
                <Icon name="folder" size={17} />
                <span>{folder}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
