/** What whoever deploys needs beside the stacks: what the fleet keeps of itself, and looking for what left its file. */
import { type Assembly, fleetPath, formatArn, type Need } from '../model/index.ts'
import { reason } from '../pipeline/index.ts'
import type { Deployer } from './deployer-needs.ts'

const CALLS = ['ssm:DeleteParameters', 'ssm:GetParameters', 'ssm:PutParameter']

const keeping = reason({ kind: 'purpose', purpose: 'to keep where the fleet stands' })
const looking = reason({ kind: 'purpose', purpose: 'to look around' })

/** Gives the needs of a person; none of an assembly that is no fleet's. */
export function recordNeeds(assembly: Assembly, deployer: Pick<Deployer, 'as'>): Need[] {
  const { home, waves } = assembly
  if (!home) return []
  const { hub, prefix } = home
  const accounts = new Set([hub.account, ...waves.flat().map(({ target }) => target.account)])
  return [
    ...keepingNeeds(assembly, deployer),
    // Without these a deployment goes on, and says what it does not know.
    ...[...accounts].flatMap((account): Need[] => {
      const told = { principal: deployer.as(account), optional: true as const, ...looking }
      const own = formatArn('cloudformation', '*', account, `stack/${prefix}*/*`)
      return [
        { ...told, action: 'cloudformation:DescribeStacks', resource: '*' },
        { ...told, action: 'cloudformation:GetTemplate', resource: own },
      ]
    }),
  ]
}

/** Gives what it takes to lock the fleet, and to keep where it is, for who does not look further. */
export function keepingNeeds({ home }: Assembly, { as }: Pick<Deployer, 'as'>): Need[] {
  if (!home) return []
  const { hub } = home
  const kept = formatArn('ssm', hub.region, hub.account, `parameter${fleetPath(home)}/*`)
  return CALLS.map((action) => ({ principal: as(hub.account), action, resource: kept, ...keeping }))
}
