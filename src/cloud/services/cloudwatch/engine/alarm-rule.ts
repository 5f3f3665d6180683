/** Rules of composite alarms: `ALARM("a") AND NOT (OK("b") OR ALARM("c"))`. */
import { parseArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type AlarmState, alarms, type CompositeAlarm } from '../state.ts'
import { invalidValue } from './refuse.ts'

export interface AlarmRule {
  /** Names of the alarms that it speaks of. */
  readonly alarms: readonly string[]
  /** Whether it holds, as the alarms stand. */
  holds(stateOf: (alarm: string) => AlarmState | undefined): boolean
}

type Holds = AlarmRule['holds']

const TOKEN = /\s*("(?:[^"\\]|\\.)*"|\(|\)|[^\s()"]+)/y
/** Nested deeper it could use up the stack. */
const DEEPEST = 100

/**
 * Reads a rule. AWS: NOT binds before AND, and AND before OR; names stand in quotes where they have spaces or
 * parentheses, and may be ARNs (PutCompositeAlarm, AlarmRule). Errors: InvalidParameterValue.
 */
export function parseAlarmRule(text: string): AlarmRule {
  const tokens = tokensOf(text)
  const names = new Set<string>()
  let at = 0
  const wrong = () => invalidValue(`AlarmRule must not contain syntax errors: ${text}`)
  const take = (wanted?: string): string => {
    const token = tokens[at++]
    if (token === undefined || (wanted !== undefined && token !== wanted)) throw wrong()
    return token
  }
  const either = (depth: number): Holds => joined('OR', () => joined('AND', () => single(depth)))
  function joined(word: 'OR' | 'AND', next: () => Holds): Holds {
    const parts = [next()]
    while (tokens[at] === word) {
      at++
      parts.push(next())
    }
    if (parts.length === 1) return parts[0]!
    return word === 'OR'
      ? (stateOf) => parts.some((one) => one(stateOf))
      : (stateOf) => parts.every((one) => one(stateOf))
  }
  function single(depth: number): Holds {
    if (depth > DEEPEST) throw wrong()
    const token = take()
    if (token === 'NOT') {
      const inner = single(depth + 1)
      return (stateOf) => !inner(stateOf)
    }
    if (token === '(') {
      const inner = either(depth + 1)
      take(')')
      return inner
    }
    if (token === 'TRUE' || token === 'FALSE') return () => token === 'TRUE'
    if (token !== 'ALARM' && token !== 'OK' && token !== 'INSUFFICIENT_DATA') throw wrong()
    take('(')
    const name = nameOf(take())
    take(')')
    names.add(name)
    return (stateOf) => stateOf(name) === token
  }
  const holds = either(0)
  if (at !== tokens.length) throw wrong()
  return { alarms: [...names], holds }
}

/** Gives nothing where some of the text is no token. */
function tokensOf(text: string): string[] {
  const tokens: string[] = []
  let end = 0
  TOKEN.lastIndex = 0
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    tokens.push(match[1]!)
    end = TOKEN.lastIndex
  }
  return text.slice(end).trim() ? [] : tokens
}

function nameOf(token: string): string {
  const text = token.startsWith('"') ? token.slice(1, -1).replace(/\\(.)/g, '$1') : token
  return text.startsWith('arn:') ? (parseArn(text)?.resource ?? '').replace(/^alarm:/, '') : text
}

/** Gives the composite alarms whose rules speak of an alarm. */
export const followers = (ctx: Context, name: string): CompositeAlarm[] =>
  ctx
    .table(alarms)
    .values()
    .flatMap((one) =>
      one.kind === 'CompositeAlarm' && parseAlarmRule(one.settings.AlarmRule ?? '').alarms.includes(name)
        ? [one]
        : [],
    )
