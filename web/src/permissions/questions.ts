import { isObject, list, object, text } from '../app/json.ts'

export interface Question {
  /** The key of its answer. */
  readonly key: string
  readonly header: string | null
  readonly text: string
  readonly multiple: boolean
  readonly options: readonly { readonly label: string; readonly description: string | null }[]
}

export interface Answered {
  readonly chosen: readonly string[]
  readonly other: string
}

/** The questions of a call. An input that nobody can read is one question with a free answer. */
export function readQuestions(input: unknown): readonly Question[] {
  const questions = list(object(input)?.['questions']).flatMap((value, i): Question[] => {
    const asked = text(value, 'question', 'prompt', 'text', 'title')
    if (asked === null || !isObject(value)) return []
    return [
      {
        key: text(value, 'id') ?? String(i),
        header: text(value, 'header'),
        text: asked,
        multiple: value['multiSelect'] === true || value['multiple'] === true || value['allow_multiple'] === true,
        options: list(value['options']).flatMap(option => {
          const label = typeof option === 'string' ? option : text(option, 'label', 'name', 'id')
          return label === null ? [] : [{ label, description: text(option, 'description') }]
        }),
      },
    ]
  })
  if (questions.length > 0) return questions
  return [{ key: '0', header: null, text: text(input, 'question', 'message') ?? 'The agent asks for an answer.', multiple: false, options: [] }]
}

export function valuesOf(answered: Answered | undefined): string[] {
  const other = answered?.other.trim() ?? ''
  return [...(answered?.chosen ?? []), ...(other === '' ? [] : [other])]
}

/** The body of the answer, in the form that the tool expects. */
export function answersBody(tool: string, questions: readonly Question[], given: Readonly<Record<string, Answered>>): Record<string, unknown> {
  const nested = tool === 'request_user_input'
  return Object.fromEntries(
    questions.map(question => {
      const values = valuesOf(given[question.key])
      return [question.key, nested ? { answers: values } : values]
    }),
  )
}
