/** What a fleet uses and no stack of it makes, read from the accounts before anything is deployed. */
import type { Assembly, ExistingUse, Target } from '../../../model/index.ts'
import type { Finding } from '../finding.ts'
import type { Landscape } from '../landscape.ts'
import { readBucket } from './read-bucket.ts'
import { readKey } from './read-key.ts'
import { readRole } from './read-role.ts'
import { type Reach, Reading } from './reading.ts'

/** What was read of a fleet's existing things. */
export interface ReadExisting {
  /** Those that nobody could read, with AWS's answer among the notes. */
  readonly unread: ReadonlySet<ExistingUse>
  /** What is wrong whatever policies say: a bucket that is not there, a key that is disabled. */
  readonly findings: readonly Finding[]
  /** Gives a landscape of templates with what was read. */
  with(landscape: Landscape): Landscape
}

/** Reads every existing key, bucket and role of a fleet. What may not be read stays unknown. */
export async function readExisting(
  reach: Reach,
  { existing = [] }: Pick<Assembly, 'existing'>,
  hub: Target,
): Promise<ReadExisting> {
  const reading = new Reading(reach, hub)
  await Promise.all(existing.map((one) => readOne(reading, one, hub)))
  return {
    unread: new Set(existing.filter((one) => !isRead(reading, one))),
    findings: reading.findings,
    with: (landscape) => withRead(landscape, reading),
  }
}

function readOne(reading: Reading, { kind, name, region }: ExistingUse, hub: Target): Promise<void> {
  switch (kind) {
    case 'role':
      return readRole(reading, name)
    case 'key':
      return readKey(reading, name, { ...hub, region })
    default:
      return readBucket(reading, {
        name,
        region,
        owners: [hub.account],
        as: `the artifact store of ${region}`,
      })
  }
}

/** What is known not to be there is read as well. */
const isRead = ({ roles, keys, buckets, absent, findings }: Reading, { kind, name }: ExistingUse): boolean =>
  kind === 'bucket'
    ? buckets.has(name) || findings.some(({ message }) => message.includes(name))
    : (kind === 'role' ? roles : keys).has(name) || absent.has(name)

function withRead(landscape: Landscape, reading: Reading): Landscape {
  const { roles, keys, aliases, buckets, absent, unread, notes } = reading
  const isKnown = (role: string) => roles.has(role) || absent.has(role)
  return {
    ...landscape,
    roles: new Map([...landscape.roles, ...roles]),
    keys: new Map([...landscape.keys, ...keys]),
    aliases: new Map([...landscape.aliases, ...aliases]),
    buckets: new Map([...landscape.buckets, ...buckets]),
    existingRoles: new Set([...(landscape.existingRoles ?? [])].filter((role) => !isKnown(role))),
    absent: new Set([...(landscape.absent ?? []), ...absent]),
    notes: [
      ...landscape.notes,
      ...notes,
      ...unread.map(({ what, account, why }) => `Not read in account ${account}: ${what}: ${why}.`),
    ],
  }
}
