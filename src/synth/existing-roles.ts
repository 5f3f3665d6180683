/** Roles of pipelines that stand already: which they are, and what they must allow, for whoever owns them to see to it. */
import {
  deployPermissions,
  type Fleet,
  type FleetPipeline,
  type FleetRoles,
  type PermissionFile,
} from '../fleet/index.ts'
import { type Arn, type ExistingUse, FleetError, type SourceLocation } from '../model/index.ts'
import type { Names } from './names.ts'
import type { NeedsIndex } from './needs-index.ts'
import { neededStatements, trustStatements } from './roles.ts'

interface ExistingRole {
  readonly arn: Arn
  readonly location: SourceLocation
  /** What the fleet file itself lets it do. */
  readonly permissions: readonly PermissionFile[]
  /** Whether `crossdock policy` prints what it needs. */
  readonly isOfStacks: boolean
}

/** Gives the roles that a pipeline uses of those that stand already, each once: its own, and those of single actions. */
function existingRoles({ hub }: Pick<Fleet, 'hub'>, pipeline: FleetPipeline, names: Names): ExistingRole[] {
  const { id, roles, stages, location } = pipeline
  const accounts = new Set(
    stages.flatMap(({ places }) =>
      places.flatMap(({ environment, account }) => (environment === 'hub' ? [] : account)),
    ),
  )
  const own = Object.entries(roles).flatMap(([role, named]) => {
    const kind = role as keyof FleetRoles
    const { isInHub = false, isOfStacks = false, permissions } = USES[kind]
    return (isInHub ? [hub.account] : [...accounts]).map(
      (account): ExistingRole => ({
        arn: names.existingRole(account, id, kind)!,
        location: named.location,
        permissions: permissions?.(pipeline, account) ?? [],
        isOfStacks,
      }),
    )
  })
  const ofActions = stages
    .flatMap(({ actions, steps }) => [
      ...actions,
      ...steps.flat().flatMap((step) => (step.kind === 'action' ? step.action : [])),
    ])
    .flatMap(({ role }) => role ?? [])
    .map((arn): ExistingRole => ({ arn, location, permissions: [], isOfStacks: false }))
  return [...new Map([...ofActions, ...own].map((one) => [one.arn, one])).values()]
}

/** What each role is for. */
const USES: Readonly<Record<keyof FleetRoles, RoleUse>> = {
  pipeline: { isInHub: true },
  build: { isInHub: true, permissions: buildPermissions },
  deploy: { permissions: permissionsIn },
  cloudformation: { isOfStacks: true },
}

interface RoleUse {
  readonly isInHub?: boolean
  readonly isOfStacks?: boolean
  permissions?(pipeline: FleetPipeline, account: string): PermissionFile[]
}

function buildPermissions({ builds, stages }: FleetPipeline): PermissionFile[] {
  return [...builds, ...stages.flatMap(({ tests }) => tests)].flatMap(({ permissions }) => permissions)
}

function permissionsIn({ stages }: FleetPipeline, account: string): PermissionFile[] {
  return stages
    .filter(({ places }) => places.some((place) => place.account === account))
    .flatMap(({ deploys }) => deploys.flatMap(({ configuration }) => deployPermissions(configuration)))
}

/** Gives each with what it must trust and allow; nothing is told of one that nothing needs. */
export const roleUses = (
  fleet: Fleet,
  pipeline: FleetPipeline,
  names: Names,
  needs: NeedsIndex,
): ExistingUse[] =>
  existingRoles(fleet, pipeline, names).map((role) => ({
    kind: 'role',
    name: role.arn,
    region: fleet.hub.region,
    told: mustHave(role, pipeline, needs),
  }))

function mustHave(
  { arn, location, permissions, isOfStacks }: ExistingRole,
  { id }: FleetPipeline,
  needs: NeedsIndex,
): FleetError[] {
  const trust = trustStatements(needs.toAssume(arn))
  const allowed = [...neededStatements(arn, needs), ...permissions]
  if (!trust.length && !allowed.length) return []
  const trusts = trust.length ? [`its trust policy has ${written(trust)}`] : []
  const printed = isOfStacks ? [`its own policies have what \`crossdock policy ${id}\` prints`] : []
  const allows = !isOfStacks && allowed.length ? [`its own policies have ${written(allowed)}`] : printed
  return [
    new FleetError(`the role ${arn} is used as it stands, and not proven here`, {
      location,
      fix: `see to it that ${[...trusts, ...allows].join(', and that ')}; \`check --live\` and \`deploy\` prove it`,
    }),
  ]
}

/** Statements as JSON; a managed policy by its ARN. */
const written = (statements: readonly (object | string)[]): string =>
  [...new Set(statements.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))))].join(', ')
