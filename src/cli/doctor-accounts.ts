/** The way into live accounts: by the fleet file, or by profiles named on the command line. */
import { existsSync } from 'node:fs'
import type { FurtherNeeds, LivePlace } from '../access/index.ts'
import { identityOf, type OpenAccounts, openAccounts } from '../aws/index.ts'
import { accountsOfFleet, FLEET_FILES } from '../fleet/index.ts'
import { isAssumption, parseArn } from '../model/index.ts'
import { type Invocation, UsageError } from './command.ts'
import { namedAccounts } from './named-accounts.ts'
import { organizationOf } from './organization-input.ts'
import { ofAssembly } from './proof-input.ts'
import { choosePipeline, patienceOf, pipelineNamed, type Workspace, workspaceOf } from './workspace.ts'

export interface DoctorInput {
  readonly place: LivePlace
  readonly reach: OpenAccounts
  /** What the application's templates need, where the fleet file makes the pipeline. */
  readonly further: readonly FurtherNeeds[]
  /** Absent without a fleet file. */
  readonly workspace?: Workspace
}

/** Gives which pipeline to look at, and how. Errors: UsageError, FleetError. */
export function doctorInputOf(invocation: Invocation): Promise<DoctorInput> {
  const { fleet, profile } = invocation.options
  const hasFleet = typeof fleet === 'string' || FLEET_FILES.some((name) => existsSync(name))
  if (typeof fleet === 'string' && typeof profile === 'string')
    throw new UsageError('give --fleet or --profile, not both')
  return hasFleet && typeof profile !== 'string' ? byFleet(invocation) : byProfile(invocation)
}

async function byFleet(invocation: Invocation): Promise<DoctorInput> {
  const { options } = invocation
  const workspace = await workspaceOf(invocation)
  const { fleet, assembly } = workspace
  const asked = text(options.pipeline)
  const isOurs = asked === undefined || pipelineNamed(assembly.pipelines, asked) !== undefined
  const name = isOurs ? choosePipeline(workspace, asked) : asked
  const further = ofAssembly(assembly)
    .further.map((one) => ({ ...one, needs: one.needs.filter(({ principal }) => !isUser(principal)) }))
    .filter(({ pipeline, needs }) => pipeline === name && needs.length)
  const organization = organizationOf(invocation, fleet)
  const management = fleet.organization?.management
  const references = [
    ...(management ? [{ ...management, name: 'the management account' }] : []),
    ...accountsOfFleet(fleet),
    ...namedAccounts(invocation),
  ]
  const { account, region } = fleet.hub
  // Who comes with a token is no role, what it assumes is one.
  const roles = further.flatMap(({ needs }) =>
    needs.flatMap((need) => (isAssumption(need) ? [need.principal, need.resource] : need.principal)),
  )
  const furtherRoles = [...new Set(roles)]
  return {
    place: { account, region: text(options.region) ?? region, name, furtherRoles, organization },
    reach: openAccounts(references, { patience: patienceOf(invocation.terminal) }),
    further,
    workspace,
  }
}

/** Users are read in templates only: the one of a mirror acts as no pipeline. */
const isUser = (principal: string): boolean => parseArn(principal)?.resource.startsWith('user/') ?? false

async function byProfile(invocation: Invocation): Promise<DoctorInput> {
  const { options } = invocation
  const name = text(options.pipeline)
  if (name === undefined) throw new UsageError('name the pipeline: --pipeline <name>')
  const profile = text(options.profile)
  const patience = patienceOf(invocation.terminal)
  const target = await identityOf({ profile, region: text(options.region), patience })
  if (!target) throw new UsageError('name the region of the pipeline: --region <region>')
  const own = { name: profile ?? target.account, account: target.account, ...(profile && { profile }) }
  const organization = organizationOf(invocation)
  return {
    place: { ...target, name, organization },
    reach: openAccounts([own, ...namedAccounts(invocation)], { patience }),
    further: [],
  }
}

const text = (value: Invocation['options'][string]): string | undefined =>
  typeof value === 'string' ? value : undefined
