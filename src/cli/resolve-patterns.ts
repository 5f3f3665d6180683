/** The patterns of a fleet file → the lock: what each stands for now. */
import { dirname } from 'node:path'
import { Accounts } from '../aws/index.ts'
import { type BranchPattern, type FleetFileRead, type FleetLock, unitPatterns } from '../fleet/index.ts'
import { FleetError, globPattern } from '../model/index.ts'
import { awsBranches, embeddedBranches, unitAccounts } from '../operate/index.ts'
import type { Invocation } from './command.ts'
import { givenBranches, localBranches } from './local-branches.ts'
import { patienceOf } from './workspace.ts'

/** Gives the lock. Errors: FleetError where a pattern cannot be resolved, and those of the accounts. */
export async function resolvePatterns(
  file: FleetFileRead,
  { terminal, options }: Pick<Invocation, 'terminal' | 'options'>,
): Promise<FleetLock> {
  const given = await givenBranches((options.branches ?? []) as unknown as string[])
  const accounts = new Accounts(referencesOf(file), { patience: patienceOf(terminal) })
  try {
    return {
      environments: await lockedUnits(file, accounts),
      branches: await lockedBranches(file, accounts, given),
    }
  } finally {
    accounts.close()
  }
}

const referencesOf = ({ data: { hub, organization } }: FleetFileRead) => [
  { ...hub, name: 'hub' },
  ...(organization?.management ? [{ ...organization.management, name: 'the management account' }] : []),
]

async function lockedUnits(file: FleetFileRead, accounts: Accounts): Promise<FleetLock['environments']> {
  const { hub, organization } = file.data
  const locked: Record<string, FleetLock['environments'][string]> = {}
  for (const unit of unitPatterns(file)) {
    const { environment, organizationalUnit, accountTags, location } = unit
    if (!organization?.management)
      throw new FleetError(
        `environment \`${environment}\` names an organizational unit, and nothing says who may read it`,
        { location, fix: 'add `organization: { management: { account: … } }`' },
      )
    const target = { account: organization.management.account, region: hub.region }
    await accounts.verify(target)
    locked[environment] = {
      organizationalUnit,
      ...(accountTags && { accountTags }),
      accounts: await unitAccounts(accounts, target, unit),
    }
  }
  return locked
}

async function lockedBranches(
  file: FleetFileRead,
  accounts: Accounts,
  given: ReadonlyMap<string, readonly string[]>,
): Promise<FleetLock['branches']> {
  const listed = new Map<string, readonly string[]>()
  const locked: Record<string, Record<string, string[]>> = {}
  for (const pattern of file.branchPatterns) {
    const { repository, glob } = pattern
    const all =
      listed.get(repository.id) ?? given.get(repository.name) ?? (await branchesOf(file, accounts, pattern))
    listed.set(repository.id, all)
    locked[repository.id] ??= {}
    locked[repository.id]![glob] = all.filter(globPattern(glob)).sort()
  }
  return locked
}

async function branchesOf(
  { data: { hub }, document }: FleetFileRead,
  accounts: Accounts,
  { repository: { name, lister }, location }: BranchPattern,
): Promise<readonly string[]> {
  if (lister === 'aws') {
    await accounts.verify(hub)
    return awsBranches(accounts, hub, { name, location })
  }
  const { endpoint } = accounts
  return endpoint === undefined
    ? localBranches(dirname(document.file), name, location)
    : embeddedBranches(endpoint, hub, { name, location })
}
