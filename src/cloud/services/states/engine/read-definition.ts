/** Reading a state machine's definition: what is wrong with it, and what of it the embedded cloud does not run. */
import { AwsError, entryOf, parseArn, readJson } from '../../../../model/index.ts'
import type { ChoiceRule, Definition, State } from './asl.ts'
import { operatorOf } from './choices.ts'
import { pathProblem } from './paths.ts'

export interface Diagnostic {
  readonly code: string
  readonly message: string
  /** `/States/Wait/Next` */
  readonly location: string
}

const COMMON = ['Type', 'Comment', 'QueryLanguage']
const FLOW = ['Next', 'End']
const PATHS = ['InputPath', 'OutputPath']
const ASSIGN = ['Assign', 'Output']
const RESULT = ['ResultPath', 'Parameters', 'ResultSelector', 'Retry', 'Catch', 'Arguments']

/** The fields of each type of state. AWS: "State fields" of the States Language. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Pass: [...FLOW, ...PATHS, ...ASSIGN, 'Result', 'ResultPath', 'Parameters'],
  Task: [
    ...[...FLOW, ...PATHS, ...RESULT, ...ASSIGN, 'Resource', 'Credentials'],
    ...['TimeoutSeconds', 'TimeoutSecondsPath', 'HeartbeatSeconds', 'HeartbeatSecondsPath'],
  ],
  Choice: [...PATHS, ...ASSIGN, 'Choices', 'Default'],
  Wait: [...FLOW, ...PATHS, ...ASSIGN, 'Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'],
  Succeed: [...PATHS, 'Output'],
  Fail: ['Error', 'ErrorPath', 'Cause', 'CausePath'],
  Parallel: [...FLOW, ...PATHS, ...RESULT, ...ASSIGN, 'Branches'],
  Map: [
    ...[
      ...FLOW,
      ...PATHS,
      ...RESULT,
      ...ASSIGN,
      'ItemProcessor',
      'Iterator',
      'ItemsPath',
      'Items',
      'ItemSelector',
    ],
    ...['ItemReader', 'ItemBatcher', 'ResultWriter', 'MaxConcurrency', 'MaxConcurrencyPath', 'Label'],
    ...['ToleratedFailureCount', 'ToleratedFailureCountPath'],
    ...['ToleratedFailurePercentage', 'ToleratedFailurePercentagePath'],
  ],
}

/** Gives what a text says, and what is wrong with it; nothing is given where it is no definition at all. */
export function readDefinition(text: string): { definition?: Definition; diagnostics: Diagnostic[] } {
  let value: unknown
  try {
    value = readJson(text)
  } catch (error) {
    return {
      diagnostics: [{ code: 'INVALID_JSON_DESCRIPTION', message: (error as Error).message, location: '/' }],
    }
  }
  const found: Diagnostic[] = []
  const tell = (location: string, message: string, code = 'SCHEMA_VALIDATION_FAILED') =>
    void found.push({ code, message, location })
  if (!isRecord(value)) tell('/', 'The definition must be an object')
  else if (!isRecord(value.States) || !Object.keys(value.States).length)
    tell('/States', 'The field States must be an object with a state at least')
  else checkStates(value as unknown as Definition, tell)
  return { definition: found.length ? undefined : (value as Definition), diagnostics: found }
}

type Tell = (location: string, message: string, code?: string) => void

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function checkStates(definition: Definition, tell: Tell): void {
  const { StartAt, States } = definition
  const target = (location: string, name: unknown) => {
    if (typeof name !== 'string' || !Object.hasOwn(States, name))
      tell(location, `Missing state: ${String(name)}`, 'MISSING_TRANSITION_TARGET')
  }
  target('/StartAt', StartAt)
  for (const [name, state] of Object.entries(States)) {
    const at = `/States/${name}`
    if (name.length > 80) tell(at, 'The name of a state has 80 characters at most')
    if (isRecord(state)) checkState(state, at, { tell, target })
    else tell(at, 'A state must be an object')
  }
}

interface Around {
  readonly tell: Tell
  readonly target: (location: string, name: unknown) => void
}

function checkState(state: State, at: string, around: Around): void {
  const { tell, target } = around
  const fields = entryOf(FIELDS, state.Type)
  if (!fields) return tell(`${at}/Type`, `Value is not valid: ${state.Type}`)
  for (const field of Object.keys(state))
    if (!fields.includes(field) && !COMMON.includes(field)) tell(`${at}/${field}`, `Field is not supported`)
  if (fields.includes('Next')) {
    if (state.Next !== undefined) target(`${at}/Next`, state.Next)
    else if (state.End !== true) tell(at, 'These fields are required: [Next] or [End]')
  }
  for (const [index, catcher] of (state.Catch ?? []).entries())
    target(`${at}/Catch[${index}]/Next`, catcher.Next)
  for (const [index, one] of [...(state.Retry ?? []), ...(state.Catch ?? [])].entries())
    if (!Array.isArray(one.ErrorEquals) || !one.ErrorEquals.length)
      tell(`${at}/[${index}]/ErrorEquals`, 'The field ErrorEquals must name an error at least')
  if (isJsonPath(state)) checkPaths(state, at, tell)
  checkOwn(state, at, around)
}

const isJsonPath = ({ QueryLanguage }: State) => QueryLanguage !== 'JSONata'

function checkPaths(state: State, at: string, tell: Tell): void {
  const named = ['InputPath', 'OutputPath', 'SecondsPath', 'TimestampPath', 'TimeoutSecondsPath'] as const
  for (const field of named) {
    const path = state[field]
    const problem = typeof path === 'string' ? pathProblem(path) : undefined
    if (problem) tell(`${at}/${field}`, problem)
  }
  if (
    typeof state.ResultPath === 'string' &&
    (!state.ResultPath.startsWith('$') || /[*?]/.test(state.ResultPath))
  )
    tell(`${at}/ResultPath`, 'Value is not a Reference Path')
}

function checkOwn(state: State, at: string, { tell, target }: Around): void {
  if (state.Type === 'Task' && typeof state.Resource !== 'string')
    tell(at, 'These fields are required: [Resource]')
  if (state.Type === 'Wait') {
    const given = (['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'] as const).filter(
      (field) => state[field] !== undefined,
    )
    if (given.length !== 1)
      tell(at, 'Exactly one of these fields is required: [Seconds, SecondsPath, Timestamp, TimestampPath]')
  }
  if (state.Type !== 'Choice') return
  if (!Array.isArray(state.Choices) || !state.Choices.length) tell(at, 'These fields are required: [Choices]')
  if (state.Default !== undefined) target(`${at}/Default`, state.Default)
  for (const [index, rule] of (state.Choices ?? []).entries()) {
    target(`${at}/Choices[${index}]/Next`, rule.Next)
    if (isJsonPath(state)) checkRule(rule, `${at}/Choices[${index}]`, tell)
  }
}

function checkRule(rule: ChoiceRule, at: string, tell: Tell): void {
  const { And, Or, Not } = rule
  for (const inner of [...(And ?? []), ...(Or ?? []), ...(Not ? [Not] : [])]) checkRule(inner, at, tell)
  if (And ?? Or ?? Not) return
  if (typeof rule.Variable !== 'string') tell(at, 'These fields are required: [Variable]')
  else if (pathProblem(rule.Variable)) tell(`${at}/Variable`, pathProblem(rule.Variable)!)
  if (!operatorOf(rule)) tell(at, 'A rule needs exactly one comparison')
}

/** Gives the definition. Errors: InvalidDefinition, in AWS's words. */
export function definitionOf(text: string): Definition {
  const { definition, diagnostics } = readDefinition(text)
  if (definition) return definition
  const all = diagnostics.map(({ code, message, location }) => `${code}: ${message} at ${location}`)
  throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${all.join(', ')}'`)
}

/** Refuses, by name, what an execution would come to and the embedded cloud does not run. Errors: UnsupportedParameter. */
export function refuseUnrunnable({ States, QueryLanguage }: Definition): void {
  for (const [name, state] of Object.entries(States)) {
    const problem = unrunnable(state, QueryLanguage)
    if (problem)
      throw new AwsError(
        'UnsupportedParameter',
        `The embedded cloud does not run ${problem} (the state ${name}).`,
        { status: 501 },
      )
  }
}

/** Tasks that the embedded cloud does: a function by its ARN, or by the optimized integration. */
export const INVOKE = /^arn:aws(-[\w]+)*:states:::lambda:invoke$/
export const isFunction = (resource: string): boolean => parseArn(resource)?.service === 'lambda'

function unrunnable(state: State, language: string | undefined): string | undefined {
  const { Type, Resource = '', QueryLanguage = language } = state
  if (QueryLanguage === 'JSONata') return 'states whose QueryLanguage is JSONata; write them with JSONPath'
  if (Type === 'Map' || Type === 'Parallel')
    return `states of the type ${Type}; let a function do it, or states one after the other`
  if (state.Assign !== undefined) return 'Assign; keep values in the state’s data with ResultPath'
  if (Type !== 'Task' || INVOKE.test(Resource) || isFunction(Resource)) return undefined
  return `tasks of ${Resource}; it runs functions, by their ARN or by arn:aws:states:::lambda:invoke`
}
