/** The stack sets that pipelines deploy: where their stacks stand, and the roles that make them there. */
import {
  accountsOfFleet,
  deployedStackSet,
  expandText,
  expandValues,
  type Fleet,
  type FleetPipeline,
  type FleetPlace,
  type PermissionFile,
  type StackSetDeploy,
} from '../fleet/index.ts'
import { FleetError, formatArn, type PolicyStatement, type SourceLocation } from '../model/index.ts'
import { fitsShorthand, STACK_SET_NAME, stackSetStackPrefix } from '../pipeline/index.ts'
import { placeScope, type StageScope } from './scopes.ts'

/** A stack set in the place that makes it. */
export interface PlacedStackSet {
  readonly deploy: StackSetDeploy
  readonly name: string
  readonly scope: StageScope
  readonly location: SourceLocation
}

/** Gives every stack set of a pipeline, each where it is made. */
export const stackSetsOf = (fleet: Fleet, pipeline: FleetPipeline): PlacedStackSet[] =>
  pipeline.stages.flatMap(({ places, deploys }) => {
    const sets = deploys.flatMap(({ configuration, location }) => {
      const deploy = deployedStackSet(configuration)
      return deploy ? { deploy, location } : []
    })
    if (!sets.length) return []
    return places.flatMap((place) => {
      const scope = placeScope(fleet, pipeline, place)
      return sets.map((set) => ({ ...set, name: expandText(set.deploy.name, scope), scope }))
    })
  })

/** Gives the places in which a pipeline has stacks of stack sets, one for each account. */
export function targetPlaces(fleet: Fleet, pipeline: FleetPipeline): FleetPlace[] {
  const targets = new Set(stackSetsOf(fleet, pipeline).flatMap(({ deploy }) => deploy.accounts ?? []))
  if (!targets.size) return []
  const known = new Map(
    fleet.environments.flatMap(({ accounts }) => accounts).map((one) => [one.account, one]),
  )
  return [...targets].map((account): FleetPlace => {
    const { environment, name, home } = known.get(account) ?? {
      environment: 'hub',
      name: 'hub',
      home: fleet.hub.region,
    }
    return { environment, account, accountName: name, region: home, home, values: {} }
  })
}

/** Gives what AWS would not take of the stack sets, or nobody could make. */
export function stackSetErrors(fleet: Fleet, pipeline: FleetPipeline): FleetError[] {
  const ours = new Set(accountsOfFleet(fleet).map(({ account }) => account))
  return stackSetsOf(fleet, pipeline).flatMap(({ deploy, name, scope, location }) => {
    const errors: FleetError[] = []
    const tell = (what: string, fix: string) => errors.push(new FleetError(what, { location, fix }))
    if (fleet.of !== undefined)
      tell(
        `a copy of a pipeline deploys no stack set: the stacks of ${name} are of other accounts`,
        'copy a pipeline without `stackset`',
      )
    if (!STACK_SET_NAME.test(name))
      tell(
        `${name} is no name of a stack set`,
        'use letters, digits and hyphens, a letter first, at most 128',
      )
    for (const account of deploy.accounts ?? [])
      if (!ours.has(account))
        tell(
          `the account ${account} is in no environment, so that nobody can make the role its stacks need`,
          'add an environment with it, or name its unit in `organizationalUnits`',
        )
    if (deploy.organizationalUnits && !fleet.organization?.management)
      tell(
        'whether the stage’s account manages the organization is not known',
        'add `organization.management`',
      )
    for (const [key, value] of Object.entries(expandValues(deploy.parameters, scope)))
      if (!fitsShorthand(value))
        tell(
          `the parameter ${key} of the stack set ${name} is "${value}", which CodePipeline cannot hand over`,
          'give it a value without spaces, commas, quotes and brackets, or a Default in the template',
        )
    return errors
  })
}

/** What the fleet file itself lets the stacks in an account do. */
export const stackSetPermissions = (sets: readonly PlacedStackSet[], account: string): PermissionFile[] =>
  sets.flatMap(({ deploy }) => (deploy.accounts?.includes(account) ? (deploy.permissions ?? []) : []))

/**
 * Gives what the execution role of an account may do to the stacks themselves.
 * AWS: "Your target account always needs full CloudFormation permissions"; here those on the stack sets' own stacks, and
 * what names no stack.
 */
export function instanceStatements(sets: readonly PlacedStackSet[], account: string): PolicyStatement[] {
  const here = sets.filter(({ deploy }) => deploy.accounts?.includes(account))
  const stacks = [...new Set(here.map(({ name }) => stackSetStackPrefix(name)))].map((prefix) =>
    formatArn('cloudformation', '*', account, `stack/${prefix}*/*`),
  )
  if (!stacks.length) return []
  return [
    {
      Sid: 'KeepTheStacksOfStackSets',
      Effect: 'Allow',
      // StackSets does not tell which operations it calls.
      Action: 'cloudformation:*',
      Resource: stacks,
    },
    {
      Sid: 'ReadTemplatesOfStackSets',
      Effect: 'Allow',
      Action: ['cloudformation:GetTemplateSummary', 'cloudformation:ValidateTemplate'],
      // AWS: a template that is no stack's yet is no resource.
      Resource: '*',
    },
  ]
}
