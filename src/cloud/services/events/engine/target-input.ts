/** What a target gets for an event: the event, a constant, a part of it, or a text made of it. */

import { parsePath } from '../../../machine/json-path.ts'
import type { EventMessage, Rule, Target } from '../state.ts'

const VARIABLE = /<([\w.-]+)>/y

/** Variables that AWS defines; templates may use them without a path. */
export const PREDEFINED = [
  'aws.events.rule-arn',
  'aws.events.rule-name',
  'aws.events.event.ingestion-time',
  'aws.events.event',
  'aws.events.event.json',
]

/** Gives the text that the target is sent. */
export function targetInput(
  target: Target,
  rule: Pick<Rule, 'name' | 'arn'>,
  event: EventMessage,
  received: Date,
): string {
  if (target.Input !== undefined) return target.Input
  if (target.InputPath !== undefined) return JSON.stringify(parsePath(target.InputPath)?.(event) ?? null)
  if (!target.InputTransformer) return JSON.stringify(event)
  const { InputPathsMap = {}, InputTemplate } = target.InputTransformer
  const { detail: _, ...envelope } = event
  const values = new Map<string, unknown>([
    ...Object.entries(InputPathsMap).map(([name, path]) => [name, parsePath(path)?.(event)] as const),
    ['aws.events.rule-arn', rule.arn],
    ['aws.events.rule-name', rule.name],
    ['aws.events.event.ingestion-time', received.toISOString()],
    ['aws.events.event', envelope],
    ['aws.events.event.json', event],
  ])
  return fill(InputTemplate, values)
}

/** Gives the names of the variables that a template uses. */
export function variablesOf(template: string): string[] {
  return [...template.matchAll(/<([\w.-]+)>/g)].map((match) => match[1]!)
}

/**
 * AWS: inside quotes a value is put in as it is, and an object loses its quotes so that the string stays one; outside
 * it is put in as JSON. A value that the event does not have is empty.
 */
function fill(template: string, values: ReadonlyMap<string, unknown>): string {
  let filled = ''
  let quoted = false
  for (let at = 0; at < template.length; at++) {
    const character = template[at]!
    VARIABLE.lastIndex = at
    const name = character === '<' ? VARIABLE.exec(template)?.[1] : undefined
    if (name !== undefined && values.has(name)) {
      filled += quoted ? inString(values.get(name)) : JSON.stringify(values.get(name) ?? '')
      at += name.length + 1
    } else if (character === '\\') {
      filled += character + (template[++at] ?? '')
    } else {
      if (character === '"') quoted = !quoted
      filled += character
    }
  }
  return filled
}

function inString(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value).replaceAll('"', '') : String(value)
}
