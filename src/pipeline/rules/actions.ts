/** Rules for single actions: their type, configuration, number of artifacts, role, region and timeout. */
import {
  type ActionDeclaration,
  type ActionTypeId,
  entryOf,
  type PipelineDeclaration,
} from '../../model/index.ts'
import type { Home } from '../home.ts'
import type { PlacedAction } from '../placed-action.ts'
import type { ActionProvider, Bounds } from '../provider.ts'
import { findProvider, providers } from '../providers/index.ts'
import { badAction, badRule, structure, type Violation } from '../violation.ts'

export const checkActions = (
  pipeline: PipelineDeclaration,
  actions: readonly PlacedAction[],
  home: Home,
): Violation[] =>
  actions.flatMap((placed) => [
    ...checkTimeout(placed),
    ...checkType(pipeline, placed, home),
    ...checkPlace(placed, home),
  ])

/** AWS: timeoutInMinutes is for manual approvals. */
function checkTimeout({ action, path }: PlacedAction): Violation[] {
  const { name, timeoutInMinutes: timeout, actionTypeId } = action
  if (timeout === undefined || actionTypeId.category === 'Approval') return []
  return [
    badAction(
      `${path}.timeoutInMinutes`,
      `Action ${name} has a timeout; only a manual approval can have one`,
      'take the timeout out',
    ),
  ]
}

function checkType(pipeline: PipelineDeclaration, placed: PlacedAction, home: Home): Violation[] {
  const { action, path } = placed
  const { provider } = action.actionTypeId
  const known = findProvider(action.actionTypeId) ?? home.registered?.find(action.actionTypeId)
  if (!known) return unknownType(placed, home)
  const violations = checkWork(placed, known)
  if (known.pipelineType === 'V2' && pipeline.pipelineType !== 'V2')
    violations.push(
      structure(
        `${path}.actionTypeId`,
        `Action ${action.name} of the provider ${provider} needs a pipeline of type V2`,
        'make the pipeline one of type V2',
      ),
    )
  return violations
}

/** Gives what is wrong with the configuration and the artifacts of an action, or of a rule told as one. */
export function checkWork(placed: PlacedAction, provider: ActionProvider): Violation[] {
  const { action, path } = placed
  const { bad, subject } = wordsOf(action)
  return [
    ...checkConfiguration(placed, provider),
    ...checkBounds(placed, provider),
    ...(provider.check?.(action) ?? []).map((problem) =>
      bad(`${path}.configuration${keyIn(problem, provider)}`, `${subject} is invalid: ${problem}`),
    ),
  ]
}

/** AWS: CodePipeline names rules as it names actions, and refuses a stage for them. */
function wordsOf({ name, actionTypeId: { category } }: ActionDeclaration) {
  return category === 'Rule'
    ? { bad: badRule, noun: 'Rule', subject: `Rule configuration for rule '${name}'` }
    : { bad: badAction, noun: 'Action', subject: `Action configuration for action '${name}'` }
}

/** The key that a sentence begins with, where it does. */
function keyIn(problem: string, { configuration }: ActionProvider): string {
  const key = /^\w+/.exec(problem)?.[0] ?? ''
  return Object.hasOwn(configuration, key) ? `.${key}` : ''
}

/**
 * AWS: what others offer is registered, by its partners or by the account itself, under names that CodePipeline does not
 * tell of. Templates tell of some; an account may have more.
 */
function unknownType({ action, path }: PlacedAction, { registered }: Home): Violation[] {
  const { category, owner, provider } = action.actionTypeId
  const alike = providers.filter(({ type }) => type.provider.toLowerCase() === provider.toLowerCase())
  const isOthers = owner === 'ThirdParty' || owner === 'Custom'
  if (isOthers && !alike.some(({ type }) => type.category === category))
    return unregistered({ action, path }, registered)
  const violation = badAction(
    `${path}.actionTypeId`,
    notAvailable(action.actionTypeId, action.name),
    alike.length
      ? `there is ${alike.map(({ type }) => `Category ${type.category}, Provider ${type.provider}, Owner ${type.owner}, Version ${type.version}`).join('; or ')}`
      : `of the category ${category} AWS has ${namesOf(category) || 'none'}`,
  )
  return [violation]
}

/** Nothing is said where nobody knows what is registered. */
function unregistered(
  { action: { name, actionTypeId: type }, path }: Pick<PlacedAction, 'action' | 'path'>,
  registered: Home['registered'],
): Violation[] {
  if (!registered) return []
  const violation = badAction(
    `${path}.actionTypeId`,
    notAvailable(type, name),
    type.owner === 'Custom'
      ? `register it with CreateCustomActionType before the pipeline, or declare it as AWS::CodePipeline::CustomActionType`
      : 'its partner registers it',
  )
  if (registered.all) return [violation]
  const message = `the action type ${type.category}/${type.provider}/${type.version} of the action ${name} is in no template; CodePipeline refuses the pipeline where it is not registered in the account and region`
  return type.owner === 'Custom' ? [{ ...violation, severity: 'warning', message }] : []
}

const notAvailable = ({ category, owner, provider, version }: ActionTypeId, action: string): string =>
  `ActionType (Category: '${category}', Provider: '${provider}', Owner: '${owner}', Version: '${version}') in action '${action}' is not available in region`

const namesOf = (category: string): string =>
  providers.flatMap(({ type }) => (type.category === category ? type.provider : [])).join(', ')

function checkConfiguration({ action, path }: PlacedAction, provider: ActionProvider): Violation[] {
  const { configuration = {} } = action
  const { bad, subject } = wordsOf(action)
  const violations: Violation[] = []
  const unknown: string[] = []
  for (const key in configuration) if (!Object.hasOwn(provider.configuration, key)) unknown.push(key)
  if (unknown.length)
    violations.push(
      bad(
        `${path}.configuration`,
        `${subject} contains unknown configuration '[${unknown.join(', ')}]'`,
        `take it out; ${provider.type.provider} takes ${Object.keys(provider.configuration).join(', ') || 'nothing'}`,
      ),
    )
  for (const key in provider.configuration) {
    const rule = entryOf(provider.configuration, key)!
    const value = entryOf(configuration, key)
    if (rule.required && !value)
      violations.push(
        bad(
          `${path}.configuration.${key}`,
          `${subject} is missing required configuration '${key}'`,
          `give ${key} a value`,
        ),
      )
    if (value && rule.values && !value.includes('#{') && !rule.values.includes(value))
      violations.push(
        bad(
          `${path}.configuration.${key}`,
          `${subject} has the value '${value}' for '${key}'; allowed are ${rule.values.join(', ')}`,
        ),
      )
  }
  return violations
}

function checkBounds({ action, path }: PlacedAction, provider: ActionProvider): Violation[] {
  return [
    ...countViolation(action, path, 'input', provider.inputs),
    ...countViolation(action, path, 'output', provider.outputs),
  ]
}

function countViolation(
  action: ActionDeclaration,
  path: string,
  side: 'input' | 'output',
  { min, max }: Bounds,
): Violation[] {
  const field = `${side}Artifacts` as const
  const count = action[field]?.length ?? 0
  if (count >= min && count <= max) return []
  const { bad, noun } = wordsOf(action)
  const allowed = min === max ? `exactly ${min}` : `${min} to ${max}`
  return [
    bad(
      `${path}.${field}`,
      `${noun} '${action.name}' has ${count} ${side} artifact(s); its ${noun.toLowerCase()} type takes ${allowed}`,
    ),
  ]
}

/** AWS: source, third-party and custom actions run in the pipeline's region; only AWS's own take a role. */
function checkPlace({ action, path }: PlacedAction, { region }: Home): Violation[] {
  const { category, owner } = action.actionTypeId
  const violations: Violation[] = []
  const away = action.region !== undefined && action.region !== region
  if (away && (category === 'Source' || owner !== 'AWS'))
    violations.push(
      structure(
        `${path}.region`,
        `Action ${action.name} is in region ${action.region}; ${category === 'Source' ? 'source' : 'third-party and custom'} actions must be in the pipeline's region ${region}`,
      ),
    )
  if (action.roleArn && owner !== 'AWS')
    violations.push(
      badAction(
        `${path}.roleArn`,
        `Action ${action.name} has a role; only action types owned by AWS take one`,
      ),
    )
  return violations
}
