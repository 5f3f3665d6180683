/** References to variables, `#{namespace.key}`, in an action's configuration. */

export interface VariableReference {
  /** As written, with `#{` and `}`. */
  readonly text: string
  /** Absent where the text does not have the form `namespace.key`. */
  readonly namespace?: string
  readonly key?: string
}

/** The namespace of `#{codepipeline.PipelineExecutionId}`. */
export const EXECUTION_NAMESPACE = 'codepipeline'
/** The namespace of the pipeline's own variables. */
export const PIPELINE_NAMESPACE = 'variables'

const REFERENCE = /#\{([^{}]*)\}/g
const FORM = /^([A-Za-z0-9@\-_]+)\.([A-Za-z0-9@\-_]+)$/

/** Gives the references in a text, in order. */
export function variableReferences(text: string): VariableReference[] {
  if (!text.includes('#{')) return []
  return [...text.matchAll(REFERENCE)].map((match) => {
    const [, namespace, key] = FORM.exec(match[1] ?? '') ?? []
    return { text: match[0], namespace, key }
  })
}

/** Replaces every well-formed reference by what `lookup` gives; one it does not know stays as written. */
export function resolveVariables(
  text: string,
  lookup: (namespace: string, key: string) => string | undefined,
): string {
  return text.replace(REFERENCE, (written, inner: string) => {
    const [, namespace, key] = FORM.exec(inner) ?? []
    return (namespace && key && lookup(namespace, key)) ?? written
  })
}

/** Turns references into `*`, for an ARN pattern that holds whatever the variables turn out to be. */
export const variablePattern = (text: string): string =>
  text.includes('#{') ? text.replace(REFERENCE, '*') : text
