/** Rules for single actions: their type, configuration, number of artifacts, role, region and timeout. */
import { type ActionDeclaration, entryOf, type PipelineDeclaration, type Target } from '../../model/index.ts'
import type { PlacedAction } from '../placed-action.ts'
import type { ActionProvider, Bounds } from '../provider.ts'
import { findProvider } from '../providers/index.ts'
import {
  badAction,
  badText,
  badValue,
  checkCount,
  isText,
  structure,
  type TextRule,
  type Violation,
} from '../violation.ts'

const NAME = { pattern: /^[A-Za-z0-9.@\-_]+$/, max: 100 }
const ARTIFACT = { pattern: /^[a-zA-Z0-9_-]+$/, max: 100 }
const NAMESPACE = { pattern: /^[A-Za-z0-9@\-_]+$/, max: 100 }
const ROLE = { pattern: /^arn:aws(-[\w]+)*:iam::[0-9]{12}:role\/.*$/, max: 1024 }
const KEY = { max: 50 }
const VALUE = { max: 1000 }
const SIDES = ['inputArtifacts', 'outputArtifacts'] as const
/** How many entries each list may have. */
const LISTS = [
  ['commands', 50],
  ['outputVariables', 15],
  ['environmentVariables', 10],
] as const

export const checkActions = (
  pipeline: PipelineDeclaration,
  actions: readonly PlacedAction[],
  home: Target,
): Violation[] =>
  actions.flatMap((placed) => [
    ...checkForm(placed),
    ...checkType(pipeline, placed),
    ...checkPlace(placed, home),
  ])

function checkForm({ action, path }: PlacedAction): Violation[] {
  const { runOrder, timeoutInMinutes: timeout, actionTypeId: type } = action
  const violations: Violation[] = []
  // Most actions are right: the path of a field is put together only where one is not.
  const text = (field: string, value: string | undefined, rule: TextRule) => {
    if (!isText(value, rule)) violations.push(badText(`${path}.${field}`, value!, rule))
  }
  text('name', action.name, NAME)
  text('namespace', action.namespace, NAMESPACE)
  text('roleArn', action.roleArn, ROLE)
  for (const [field, max] of LISTS)
    if (action[field]) violations.push(...checkCount(`${path}.${field}`, action[field], { min: 1, max }))
  for (const side of SIDES)
    action[side]?.forEach(({ name }, index) => {
      if (!isText(name, ARTIFACT)) text(`${side}[${index}].name`, name, ARTIFACT)
    })
  const { configuration = {} } = action
  for (const key in configuration) {
    text('configuration', key, KEY)
    if (!isText(entryOf(configuration, key), VALUE))
      text(`configuration.${key}`, entryOf(configuration, key), VALUE)
  }
  if (runOrder !== undefined && !(Number.isInteger(runOrder) && runOrder >= 1 && runOrder <= 999))
    violations.push(badValue(`${path}.runOrder`, `runOrder is ${runOrder} but must be 1 to 999`))
  if (timeout !== undefined && !(type.category === 'Approval' && timeout >= 5 && timeout <= 86_400))
    violations.push(
      badAction(
        `${path}.timeoutInMinutes`,
        type.category === 'Approval'
          ? `Action ${action.name} has a timeout of ${timeout} minutes; 5 to 86400 are allowed`
          : `Action ${action.name} has a timeout; only a manual approval can have one`,
      ),
    )
  return violations
}

function checkType(pipeline: PipelineDeclaration, placed: PlacedAction): Violation[] {
  const { action, path } = placed
  const { category, owner, provider, version } = action.actionTypeId
  if (owner !== 'AWS') return []
  const known = findProvider(action.actionTypeId)
  if (!known)
    return [
      badAction(
        `${path}.actionTypeId`,
        `ActionType (Category: '${category}', Provider: '${provider}', Owner: '${owner}', Version: '${version}') in action '${action.name}' is not available in region`,
      ),
    ]
  const violations = [...checkConfiguration(placed, known), ...checkBounds(placed, known)]
  if (known.pipelineType === 'V2' && pipeline.pipelineType !== 'V2')
    violations.push(
      structure(
        `${path}.actionTypeId`,
        `Action ${action.name} of the provider ${provider} needs a pipeline of type V2`,
      ),
    )
  for (const problem of known.check?.(action) ?? [])
    violations.push(
      badAction(
        `${path}.configuration`,
        `Action configuration for action '${action.name}' is invalid: ${problem}`,
      ),
    )
  return violations
}

function checkConfiguration({ action, path }: PlacedAction, provider: ActionProvider): Violation[] {
  const { configuration = {}, name } = action
  const violations: Violation[] = []
  const unknown: string[] = []
  for (const key in configuration) if (!Object.hasOwn(provider.configuration, key)) unknown.push(key)
  if (unknown.length)
    violations.push(
      badAction(
        `${path}.configuration`,
        `Action configuration for action '${name}' contains unknown configuration '[${unknown.join(', ')}]'`,
      ),
    )
  for (const key in provider.configuration) {
    const rule = entryOf(provider.configuration, key)!
    const value = entryOf(configuration, key)
    if (rule.required && !value)
      violations.push(
        badAction(
          `${path}.configuration.${key}`,
          `Action configuration for action '${name}' is missing required configuration '${key}'`,
        ),
      )
    if (value && rule.values && !value.includes('#{') && !rule.values.includes(value))
      violations.push(
        badAction(
          `${path}.configuration.${key}`,
          `Action configuration for action '${name}' has the value '${value}' for '${key}'; allowed are ${rule.values.join(', ')}`,
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
  const allowed = min === max ? `exactly ${min}` : `${min} to ${max}`
  return [
    badAction(
      `${path}.${field}`,
      `Action '${action.name}' has ${count} ${side} artifact(s); its action type takes ${allowed}`,
    ),
  ]
}

/** AWS: source, third-party and custom actions run in the pipeline's region; only AWS's own take a role. */
function checkPlace({ action, path }: PlacedAction, { region }: Target): Violation[] {
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
