/** The patterns of a fleet file → the lock: what each stands for now. */
import { Accounts } from '../aws/index.ts'
import { type FleetFileRead, type FleetLock, unitPatterns } from '../fleet/index.ts'
import { FleetError } from '../model/index.ts'
import { unitAccounts } from '../operate/index.ts'
import type { Invocation } from './command.ts'
import { patienceOf } from './workspace.ts'

/** Gives the lock. Errors: FleetError where a pattern cannot be resolved, and those of the accounts. */
export async function resolvePatterns(
  file: FleetFileRead,
  { terminal }: Pick<Invocation, 'terminal'>,
): Promise<FleetLock> {
  const accounts = new Accounts(referencesOf(file), { patience: patienceOf(terminal) })
  try {
    return { environments: await lockedUnits(file, accounts), branches: {} }
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
