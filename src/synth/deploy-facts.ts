/** What the fleet file says of deploys and no declaration does: roles that are handed on, configurations of groups. */
import {
  expandText,
  type Fleet,
  type FleetPipeline,
  type FleetStage,
  groupConfiguration,
  passedRoles,
} from '../fleet/index.ts'
import { type Arn, formatArn, type Need, type OthersNeeds, parseArn } from '../model/index.ts'
import type { Surroundings } from '../pipeline/index.ts'
import { placeScope } from './scopes.ts'

const ANY_ROLE = 'role/*'

/**
 * Gives the needs with the roles that deploys name in the place of any role of the account: where all deploys of a stage
 * that hand roles on name them.
 */
export function withNamedRoles(fleet: Fleet, pipeline: FleetPipeline, needs: readonly Need[]): Need[] {
  return needs.flatMap((need) => {
    const to = parseArn(need.resource)
    if (need.action !== 'iam:PassRole' || to?.resource !== ANY_ROLE) return [need]
    const stage = stageOf(pipeline, need)
    const roles = stage && rolesIn(fleet, pipeline, stage, to.account)
    return roles ? roles.map((resource) => ({ ...need, resource })) : [need]
  })
}

/** The stage of the file whose action has a need; what a file's own actions need stays as it is. */
function stageOf({ stages }: FleetPipeline, { origin }: Need): FleetStage | undefined {
  if (origin?.kind !== 'action') return undefined
  const { stage } = origin
  return stages.find(({ name }) => name === stage) ?? stages.find(({ name }) => stage.startsWith(`${name}-`))
}

function rolesIn(
  fleet: Fleet,
  pipeline: FleetPipeline,
  stage: FleetStage,
  account: string,
): readonly Arn[] | undefined {
  const named = stage.deploys.flatMap(({ configuration }) => {
    const roles = passedRoles(configuration)
    return roles ? [roles] : []
  })
  if (!named.length) return undefined
  const places = stage.places.filter((place) => place.account === account)
  const arns = places.flatMap((place) => {
    const scope = placeScope(fleet, pipeline, place)
    return named.flat().map((role) => arnOf(expandText(role, scope), account))
  })
  return [...new Set(arns)]
}

const arnOf = (role: string, account: string): Arn =>
  role.startsWith('arn:') ? role : formatArn('iam', '', account, `role/${role}`)

/**
 * Gives what the file says of configurations once more, by action: a proof of the fleet's own templates cannot see the
 * groups that name them.
 */
export const configurationNeeds = (needs: readonly Need[]): OthersNeeds[] =>
  needs.flatMap((need) =>
    need.action === 'codedeploy:GetDeploymentConfig' &&
    need.origin?.kind === 'action' &&
    !need.resource.endsWith('*')
      ? [{ stage: need.origin.stage, action: need.origin.action, region: need.origin.region, needs: [need] }]
      : [],
  )

/** Gives the needs in which a role is named that the declaration does not tell, for the proof. */
export function handedOn(declared: readonly Need[], named: readonly Need[]): OthersNeeds[] {
  const told = new Set(declared)
  const found = new Map<string, OthersNeeds & { readonly needs: Need[] }>()
  for (const need of named) {
    const { origin } = need
    if (told.has(need) || origin?.kind !== 'action') continue
    const { stage, action, region } = origin
    const one = found.get(`${stage} ${action}`) ?? { stage, action, region, needs: [] }
    one.needs.push(need)
    found.set(`${stage} ${action}`, one)
  }
  return [...found.values()]
}

/** Gives what is asked of the world around a pipeline: the configuration that a deployment group names. */
export function configurationsOf(
  fleet: Fleet,
  pipeline: FleetPipeline,
): NonNullable<Surroundings['deploymentConfig']> {
  return (application, group, { account, region }) => {
    for (const stage of pipeline.stages)
      for (const place of stage.places.filter((one) => one.account === account && one.region === region))
        for (const { configuration } of stage.deploys) {
          const found = groupConfiguration(configuration, placeScope(fleet, pipeline, place))
          if (found?.application === application && found.group === group) return found.name
        }
    return undefined
  }
}
