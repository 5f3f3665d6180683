/** How a CodePipeline action provider is described: configuration, artifacts, variables, needs. */
import type { ActionDeclaration, ActionTypeId, Need } from '../model/index.ts'
import type { ActionSurroundings } from './surroundings.ts'

/** How many artifacts an action may have, both ends included. */
export interface Bounds {
  readonly min: number
  readonly max: number
}

export interface ConfigurationKey {
  readonly required?: boolean
  /** Masked as `****` wherever the pipeline is shown. */
  readonly secret?: boolean
  /** The only values allowed, unless the value refers to a variable. */
  readonly values?: readonly string[]
  /** Characters; 1000 where absent, as for every configuration value. */
  readonly maxLength?: number
}

/** Everything the declaration of an action of this type has to do with. */
export interface ActionProvider {
  readonly type: ActionTypeId
  readonly inputs: Bounds
  readonly outputs: Bounds
  readonly configuration: Readonly<Record<string, ConfigurationKey>>
  /** Names of its output variables, or `dynamic` where they come from the run itself. */
  readonly variables: readonly string[] | 'dynamic'
  /** The pipeline type it takes; both where absent. */
  readonly pipelineType?: 'V2'
  /** Rules that involve more than one key, as sentences about what is wrong. */
  check?(action: ActionDeclaration): string[]
  /** What the role in effect, and whoever works for the action, must be allowed. */
  needs(action: ActionSurroundings): Need[]
}

/** Gives bounds. */
export const between = (min: number, max: number): Bounds => ({ min, max })

/** Gives the id of an action type owned by AWS. */
export const awsAction = (category: ActionTypeId['category'], provider: string): ActionTypeId => ({
  category,
  owner: 'AWS',
  provider,
  version: '1',
})

/** Gives a need for each of several actions on one resource. */
export const needAll = (
  principal: string,
  actions: readonly string[],
  resource: string,
  because: string,
  context?: Need['context'],
): Need[] => actions.map((action) => ({ principal, action, resource, because, ...(context && { context }) }))

/** Gives the need to hand a role to a service. AWS: only roles of the caller's own account can be passed. */
export const passRole = (principal: string, role: string, service: string, because: string): Need => ({
  principal,
  action: 'iam:PassRole',
  resource: role,
  context: { 'iam:PassedToService': service },
  because,
})
